using PocSync.Simulator.Platform;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>Makes the writer of a call: in the caller's name, with the row locks that the faults say fail. Faults can be replaced while the org
/// runs.</summary>
internal sealed class Writers(Org org, FaultPlan faults)
{
    private volatile FaultPlan faults = faults;

    public FaultPlan Faults
    {
        get => faults;
        set => faults = value;
    }

    public RecordWriter For(string userId, string path) => new(org, userId, () => faults.Strikes(path, FaultKind.LockRow) is not null);

    public RecordWriter For(ApiCall call) => For(call.UserId, call.Path);
}
