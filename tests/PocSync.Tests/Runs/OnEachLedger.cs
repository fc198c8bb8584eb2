using PocSync.Ledger;
using PocSync.Simulator;

namespace PocSync.Tests.Runs;

/// <summary>Tests of runs that hold on whatever keeps the ledger: each has a sealed class a provider.</summary>
public abstract class OnEachLedger(LedgerProvider provider)
{
    private protected Task<RunHost> StartAsync(string rules, params OrgTable[] data) => RunHost.StartAsync(provider, new SimulatorOptions(), rules, data);

    private protected Task<RunHost> StartAsync(SimulatorOptions options, string rules, params OrgTable[] data) =>
        RunHost.StartAsync(provider, options, rules, data);
}
