using PocSync.Core.Records;

namespace PocSync.Cli;

/// <summary>
/// What the last run of this process pulled, for a delta run to start from. Only one run at a time has the ledger's lock, and so this.
/// </summary>
internal sealed class LastPull
{
    private Snapshot? _snapshot;

    /// <summary>Gives it away. A full run lets go of it, so that not two of them are held while it reads.</summary>
    public Snapshot? Take(bool isDelta)
    {
        var taken = isDelta ? _snapshot : null;
        _snapshot = null;
        return taken;
    }

    /// <summary>What was kept; null while it is given away, and before the first run.</summary>
    public Snapshot? Snapshot => _snapshot;

    /// <summary>Keeps what a run pulled; where it came to nothing, what it started from.</summary>
    public void Keep(Snapshot? snapshot) => _snapshot = snapshot;
}
