namespace PocSync.Core.Records;

/// <summary>What each <c>TeamMemberRole</c> is. Names are trimmed and ignore case; a role that is not named is a Specialist.</summary>
public sealed class TeamRoles
{
    private readonly Dictionary<string, PocRole> _roles = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The default: <c>Backup POC</c> is a Backup.</summary>
    public static TeamRoles Default { get; } = new([new("Backup POC", PocRole.Backup)]);

    /// <summary>A mapping that replaces the default as a whole.</summary>
    public TeamRoles(IEnumerable<KeyValuePair<string, PocRole>> roles)
    {
        foreach (var (name, role) in roles)
        {
            _roles[name.Trim()] = role;
        }
    }

    /// <summary>Every team role that is named, with what it is.</summary>
    public IReadOnlyDictionary<string, PocRole> All => _roles;

    /// <summary>The POC role of a team role.</summary>
    public PocRole Of(string? teamRole) => teamRole is not null && _roles.TryGetValue(teamRole, out var role) ? role : PocRole.Specialist;

    /// <summary>Whether both make the same of every team role.</summary>
    internal bool IsSameAs(TeamRoles other) => _roles.Count == other._roles.Count && _roles.All(r => other._roles.TryGetValue(r.Key, out var role) && role == r.Value);

    /// <summary>The first team role, by name, that stands for a POC role, or null where none does.</summary>
    public string? NameFor(PocRole role) =>
        _roles.Where(r => r.Value == role).Select(r => r.Key).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The POC rows of an account from its owner and team: the owner is Primary, rows of the owner itself are ignored.</summary>
    internal PocRow[] RowsOf(RecordId account, RecordId owner, ReadOnlySpan<TeamMember> team)
    {
        var rows = new List<PocRow>(team.Length + 1);
        if (!owner.IsNone)
        {
            rows.Add(new PocRow(account, null, PocRole.Primary, Assignee.User(owner), null, null, null, RowSource.Owner));
        }

        foreach (var member in team)
        {
            if (member.UserId == owner && !owner.IsNone)
            {
                continue;
            }

            var role = Of(member.Role);
            var assignee = member.UserId.IsNone ? Assignee.Unknown : Assignee.User(member.UserId);
            rows.Add(new PocRow(member.Id, null, role, assignee, role == PocRole.Specialist ? member.Role : null, null, null, RowSource.Team));
        }

        return [.. rows];
    }
}
