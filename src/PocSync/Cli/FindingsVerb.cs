using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>findings</c>: what is wrong and since when, or what is not wrong any more, as the ledger has it.</summary>
internal static class FindingsVerb
{
    /// <summary>How many are listed for people; the other formats have them all.</summary>
    private const int Shown = 100;

    public static Command Create(Surroundings around)
    {
        var rule = new Option<string?>("--rule") { Description = "Only findings of this rule.", HelpName = "RULE" };
        var account = new Option<string?>("--account") { Description = "Only findings about this account.", HelpName = "ID" };
        var isNew = new Option<bool>("--new") { Description = "Only what is new, and not in the baseline: with the last run, or --since." };
        var isResolved = new Option<bool>("--resolved") { Description = "What is not found any more, in place of what is." };
        var since = VerbOptions.Instant("--since", "Only what was found first, or is resolved, from this instant or date on.");
        var format = VerbOptions.Format();
        var verb = new Command("findings", "Shows what the runs found: since when, until when, and what is in the baseline.")
            { rule, account, isNew, isResolved, since, format };
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(isNew) && parsed.GetValue(isResolved))
            {
                throw new UsageException("Say --new or --resolved, and not both.");
            }

            if (parsed.GetValue(rule) is { } name && RuleBook.All.All(r => r.Info.Id != name))
            {
                throw new UsageException($"There is no rule '{name}'; the rules are {string.Join(", ", RuleBook.All.Select(r => r.Info.Id))}.");
            }

            RecordId id = default;
            if (parsed.GetValue(account) is { } text && !RecordId.TryParse(text, out id))
            {
                throw new UsageException($"'{text}' is no id of an account: give its 15 or 18 characters.");
            }

            var queries = new FindingQueries(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings)));
            var state = parsed.GetValue(isResolved) ? FindingState.Resolved : parsed.GetValue(isNew) ? FindingState.New : FindingState.Seen;
            var from = parsed.GetValue(since) ?? (state == FindingState.New ? await queries.LastAsync() : null) ?? DateTimeOffset.MinValue;
            var filter = new FindingFilter(state, from, parsed.GetValue(rule), Account: id.IsNone ? null : id.ToString()) { ResolvedSince = from };
            await WriteAsync(queries, filter, parsed.GetValue(format), around, stop);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static async Task WriteAsync(FindingQueries queries, FindingFilter filter, OutputFormat format, Surroundings around, CancellationToken stop)
    {
        var gone = await queries.GoneBySettingsAsync();
        if (format == OutputFormat.Json)
        {
            using var json = new Utf8JsonWriter(around.Output, JsonText.Options);
            json.WriteStartObject();
            json.WriteStartArray("findings");
            await queries.ReadAsync(filter, found => WriteJson(found, gone, json), stop);
            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            around.Output.WriteByte((byte)'\n');
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, [.. Columns.Select(c => c.Name)]);
            await queries.ReadAsync(filter, found => CsvText.Row(text, [.. Columns.Select(c => c.Of(found, gone))]), stop);
            return;
        }

        var (page, count) = await queries.PageAsync(filter, 0, Shown);
        foreach (var found in page)
        {
            WriteFinding(found, gone, text);
        }

        text.WriteLine(count == 0 ? "No such findings." : page.Count < count
            ? string.Create(CultureInfo.InvariantCulture, $"and {count - page.Count:N0} more: --format csv or --format json has them all")
            : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "finding" : "findings")}."));
    }

    private static void WriteFinding(SeenFinding found, GoneBySettings gone, TextWriter text)
    {
        var finding = found.Finding;
        var about = found.Account is { } account ? $"{account.Name} {account.Id}" : finding.Subject;
        var more = finding.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({finding.Count:N0} alike)") : "";
        text.WriteLine(PlainText.Line($"{finding.Severity.ToLowerInvariant(),-7}  {finding.Rule}: {finding.Sentence}{more} [{about}] finding {finding.Id}"));
        var until = finding.ResolvedRun is { } run
            ? string.Create(CultureInfo.InvariantCulture, $"resolved {JsonText.Instant(finding.ResolvedAt)} (run {run})")
            : string.Create(CultureInfo.InvariantCulture, $"seen last {JsonText.Instant(finding.SeenAt)} (run {finding.SeenRun})");
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"         since {JsonText.Instant(finding.OpenedAt)} (run {finding.OpenedRun}), {until}"));
        if (finding.BaselineAt is not null)
        {
            text.WriteLine(PlainText.Line(
                $"         in the baseline: {finding.BaselineBy} accepted it {JsonText.Instant(finding.BaselineAt)}: {finding.BaselineReason}"));
        }

        if (finding.Silent is not null)
        {
            text.WriteLine(PlainText.Line($"         silent: {finding.SilentWords}"));
        }

        if (gone.Words(finding) is { } why)
        {
            text.WriteLine(PlainText.Line($"         {why}"));
        }
    }

    private static readonly (string Name, Func<SeenFinding, GoneBySettings, string?> Of)[] Columns =
    [
        ("finding", (f, _) => Number(f.Finding.Id)), ("rule", (f, _) => f.Finding.Rule), ("code", (f, _) => f.Finding.Code), ("severity", (f, _) => f.Finding.Severity.ToLowerInvariant()),
        ("subject", (f, _) => f.Finding.Subject), ("account", (f, _) => f.Account?.Id ?? f.Finding.Account), ("accountName", (f, _) => f.Account?.Name),
        ("sentence", (f, _) => f.Finding.Sentence), ("count", (f, _) => Number(f.Finding.Count)),
        ("opened", (f, _) => JsonText.Instant(f.Finding.OpenedAt)), ("openedRun", (f, _) => Number(f.Finding.OpenedRun)),
        ("seen", (f, _) => JsonText.Instant(f.Finding.SeenAt)), ("seenRun", (f, _) => Number(f.Finding.SeenRun)),
        ("resolved", (f, _) => JsonText.Instant(f.Finding.ResolvedAt)), ("resolvedRun", (f, _) => f.Finding.ResolvedRun is { } run ? Number(run) : null),
        ("note", (f, gone) => gone.Words(f.Finding)), ("baseline", (f, _) => JsonText.Instant(f.Finding.BaselineAt)),
        ("baselineBy", (f, _) => f.Finding.BaselineBy), ("baselineReason", (f, _) => f.Finding.BaselineReason),
        ("silent", (f, _) => f.Finding.Silent switch { nameof(LeftAloneKind.Snoozed) => "snoozed", null => null, _ => "false-positive" }),
        ("silentWhy", (f, _) => f.Finding.SilentWords),
    ];

    private static void WriteJson(SeenFinding found, GoneBySettings gone, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, of) in Columns)
        {
            var value = of(found, gone);
            if (name is "finding" or "count" or "openedRun" or "seenRun" or "resolvedRun" && long.TryParse(value, CultureInfo.InvariantCulture, out var number))
            {
                json.WriteNumber(name, number);
            }
            else
            {
                json.WriteString(name, value);
            }
        }

        json.WriteEndObject();
        if (json.BytesPending > 64 * 1024)
        {
            json.Flush();
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
