using PocSync.Core.Guards;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;

namespace PocSync.Tests.Runs;

/// <summary>A process that dies at a given step: each call has a step before and one after it. From then on nothing goes through any more.</summary>
internal abstract class Mortality(int lastStep)
{
    private int _step;

    /// <summary>The process is dead.</summary>
    public sealed class Killed : Exception;

    /// <summary>Whether it came to that.</summary>
    public bool IsDead { get; private set; }

    /// <summary>A run that keeps records beside its corrections, in a process that dies over them; whether it did.</summary>
    public static async Task<bool> RunAsync<T>(RunHost host, Func<LedgerDatabase, T> mortal, Func<T, AlertKeeper?> alerts, Func<T, BriefKeeper?> briefs) where T : Mortality
    {
        await using var taken = await host.Ledger.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        var process = mortal(database);
        try
        {
            await new Reconciler(
                host.Org.Org, new RunLedger(database, host.Clock), new Journal(database, host.Clock), new Approvals(database, new ApprovalTerms(), host.Clock),
                new Progress<RunNews>())
            { Alerts = alerts(process), Briefs = briefs(process) }.SyncAsync(
                new RunOrder(RunKind.Sync, RulesFile.Read(host.At("rules.yaml")), new GuardLimits { MaxChanged = 1000, MaxChangedShare = 1 }, host.Clock.GetUtcNow(), "test"),
                CancellationToken.None);
        }
        catch (Killed)
        {
        }

        return process.IsDead;
    }

    protected async Task<T> Live<T>(Func<Task<T>> call)
    {
        await Step(() => Task.CompletedTask);
        var result = await call();
        await Step(() => Task.CompletedTask);
        return result;
    }

    protected Task Live(Func<Task> call) => Live(async () =>
    {
        await call();
        return 0;
    });

    /// <summary>Dies here, after a last deed, when its time has come.</summary>
    protected async Task Step(Func<Task> last)
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
