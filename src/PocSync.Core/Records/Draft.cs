namespace PocSync.Core.Records;

/// <summary>
/// The snapshot as corrected so far: what the rules judge. Without corrections it reads straight through. Not safe for use by several threads once
/// corrections are made.
/// </summary>
public sealed class Draft(Snapshot snapshot)
{
    private readonly Dictionary<int, Changed> _changed = [];

    private sealed class Changed
    {
        public RecordId? Owner;
        public List<PocRow>? Rows;
        public List<TeamMember>? Team;
        public List<Handoff>? Handoffs;
        public List<CustomerContact>? Customers;
    }

    /// <summary>A draft that knows of one account what this one knows, to try something out on it.</summary>
    public Draft Fork(Account account)
    {
        var fork = new Draft(Snapshot);
        if (_changed.TryGetValue(account.Index, out var changed))
        {
            fork._changed[account.Index] = new Changed
            {
                Owner = changed.Owner,
                Rows = changed.Rows?.ToList(),
                Team = changed.Team?.ToList(),
                Handoffs = changed.Handoffs?.ToList(),
                Customers = changed.Customers?.ToList(),
            };
        }

        return fork;
    }

    /// <summary>What was pulled.</summary>
    public Snapshot Snapshot { get; } = snapshot;

    /// <summary>The accounts that corrections touched, by id.</summary>
    public IEnumerable<Account> Touched => _changed.Keys.Order().Select(i => Snapshot.Accounts[i]);

    /// <summary>The account's owner.</summary>
    public RecordId OwnerOf(Account account) =>
        _changed.TryGetValue(account.Index, out var changed) && changed.Owner is { } owner ? owner : account.OwnerId;

    /// <summary>The account's POC rows, by row id; rows that the plan makes come last.</summary>
    public ReadOnlySpan<PocRow> RowsOf(Account account)
    {
        if (_changed.TryGetValue(account.Index, out var changed) && changed.Rows is { } rows)
        {
            return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows);
        }

        return Snapshot.Rows[account.Index];
    }

    /// <summary>The account team.</summary>
    public ReadOnlySpan<TeamMember> TeamOf(Account account) =>
        _changed.TryGetValue(account.Index, out var changed) && changed.Team is { } team
            ? System.Runtime.InteropServices.CollectionsMarshal.AsSpan(team)
            : Snapshot.TeamMembers[account.Index];

    /// <summary>The account's handoffs.</summary>
    public ReadOnlySpan<Handoff> HandoffsOf(Account account) =>
        _changed.TryGetValue(account.Index, out var changed) && changed.Handoffs is { } handoffs
            ? System.Runtime.InteropServices.CollectionsMarshal.AsSpan(handoffs)
            : Snapshot.Handoffs[account.Index];

    /// <summary>The account's primary contacts on the customer's side.</summary>
    public ReadOnlySpan<CustomerContact> CustomerPrimariesOf(Account account) =>
        _changed.TryGetValue(account.Index, out var changed) && changed.Customers is { } customers
            ? System.Runtime.InteropServices.CollectionsMarshal.AsSpan(customers)
            : Snapshot.CustomerPrimaries[account.Index];

    /// <summary>A contact becomes a primary one on the customer's side, or is it no longer.</summary>
    public void SetCustomerPrimary(Account account, RecordId contact, bool isPrimary)
    {
        var changed = Change(account);
        changed.Customers ??= [.. CustomerPrimariesOf(account)];
        changed.Customers.RemoveAll(c => c.Id == contact);
        if (isPrimary)
        {
            changed.Customers.Add(Snapshot.CustomerPrimaries[account.Index].ToArray().FirstOrDefault(c => c.Id == contact)
                ?? new CustomerContact(contact, null, Snapshot.CustomerSuccessors[account.Index].ToArray().Any(s => s.Id == contact && s.IsReachable)));
        }
    }

    /// <summary>The owner changes, and in the bindings without rows of their own the POC rows follow.</summary>
    public void SetOwner(Account account, RecordId owner)
    {
        var changed = Change(account);
        changed.Owner = owner;
        FollowTeam(account, changed);
    }

    /// <summary>A row of the team goes.</summary>
    public void RemoveTeamMember(Account account, RecordId memberId)
    {
        var changed = Change(account);
        changed.Team ??= [.. TeamOf(account)];
        changed.Team.RemoveAll(m => m.Id == memberId);
        FollowTeam(account, changed);
    }

    /// <summary>A team member comes.</summary>
    public void AddTeamMember(Account account, TeamMember member)
    {
        var changed = Change(account);
        changed.Team ??= [.. TeamOf(account)];
        changed.Team.Add(member);
        FollowTeam(account, changed);
    }

    /// <summary>A row of <c>POC_Assignment__c</c> is replaced by a later state of itself, or goes (null).</summary>
    public void ReplaceRow(Account account, PocRow row, PocRow? by)
    {
        var changed = Change(account);
        changed.Rows ??= [.. RowsOf(account)];
        var at = changed.Rows.FindIndex(r => ReferenceEquals(r, row) || r == row);
        if (by is null)
        {
            changed.Rows.RemoveAt(at);
        }
        else
        {
            changed.Rows[at] = by;
        }
    }

    /// <summary>A row of <c>POC_Assignment__c</c> comes.</summary>
    public void AddRow(Account account, PocRow row)
    {
        var changed = Change(account);
        changed.Rows ??= [.. RowsOf(account)];
        changed.Rows.Add(row);
    }

    /// <summary>A handoff comes.</summary>
    public void AddHandoff(Account account, Handoff handoff)
    {
        var changed = Change(account);
        changed.Handoffs ??= [.. HandoffsOf(account)];
        changed.Handoffs.Add(handoff);
    }

    /// <summary>A handoff gets another status.</summary>
    public void ReplaceHandoff(Account account, RecordId id, string? status)
    {
        var changed = Change(account);
        changed.Handoffs ??= [.. HandoffsOf(account)];
        var at = changed.Handoffs.FindIndex(h => h.Id == id);
        changed.Handoffs[at] = changed.Handoffs[at] with { Status = status };
    }

    private void FollowTeam(Account account, Changed changed)
    {
        if (Snapshot.Binding != Binding.Package)
        {
            var team = Snapshot.Binding == Binding.Team ? TeamOf(account) : default;
            changed.Rows = [.. Snapshot.TeamRoles.RowsOf(account.Id, OwnerOf(account), team)];
        }
    }

    private Changed Change(Account account)
    {
        if (!_changed.TryGetValue(account.Index, out var changed))
        {
            _changed[account.Index] = changed = new Changed();
        }

        return changed;
    }
}
