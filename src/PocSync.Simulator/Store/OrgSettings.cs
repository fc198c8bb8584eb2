namespace PocSync.Simulator.Store;

/// <summary>What can be changed while the org runs; see <see cref="SimulatorOptions"/>. Each value is read once a call.</summary>
internal sealed class OrgSettings
{
    public bool CascadeChildren { get; set; }

    public int DailyApiLimit { get; set; }

    /// <summary>Replaced as a whole, never changed in place.</summary>
    public IReadOnlyList<ValidationRule> ValidationRules { get; set; } = [];
}
