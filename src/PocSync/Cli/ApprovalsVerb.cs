using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PocSync.Core.Plans;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>approvals</c>: what waits for a person or is held.</summary>
internal static class ApprovalsVerb
{
    private const int Shown = 50;

    public static Command Create(Surroundings around)
    {
        var format = VerbOptions.Format();
        var verb = new Command("approvals", "Shows what waits for a person, what is held, and what the org refused.") { format };
        verb.SetAction(async (parsed, _) =>
        {
            var pending = await new LedgerQueries(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings))).PendingAsync();
            Write(pending, parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static void Write(Pending? pending, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(pending, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, "correction", "state", "approved", "rule", "code", "account", "accountName", "sentence", "reasons", "digest");
            foreach (var open in pending?.Open ?? [])
            {
                var c = open.Correction;
                CsvText.Row(
                    text, c.Id, Word(open.State), pending!.Approved.Contains(c.Id) ? "true" : "false",
                    c.Rule, c.Code, c.Account.ToString(), c.AccountName, c.Sentence,
                    string.Join("; ", open.Reasons), pending.Digest);
            }
        }
        else
        {
            WriteTable(pending, text);
        }
    }

    private static void WriteTable(Pending? pending, TextWriter text)
    {
        if (pending is null || pending.Open.Count == 0)
        {
            text.WriteLine("Nothing waits and nothing is held.");
            return;
        }

        foreach (var refusal in pending.Refusals)
        {
            text.WriteLine(Printable.Line($"Held: {refusal.Sentence}."));
        }

        var said = pending.Refusals.Select(r => r.Sentence).ToList();
        foreach (var state in pending.Open.GroupBy(o => o.State).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.WriteLine();
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Title(state.Key)} ({state.Count():N0})"));
            foreach (var open in state.Take(Shown))
            {
                text.WriteLine(Printable.Line($"  {open.Correction.Id}  {open.Correction.Sentence}"));
                var approved = pending.Approved.Contains(open.Correction.Id) ? ["approved; the next sync writes it"] : Array.Empty<string>();
                foreach (var reason in approved.Concat(open.Reasons.Except(said)))
                {
                    text.WriteLine(Printable.Line($"      {reason}"));
                }
            }

            if (state.Count() > Shown)
            {
                text.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  and {state.Count() - Shown:N0} more: --format csv or --format json has them all"));
            }
        }

        text.WriteLine();
        text.WriteLine($"Plan {pending.Digest} of run {pending.Run.ToString(CultureInfo.InvariantCulture)}.");
        if (pending.Open.All(c => c.State is not (nameof(CorrectionState.Waits) or nameof(CorrectionState.Held))))
        {
            text.WriteLine("Nothing of it waits or is held. To take up again what is left alone: pocsync approve ID… --reason TEXT.");
            return;
        }

        text.WriteLine($"All of it: pocsync approve {pending.Digest[..12]} --reason TEXT. Some of it: pocsync approve ID… --reason TEXT, or --rule RULE. Not at all: pocsync reject ….");
    }

    private static void WriteJson(Pending? pending, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteNumber("run", pending?.Run ?? 0);
        json.WriteString("digest", pending?.Digest);
        JsonText.Write("refusals", pending?.Refusals ?? [], json);
        json.WriteStartArray("corrections");
        foreach (var open in pending?.Open ?? [])
        {
            var c = open.Correction;
            json.WriteStartObject();
            json.WriteString("id", c.Id);
            json.WriteString("state", Word(open.State));
            json.WriteBoolean("approved", pending!.Approved.Contains(c.Id));
            json.WriteString("rule", c.Rule);
            json.WriteString("code", c.Code);
            json.WriteString("account", c.Account.ToString());
            json.WriteString("accountName", c.AccountName);
            json.WriteString("sentence", c.Sentence);
            JsonText.Write("reasons", open.Reasons, json);
            JsonText.Write("trace", c.Trace, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static string Word(string state) => state.ToLowerInvariant();

    private static string Title(string state) => state switch
    {
        "Ready" => "Ready, and not written yet",
        "Waits" => "Waits",
        "Held" => "Held",
        nameof(LeftAloneKind.Refused) => "Refused by the org: left alone until the records change, or approved to be tried again",
        nameof(LeftAloneKind.Undone) => "Undone: left alone until the records change, or approved to be done again",
        nameof(LeftAloneKind.Reverted) => "Changed back by somebody else: left alone until the alert is cleared, or approved to be done again",
        _ => "Rejected",
    };
}
