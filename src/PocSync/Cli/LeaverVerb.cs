using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>leaver</c>: announces that somebody leaves on a day, and drafts who follows on all their accounts.</summary>
internal static class LeaverVerb
{
    public static Command Create(Surroundings around)
    {
        var user = new Argument<string?>("USER") { Description = "Who leaves: id, username or exact name. Without it: who was announced.", Arity = ArgumentArity.ZeroOrOne };
        var on = new Option<DateOnly?>("--on")
        {
            Description = "The first day on which others have the accounts, today or later, such as 2026-12-04: the day after the last day of whoever leaves.",
            HelpName = "DATE",
            CustomParser = result =>
            {
                if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                {
                    return day;
                }

                result.AddError($"--on must be a date such as 2026-12-04, not '{result.Tokens[0].Value}'.");
                return null;
            },
        };
        var to = new Option<string?>("--to")
        { Description = "Who is to have the accounts (id, username or exact name), where they pass the tests of a pick; without it, and where not, they are picked and shared.", HelpName = "USER" };
        var withdraw = new Option<bool>("--withdraw") { Description = "Take it back: they stay after all." };
        var reason = new Option<string?>("--reason") { Description = "Why.", HelpName = "TEXT" };
        var outFile = new Option<string?>("--out") { Description = "Write the draft as JSON to this file too, for `apply`.", HelpName = "FILE" };
        var (by, rules, format) = (VerbOptions.As(), VerbOptions.Rules(), VerbOptions.Format());
        var verb = new Command("leaver", "Announces that somebody leaves on a day: drafts who follows on all their accounts, for a person to edit and approve before. Without a user it lists who was announced.")
            { user, on, to, withdraw, reason, outFile, by, rules, format };
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(user) is not { } who)
            {
                if (parsed.GetValue(on) is not null || parsed.GetValue(withdraw) || parsed.GetValue(to) is not null)
                {
                    throw new UsageException("Say who leaves: pocsync leaver USER --on DATE --reason TEXT.");
                }

                await ListAsync(parsed.GetValue(format), around);
                return (int)ExitStatus.Done;
            }

            var leaving = Read(who, parsed.GetValue(on), parsed.GetValue(to), parsed.GetValue(withdraw), parsed.GetValue(by)!, parsed.GetValue(reason));
            var home = RulesHome.Of(parsed.GetValue(rules), around).Checked();
            await using var desk = await RunDesk.OpenAsync(around, parsed.GetValue(rules), stop);
            var settings = await home.ReadAsync(desk.Org, stop);
            var (found, report) = await leaving.DraftAsync(desk, settings, desk.Order(RunKind.Sync, settings, leaving.By, leaving.Reason), around.Time, stop);
            Tell(leaving, found, report, around);
            if (parsed.GetValue(outFile) is { } path && report.Judged is { } judged)
            {
                var plan = Leaving.Of(judged.Proposal.Plan, found.Id);
                PlanVerb.WriteFile(new(plan, judged.Measure), Guard.Judge(plan, GuardSettings.Read(around.Settings), Reconciler.Compared(judged.Measure, new Memory(), settings)), settings.Names, path);
                around.Error.WriteLine(PlainText.Line($"Wrote {path}; `pocsync apply {path}` approves all of it."));
            }

            return await desk.EndAsync(settings, report, parsed.GetValue(format), stop);
        });
        return verb;
    }

    private static Leaving Read(string user, DateOnly? on, string? to, bool withdraw, string by, string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? throw new UsageException("--reason must say why: it is what the ledger will answer a year later.")
        : string.IsNullOrWhiteSpace(by) ? throw new UsageException("--as must say who: it is what the ledger will answer a year later.")
        : withdraw && (on is not null || to is not null) ? throw new UsageException("--withdraw takes back what was announced: give no --on and no --to with it.")
        : !withdraw && on is null ? throw new UsageException("--on must say the first day on which others have the accounts, such as 2026-12-04; or --withdraw, that they stay.")
        : new Leaving(user, on, to, by.Trim(), reason.Trim());

    private static void Tell(Leaving leaving, OrgUser found, RunReport report, Surroundings around)
    {
        if (report.Judged is not { } judged)
        {
            return;
        }

        var plan = Leaving.Of(judged.Proposal.Plan, found.Id);
        around.Error.WriteLine(PlainText.Line(leaving.On is not { } on ? $"{found.Name} stays: what was drafted and approved for the day and is not written yet is withdrawn."
            : $"{found.Name} leaves on {on:yyyy-MM-dd}: {NumberText.Count(plan.Corrections.Count, "correction")} drafted, {plan.Unpicked.Count.ToString("N0", CultureInfo.InvariantCulture)} for which nobody was found. "
            + $"To look at them: pocsync approvals --person {found.Id}. To approve them: pocsync approve --person {found.Id} --reason TEXT."));
    }

    private static async Task ListAsync(OutputFormat format, Surroundings around)
    {
        var leavers = await new Leavers(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings)), around.Time).StandingAsync();
        if (format == OutputFormat.Json)
        {
            WriteJson(leavers, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, "user", "name", "on", "to", "toName", "by", "reason", "at");
            leavers.ForEach(l => CsvText.Row(text, l.User, l.Name, l.On, l.To, l.ToName, l.By, l.Reason, JsonText.Instant(l.At)));
        }
        else if (leavers.Count == 0)
        {
            text.WriteLine("Nobody is announced to leave.");
        }
        else
        {
            leavers.ForEach(l => text.WriteLine(PlainText.Line(
                $"{l.On}  {l.Name} ({l.User}){(l.ToName is null ? "" : $", to {l.ToName} ({l.To})")}: {l.Reason} ({l.By}, {new DateTime(l.At, DateTimeKind.Utc):yyyy-MM-dd})")));
        }
    }

    private static void WriteJson(IReadOnlyList<LeaverRow> leavers, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteStartArray("leavers");
        foreach (var leaver in leavers)
        {
            json.WriteStartObject();
            json.WriteString("user", leaver.User);
            json.WriteString("name", leaver.Name);
            json.WriteString("on", leaver.On);
            json.WriteString("to", leaver.To);
            json.WriteString("toName", leaver.ToName);
            json.WriteString("by", leaver.By);
            json.WriteString("reason", leaver.Reason);
            json.WriteString("at", JsonText.Instant(leaver.At));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
