using PocSync.Core.Rules;

namespace PocSync.Core.Records;

/// <summary>Where POC rows live; see the rules reference.</summary>
public enum Binding
{
    /// <summary>The account's owner is its primary; there are no other rows.</summary>
    Owner,

    /// <summary>The owner, and the account team's members by their role.</summary>
    Team,

    /// <summary>Rows of <c>POC_Assignment__c</c>.</summary>
    Package,
}

/// <summary>The org whose records these are.</summary>
/// <param name="Id">The organization id; none where an export does not tell.</param>
/// <param name="Name">Its name, if known.</param>
public sealed record Org(RecordId Id, string? Name);

/// <summary>From where on a later pull has to ask for changes.</summary>
/// <param name="Instant">When the pull began, by the org's clock.</param>
/// <param name="HistorySince">From when on owner changes are known.</param>
public sealed record Watermark(DateTimeOffset Instant, DateTimeOffset HistorySince);

/// <summary>
/// Everything that was pulled from an org at one instant, without what is deleted and without rows of accounts that are not there. Immutable once built;
/// safe to read from several threads. Corrections are tried out on a <see cref="Draft"/> over it.
/// </summary>
public sealed class Snapshot
{
    internal Snapshot()
    {
    }

    /// <summary>The org.</summary>
    public required Org Org { get; init; }

    /// <summary>The instant and the org's time zone.</summary>
    public required AsOf AsOf { get; init; }

    /// <summary>Where POC rows live.</summary>
    public required Binding Binding { get; init; }

    /// <summary>What a team role is; see <see cref="Settings.TeamRoles"/>.</summary>
    public required TeamRoles TeamRoles { get; init; }

    /// <summary>The org's own names.</summary>
    public required Names Names { get; init; }

    /// <summary>The type of a field of Account or User, by the org's name.</summary>
    public Soql.FieldType TypeOf(string objectName, string orgField) =>
        WantedFields.TypeOf(objectName, orgField, Names.PackageField(objectName, orgField));

    /// <summary>What data there is.</summary>
    public required Presence Presence { get; init; }

    /// <summary>How many values could not be read and were taken as blank, by object and field.</summary>
    public required IReadOnlyDictionary<string, int> Unreadable { get; init; }

    /// <summary>All accounts that are not deleted, by id.</summary>
    public required IReadOnlyList<Account> Accounts { get; init; }

    /// <summary>All users, by id.</summary>
    public required IReadOnlyDictionary<RecordId, User> Users { get; init; }

    /// <summary>All departments, by id.</summary>
    public required IReadOnlyDictionary<RecordId, Department> Departments { get; init; }

    /// <summary>Members of each queue or group: users, and groups nested in it.</summary>
    public required IReadOnlyDictionary<RecordId, RecordId[]> GroupMembers { get; init; }

    /// <summary>Absences of each user.</summary>
    public required IReadOnlyDictionary<RecordId, Absence[]> Absences { get; init; }

    /// <summary>The users who are service resources, by resource; only where absences of resources count.</summary>
    public required IReadOnlyDictionary<RecordId, RecordId> ServiceResources { get; init; }

    /// <summary>Whether there is data of absences at all.</summary>
    public bool KnowsAbsences => Needs.Absences(Presence) is null;

    /// <summary>POC rows of each account as the binding gives them, by row id.</summary>
    public required ByAccount<PocRow> Rows { get; init; }

    /// <summary>The account teams, by row id.</summary>
    public required ByAccount<TeamMember> TeamMembers { get; init; }

    /// <summary>Handoffs, by id.</summary>
    public required ByAccount<Handoff> Handoffs { get; init; }

    /// <summary>Changes of owner from the account history, by day.</summary>
    public required ByAccount<PrimaryChange> OwnerChanges { get; init; }

    /// <summary>Open opportunities that close today or later, by id.</summary>
    public required ByAccount<Opportunity> OpenOpportunities { get; init; }

    /// <summary>Open escalated cases, by id.</summary>
    public required ByAccount<RecordId> EscalatedCases { get; init; }

    /// <summary>The distinct primary contacts on the customer's side, by id.</summary>
    public required ByAccount<CustomerContact> CustomerPrimaries { get; init; }

    /// <summary>Who should be the one primary contact on the customer's side, at most one of an account: where there is not exactly one who can be reached, and only as the settings ask for it.</summary>
    public required ByAccount<CustomerSuccessor> CustomerSuccessors { get; init; }

    /// <summary>The contact roles of accounts without exactly one primary contact who can be reached, by id; only where they would be written.</summary>
    public required ByAccount<CustomerRole> CustomerRoles { get; init; }

    /// <summary>How much of contacts was asked for.</summary>
    public required CustomerDepth CustomerDepth { get; init; }

    /// <summary>Where a later pull can go on; null where none can, as after an export.</summary>
    public Watermark? Watermark { get; init; }

    /// <summary>How many rows were answered that are not here, by object: rows of accounts that are not there, or rows that say nothing.</summary>
    internal IReadOnlyDictionary<string, int> LeftOut { get; set; } = new Dictionary<string, int>();

    /// <summary>How many rows of an object the org answers with if nothing has changed; null where the snapshot cannot tell.</summary>
    public int? AnsweredOf(string objectName) => LeftOut.TryGetValue(objectName, out var leftOut) ? CountOf(objectName) + leftOut : null;

    /// <summary>How many rows of an object are here; null where they are not kept one by one.</summary>
    internal int? CountOf(string objectName) => objectName switch
    {
        "Account" => Accounts.Count,
        "User" => Users.Count,
        "AccountTeamMember" => TeamMembers.Count,
        "Opportunity" => OpenOpportunities.Count,
        "Case" => EscalatedCases.Count,
        "Contact" when Presence.Has("Contact.POC_Customer_Primary__c") => CustomerPrimaries.Count,
        "POC_Assignment__c" when Binding == Binding.Package => Rows.Count,
        "POC_Absence__c" => Absences.Sum(a => a.Value.Count(x => x.Source == AbsenceSource.Record)),
        "POC_Handoff__c" => Handoffs.Count,
        "ServiceResource" => ServiceResources.Count,
        _ => null,
    };

    /// <summary>Why a later pull cannot go on from this one, in words after "because"; null where it can.</summary>
    public string? WhyNotFrom(Settings settings, DateTimeOffset now) =>
        Watermark is null ? "the earlier pull does not say when it was made"
        : now < AsOf.Now ? "the earlier pull was made for a later instant"
        : settings.Binding is { } binding && binding != Binding ? "the binding has changed"
        : !settings.Names.IsSameAs(Names) || !settings.TeamRoles.IsSameAs(TeamRoles) ? "the names or the team roles of the settings have changed"
        : !IsSame(settings.WantedFields.Account, AccountFields) || !IsSame(settings.WantedFields.User, UserFields) ? "the conditions of the settings name other fields"
        : settings.CustomerDepth > CustomerDepth ? "the rules ask for more of the customer's contacts"
        : null;

    private static bool IsSame(IReadOnlyDictionary<string, int> fields, IReadOnlyDictionary<string, int> others) =>
        fields.Count == others.Count && fields.All(f => others.TryGetValue(f.Key, out var place) && place == f.Value);

    /// <summary>The account fields that conditions mention, canonical for the index into <see cref="Account.Extra"/>; names ignore case.</summary>
    public required IReadOnlyDictionary<string, int> AccountFields { get; init; }

    /// <summary>The user fields that conditions mention, for the index into <see cref="User.Extra"/>; names ignore case.</summary>
    public required IReadOnlyDictionary<string, int> UserFields { get; init; }

    /// <summary>The account of an id, or null.</summary>
    public Account? FindAccount(RecordId id) => PlaceOf(Accounts, id) is >= 0 and var place ? Accounts[place] : null;

    /// <summary>The place of an id among accounts in their order, or −1.</summary>
    internal static int PlaceOf(IReadOnlyList<Account> accounts, RecordId id)
    {
        var (low, high) = (0, accounts.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = accounts[middle].Id.CompareTo(id);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>The user's name, or the id of a user that is not there.</summary>
    public string NameOf(RecordId userId) => Users.TryGetValue(userId, out var user) ? user.Name : userId.ToString();

    /// <summary>The name of a user or department, or words for nobody.</summary>
    public string NameOf(Assignee assignee) =>
        assignee.IsUnknown ? "nobody"
        : assignee.IsUser ? NameOf(assignee.Id)
        : Departments.TryGetValue(assignee.Id, out var department) ? department.Name : assignee.Id.ToString();
}

/// <summary>Rows grouped by account: one array, and where each account's part of it begins.</summary>
public sealed class ByAccount<T>
{
    private readonly int[] _starts;
    private readonly T[] _rows;

    internal ByAccount(int accounts, IReadOnlyList<(int Account, T Row)> rows)
    {
        _starts = new int[accounts + 1];
        foreach (var (account, _) in rows)
        {
            _starts[account + 1]++;
        }

        for (var i = 0; i < accounts; i++)
        {
            _starts[i + 1] += _starts[i];
        }

        _rows = new T[rows.Count];
        var next = _starts.AsSpan(0, accounts).ToArray();
        foreach (var (account, row) in rows)
        {
            _rows[next[account]++] = row;
        }
    }

    /// <summary>Takes arrays as its own: where each account's rows begin, and at last their number; the rows in that order.</summary>
    internal ByAccount(int[] starts, T[] rows) => (_starts, _rows) = (starts, rows);

    /// <summary>All rows together.</summary>
    public int Count => _rows.Length;

    /// <summary>The rows of the account with an index.</summary>
    public ReadOnlySpan<T> this[int account] => _rows.AsSpan(_starts[account], _starts[account + 1] - _starts[account]);
}
