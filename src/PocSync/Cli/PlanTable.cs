using System.Globalization;
using PocSync.Core.Calls;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Prints a plan for people: what is ready, what waits and what is held, by rule, with every field that changes.</summary>
internal static class PlanTable
{
    public static void Write(Plan plan, Verdict verdict, Names names, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Plan {plan.Digest[..12]} as of {plan.AsOf.UtcDateTime:yyyy-MM-dd HH:mm} UTC, binding {plan.Binding.ToString().ToLowerInvariant()}: {plan.Corrections.Count:N0} {(plan.Corrections.Count == 1 ? "correction" : "corrections")}, about {CallEstimate.Of(plan.Corrections):N0} API {(CallEstimate.Of(plan.Corrections) == 1 ? "call" : "calls")}."));
        foreach (var refusal in verdict.Refusals)
        {
            output.WriteLine(PlainText.Line($"Held: {refusal.Sentence}."));
        }

        // Of several reasons each correction says its own.
        var said = verdict.Refusals.Count == 1 ? verdict.Refusals.Select(r => r.Sentence).ToList() : [];
        foreach (var group in plan.Corrections.GroupBy(verdict.StateOf).OrderBy(g => g.Key))
        {
            output.WriteLine();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Title(group.Key)} ({group.Count():N0})"));
            foreach (var rule in group.GroupBy(c => c.Rule))
            {
                output.WriteLine($"  {rule.Key}");
                foreach (var correction in rule)
                {
                    Write(correction, verdict.ReasonsOf(correction).Except(said), plan.Today, names, output);
                }
            }
        }

        if (plan.Unpicked.Count > 0)
        {
            output.WriteLine();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Nobody found ({plan.Unpicked.Count:N0})"));
            foreach (var unpicked in plan.Unpicked)
            {
                output.WriteLine(PlainText.Line($"  {unpicked.Account}  {unpicked.Sentence}"));
            }
        }

        output.WriteLine();
        output.WriteLine($"Digest {plan.Digest}");
    }

    private static void Write(Correction correction, IEnumerable<string> reasons, DateOnly today, Names names, TextWriter output)
    {
        output.WriteLine(PlainText.Line($"  {RunPrinter.Line(correction)}"));
        foreach (var reason in reasons)
        {
            output.WriteLine(PlainText.Line($"      because {reason}"));
        }

        var known = KnownNames.OfPlan(correction).DistinctBy(k => k.Id).ToDictionary();
        string Value(string? value) => KnownNames.Words(known, value);
        foreach (var write in correction.Writes)
        {
            var sign = write.Action switch { WriteAction.Insert => '+', WriteAction.Delete => '-', _ => '~' };
            var fields = string.Join(", ", write.Fields.Select(f => write.Action switch
            {
                WriteAction.Insert => $"{names.Field(write.Object, f.Field)} {Value(f.After.On(today))}",
                WriteAction.Delete => $"{names.Field(write.Object, f.Field)} {Value(f.Before)}",
                _ => $"{names.Field(write.Object, f.Field)} {Value(f.Before)} → {Value(f.After.On(today))}",
            }));
            output.WriteLine(PlainText.Line($"      {sign} {names.Object(write.Object)} {(write.Id.IsNone ? "" : write.Id + " ")}{fields}"));
        }
    }

    private static string Title(CorrectionState state) => state switch
    {
        CorrectionState.Ready => "Ready",
        CorrectionState.Waits => "Waits for a person, or for what it builds on",
        _ => "Held",
    };
}
