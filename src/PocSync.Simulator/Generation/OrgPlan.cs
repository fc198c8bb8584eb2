namespace PocSync.Simulator.Generation;

/// <summary>What org to make. The same plan gives the same bytes on every machine.</summary>
public sealed record OrgPlan
{
    /// <summary>Rows of Account, deleted and exempt ones included. A demo needs at least <see cref="OrgGenerator.SmallestDemo"/>.</summary>
    public int Accounts { get; init; } = 2000;

    public int Seed { get; init; } = 7;

    /// <summary>The instant the org is alive at: its dates lie around this day in the org's own time zone.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public OrgFlavor Flavor { get; init; } = OrgFlavor.Demo;
}

public enum OrgFlavor
{
    /// <summary>A believable org in which everything that can be wrong is wrong somewhere; two backups an account.</summary>
    Demo,

    /// <summary>The same without planted cases, for any size; one backup an account.</summary>
    Plain,
}
