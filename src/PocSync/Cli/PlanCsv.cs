using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Cli;

/// <summary>Writes a plan as CSV: one row for each field of each record.</summary>
internal static class PlanCsv
{
    public static void Write(Plan plan, Verdict verdict, Names names, TextWriter output)
    {
        CsvText.Row(output, "correction", "rule", "code", "account", "accountName", "state", "reasons", "sentence", "object", "id", "key", "action",
            "field", "before", "after");
        foreach (var correction in plan.Corrections)
        {
            foreach (var write in correction.Writes)
            {
                foreach (var field in write.Fields)
                {
                    CsvText.Row(
                        output, correction.Id, correction.Rule, correction.Code, correction.Account.ToString(), correction.AccountName,
                        verdict.StateOf(correction).ToString().ToLowerInvariant(), string.Join("; ", verdict.ReasonsOf(correction)),
                        correction.Sentence,
                        names.Object(write.Object), write.Id.ToString(), write.Key?.On(plan.Today), write.Action.ToString().ToLowerInvariant(),
                        names.Field(write.Object, field.Field), field.Before, field.After.On(plan.Today));
                }
            }
        }
    }
}
