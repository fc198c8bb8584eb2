using System.Globalization;
using System.Text.Json;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli.Rules;

/// <summary>Prints the explanation of one account.</summary>
internal sealed class RulesExplainPrinter(
    Snapshot snapshot, Names names, Explanation explained, Verdict verdict, IReadOnlyList<LeftAlone> leftAlone, AccountHistory? history)
{
    private Account Account => explained.Account;

    public void Write(OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, "rule", "answer", "detail");
            foreach (var answer in explained.Answers)
            {
                CsvText.Row(text, answer.Rule.Id, Word(answer.Kind), answer.Why ?? string.Join(" ", answer.Findings.Select(f => f.Sentence)));
            }

            return;
        }

        WriteTable(text);
    }

    private static string Word(RuleAnswerKind kind) => kind switch
    {
        RuleAnswerKind.Fine => "fine",
        RuleAnswerKind.Findings => "findings",
        RuleAnswerKind.OutOfScope => "out of scope",
        RuleAnswerKind.Exempt => "exempt",
        RuleAnswerKind.NotJudged => "not judged",
        _ => "switched off",
    };

    private void WriteTable(TextWriter text)
    {
        void Line(string line) => text.WriteLine(PlainText.Line(line));
        Line($"{Account.Name} {Account.Id}");
        foreach (var (what, value) in explained.Facts)
        {
            Line($"  {what}: {value}");
        }

        text.WriteLine();
        text.WriteLine("Who is on it");
        foreach (var person in explained.People)
        {
            Line($"  {person.Role}: {person.Name}{(person.Id.IsNone ? "" : $" ({person.Id})")}, {person.State}{(person.Days is null ? "" : $", {person.Days}")}{(person.IsInForce ? "" : ", not in force today")}");
        }

        text.WriteLine();
        text.WriteLine("What each rule says");
        foreach (var answer in explained.Answers)
        {
            Line($"  {answer.Rule.Id,-22}  {Word(answer.Kind)}{(answer.Why is null ? "" : $": {answer.Why}")}");
            foreach (var finding in answer.Findings)
            {
                Line($"      {JsonText.Word(finding.Severity)}: {finding.Sentence}");
                Line($"      seen: {finding.Seen}; expected: {finding.Expected}");
            }
        }

        text.WriteLine();
        text.WriteLine(explained.Corrections.Count + explained.Unpicked.Count + leftAlone.Count == 0 ? "Nothing would be written." : "What would be written");
        foreach (var correction in explained.Corrections)
        {
            Line($"  {correction.Id}  {JsonText.Word(verdict.StateOf(correction))}: {correction.Sentence}");
            WriteLines("because", verdict.ReasonsOf(correction), Line);
            WriteLines("pick:", correction.Trace, Line);
        }

        foreach (var unpicked in explained.Unpicked)
        {
            Line($"  nobody found: {unpicked.Sentence}");
            WriteLines("pick:", unpicked.Trace, Line);
        }

        foreach (var alone in leftAlone)
        {
            Line($"  {alone.Correction.Id}  left alone ({JsonText.Word(alone.Kind)}): {alone.Correction.Sentence}");
            WriteLines("because", [alone.Why], Line);
        }

        WriteHistory(Line);
    }

    private static void WriteLines(string word, IEnumerable<string> lines, Action<string> write)
    {
        foreach (var line in lines)
        {
            write($"      {word} {line}");
        }
    }

    private void WriteHistory(Action<string> line)
    {
        line("");
        if (history is null)
        {
            line("The ledger was not asked: there is none for these records.");
            return;
        }

        line(history.Open.Count == 0 ? "Nothing of the last plan is open." : "What of the last plan is open");
        foreach (var open in history.Open)
        {
            line(string.Create(CultureInfo.InvariantCulture, $"  {open.Correction.Id}  {open.State.ToLowerInvariant()} since run {open.SinceRun}: {open.Correction.Sentence}"));
            WriteLines("because", open.Reasons, line);
            WriteLines("approved by", open.Approvals.Select(a => $"{a.By}: {a.Reason}{(open.NeedsSecond ? " (a second person has to agree)" : "")}"), line);
        }

        line("");
        line(history.Changes.Count == 0 ? "PocSync has changed nothing on it." : "What PocSync changed on it");
        foreach (var change in Written)
        {
            line(string.Create(CultureInfo.InvariantCulture,
                $"  {JsonText.Instant(change.At)}  run {change.Run.Number} ({change.Run.By}): {change.Correction.Sentence}{(change.UndoneBy is { } by ? $" (taken back by run {by})" : "")}"));
        }
    }

    /// <summary>One line for each correction that was written, whatever it wrote.</summary>
    private IEnumerable<Change> Written => history!.Changes.DistinctBy(c => (c.Run.Number, c.Correction.Correction));

    private void WriteJson(Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteString("account", Account.Id.ToString());
        json.WriteString("accountName", Account.Name);
        json.WriteString("asOf", JsonText.Instant(snapshot.AsOf.Now));
        json.WriteString("binding", JsonText.Word(snapshot.Binding));
        WriteAll("facts", explained.Facts, fact =>
        {
            json.WriteString("what", fact.What);
            json.WriteString("value", fact.Value);
        });
        WriteAll("people", explained.People, person =>
        {
            json.WriteString("role", person.Role);
            json.WriteString("id", person.Id.IsNone ? null : person.Id.ToString());
            json.WriteString("name", person.Name);
            json.WriteString("state", person.State);
            json.WriteString("days", person.Days);
            json.WriteBoolean("inForce", person.IsInForce);
        });
        WriteAll("rules", explained.Answers, answer =>
        {
            json.WriteString("id", answer.Rule.Id);
            json.WriteString("answer", Word(answer.Kind));
            json.WriteString("why", answer.Why);
            WriteAll("findings", answer.Findings, finding =>
            {
                json.WriteString("code", finding.Code);
                json.WriteString("subject", finding.Subject.ToString());
                json.WriteString("severity", JsonText.Word(finding.Severity));
                json.WriteString("seen", finding.Seen);
                json.WriteString("expected", finding.Expected);
                json.WriteString("sentence", finding.Sentence);
            });
        });
        WriteAll("corrections", explained.Corrections, correction => Write(correction, JsonText.Word(verdict.StateOf(correction)), verdict.ReasonsOf(correction), json));
        WriteAll("unpicked", explained.Unpicked, unpicked =>
        {
            json.WriteString("rule", unpicked.Rule);
            json.WriteString("code", unpicked.Code);
            json.WriteString("sentence", unpicked.Sentence);
            JsonText.Write("trace", unpicked.Trace, json);
        });
        WriteAll("leftAlone", leftAlone, alone => Write(alone.Correction, JsonText.Word(alone.Kind), [alone.Why], json));
        WriteAll("open", history?.Open ?? [], open =>
        {
            Write(open.Correction, open.State.ToLowerInvariant(), open.Reasons, json);
            json.WriteNumber("sinceRun", open.SinceRun);
            JsonText.Write("approvedBy", [.. open.Approvals.Select(a => a.By)], json);
        });
        WriteAll("history", history is null ? [] : Written, change =>
        {
            json.WriteString("instant", JsonText.Instant(change.At));
            json.WriteNumber("run", change.Run.Number);
            json.WriteString("by", change.Run.By);
            json.WriteString("rule", change.Correction.Rule);
            json.WriteString("sentence", change.Correction.Sentence);
            if (change.UndoneBy is { } by)
            {
                json.WriteNumber("undoneBy", by);
            }
        });
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');

        void WriteAll<T>(string name, IEnumerable<T> all, Action<T> write)
        {
            json.WriteStartArray(name);
            foreach (var one in all)
            {
                json.WriteStartObject();
                write(one);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private void Write(Correction correction, string state, IReadOnlyList<string> reasons, Utf8JsonWriter json)
    {
        json.WriteString("id", correction.Id);
        json.WriteString("rule", correction.Rule);
        json.WriteString("code", correction.Code);
        json.WriteString("state", state);
        JsonText.Write("reasons", reasons, json);
        json.WriteString("sentence", correction.Sentence);
        JsonText.Write("trace", correction.Trace, json);
        JsonText.Write("writes", [.. correction.Writes.Select(w => $"{JsonText.Word(w.Action)} {names.Object(w.Object)}")], json);
    }
}
