using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>Where the org stands with a write.</summary>
internal enum Place
{
    /// <summary>As when it was planned.</summary>
    Before,

    /// <summary>As it will be once written.</summary>
    After,

    /// <summary>Neither: somebody changed the record.</summary>
    Elsewhere,
}

/// <summary>Compares writes with what the org says.</summary>
internal static class Places
{
    private const string Team = "AccountTeamMember";

    /// <summary>Where the org stands with a write, and for a record that moved the words for it.</summary>
    public static (Place Place, string? Moved) Of(RecordWrite write, Standing standing) => write.Action switch
    {
        WriteAction.Insert when write.Object == Team => OfMember(write, standing),
        WriteAction.Insert => (write.Key is not null && standing.Keys.ContainsKey((write.Object, write.Key)) ? Place.After : Place.Before, null),
        WriteAction.Delete => OfDelete(write, standing),
        _ => OfUpdate(write, standing),
    };

    /// <summary>The members of an intended team who are not on the account's team now.</summary>
    public static IReadOnlyList<TeamRow> Missing(Bundle bundle, Standing standing)
    {
        if (bundle.Team.Count == 0)
        {
            return [];
        }

        var there = standing.Teams.GetValueOrDefault(bundle.Account, []).Select(t => t.UserId).ToHashSet();
        return [.. bundle.Team.Where(t => !there.Contains(t.UserId))];
    }

    private static (Place, string?) OfUpdate(RecordWrite write, Standing standing)
    {
        if (Now(write, standing) is not { } now)
        {
            return (Place.Elsewhere, $"{standing.Words(write.Object, write.Id)} is no longer there");
        }

        if (Differs(write.After, now) is null)
        {
            return (Place.After, null);
        }

        return Differs(write.Before, now) is not { } field ? (Place.Before, null)
            : (Place.Elsewhere, Moved(write, field, now, standing));
    }

    private static IReadOnlyDictionary<string, string?>? Now(RecordWrite write, Standing standing) =>
        standing.Records.TryGetValue((write.Object, write.Id), out var now) ? now
        : write.Object == Team && standing.MemberOf(write.Id) is { } member ? new Dictionary<string, string?>
        {
            ["AccountId"] = member.Account.ToString(),
            ["UserId"] = member.Row.UserId.ToString(),
            ["TeamMemberRole"] = member.Row.Role,
        }
        : null;

    private static (Place, string?) OfDelete(RecordWrite write, Standing standing)
    {
        if (Now(write, standing) is not { } now)
        {
            return (Place.After, null);
        }

        return Differs(write.Before, now) is not { } field ? (Place.Before, null)
            : (Place.Elsewhere, Moved(write, field, now, standing));
    }

    /// <summary>Team rows carry no key: an account has one row for a user.</summary>
    private static (Place, string?) OfMember(RecordWrite write, Standing standing) =>
        Bundling.RowOf(write, standing) is { } row
        && string.Equals(row.Role?.Trim(), write.After.GetValueOrDefault("TeamMemberRole")?.Trim(), StringComparison.OrdinalIgnoreCase)
            ? (Place.After, null) : (Place.Before, null);

    /// <summary>The first field that says something else; white space at the ends does not count, since the org trims it.</summary>
    public static string? Differs(IReadOnlyDictionary<string, string?> wanted, IReadOnlyDictionary<string, string?> now)
    {
        foreach (var (field, value) in wanted)
        {
            if ((now.GetValueOrDefault(field)?.Trim() ?? "") != (value?.Trim() ?? ""))
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>That somebody else wrote what a write would write.</summary>
    public static string WrittenByOthers(RecordWrite write, Standing standing) =>
        $"{string.Join(" and ", write.After.Select(f => $"{standing.Names.Field(write.Object, f.Key)} of {standing.Words(write.Object, write.Id)} is {standing.Words(f.Value)} already"))}: somebody else wrote it, and not what belongs to it";

    private static string Moved(RecordWrite write, string field, IReadOnlyDictionary<string, string?> now, Standing standing) =>
        $"{standing.Names.Field(write.Object, field)} of {standing.Words(write.Object, write.Id)} is {standing.Words(now.GetValueOrDefault(field))}, not {standing.Words(write.Before[field])} any more";
}
