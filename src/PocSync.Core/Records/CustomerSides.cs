namespace PocSync.Core.Records;

/// <summary>
/// Finds for accounts without exactly one primary contact who can be reached who should be it: of the account's contacts one who can be reached, before others one who is a primary contact already,
/// then whoever had the latest activity, was changed last, was made last, and has the smallest id. Where nobody can be reached, of several primary contacts the one who comes first so.
/// </summary>
/// <param name="open">The places of those accounts by their ids.</param>
/// <param name="primaries">The primary contacts of those of them that have several.</param>
internal sealed class CustomerSides(IReadOnlyDictionary<RecordId, int> open, IReadOnlySet<(int Account, RecordId Contact)> primaries)
{
    private readonly Dictionary<int, Candidate> _best = [];
    private readonly List<(int Account, CustomerRole Role)> _roles = [];

    private readonly record struct Candidate(CustomerSuccessor Who, bool IsPrimary, DateTimeOffset? ModifiedAt, DateTimeOffset? CreatedAt);

    /// <summary>What is read of contacts beside what the account's primary contacts are found by, by standard names.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        ["Id", "IsDeleted", "AccountId", "Name", "FirstName", "LastName", "Email", "EmailBouncedDate", "Phone", "MobilePhone", "LastActivityDate", "LastModifiedDate", "CreatedDate"];

    /// <summary>What is read of contact roles.</summary>
    public static IReadOnlyList<string> RoleFields { get; } = ["Id", "IsDeleted", "AccountId", "ContactId", "IsPrimary"];

    public IEnumerable<(int Account, CustomerSuccessor Row)> Successors =>
        _best.Where(b => b.Value.Who.IsReachable || b.Value.IsPrimary).Select(b => (b.Key, b.Value.Who));

    public IReadOnlyList<(int Account, CustomerRole Row)> Roles => _roles;

    public Action<RecordId> Contact(TableIntake table)
    {
        var (account, name, first, last) = (table.Slot("AccountId"), table.Slot("Name"), table.Slot("FirstName"), table.Slot("LastName"));
        var (email, bounced, phone, mobile) = (table.Slot("Email"), table.Slot("EmailBouncedDate"), table.Slot("Phone"), table.Slot("MobilePhone"));
        var (activity, modified, created) = (table.Slot("LastActivityDate"), table.Slot("LastModifiedDate"), table.Slot("CreatedDate"));
        return id =>
        {
            if (id.IsNone || !open.TryGetValue(table.Id(account), out var at))
            {
                return;
            }

            var reachable = (table.IsFilled(email) && table.Instant(bounced) is null) || table.IsFilled(phone) || table.IsFilled(mobile);
            var candidate = new Candidate(
                new CustomerSuccessor(id, table.Name(name) ?? SnapshotBuilder.FullName(table.Name(first), table.Name(last)) ?? id.ToString(), table.Date(activity), reachable),
                primaries.Contains((at, id)), table.Instant(modified), table.Instant(created));
            if (!_best.TryGetValue(at, out var best) || IsBefore(candidate, best))
            {
                _best[at] = candidate;
            }
        };
    }

    public Action<RecordId> Role(TableIntake table)
    {
        var (account, contact, primary) = (table.Slot("AccountId"), table.Slot("ContactId"), table.Slot("IsPrimary"));
        return id =>
        {
            if (!id.IsNone && open.TryGetValue(table.Id(account), out var at))
            {
                _roles.Add((at, new CustomerRole(id, table.Id(contact), table.Boolean(primary))));
            }
        };
    }

    private static bool IsBefore(Candidate one, Candidate other)
    {
        var order = other.Who.IsReachable.CompareTo(one.Who.IsReachable);
        order = order != 0 ? order : other.IsPrimary.CompareTo(one.IsPrimary);
        order = order != 0 ? order : Nullable.Compare(other.Who.LastActivityOn, one.Who.LastActivityOn);
        order = order != 0 ? order : Nullable.Compare(other.ModifiedAt, one.ModifiedAt);
        order = order != 0 ? order : Nullable.Compare(other.CreatedAt, one.CreatedAt);
        return (order != 0 ? order : one.Who.Id.CompareTo(other.Who.Id)) < 0;
    }
}
