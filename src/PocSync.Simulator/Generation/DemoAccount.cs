namespace PocSync.Simulator.Generation;

/// <summary>An account of the demo before it is written: fine unless changed. Days are counted from today.</summary>
internal sealed class DemoAccount
{
    public required int Index { get; init; }
    public required string Name { get; init; }
    public required int Owner { get; set; }
    public string Type { get; set; } = "Customer";
    public string Industry { get; set; } = "Retail";
    public long Revenue { get; set; } = 4_200_000;
    public string? Site { get; set; }
    public int Created { get; set; } = -900;
    public int? Activity { get; set; } = -6;
    public int? ExemptUntil { get; set; }
    public string? ExemptReason { get; set; }
    public bool Deleted { get; set; }
    public List<DemoRow> Rows { get; } = [];
    public List<DemoContact> Contacts { get; } = [new(true, Email: true, Bounced: false, Phone: true)];

    public string Id => IdSeries.Account[Index];

    public DemoAccount Remove(Role role)
    {
        Rows.RemoveAll(r => r.Role == role);
        return this;
    }

    public DemoAccount Add(Role role, int user, int? starts = -400, int? ends = null, string? scope = null, bool deleted = false) =>
        Add(role, Assignee.User(user), starts, ends, scope, deleted);

    public DemoAccount Add(Role role, Assignee assignee, int? starts = -400, int? ends = null, string? scope = null, bool deleted = false)
    {
        Rows.Add(new(role, assignee, starts, ends, scope, deleted));
        return this;
    }

    /// <summary>Owner and sole primary.</summary>
    public DemoAccount HeldBy(int user)
    {
        Owner = user;
        return Remove(Role.Primary).Add(Role.Primary, user);
    }

    public DemoAccount Backups(params int[] users)
    {
        Remove(Role.Backup);
        foreach (var user in users)
            Add(Role.Backup, user);
        return this;
    }
}

internal sealed record DemoRow(Role Role, Assignee Assignee, int? Starts, int? Ends, string? Scope, bool Deleted);

internal sealed record DemoContact(bool Primary, bool Email, bool Bounced, bool Phone);
