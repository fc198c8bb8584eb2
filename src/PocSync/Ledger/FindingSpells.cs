using Microsoft.EntityFrameworkCore;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>
/// Keeps findings over time: a row is one spell, from the run that saw a finding first until the run that did not see it any more; one that returns
/// begins another. What a run found is brought in bulk, and a few statements open, see and resolve.
/// </summary>
internal static class FindingSpells
{
    private static readonly string[] Columns = ["Rule", "Code", "Subject", "Account", "Severity", "Sentence", "Count", "Sight", "Silent", "SilentWords"];

    /// <summary>What a run that judged everything found, at an instant in UTC ticks, in the transaction at hand.</summary>
    public static async Task KeepAsync(LedgerContext context, long run, long now, Judged judged)
    {
        var sql = context.Database;
        await sql.ExecuteSqlRawAsync("DROP TABLE IF EXISTS found");
        await sql.ExecuteSqlRawAsync(
            "CREATE TEMPORARY TABLE found (\"Rule\" text, \"Code\" text, \"Subject\" text, \"Account\" text, \"Severity\" text, \"Sentence\" text, \"Count\" integer, \"Sight\" text, \"Silent\" text, \"SilentWords\" text)");
        await BulkRows.InsertAsync(context, "found", Columns, judged.Findings!.GroupBy(f => (f.Rule, f.Code, f.Subject)).Select(f => Row(f, judged.Silent.GetValueOrDefault(f.Key))));
        await sql.ExecuteSqlAsync($"""
            UPDATE findings AS o SET "SeenAt" = {now}, "SeenRun" = {run}, "Count" = f."Count", "Sentence" = f."Sentence", "Severity" = f."Severity",
                "Sight" = f."Sight", "Silent" = f."Silent", "SilentWords" = f."SilentWords"
            FROM found AS f WHERE o."ResolvedRun" IS NULL AND o."Rule" = f."Rule" AND o."Code" = f."Code" AND o."Subject" = f."Subject"
            """);
        await sql.ExecuteSqlAsync($"""
            INSERT INTO findings ("Rule", "Code", "Subject", "Account", "Severity", "Sentence", "Count", "Sight", "Silent", "SilentWords", "OpenedAt", "OpenedRun", "SeenAt", "SeenRun")
            SELECT f."Rule", f."Code", f."Subject", f."Account", f."Severity", f."Sentence", f."Count", f."Sight", f."Silent", f."SilentWords", {now}, {run}, {now}, {run}
            FROM found AS f WHERE NOT EXISTS (SELECT 1 FROM findings AS o
                WHERE o."ResolvedRun" IS NULL AND o."Rule" = f."Rule" AND o."Code" = f."Code" AND o."Subject" = f."Subject")
            """);
        await context.Findings.Where(f => f.ResolvedRun == null && f.SeenRun != run)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.ResolvedAt, now).SetProperty(f => f.ResolvedRun, run));
        await sql.ExecuteSqlRawAsync("DROP TABLE found");
    }

    private static IEnumerable<object?> Row(IGrouping<(string, string, Core.Records.RecordId), Finding> same, Mark? mark)
    {
        var first = same.First();
        return [first.Rule, first.Code, first.Subject.ToString(), first.Account.ToString(), first.Severity.ToString(), first.Sentence, same.Count(), Mark.SightOf(same), mark?.Kind.ToString(), mark?.Words];
    }
}
