namespace PocSync.Simulator.Store;

/// <summary>What can be changed while the org runs; see <see cref="SimulatorOptions"/>. Each value is read once a call.</summary>
internal sealed class OrgSettings
{
    public bool CascadeChildren { get; set; }

    public int DailyApiLimit { get; set; }

    /// <summary>A query that selects more rows takes too long; null for no such limit.</summary>
    public int? MostQueryRows { get; set; }

    /// <summary>Replaced as a whole, never changed in place.</summary>
    public IReadOnlyList<ValidationRule> ValidationRules { get; set; } = [];

    /// <summary>Objects (<c>Contact</c>), fields (<c>User.IsActive</c>) and rows (by id of 18 characters) that no login sees: neither describes nor
    /// queries show them. Replaced as a whole, never changed in place.</summary>
    public IReadOnlySet<string> Hidden { get; set; } = new HashSet<string>();
}
