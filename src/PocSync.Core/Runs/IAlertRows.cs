using PocSync.Core.Alerts;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>The port to the org's alert rows. Every call may throw <see cref="OrgException"/>.</summary>
public interface IAlertRows
{
    /// <summary>The rows that are not closed.</summary>
    Task<AlertsThere> ReadAsync(Settings settings, CancellationToken stop);

    /// <summary>Writes rows, each by itself; the results are in their order. What can be is written, also where other rows are refused.</summary>
    Task<IReadOnlyList<RowTaken>> WriteAsync(Settings settings, IReadOnlyList<AlertWrite> writes, CancellationToken abandon);
}

/// <summary>The port to what the ledger keeps of alert rows. Each call is kept when it returns.</summary>
public interface IAlertLog
{
    /// <summary>What was known of rows when PocSync looked last.</summary>
    Task<IReadOnlyDictionary<AlertKey, KnownAlert>> KnownAsync();

    /// <summary>What people did to rows in the org, which holds like what they do here; and how rows are known to be without being written.</summary>
    Task HearAsync(long run, AlertNews news);

    /// <summary>What became of rows that an earlier run was writing when it ended, by how the org has them now.</summary>
    Task ResolveAsync(long run, IReadOnlyList<AlertRow> rows);

    /// <summary>These are about to be written.</summary>
    Task IntendAsync(long run, IReadOnlyList<AlertWrite> writes);

    /// <summary>This became of them; whose they are now is told so.</summary>
    Task SettleAsync(long run, IReadOnlyList<(AlertWrite Write, RowTaken Result)> results);
}
