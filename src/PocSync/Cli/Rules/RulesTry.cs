using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Review;

namespace PocSync.Cli.Rules;

/// <summary>Tries settings on the records that the worker's last run read, as <c>rules preview</c> does on the org: a page costs the org no calls.</summary>
internal sealed class RulesTry(LastPull last, RulesInForce rules, LedgerSettings ledger, TimeProvider time)
{
    /// <summary>Accounts beyond which judging twice takes longer than a page should.</summary>
    private const int Most = 100_000;

    /// <summary>Of each rule, for people.</summary>
    private const int Examples = 5;

    private const string Instead = "`pocsync rules preview --with FILE` reads the org for it.";

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>What they would change.</summary>
    public async Task<RulesTrial> OfAsync(Settings settings)
    {
        var database = await LedgerDatabase.OpenAsync(ledger);
        if (last.Snapshot is not { } snapshot || rules.Proven is not { } before || await new BookQueries(database).OrgAsync() is not { } org)
        {
            return RulesTrial.Not($"What they would find can be said once this worker has read the org, and not while it is about to read all of it anew. {Instead}");
        }

        if (WhyNot(snapshot, before, settings) is { } why)
        {
            return RulesTrial.Not($"What they would find cannot be said here: {why}. {Instead}");
        }

        var memory = await new RunLedger(database, time).RecallAsync();
        var ground = new Ground(snapshot, new OrgIdentity(RecordId.Parse(org.Id), org.Name, RecordId.TryParse(org.Worker, out var worker) ? worker : default, snapshot.AsOf.Zone), memory, database);
        // A large org takes a while and memory: one at a time.
        await _one.WaitAsync();
        try
        {
            return await Task.Run(() => new RulesTrial(
                null, [.. new RulesPreview([], Sight.Of(ground, before), Sight.Of(ground, settings)).Rules.Where(r => !r.IsSame).Select(Of)], snapshot.AsOf.Now));
        }
        finally
        {
            _one.Release();
        }
    }

    private static string? WhyNot(Snapshot snapshot, Settings before, Settings settings) =>
        snapshot.Accounts.Count > Most ? $"the org has more than {Most:N0} accounts"
        : before.Beside(settings, before.Binding is null or Binding.Package ? snapshot.Binding : null) is null ? "they look at the records in a different way (binding, names or team roles)"
        : settings.WantedFields.Account.Keys.FirstOrDefault(f => !snapshot.AccountFields.ContainsKey(f)) is { } ofAccount ? $"they name Account.{ofAccount}, which the last run did not read"
        : settings.WantedFields.User.Keys.FirstOrDefault(f => !snapshot.UserFields.ContainsKey(f)) is { } ofUser ? $"they name User.{ofUser}, which the last run did not read"
        : null;

    private static RuleTrial Of(RulePreview rule) => new(
        rule.Before.Rule.Id, rule.Before.Reason == rule.After.Reason ? null : $"{Judged(rule.Before.Reason)}; would be {Judged(rule.After.Reason)}", Count(rule.Findings), Count(rule.Corrections))
    {
        Examples = [.. Some(rule.Findings, f => f.Sentence), .. Some(rule.Corrections, c => c.Sentence)],
    };

    private static string Judged(string? reason) => reason switch { null => "judged", "disabled" => "switched off", _ => $"not judged ({reason})" };

    private static TrialCount Count<T>(IReadOnlyList<Difference<T>> all) where T : class =>
        new(all.Count(d => d.Before is null), all.Count(d => d.After is null), all.Count(d => d is { Before: not null, After: not null }));

    private static IEnumerable<(string, string)> Some<T>(IReadOnlyList<Difference<T>> all, Func<T, string> sentence) where T : class =>
        all.Take(Examples).Select(d => (d switch { { Before: null } => "appears", { After: null } => "goes", _ => "changes" }, sentence(d.After ?? d.Before!)));
}
