using PocSync.Core.Rules;

namespace PocSync.Core.Records;

/// <summary>
/// Builds a snapshot from tables of text cells, whether they come from an export's files or from an org's API. Tables are taken in the order of
/// <see cref="Objects"/>, each at most once; what is missing is known as missing. Column names ignore case. Over an earlier snapshot a table may
/// be only what changed (<see cref="BeginChanges"/>).
/// </summary>
public sealed class SnapshotBuilder(Settings settings, DateTimeOffset now, Snapshot? before = null)
{
    private readonly Names _names = settings.Names;
    private readonly Presence _presence = new();
    private readonly Dictionary<string, int> _unreadable = [];
    private readonly Dictionary<string, string> _texts = [];
    private readonly HashSet<RecordId> _seen = [];
    private readonly WantedFields _wanted = settings.WantedFields;

    private Org _org = new(default, null);
    private AsOf _asOf = new(now, TimeZoneInfo.Utc);
    private Account[] _accounts = [];
    private readonly List<Account> _newAccounts = [];
    private readonly Dictionary<RecordId, int> _accountIndex = [];
    private readonly Dictionary<string, TableIntake> _tables = [];
    private SnapshotMerge? _merge;
    private readonly Dictionary<RecordId, User> _users = [];
    private readonly HashSet<RecordId> _frozen = [];
    private readonly Dictionary<RecordId, Department> _departments = [];
    private readonly Dictionary<RecordId, List<RecordId>> _members = [];
    private readonly Dictionary<RecordId, List<Absence>> _absences = [];
    private readonly Dictionary<RecordId, RecordId> _resources = [];
    private readonly List<(int, PocRow)> _rows = [];
    private readonly List<(int, TeamMember)> _team = [];
    private readonly List<(int, Handoff)> _handoffs = [];
    private readonly List<(int, PrimaryChange)> _ownerChanges = [];
    private readonly List<(int, Opportunity)> _opportunities = [];
    private readonly List<(int, RecordId)> _cases = [];
    private readonly List<(int, CustomerContact)> _contacts = [];
    private readonly Dictionary<RecordId, HashSet<int>> _contactRoles = [];
    private CustomerSides? _sides;
    private IReadOnlySet<RecordId>? _touched;

    /// <summary>The objects that a snapshot is made of, by package or standard name, in the order in which they are taken.</summary>
    public static IReadOnlyList<string> Objects { get; } =
    [
        "Organization", "User", "UserLogin", "Account", "AccountTeamMember", "AccountHistory", "Group", "GroupMember", "Opportunity", "Case",
        "AccountContactRole", "Contact", "POC_Assignment__c", "POC_Department__c", "POC_Absence__c", "POC_Handoff__c",
    ];

    /// <summary>The same with those that only some settings ask for, at the end.</summary>
    public static IReadOnlyList<string> ObjectsOf(Settings settings) =>
    [
        .. Objects, .. settings.Absences.CalendarEvents ? ["Event"] : Array.Empty<string>(),
        .. settings.Absences.ResourceAbsences ? ["ServiceResource", "ResourceAbsence"] : Array.Empty<string>(),
    ];

    /// <summary>Days ahead of today of which absences from calendars are kept: as many as an absence without an end is judged.</summary>
    public const int CalendarDaysAhead = BackupCoversAbsence.OpenDays;

    /// <summary>The days of absences from calendars that are kept, from yesterday on.</summary>
    public static (DateOnly From, DateOnly To) CalendarDays(AsOf asOf) => (asOf.Today.AddDays(-1), asOf.DaysAway(CalendarDaysAhead));

    /// <summary>The fields of an object that a snapshot takes where they are there, by the org's names, those that conditions mention included.</summary>
    public static IReadOnlyList<string> FieldsOf(string objectName, Settings settings)
    {
        var table = new TableIntake(objectName, null, settings.Names, [], [], idIsRequired: true);
        new SnapshotBuilder(settings, DateTimeOffset.UnixEpoch).Take(table, objectName);
        return table.Columns;
    }

    /// <summary>Begins a table: an object by its package or standard name, and its columns by the org's names.</summary>
    public TableIntake Begin(string objectName, IReadOnlyList<string> columns)
    {
        var table = new TableIntake(objectName, columns, _names, _unreadable, _seen, idIsRequired: objectName == "Account");
        return Begin(table, objectName, columns);
    }

    /// <summary>
    /// Begins a table of which only some rows are read, over an earlier snapshot: rows with the ids that are taken are replaced (and go, where they are
    /// deleted or say nothing), and so are all rows of <paramref name="accounts"/>. A row that is taken twice counts as it came first.
    /// </summary>
    /// <param name="objectName">The object by its package or standard name.</param>
    /// <param name="columns">Its columns by the org's names.</param>
    /// <param name="accounts">Accounts all of whose rows are taken.</param>
    /// <param name="isByAccount">Whether rows of other accounts stay, whatever their ids.</param>
    public TableIntake BeginChanges(string objectName, IReadOnlyList<string> columns, IReadOnlySet<RecordId> accounts, bool isByAccount = false)
    {
        var ids = new HashSet<RecordId>();
        var table = new TableIntake(objectName, columns, _names, _unreadable, ids, idIsRequired: objectName == "Account", mayRepeat: true)
        { Reread = new Reread(isByAccount ? null : ids, accounts) };
        return Begin(table, objectName, columns);
    }

    private TableIntake Begin(TableIntake table, string objectName, IReadOnlyList<string> columns)
    {
        _presence.Add(objectName, columns, _names);
        _tables[objectName] = table;
        Take(table, objectName);
        return table;
    }

    /// <summary>The day on which everything is judged, once the organization is taken.</summary>
    public DateOnly Today => _asOf.Today;

    private void Take(TableIntake table, string objectName) =>
        table.OnRow = objectName switch
        {
            "Organization" => Organization(table),
            "User" => User(table),
            "UserLogin" => UserLogin(table),
            "Account" => Account(table),
            "AccountTeamMember" => TeamMember(table),
            "AccountHistory" => AccountHistory(table),
            "Group" => null,
            "GroupMember" => GroupMember(table),
            "Opportunity" => Opportunity(table),
            "Case" => Case(table),
            "AccountContactRole" => ContactRole(table),
            "Contact" => Contact(table),
            "POC_Assignment__c" => Assignment(table),
            "POC_Department__c" => Department(table),
            "POC_Absence__c" => Absence(table),
            "POC_Handoff__c" => Handoff(table),
            "Event" => Event(table),
            "ServiceResource" => ServiceResource(table),
            "ResourceAbsence" => ResourceAbsence(table),
            _ => throw new ArgumentException($"{objectName} is not an object of a snapshot.", nameof(objectName)),
        };

    /// <summary>
    /// Once contacts are taken: the accounts of whose contacts more has to be read (<see cref="BeginOpen"/>), since there is not exactly one primary contact of the customer who can be reached. None where
    /// the settings do not ask for it.
    /// </summary>
    /// <param name="among">Over an earlier snapshot of whose contacts only changes were taken: the accounts whose contacts, or the contacts' activities, changed.</param>
    public IReadOnlyCollection<RecordId> OpenCustomerSides(IReadOnlySet<RecordId>? among = null)
    {
        EndAccounts();
        if (settings.CustomerDepth == CustomerDepth.None || !(_presence.Has("Contact.POC_Customer_Primary__c") || (_presence.HasObject("Contact") && _presence.HasObject("AccountContactRole"))))
        {
            return [];
        }

        _touched = among;
        var reread = RereadOf("Contact");
        var (counts, reachable) = (new byte[_accounts.Length], new bool[_accounts.Length]);
        foreach (var (at, contact) in Primaries())
        {
            (counts[at], reachable[at]) = (Math.Min((byte)2, ++counts[at]), contact.IsReachable);
        }

        var open = new Dictionary<RecordId, int>();
        for (var i = 0; i < _accounts.Length; i++)
        {
            if ((reread is null || among?.Contains(_accounts[i].Id) != false) && !(counts[i] == 1 && reachable[i]))
            {
                open[_accounts[i].Id] = i;
            }
        }

        var primaries = Primaries().Where(p => counts[p.At] > 1 && open.ContainsKey(_accounts[p.At].Id)).Select(p => (p.At, p.Contact.Id)).ToHashSet();
        _sides = new CustomerSides(open, primaries);
        return open.Keys;

        // What stays of an earlier snapshot, and what was read.
        IEnumerable<(int At, CustomerContact Contact)> Primaries() => reread is null || before is null ? _contacts
            : _contacts.Concat(_merge!.EarlierRows(before.CustomerPrimaries, reread, c => c.Id));
    }

    /// <summary>Begins the contacts, or the contact roles, of the accounts of <see cref="OpenCustomerSides"/>; rows of others are passed over.</summary>
    public TableIntake BeginOpen(string objectName, IReadOnlyList<string> columns)
    {
        // What could not be read was counted when the table was taken.
        var table = new TableIntake(objectName, columns, _names, [], [], idIsRequired: false, mayRepeat: true);
        table.OnRow = objectName == "Contact" ? _sides!.Contact(table) : _sides!.Role(table);
        return table;
    }

    /// <summary>What is read of the objects of <see cref="BeginOpen"/>, by the org's names; of contact roles nothing where no setting asks for them.</summary>
    public IReadOnlyList<(string ObjectName, IReadOnlyList<string> Fields)> OpenFields =>
    [
        ("Contact", CustomerSides.Fields),
        .. settings.CustomerDepth == CustomerDepth.Roles && !_presence.Has("Contact.POC_Customer_Primary__c") ? [("AccountContactRole", CustomerSides.RoleFields)] : Array.Empty<(string, IReadOnlyList<string>)>(),
    ];

    private ByAccount<T> OfOpen<T>(ByAccount<T>? earlier, IEnumerable<(int Account, T Row)> found, Func<T, RecordId> id)
    {
        var rows = found.OrderBy(r => r.Account).ThenBy(r => id(r.Row)).ToList();
        if (_merge is null || earlier is null || RereadOf("Contact") is null)
        {
            return new ByAccount<T>(_accounts.Length, rows);
        }

        var touched = _touched ?? new HashSet<RecordId>();
        return _merge.Rows(earlier, new Reread(null, touched), rows, id, id);
    }

    /// <summary>The snapshot. The builder is not used afterwards.</summary>
    public Snapshot Build(Watermark? watermark = null)
    {
        EndAccounts();
        var binding = settings.Binding
            ?? (_presence.HasObject("POC_Assignment__c") ? Binding.Package : _presence.HasObject("AccountTeamMember") ? Binding.Team : Binding.Owner);
        var team = Group("AccountTeamMember", before?.TeamMembers, _team, m => m.Id, m => m.Id);
        var snapshot = new Snapshot
        {
            Org = _org,
            AsOf = _asOf,
            Binding = binding,
            TeamRoles = settings.TeamRoles,
            Names = _names,
            Presence = _presence,
            Unreadable = _unreadable,
            Watermark = watermark,
            Accounts = _accounts,
            Users = _merge is null ? FrozenUsers() : _merge.Users(RereadOf("User"), _users, _frozen),
            Departments = _departments,
            GroupMembers = _members.ToDictionary(m => m.Key, m => m.Value.ToArray()),
            Absences = _merge is null
                ? _absences.ToDictionary(a => a.Key, a => a.Value.OrderBy(x => x.Id).ToArray())
                : _merge.Absences(source => RereadOf(SourceOf(source)), CalendarDays(_asOf), _absences),
            ServiceResources = _merge is null ? _resources : _merge.ServiceResources(RereadOf("ServiceResource"), _resources),
            Rows = binding == Binding.Package ? Group("POC_Assignment__c", before?.Rows, _rows, r => r.Id, r => r.Id) : RowsFromOwners(binding, team),
            TeamMembers = team,
            Handoffs = Group("POC_Handoff__c", before?.Handoffs, _handoffs, h => h.Id, h => h.Id),
            OwnerChanges = Group("AccountHistory", before?.OwnerChanges, _ownerChanges, _ => default, c => (c.Day, c.From.Id, c.To.Id)),
            OpenOpportunities = Group(
                "Opportunity", before?.OpenOpportunities, _opportunities, o => o.Id, o => o.Id, o => o.CloseOn >= _asOf.Today),
            EscalatedCases = Group("Case", before?.EscalatedCases, _cases, c => c, c => c),
            CustomerPrimaries = Group("Contact", before?.CustomerPrimaries, _contacts, c => c.Id, c => c.Id),
            CustomerSuccessors = OfOpen(before?.CustomerSuccessors, _sides?.Successors ?? [], s => s.Id),
            CustomerRoles = OfOpen(before?.CustomerRoles, _sides?.Roles ?? [], r => r.Id),
            CustomerDepth = settings.CustomerDepth,
            AccountFields = _wanted.Account,
            UserFields = _wanted.User,
        };
        snapshot.LeftOut = LeftOut(snapshot);
        return snapshot;
    }

    private Reread? RereadOf(string objectName) => _tables.GetValueOrDefault(objectName)?.Reread;

    /// <summary>What was answered and not kept; where only changes were read, it is taken to be as many as before.</summary>
    private Dictionary<string, int> LeftOut(Snapshot snapshot)
    {
        var leftOut = new Dictionary<string, int>();
        foreach (var (name, table) in _tables)
        {
            if (snapshot.CountOf(name) is { } count)
            {
                leftOut[name] = table.Reread is null ? table.Answered - count : before!.LeftOut.GetValueOrDefault(name);
            }
        }

        return leftOut;
    }

    private Dictionary<RecordId, User> FrozenUsers()
    {
        foreach (var id in _frozen)
        {
            if (_users.TryGetValue(id, out var user))
            {
                _users[id] = user.Frozen(true);
            }
        }

        return _users;
    }

    private ByAccount<T> Group<T, TKey>(
        string objectName, ByAccount<T>? earlier, List<(int Account, T Row)> rows, Func<T, RecordId> id, Func<T, TKey> order, Func<T, bool>? stays = null)
        where TKey : IComparable<TKey>
    {
        rows.Sort((a, b) => a.Account != b.Account ? a.Account.CompareTo(b.Account) : order(a.Row).CompareTo(order(b.Row)));
        return _merge is null
            ? new ByAccount<T>(_accounts.Length, rows)
            : _merge.Rows(earlier!, RereadOf(objectName), rows, id, order, stays);
    }

    private ByAccount<PocRow> RowsFromOwners(Binding binding, ByAccount<TeamMember> team)
    {
        if (_merge is not null)
        {
            return _merge.RowsFromOwners(team, binding == Binding.Team, settings.TeamRoles);
        }

        var rows = new List<(int, PocRow)>(_accounts.Length + _team.Count);
        foreach (var account in _accounts)
        {
            foreach (var row in settings.TeamRoles.RowsOf(account.Id, account.OwnerId, binding == Binding.Team ? team[account.Index] : default))
            {
                rows.Add((account.Index, row));
            }
        }

        return new ByAccount<PocRow>(_accounts.Length, rows);
    }

    /// <summary>Texts that recur (statuses, roles, types) are kept once.</summary>
    private string? Shared(string? text) =>
        text is null ? null : _texts.TryGetValue(text, out var shared) ? shared : _texts[text] = text;

    private Action<RecordId> Organization(TableIntake table)
    {
        var (name, zone) = (table.Slot("Name"), table.Slot("TimeZoneSidKey"));
        return id =>
        {
            if (!_org.Id.IsNone)
            {
                return;
            }

            _org = new Org(id, table.Name(name));
            if (table.Text(zone) is { } key && TimeZoneInfo.TryFindSystemTimeZoneById(key.Trim(), out var found))
            {
                _asOf = new AsOf(now, found);
            }
        };
    }

    private Action<RecordId> User(TableIntake table)
    {
        var (name, first, last) = (table.Slot("Name"), table.Slot("FirstName"), table.Slot("LastName"));
        var (username, email, phone, mobile) = (table.Slot("Username"), table.Slot("Email"), table.Slot("Phone"), table.Slot("MobilePhone"));
        var (active, type, manager) = (table.Slot("IsActive"), table.Slot("UserType"), table.Slot("ManagerId"));
        var (capacity, certified) = (table.Slot("POC_Capacity__c"), table.Slot("POC_Certified_Until__c"));
        var zone = table.Slot("TimeZoneSidKey");
        var extra = ExtraReader(table, "User", _wanted.User);
        return id =>
        {
            if (id.IsNone)
            {
                return;
            }

            _users[id] = new User
            {
                Id = id,
                Name = table.Name(name) ?? FullName(table.Name(first), table.Name(last)) ?? id.ToString(),
                Username = table.Text(username),
                Email = table.Text(email),
                HasPhone = table.IsFilled(phone) || table.IsFilled(mobile),
                IsActive = table.Boolean(active),
                UserType = Shared(table.Text(type)?.Trim()) ?? "Standard",
                ManagerId = table.Id(manager),
                Capacity = table.Number(capacity),
                CertifiedUntil = table.Date(certified),
                Zone = table.Text(zone) is { } key && TimeZoneInfo.TryFindSystemTimeZoneById(key.Trim(), out var found) ? found : null,
                Extra = extra(),
            };
        };
    }

    internal static string? FullName(string? first, string? last) =>
        first is null && last is null ? null : $"{first} {last}".Trim();

    private Action<RecordId> UserLogin(TableIntake table)
    {
        var (user, frozen) = (table.Slot("UserId"), table.Slot("IsFrozen"));
        return _ =>
        {
            if (table.Boolean(frozen))
            {
                _frozen.Add(table.Id(user));
            }
        };
    }

    private Action<RecordId> Account(TableIntake table)
    {
        var (name, owner, parent, created) = (table.Slot("Name"), table.Slot("OwnerId"), table.Slot("ParentId"), table.Slot("CreatedDate"));
        var (activity, revenue, exempt) = (table.Slot("LastActivityDate"), table.Slot("AnnualRevenue"), table.Slot("POC_Exempt_Until__c"));
        var extra = ExtraReader(table, "Account", _wanted.Account);
        return id => _newAccounts.Add(new Account
        {
            Id = id,
            Name = table.Name(name) ?? id.ToString(),
            OwnerId = table.Id(owner),
            ParentId = table.Id(parent),
            CreatedAt = table.Instant(created),
            LastActivityOn = table.Date(activity),
            AnnualRevenue = table.Number(revenue),
            ExemptUntil = table.Date(exempt),
            Extra = extra(),
        });
    }

    private static Func<object?[]> ExtraReader(TableIntake table, string objectName, IReadOnlyDictionary<string, int> wanted)
    {
        var slots = wanted.OrderBy(w => w.Value).Select(w => (Slot: table.OrgSlot(w.Key), Type: WantedFields.TypeOf(objectName, w.Key, table.PackageField(w.Key)))).ToArray();
        return slots.Length == 0 ? () => [] : () =>
        {
            var values = new object?[slots.Length];
            for (var i = 0; i < slots.Length; i++)
            {
                values[i] = table.Value(slots[i].Slot, slots[i].Type);
            }

            return values;
        };
    }

    /// <summary>Accounts are numbered once all of them are there; every later table refers to the numbers.</summary>
    private void EndAccounts()
    {
        if (before is not null && _merge is null)
        {
            var accounts = RereadOf("Account") ?? throw new InvalidOperationException("Over an earlier snapshot only changes of accounts are taken.");
            _merge = new SnapshotMerge(before, accounts, _newAccounts);
            _newAccounts.Clear();
            _accounts = _merge.Accounts;
        }

        if (_newAccounts.Count == 0)
        {
            return;
        }

        _accounts = [.. _newAccounts];
        _newAccounts.Clear();
        Array.Sort(_accounts, (a, b) => a.Id.CompareTo(b.Id));
        _accountIndex.EnsureCapacity(_accounts.Length);
        for (var i = 0; i < _accounts.Length; i++)
        {
            _accounts[i].Index = i;
            _accountIndex[_accounts[i].Id] = i;
        }
    }

    /// <summary>The place of an account, or −1.</summary>
    private int PlaceOf(RecordId account) => _merge is not null ? Snapshot.PlaceOf(_accounts, account) : _accountIndex.GetValueOrDefault(account, -1);

    /// <summary>Hands on only rows whose account is there.</summary>
    private Action<RecordId> OfAccount(TableIntake table, string field, Action<RecordId, int> take)
    {
        EndAccounts();
        var account = table.Slot(field);
        return id =>
        {
            if (PlaceOf(table.Id(account)) is >= 0 and var index)
            {
                take(id, index);
            }
        };
    }

    private Action<RecordId> TeamMember(TableIntake table)
    {
        var (user, role) = (table.Slot("UserId"), table.Slot("TeamMemberRole"));
        return OfAccount(table, "AccountId", (id, account) =>
            _team.Add((account, new TeamMember(id, table.Id(user), Shared(table.Text(role)?.Trim())))));
    }

    private Action<RecordId> AccountHistory(TableIntake table)
    {
        var (field, before, after, created) = (table.Slot("Field"), table.Slot("OldValue"), table.Slot("NewValue"), table.Slot("CreatedDate"));
        return OfAccount(table, "AccountId", (_, account) =>
        {
            if (table.Text(field) == "Owner"
                && RecordId.TryParse(table.Text(before), out var from) && from.IsUser
                && RecordId.TryParse(table.Text(after), out var to) && to.IsUser
                && from != to
                && table.Instant(created) is { } at && at <= now)
            {
                _ownerChanges.Add((account, new PrimaryChange(_asOf.DateOf(at), Assignee.User(from), Assignee.User(to))));
            }
        });
    }

    private Action<RecordId> GroupMember(TableIntake table)
    {
        var (group, member) = (table.Slot("GroupId"), table.Slot("UserOrGroupId"));
        return _ =>
        {
            var (of, who) = (table.Id(group), table.Id(member));
            if (!of.IsNone && !who.IsNone)
            {
                Add(_members, of, who);
            }
        };
    }

    private Action<RecordId> Opportunity(TableIntake table)
    {
        var (name, closed, close, probability) = (table.Slot("Name"), table.Slot("IsClosed"), table.Slot("CloseDate"), table.Slot("Probability"));
        return OfAccount(table, "AccountId", (id, account) =>
        {
            if (table.OptionalBoolean(closed) == false && table.Date(close) is { } day && day >= _asOf.Today)
            {
                _opportunities.Add((account, new Opportunity(id, table.Name(name), day, table.Number(probability))));
            }
        });
    }

    private Action<RecordId> Case(TableIntake table)
    {
        var (closed, escalated) = (table.Slot("IsClosed"), table.Slot("IsEscalated"));
        return OfAccount(table, "AccountId", (id, account) =>
        {
            if (table.OptionalBoolean(closed) == false && table.Boolean(escalated))
            {
                _cases.Add((account, id));
            }
        });
    }

    private Action<RecordId> ContactRole(TableIntake table)
    {
        var (contact, primary) = (table.Slot("ContactId"), table.Slot("IsPrimary"));
        return OfAccount(table, "AccountId", (_, account) =>
        {
            var who = table.Id(contact);
            if (table.Boolean(primary) && !who.IsNone)
            {
                if (!_contactRoles.TryGetValue(who, out var accounts))
                {
                    _contactRoles[who] = accounts = [];
                }

                accounts.Add(account);
            }
        });
    }

    private Action<RecordId> Contact(TableIntake table)
    {
        EndAccounts();
        var (account, name, first, last) = (table.Slot("AccountId"), table.Slot("Name"), table.Slot("FirstName"), table.Slot("LastName"));
        var (email, bounced, phone, mobile) = (table.Slot("Email"), table.Slot("EmailBouncedDate"), table.Slot("Phone"), table.Slot("MobilePhone"));
        var flag = table.Slot("POC_Customer_Primary__c");
        return id =>
        {
            var accounts = flag < 0 ? _contactRoles.GetValueOrDefault(id)
                : table.Boolean(flag) && PlaceOf(table.Id(account)) is >= 0 and var own ? [own] : null;
            if (accounts is null)
            {
                return;
            }

            var reachable = (table.IsFilled(email) && table.Instant(bounced) is null) || table.IsFilled(phone) || table.IsFilled(mobile);
            var contact = new CustomerContact(id, reachable ? null : table.Name(name) ?? FullName(table.Name(first), table.Name(last)), reachable);
            foreach (var at in accounts)
            {
                _contacts.Add((at, contact));
            }
        };
    }

    private Action<RecordId> Assignment(TableIntake table)
    {
        var (role, scope) = (table.Slot("Role__c"), table.Slot("Scope__c"));
        var assignee = AssigneeReader(table, "User__c", "Department__c");
        var (starts, ends) = (table.Slot("Starts_On__c"), table.Slot("Ends_On__c"));
        return OfAccount(table, "Account__c", (id, account) =>
        {
            if (RoleOf(table.Text(role)) is { } known)
            {
                _rows.Add((account, new PocRow(
                    id, null, known, assignee(), Shared(table.Text(scope)), table.Date(starts), table.Date(ends), RowSource.Assignment)
                {
                    RoleAsWritten = table.Text(role) == known.ToString() ? null : Shared(table.Text(role)),
                }));
            }
        });
    }

    private static PocRole? RoleOf(string? text) =>
        string.Equals(text, "Primary", StringComparison.OrdinalIgnoreCase) ? PocRole.Primary
        : string.Equals(text, "Backup", StringComparison.OrdinalIgnoreCase) ? PocRole.Backup
        : string.Equals(text, "Specialist", StringComparison.OrdinalIgnoreCase) ? PocRole.Specialist
        : null;

    private static Func<Assignee> AssigneeReader(TableIntake table, string userField, string departmentField)
    {
        var (user, department) = (table.Slot(userField), table.Slot(departmentField));
        return () =>
        {
            var (userId, departmentId) = (table.Id(user), table.Id(department));
            return !userId.IsNone ? Assignee.User(userId) : departmentId.IsNone ? Assignee.Unknown : Assignee.Department(departmentId);
        };
    }

    private Action<RecordId> Department(TableIntake table)
    {
        var (name, queue, accountable, staff) = (table.Slot("Name"), table.Slot("Queue_Id__c"), table.Slot("Accountable_User__c"), table.Slot("Minimum_Staff__c"));
        return id =>
        {
            if (!id.IsNone)
            {
                _departments[id] = new Department(id, table.Name(name) ?? id.ToString(), table.Id(queue), table.Id(accountable), table.Number(staff) ?? 1);
            }
        };
    }

    private Action<RecordId> Absence(TableIntake table)
    {
        var (user, starts, ends, cover) = (table.Slot("User__c"), table.Slot("Starts_On__c"), table.Slot("Ends_On__c"), table.Slot("Cover__c"));
        return id =>
        {
            var absence = new Absence(id, table.Id(user), table.Date(starts), table.Date(ends), table.Id(cover));
            if (!absence.UserId.IsNone && !(absence.StartsOn > absence.EndsOn))
            {
                Add(_absences, absence.UserId, absence);
            }
        };
    }

    private static string SourceOf(AbsenceSource source) => source switch
    {
        AbsenceSource.Record => "POC_Absence__c",
        AbsenceSource.Calendar => "Event",
        _ => "ResourceAbsence",
    };

    /// <summary>Of a series the events that it is made of count, not the record that holds its pattern: that one repeats the first.</summary>
    private Action<RecordId> Event(TableIntake table)
    {
        const string Pattern = "3";
        var (owner, shown, allDay) = (table.Slot("OwnerId"), table.Slot("ShowAs"), table.Slot("IsAllDayEvent"));
        var (starts, ends, minutes) = (table.Slot("StartDateTime"), table.Slot("EndDateTime"), table.Slot("DurationInMinutes"));
        var (series, group) = (table.Slot("IsRecurrence"), table.Slot("GroupEventType"));
        return id =>
        {
            if (table.Text(shown) == "OutOfOffice" && !table.Boolean(series) && table.Text(group) != Pattern && table.Instant(starts) is { } from)
            {
                var user = table.Id(owner);
                var to = table.Instant(ends) ?? (table.Number(minutes) is >= 0 and < 10_000_000m and var length ? from.AddMinutes((double)length) : null);
                Away(id, user, AbsenceSource.Calendar,
                    table.Boolean(allDay) ? WholeDays.OfAllDay(from, to, table.Number(minutes)) : to is { } end ? WholeDays.Of(from, end, ZoneOf(user)) : null);
            }
        };
    }

    private Action<RecordId> ServiceResource(TableIntake table)
    {
        var user = table.Slot("RelatedRecordId");
        return id =>
        {
            if (table.Id(user) is { IsUser: true } who)
            {
                _resources[id] = who;
            }
        };
    }

    private Action<RecordId> ResourceAbsence(TableIntake table)
    {
        var (resource, starts, ends) = (table.Slot("ResourceId"), table.Slot("Start"), table.Slot("End"));
        var reread = RereadOf("ServiceResource");
        return id =>
        {
            var who = table.Id(resource);
            if (table.Instant(starts) is { } from && table.Instant(ends) is { } to
                && (_resources.TryGetValue(who, out var user) || (reread?.Ids!.Contains(who) == false && before!.ServiceResources.TryGetValue(who, out user))))
            {
                Away(id, user, AbsenceSource.Resource, WholeDays.Of(from, to, ZoneOf(user)));
            }
        };
    }

    private TimeZoneInfo ZoneOf(RecordId user) =>
        _users.GetValueOrDefault(user)?.Zone ?? (RereadOf("User")?.Ids!.Contains(user) == false ? before!.Users.GetValueOrDefault(user)?.Zone : null) ?? _asOf.Zone;

    private void Away(RecordId id, RecordId user, AbsenceSource source, (DateOnly First, DateOnly Last)? days)
    {
        var absence = days is var (first, last) ? new Absence(id, user, first, last, default) { Source = source } : null;
        if (absence is not null && user.IsUser && CalendarDays(_asOf) is var (from, to) && absence.Overlaps(from, to))
        {
            Add(_absences, user, absence);
        }
    }

    private Action<RecordId> Handoff(TableIntake table)
    {
        var from = AssigneeReader(table, "From_User__c", "From_Department__c");
        var to = AssigneeReader(table, "To_User__c", "To_Department__c");
        var (effective, due, status) = (table.Slot("Effective_On__c"), table.Slot("Due_On__c"), table.Slot("Status__c"));
        var (reason, notes, declined) = (table.Slot("Reason__c"), table.Slot("Notes__c"), table.Slot("Declined_Why__c"));
        return OfAccount(table, "Account__c", (id, account) =>
        {
            var handoff = new Handoff(
                id, from(), to(), table.Date(effective), table.Date(due), Shared(table.Text(status)), table.IsFilled(reason), table.IsFilled(notes));
            // Nobody reads what was written to a handoff of long ago, and there can be many.
            _handoffs.Add((account, !handoff.IsShown(_asOf.Today) ? handoff : handoff with
            {
                Reason = table.Text(reason) is { } why ? PlainText.Lines(why) : null,
                Notes = Records.Handoff.Beginning(table.Text(notes)),
                Declined = table.Text(declined) is { } no ? PlainText.Lines(no) : null,
            }));
        });
    }

    private static void Add<T>(Dictionary<RecordId, List<T>> lists, RecordId key, T value)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        list.Add(value);
    }
}
