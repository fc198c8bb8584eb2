using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Tests.Runs;

/// <summary>A real org and a real ledger in a process that dies: a write of the org has a step in between, when a part of it is done.</summary>
internal sealed class Mortal(IOrg org, ILedger ledger, IJournal journal, IApprovals approvals, int lastStep) : Mortality(lastStep), IOrg, ILedger, IJournal, IApprovals
{
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

    public Task BelongAsync(OrgIdentity identity) => Live(() => ledger.BelongAsync(identity));

    public Task<Memory> RecallAsync() => Live(ledger.RecallAsync);

    public Task RecordAsync(long run, Judged judged) => Live(() => ledger.RecordAsync(run, judged));

    public Task EndAsync(RunReport report) => Live(() => ledger.EndAsync(report));

    public Task<IReadOnlyList<Begun>> UnfinishedAsync() => Live(journal.UnfinishedAsync);

    public Task<IReadOnlyList<Correction>> ApprovedAsync() => Live(approvals.ApprovedAsync);

    public Task<IReadOnlyList<Correction>> AnnounceAsync(long run, IReadOnlyList<(Correction Approved, Correction Follows)> announced) =>
        Live(() => approvals.AnnounceAsync(run, announced));

    public Task<IReadOnlyList<Outcome>> ExpireAsync(long run) => Live(() => approvals.ExpireAsync(run));

    public Task ReplaceAsync(long run, Correction replaced, Correction given, Approval approval) => Live(() => approvals.ReplaceAsync(run, replaced, given, approval));

    public Task<IReadOnlyList<Writing>> WritingsAsync(WritingsOf target) => Live(() => journal.WritingsAsync(target));

    public Task IntendAsync(long run, IReadOnlyList<Intent> intents) => Live(() => journal.IntendAsync(run, intents));

    public Task TakenAsync(long run, IReadOnlyList<Begun> taken) => Live(() => journal.TakenAsync(run, taken));

    public Task SettleAsync(long run, IReadOnlyList<Outcome> outcomes) => Live(() => journal.SettleAsync(run, outcomes));
}
