using System.Globalization;
using System.Text.Json;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Cli;

/// <summary>What the demo did, for people and for programs.</summary>
/// <param name="Settings">The rules.</param>
/// <param name="First">The first run.</param>
/// <param name="Released">The run that wrote what the demo approved; null where nothing waited.</param>
/// <param name="Second">The second run.</param>
/// <param name="Told">Whom it told.</param>
internal sealed record DemoReport(Settings Settings, RunReport First, RunReport? Released, RunReport Second, CourierReport Told)
{
    private const int Examples = 3;

    /// <summary>Whether the demo showed what it is for.</summary>
    public ExitStatus Status => Second is { Corrections: 0, Status: RunStatus.Done } ? ExitStatus.Done : ExitStatus.DoneInPart;

    private IEnumerable<Outcome> Outcomes => First.Outcomes.Concat(Released?.Outcomes ?? []);

    private Dictionary<string, Correction> Corrections => First.Judged!.Proposal.Plan.Corrections.ToDictionary(c => c.Id);

    public void Write(DemoFormat format, Surroundings around)
    {
        if (format == DemoFormat.Json)
        {
            WriteJson(around.Output);
            return;
        }

        using var text = around.OpenText();
        if (First.Judged is null)
        {
            text.WriteLine(First.Sentence);
            return;
        }

        WriteWrong(text);
        WriteChanged(text);
        WriteHeld(text);
        WriteFailed(text);
        text.WriteLine();
        text.WriteLine($"WHOM IT TOLD, one message a person: {(Told.Sentence.Length == 0 ? "nobody." : Told.Sentence)}");
        WriteSecond(text);
    }

    private void WriteWrong(TextWriter text)
    {
        var findings = First.Judged!.Findings!;
        text.WriteLine($"WHAT WAS WRONG: {Count(findings.Count, "finding")} on {Count(First.Accounts, "account")}. Nearly all rules that write are on `auto` here; by default they only propose.");
        foreach (var rule in RuleBook.All.Where(r => findings.Any(f => f.Rule == r.Info.Id)))
        {
            var found = findings.Where(f => f.Rule == rule.Info.Id).ToList();
            text.WriteLine(PlainText.Line(
                string.Create(CultureInfo.InvariantCulture, $"  {rule.Info.Id,-22} {found.Count,6:N0}  for example: {found[0].Sentence}")));
        }
    }

    private void WriteChanged(TextWriter text)
    {
        var corrections = Corrections;
        var done = Outcomes.Where(o => o.IsDone && corrections.ContainsKey(o.CorrectionId)).Select(o => corrections[o.CorrectionId]).ToList();
        text.WriteLine();
        text.WriteLine($"WHAT IT CHANGED: {Count(done.Count, "correction")} of {Count(First.Corrections, "correction")} planned.");
        foreach (var rule in done.GroupBy(c => c.Rule))
        {
            text.WriteLine($"  {rule.Key} ({Count(rule.Count(), "correction")})");
            foreach (var correction in rule.Take(Examples))
            {
                text.WriteLine(PlainText.Line($"    {correction.Sentence}"));
            }

            if (rule.Count() > Examples)
            {
                text.WriteLine($"    and {Count(rule.Count() - Examples, "other")}");
            }
        }
    }

    private void WriteHeld(TextWriter text)
    {
        var (plan, verdict) = (First.Judged!.Proposal.Plan, First.Judged.Verdict);
        text.WriteLine();
        text.WriteLine($"WHAT IT HELD: {Count(First.Held, "correction")}, and {Count(First.Waiting, "correction")} waited for a person.");
        foreach (var refusal in verdict.Refusals)
        {
            text.WriteLine(PlainText.Line($"  Held, because {refusal.Sentence}."));
        }

        var said = verdict.Refusals.Select(r => r.Sentence).ToHashSet();
        foreach (var correction in plan.Corrections.Where(
            c => verdict.StateOf(c) != CorrectionState.Ready && !verdict.ReasonsOf(c).All(said.Contains)))
        {
            text.WriteLine(PlainText.Line(
                $"  {correction.Sentence} {(verdict.StateOf(correction) == CorrectionState.Held ? "Held" : "Waited")}: {string.Join("; ", verdict.ReasonsOf(correction))}."));
        }

        if (Released is not null)
        {
            text.WriteLine($"  Then \"demo\" approved it all by the plan's digest {plan.Digest[..12]}, as a person would with `pocsync approve {plan.Digest[..12]} --reason TEXT`: {Count(Released.Applied, "correction")} written.");
        }
    }

    private void WriteFailed(TextWriter text)
    {
        var corrections = Corrections;
        var failed = Outcomes.Where(o => o.Kind == OutcomeKind.Refused).ToList();
        text.WriteLine();
        text.WriteLine($"WHAT THE ORG REFUSED: {Count(failed.Count, "correction")}. They are left alone until their records change or a person approves them.");
        foreach (var outcome in failed)
        {
            text.WriteLine(PlainText.Line(
                $"  {corrections.GetValueOrDefault(outcome.CorrectionId)?.Sentence} The org: {outcome.Reason?.TrimEnd('.')}{(outcome.Code is null ? "" : $" ({outcome.Code})")}."));
        }

        foreach (var outcome in Outcomes.Where(o => !o.IsDone && o.Kind != OutcomeKind.Refused))
        {
            text.WriteLine(PlainText.Line(
                $"  Not written: {corrections.GetValueOrDefault(outcome.CorrectionId)?.Sentence} {outcome.Kind}: {outcome.Reason?.TrimEnd('.')}."));
        }

        foreach (var unpicked in First.Judged!.Proposal.Plan.Unpicked)
        {
            text.WriteLine(PlainText.Line($"  Not tried: {unpicked.Sentence}"));
        }
    }

    private void WriteSecond(TextWriter text)
    {
        text.WriteLine();
        if (Second is { Status: RunStatus.Done, Corrections: 0 })
        {
            text.WriteLine($"THE SECOND RUN found nothing left to correct. What remains ({Count(Second.Judged?.Findings?.Count ?? 0, "finding")}) is for people: rules that only tell, and what the org refused.");
        }
        else
        {
            text.WriteLine($"THE SECOND RUN: {Second.Sentence}");
        }
    }

    private void WriteJson(Stream output)
    {
        using (var json = new Utf8JsonWriter(output, JsonText.Options))
        {
            json.WriteStartObject();
            Write("firstRun", First, First.Applied + (Released?.Applied ?? 0), First.NotApplied + (Released?.NotApplied ?? 0), json);
            Write("secondRun", Second, Second.Applied, Second.NotApplied, json);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void Write(string name, RunReport run, int applied, int failed, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteNumber("accounts", run.Accounts);
        json.WriteNumber("findings", run.Judged?.Findings?.Count ?? 0);
        json.WriteNumber("corrections", run.Corrections);
        json.WriteNumber("applied", applied);
        json.WriteNumber("held", run.Held);
        json.WriteNumber("failed", failed);
        json.WriteEndObject();
    }

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
