using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Tests.Runs;

/// <summary>
/// A real org and a real ledger in a process that dies at a given step: each call has a step before and one after it, and a write of the org one in
/// between, when a part of it is done. From then on nothing goes through any more.
/// </summary>
internal sealed class Mortal(IOrg org, ILedger ledger, IJournal journal, IApprovals approvals, int lastStep) : IOrg, ILedger, IJournal, IApprovals
{
    private int _step;

    /// <summary>The process is dead.</summary>
    public sealed class Killed : Exception;

    /// <summary>Whether it came to that.</summary>
    public bool IsDead { get; private set; }

    public Task<OrgIdentity> IdentifyAsync(CancellationToken stop) => Live(() => org.IdentifyAsync(stop));

    public Task<Snapshot> PullAsync(Settings settings, DateTimeOffset now, Snapshot? since, IProgress<string> progress, CancellationToken stop) =>
        Live(() => org.PullAsync(settings, now, since, progress, stop));

    public Task<Standing> ReadAsync(Settings settings, IReadOnlyList<RecordWrite> writes, CancellationToken stop) =>
        Live(() => org.ReadAsync(settings, writes, stop));

    public Task<IReadOnlyList<BundleResult>> WriteAsync(Settings settings, IReadOnlyList<Bundle> bundles, CancellationToken stop, CancellationToken abandon) => Live(async () =>
    {
        if (bundles.Any(b => b.Team.Count > 0))
        {
            // As though the org took an owner and not yet the team.
            await Step(() => org.WriteAsync(settings, [.. bundles.Where(b => b.Team.Count > 0).Take(1).Select(b => b with { Team = [] })], stop, abandon));
        }

        return await org.WriteAsync(settings, bundles, stop, abandon);
    });

    public Task<IReadOnlyDictionary<RecordId, OrgUser>> UsersAsync(IReadOnlyCollection<RecordId> ids, CancellationToken stop) =>
        Live(() => org.UsersAsync(ids, stop));

    public Task<long> StartAsync(RunKind kind, string by, IReadOnlyDictionary<string, string> settings, string? reason = null) =>
        Live(() => ledger.StartAsync(kind, by, settings, reason));

    public Task BelongAsync(OrgIdentity identity) => Live(() => Done(ledger.BelongAsync(identity)));

    public Task<Memory> RecallAsync() => Live(ledger.RecallAsync);

    public Task RecordAsync(long run, Judged judged) => Live(() => Done(ledger.RecordAsync(run, judged)));

    public Task EndAsync(RunReport report) => Live(() => Done(ledger.EndAsync(report)));

    public Task<IReadOnlyList<Begun>> UnfinishedAsync() => Live(journal.UnfinishedAsync);

    public Task<IReadOnlyList<Correction>> ApprovedAsync() => Live(approvals.ApprovedAsync);

    public Task<IReadOnlyList<Outcome>> ExpireAsync(long run) => Live(() => approvals.ExpireAsync(run));

    public Task ReplaceAsync(long run, Correction replaced, Correction given, Approval approval) => Live(() => Done(approvals.ReplaceAsync(run, replaced, given, approval)));

    public Task<IReadOnlyList<Writing>> WritingsAsync(WritingsOf target) => Live(() => journal.WritingsAsync(target));

    public Task IntendAsync(long run, IReadOnlyList<Intent> intents) => Live(() => Done(journal.IntendAsync(run, intents)));

    public Task TakenAsync(long run, IReadOnlyList<Begun> taken) => Live(() => Done(journal.TakenAsync(run, taken)));

    public Task SettleAsync(long run, IReadOnlyList<Outcome> outcomes) => Live(() => Done(journal.SettleAsync(run, outcomes)));

    private static async Task<int> Done(Task task)
    {
        await task;
        return 0;
    }

    private async Task<T> Live<T>(Func<Task<T>> call)
    {
        await Step(() => Task.CompletedTask);
        var result = await call();
        await Step(() => Task.CompletedTask);
        return result;
    }

    /// <summary>Dies here, after a last deed, when its time has come.</summary>
    private async Task Step(Func<Task> last)
    {
        if (!IsDead && ++_step >= lastStep)
        {
            IsDead = true;
            await last();
        }

        if (IsDead)
        {
            throw new Killed();
        }
    }
}
