using System.Globalization;
using System.Text.Json;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Plans;

namespace PocSync.Cli;

/// <summary>Prints a run as the ledger has it, for people and for programs.</summary>
internal static class RunPrinter
{
    /// <summary>How many corrections that were not taken up are listed; `approvals` has them all.</summary>
    private const int Shown = 10;

    /// <summary>How many alert records a format shows.</summary>
    public static int MostAlerts(OutputFormat format) => format == OutputFormat.Json ? int.MaxValue : Shown;

    public static void Write(RunDetail run, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(run, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            WriteCsv(run, text);
        }
        else
        {
            WriteTable(run, text);
        }
    }

    /// <summary>The properties of a run without what it did.</summary>
    public static void WriteHead(RunRow run, Utf8JsonWriter json)
    {
        json.WriteNumber("run", run.Number);
        json.WriteString("kind", run.Kind.ToLowerInvariant());
        json.WriteString("by", run.By);
        json.WriteString("why", run.Reason);
        json.WriteString("started", JsonText.Instant(run.StartedAt));
        json.WriteString("ended", JsonText.Instant(run.EndedAt));
        json.WriteString("status", run.Status.ToLowerInvariant());
        json.WriteNumber("accounts", run.Accounts);
        json.WriteNumber("findings", run.Findings);
        json.WriteNumber("baseline", run.Baseline);
        json.WriteNumber("silent", run.Silent);
        json.WriteNumber("corrections", run.Corrections);
        json.WriteNumber("applied", run.Applied);
        json.WriteNumber("held", run.Held);
        json.WriteNumber("waiting", run.Waiting);
        json.WriteNumber("failed", run.Failed);
        json.WriteStartObject("calls");
        if (run.CallsNeeded is { } needed)
        {
            json.WriteNumber("needed", needed);
        }
        else
        {
            json.WriteNull("needed");
        }

        json.WriteNumber("used", run.CallsUsed);
        json.WriteEndObject();
        json.WriteString("sentence", run.Sentence);
    }

    private static void WriteTable(RunDetail run, TextWriter text)
    {
        var row = run.Run;
        text.WriteLine(PlainText.Line(string.Create(CultureInfo.InvariantCulture,
            $"Run {row.Number} ({row.Kind.ToLowerInvariant()}, {row.By}{(row.Reason is null ? "" : $": {row.Reason}")}), {JsonText.Instant(row.StartedAt)}: {row.Status.ToLowerInvariant()}. {row.Sentence}")));
        RunFacts.Write(run, text);
        foreach (var kind in run.Steps.GroupBy(s => s.Outcome?.Kind).OrderBy(g => g.Key ?? (OutcomeKind)int.MaxValue))
        {
            text.WriteLine();
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{RunWords.Title(kind.Key)} ({kind.Count():N0})"));
            foreach (var step in kind)
            {
                WriteStep(step, run, text);
            }
        }

        // Of several reasons each correction says its own.
        var said = run.Refusals.Count == 1 ? run.Refusals.Select(r => r.Sentence).ToList() : [];
        text.WriteLine();
        foreach (var refusal in run.Refusals)
        {
            text.WriteLine(PlainText.Line($"Held: {refusal.Sentence}."));
        }

        foreach (var state in run.Left.GroupBy(l => l.State))
        {
            text.WriteLine();
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{RunWords.Title(state.Key)} ({state.Count():N0})"));
            foreach (var left in state.Take(Shown))
            {
                text.WriteLine(PlainText.Line(Line(left.Correction)));
                foreach (var reason in left.Reasons.Except(said))
                {
                    text.WriteLine(PlainText.Line($"      {reason}"));
                }
            }

            if (state.Count() > Shown)
            {
                text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {state.Count() - Shown:N0} more: pocsync approvals"));
            }
        }

        if (RunWords.NotListed(run.Run, run.Left.Count(l => l.State is nameof(CorrectionState.Waits) or nameof(CorrectionState.Held))) is { } gone)
        {
            text.WriteLine(gone);
        }

        foreach (var stays in run.Stays)
        {
            text.WriteLine(PlainText.Line($"Stays as it is: {stays.AccountName} ({stays.Account}): {stays.Sentence}."));
        }

        foreach (var alert in run.Alerts)
        {
            text.WriteLine(PlainText.Line($"Alert record {alert.Words}: {alert.Sentence}"));
        }

        if (run.AlertCount > run.Alerts.Count)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Alert records: {run.AlertCount - run.Alerts.Count:N0} more, which --format json lists."));
        }

        foreach (var unpicked in run.Unpicked.Take(Shown))
        {
            text.WriteLine(PlainText.Line($"Nobody found: {unpicked.Sentence}"));
        }

        if (run.Unpicked.Count > Shown)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Nobody found: {run.Unpicked.Count - Shown:N0} more, which --format json lists."));
        }

        if (run.Digest is { } digest && run.Left.Any(l => l.State is nameof(CorrectionState.Waits) or nameof(CorrectionState.Held)))
        {
            text.WriteLine();
            text.WriteLine($"Digest {digest}");
            text.WriteLine($"To release what waits or is held: pocsync approve {digest[..12]} --reason TEXT");
        }
    }

    private static void WriteStep(RunStep step, RunDetail run, TextWriter text)
    {
        text.WriteLine(PlainText.Line(step.Correction is { } correction ? Line(correction) : $"  {step.Outcome?.CorrectionId}"));
        if (RunWords.Because(step) is { } because)
        {
            text.WriteLine(PlainText.Line($"      {because}"));
        }

        if (RunWords.FoundOut(step) is { } later)
        {
            text.WriteLine($"      {later}");
        }

        if (step.ApprovedBy is { } by)
        {
            text.WriteLine(PlainText.Line($"      approved by {by}"));
        }

        foreach (var write in step.Intent?.Bundle.Writes ?? [])
        {
            text.WriteLine(PlainText.Line(
                $"      {Sign(write.Action)} {run.Names.Object(write.Object)} {(write.Id.IsNone ? "" : write.Id + " ")}{string.Join(", ", Changes(write, run))}"));
        }

        foreach (var lost in step.Intent?.Lost ?? [])
        {
            text.WriteLine(PlainText.Line($"      {RunWords.Lost(lost)}"));
        }
    }

    /// <summary>A correction as one line of a list: its id, what it does, and on which account.</summary>
    public static string Line(Correction correction) => $"  {correction.Id}  {correction.Sentence} [{correction.AccountName} {correction.Account}]";

    private static IEnumerable<string> Changes(RecordWrite write, RunDetail run)
    {
        return write.Action switch
        {
            WriteAction.Insert => write.After.Select(f => $"{Field(f.Key)} {Value(f.Value)}"),
            WriteAction.Delete => write.Before.Select(f => $"{Field(f.Key)} {Value(f.Value)}"),
            _ => write.After.Select(f => $"{Field(f.Key)} {Value(write.Before.GetValueOrDefault(f.Key))} → {Value(f.Value)}"),
        };

        string Field(string field) => run.Names.Field(write.Object, field);
        string Value(string? value) => KnownNames.Words(run.Known, value);
    }

    private static char Sign(WriteAction action) => action switch { WriteAction.Insert => '+', WriteAction.Delete => '-', _ => '~' };

    private static void WriteCsv(RunDetail run, TextWriter text)
    {
        CsvText.Row(text, "run", "correction", "outcome", "code", "reason", "approvedBy", "rule", "account", "accountName", "sentence", "object",
            "id", "key", "action", "field", "before", "after");
        foreach (var step in run.Steps)
        {
            foreach (var (write, field) in (step.Intent?.Bundle.Writes ?? [])
                .SelectMany(w => w.Before.Keys.Union(w.After.Keys).Select(f => ((RecordWrite?)w, (string?)f))).DefaultIfEmpty())
            {
                CsvText.Row(
                    text, run.Run.Number.ToString(CultureInfo.InvariantCulture), step.Correction?.Id ?? step.Outcome?.CorrectionId,
                    Word(step), step.Outcome?.Code, step.Outcome?.Reason, step.ApprovedBy,
                    step.Correction?.Rule, step.Correction?.Account.ToString(), step.Correction?.AccountName, step.Correction?.Sentence,
                    write is null ? null : run.Names.Object(write.Object), write?.Id.ToString(), write?.Key, write?.Action.ToString().ToLowerInvariant(),
                    field is null ? null : run.Names.Field(write!.Object, field),
                    field is null ? null : write!.Before.GetValueOrDefault(field), field is null ? null : write!.After.GetValueOrDefault(field));
            }
        }

        foreach (var left in run.Left)
        {
            WriteLeft(run, left, text);
        }
    }

    private static void WriteLeft(RunDetail run, PlannedCorrection left, TextWriter text) => CsvText.Row(
        text, run.Run.Number.ToString(CultureInfo.InvariantCulture), left.Correction.Id, left.State.ToLowerInvariant(), null, string.Join("; ", left.Reasons), null,
        left.Correction.Rule, left.Correction.Account.ToString(), left.Correction.AccountName, left.Correction.Sentence, null, null, null, null, null, null, null);

    private static void WriteJson(RunDetail run, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        WriteHead(run.Run, json);
        json.WriteString("digest", run.Digest);
        RunFacts.Write(run, json);
        JsonText.Write("refusals", run.Refusals, json);
        json.WriteStartArray("outcomes");
        foreach (var step in run.Steps)
        {
            json.WriteStartObject();
            json.WriteString("id", step.Correction?.Id ?? step.Outcome?.CorrectionId);
            json.WriteString("outcome", Word(step));
            json.WriteString("code", step.Outcome?.Code);
            json.WriteString("reason", step.Outcome?.Reason);
            json.WriteString("approvedBy", step.ApprovedBy);
            json.WriteString("rule", step.Correction?.Rule);
            json.WriteString("account", step.Correction?.Account.ToString());
            json.WriteString("accountName", step.Correction?.AccountName);
            json.WriteString("sentence", step.Correction?.Sentence);
            json.WriteStartArray("writes");
            foreach (var write in step.Intent?.Bundle.Writes ?? [])
            {
                WriteWrite(write, run.Names, json);
            }

            json.WriteEndArray();
            JsonText.Write("lostMembers", [.. (step.Intent?.Lost ?? []).Select(l => l.UserId.ToString())], json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("left");
        foreach (var left in run.Left)
        {
            json.WriteStartObject();
            json.WriteString("id", left.Correction.Id);
            json.WriteString("state", left.State.ToLowerInvariant());
            json.WriteString("rule", left.Correction.Rule);
            json.WriteString("account", left.Correction.Account.ToString());
            json.WriteString("accountName", left.Correction.AccountName);
            json.WriteString("sentence", left.Correction.Sentence);
            JsonText.Write("reasons", left.Reasons, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("alertRecords");
        foreach (var alert in run.Alerts)
        {
            json.WriteStartObject();
            json.WriteString("key", alert.Key);
            json.WriteString("deed", alert.Deed.ToLowerInvariant());
            json.WriteString("outcome", (alert.Outcome ?? "Unknown").ToLowerInvariant());
            json.WriteString("reason", alert.Reason);
            json.WriteString("sentence", alert.Sentence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        JsonText.Write("nobodyFound", [.. run.Unpicked.Select(u => u.Sentence)], json);
        PlanJson.Write(run.Stays, json);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteWrite(RecordWrite write, Names names, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("object", names.Object(write.Object));
        json.WriteString("id", write.Id.IsNone ? null : write.Id.ToString());
        json.WriteString("key", write.Key);
        json.WriteString("action", write.Action.ToString().ToLowerInvariant());
        json.WriteStartObject("fields");
        foreach (var field in write.Before.Keys.Union(write.After.Keys))
        {
            json.WriteStartObject(names.Field(write.Object, field));
            json.WriteString("before", write.Before.GetValueOrDefault(field));
            json.WriteString("after", write.After.GetValueOrDefault(field));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Word(RunStep step) =>
        step.Outcome is { } outcome ? char.ToLowerInvariant(outcome.Kind.ToString()[0]) + outcome.Kind.ToString()[1..] : "unknown";
}
