using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PocSync.Core.Plans;
using PocSync.Core.Records;
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
        var (rule, person, account) = VerbOptions.Which();
        var verb = new Command("approvals", "Shows what waits for a person, what is held, and what is left alone.") { rule, person, account, format };
        verb.SetAction(async (parsed, _) =>
        {
            var queries = new LedgerQueries(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings)));
            var pending = await queries.PendingAsync(ApprovalSettings.Read(around.Settings), around.Time.GetUtcNow());
            var which = new Selection([], parsed.GetValue(rule), parsed.GetValue(person), parsed.GetValue(account));
            Write(pending, pending is null ? [] : [.. which.Narrow(pending.Open, pending.Open)], parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static void Write(Pending? pending, IReadOnlyList<PlannedCorrection> shown, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(pending, shown, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            WriteCsv(pending, shown, text);
        }
        else
        {
            WriteTable(pending, shown, text);
        }
    }

    private static void WriteTable(Pending? pending, IReadOnlyList<PlannedCorrection> shown, TextWriter text)
    {
        foreach (var refusal in pending?.Refusals ?? [])
        {
            text.WriteLine(PlainText.Line($"Held: {refusal.Sentence}."));
        }

        if (pending is null || shown.Count == 0)
        {
            text.WriteLine("Nothing waits and nothing is held.");
            return;
        }

        // Of several reasons each correction says its own.
        var said = pending.Refusals.Count == 1 ? pending.Refusals.Select(r => r.Sentence).ToList() : [];
        foreach (var state in shown.GroupBy(o => o.State).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.WriteLine();
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Title(state.Key)} ({state.Count():N0})"));
            foreach (var open in state.Take(Shown))
            {
                text.WriteLine(PlainText.Line(RunPrinter.Line(open.Correction)));
                foreach (var line in Lines(open).Concat(open.Reasons.Except(said)))
                {
                    text.WriteLine(PlainText.Line($"      {line}"));
                }
            }

            if (state.Count() > Shown)
            {
                text.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  and {state.Count() - Shown:N0} more: --format csv or --format json has them all"));
            }
        }

        text.WriteLine();
        text.WriteLine($"Plan {pending.Digest} of run {pending.Run.ToString(CultureInfo.InvariantCulture)}, to be approved before {Day(pending.Expires)}.");
        if (pending.Open.All(c => c.State is not (nameof(CorrectionState.Waits) or nameof(CorrectionState.Held))))
        {
            text.WriteLine("Nothing of it waits or is held. To take up again what is left alone: pocsync approve ID… --reason TEXT.");
            return;
        }

        text.WriteLine($"All of it: pocsync approve {pending.Digest[..12]} --reason TEXT. Some of it: pocsync approve ID… --reason TEXT, or --rule RULE, --person USER, --account ID.");
        text.WriteLine("To somebody else: pocsync approve ID --give-to USER --reason TEXT. Not now: pocsync defer … --until DATE. Not at all: pocsync reject ….");
    }

    /// <summary>Since when it waits, and what people said who approved it.</summary>
    private static IEnumerable<string> Lines(PlannedCorrection open)
    {
        if (open.Approvals.Count > 0)
        {
            var by = string.Join("; ", open.Approvals.Select(a => $"{a.By}: {a.Reason}"));
            yield return open.NeedsSecond ? $"approved by {by}; needs a second person before {Day(open.Expires)}"
                : open.Correction.NotBefore is { } on ? $"approved by {by}; effective on {on:yyyy-MM-dd}"
                : $"approved by {by}; the next run writes it, if before {Day(open.Expires)}";
        }

        if (!open.IsLeftAlone)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"since {Day(open.Since)} (run {open.SinceRun})");
        }
    }

    private static void WriteCsv(Pending? pending, IReadOnlyList<PlannedCorrection> shown, TextWriter text)
    {
        CsvText.Row(text, "correction", "state", "approved", "needsSecond", "approvedBy", "since", "sinceRun", "expires", "rule", "code", "account",
            "accountName", "sentence", "reasons", "by", "why", "until", "digest");
        foreach (var open in shown)
        {
            var c = open.Correction;
            CsvText.Row(
                text, c.Id, Word(open.State), open.IsApproved ? "true" : "false", open.NeedsSecond ? "true" : "false",
                string.Join("; ", open.Approvals.Select(a => $"{a.By}: {a.Reason}")), JsonText.Instant(open.Since.UtcTicks),
                open.SinceRun.ToString(CultureInfo.InvariantCulture), JsonText.Instant(open.Expires.UtcTicks),
                c.Rule, c.Code, c.Account.ToString(), c.AccountName, c.Sentence,
                string.Join("; ", open.Reasons), open.No?.By, open.No?.Reason, open.No?.Until?.ToString("O", CultureInfo.InvariantCulture), pending!.Digest);
        }
    }

    private static void WriteJson(Pending? pending, IReadOnlyList<PlannedCorrection> shown, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteNumber("run", pending?.Run ?? 0);
        json.WriteString("digest", pending?.Digest);
        json.WriteString("expires", JsonText.Instant(pending?.Expires.UtcTicks));
        JsonText.Write("refusals", pending?.Refusals ?? [], json);
        json.WriteStartArray("corrections");
        foreach (var open in shown)
        {
            WriteCorrection(open, json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteCorrection(PlannedCorrection open, Utf8JsonWriter json)
    {
        var c = open.Correction;
        json.WriteStartObject();
        json.WriteString("id", c.Id);
        json.WriteString("state", Word(open.State));
        json.WriteBoolean("approved", open.IsApproved);
        json.WriteBoolean("needsSecond", open.NeedsSecond);
        json.WriteStartArray("approvals");
        foreach (var yes in open.Approvals)
        {
            WriteDecided(yes, json);
        }

        json.WriteEndArray();
        json.WritePropertyName("no");
        if (open.No is { } no)
        {
            WriteDecided(no, json);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("since", JsonText.Instant(open.Since.UtcTicks));
        json.WriteNumber("sinceRun", open.SinceRun);
        json.WriteString("expires", JsonText.Instant(open.Expires.UtcTicks));
        json.WriteString("rule", c.Rule);
        json.WriteString("code", c.Code);
        json.WriteString("account", c.Account.ToString());
        json.WriteString("accountName", c.AccountName);
        json.WriteString("sentence", c.Sentence);
        JsonText.Write("reasons", open.Reasons, json);
        JsonText.Write("trace", c.Trace, json);
        json.WriteStartArray("people");
        foreach (var person in c.People)
        {
            json.WriteStartObject();
            json.WriteString("id", person.Id.ToString());
            json.WriteString("name", person.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDecided(Decided decided, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("by", decided.By);
        json.WriteString("reason", decided.Reason);
        json.WriteString("at", JsonText.Instant(decided.At.UtcTicks));
        json.WriteString("until", decided.Until?.ToString("O", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static string Day(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Word(string state) => state.ToLowerInvariant();

    private static string Title(string state) => state switch
    {
        "Ready" => "Ready, and not written yet",
        "Waits" => "Waits",
        "Held" => "Held",
        nameof(LeftAloneKind.Refused) => "Refused by the org: left alone until the records change, or approved to be tried again",
        nameof(LeftAloneKind.Undone) => "Undone: left alone until the records change, or approved to be done again",
        nameof(LeftAloneKind.Reverted) => "Changed back by somebody else: left alone until the alert is cleared, or approved to be done again",
        nameof(LeftAloneKind.Baseline) => "In the baseline: left alone until the finding is gone, or approved",
        nameof(LeftAloneKind.Snoozed) => "Snoozed: left alone until the day that is named, or approved before",
        nameof(LeftAloneKind.FalsePositive) => "For findings marked as false: left alone until the rule sees something else, or approved",
        nameof(LeftAloneKind.Deferred) => "Deferred: left alone until the day that is named, or approved before",
        _ => "Rejected: left alone until the records change, or approved all the same",
    };
}
