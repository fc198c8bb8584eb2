using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>Who was picked, and how it came out.</summary>
/// <param name="Who">The one picked; unknown where nobody could be.</param>
/// <param name="Trace">Each candidate: the test that excluded it, or its place in the order.</param>
internal sealed record Pick(Assignee Who, IReadOnlyList<string> Trace);

/// <summary>What somebody is sought for.</summary>
/// <param name="Account">The account.</param>
/// <param name="Role">The role.</param>
/// <param name="Replaced">Who is replaced, or nobody.</param>
/// <param name="ManagerOf">Whose manager is asked where no candidate is left.</param>
/// <param name="Away">Days on which the one picked must be there besides today.</param>
internal sealed record Search(Account Account, PocRole Role, Assignee Replaced, Assignee ManagerOf, (DateOnly From, DateOnly To)? Away = null);

/// <summary>
/// Picks people for roles: by tests that exclude and an order among those who are left, so that equals share the work. The load of a role decides; it is kept current while
/// the plan grows.
/// </summary>
internal sealed class Picker(Draft draft, Settings settings, Ability ability, RecordId worker)
{
    /// <summary>A trace names so many candidates; of more it gives the first, and counts by test.</summary>
    private const int TraceNames = 100;

    private readonly Dictionary<(string Rule, PocRole Role), Loads> _loads = [];
    private readonly Dictionary<string, IReadOnlyList<User>> _pools = [];
    private readonly Func<(User User, Account Account), bool>? _isInPool =
        settings.Pool is { } pool && RecordConditions.MissingField(pool, "User", draft.Snapshot.Presence) is null ? RecordConditions.OverUsers(pool, draft) : null;

    /// <summary>All loads that were asked for, to be told of each change.</summary>
    public IEnumerable<Loads> Kept => _loads.Values;

    /// <summary>Somebody for a role by the rule that asks, whose scope decides which accounts count as load; the scene's state says who is on the account already.</summary>
    public Pick Find(Scene scene, Search search)
    {
        var loads = LoadsOf(scene, search.Role);
        var candidates = Candidates(scene, search.Account);
        var trace = new List<string>();
        var left = new List<User>();
        foreach (var user in candidates)
        {
            if (WhyNot(scene, search, loads, user) is { } why)
            {
                trace.Add($"{user.Name} ({user.Id}): {why}");
            }
            else
            {
                left.Add(user);
            }
        }

        var ordered = InOrder(scene, search, loads, left);
        IEnumerable<string> places = ordered.Select((user, place) =>
            $"{user.Name} ({user.Id}): {(place == 0 ? "picked" : $"place {place + 1}")}, {loads.Of(user.Id)} of {Capacity(user):0.##} accounts as {search.Role}");
        if (ordered.Count > 0)
        {
            return new Pick(Assignee.User(ordered[0].Id), Bounded([.. places, .. trace]));
        }

        return Fallback(scene, search, loads, [$"nobody is left of {candidates.Count} candidates for {search.Role}", .. Bounded(trace)]);
    }

    /// <summary>
    /// The Backup in force who can become Primary: able, not absent, certified, below capacity as Primary, never the worker's own user; the least loaded, then the smallest id.
    /// </summary>
    public Pick FindBackup(Scene scene, Account account)
    {
        var loads = LoadsOf(scene, PocRole.Primary);
        var trace = new List<string>();
        var left = new List<User>();
        foreach (var id in scene.InForce(account, PocRole.Backup).Where(b => b.Assignee.IsUser).Select(b => b.Assignee.Id).Distinct())
        {
            var user = draft.Snapshot.Users.GetValueOrDefault(id);
            if (user is null || WhyNotAtAll(user) is { })
            {
                trace.Add($"Backup {draft.Snapshot.NameOf(id)} ({id}): {(user is null ? "not known" : WhyNotAtAll(user))}");
            }
            else if (loads.Of(id) >= Capacity(user))
            {
                trace.Add($"Backup {user.Name} ({id}): at capacity, {loads.Of(id)} of {Capacity(user):0.##} accounts as Primary");
            }
            else
            {
                left.Add(user);
            }
        }

        left.Sort((a, b) => Order(Ratio(loads, a, b), a.Id.CompareTo(b.Id)));
        var places = left.Select((user, place) =>
            $"Backup {user.Name} ({user.Id}): {(place == 0 ? "picked" : $"place {place + 1}")}, {loads.Of(user.Id)} of {Capacity(user):0.##} accounts as Primary");
        return new Pick(left.Count == 0 ? Assignee.Unknown : Assignee.User(left[0].Id), [.. places, .. trace]);
    }

    private Pick Fallback(Scene scene, Search search, Loads loads, List<string> trace)
    {
        if (search.ManagerOf.IsUser && draft.Snapshot.Users.TryGetValue(search.ManagerOf.Id, out var of) && !of.ManagerId.IsNone)
        {
            var manager = draft.Snapshot.Users.GetValueOrDefault(of.ManagerId);
            var why = manager is null ? "not known" : WhyNot(scene, search, loads, manager);
            trace.Add($"{draft.Snapshot.NameOf(of.ManagerId)} ({of.ManagerId}), manager of {of.Name}: {why ?? "picked"}");
            if (why is null)
            {
                return new Pick(Assignee.User(of.ManagerId), trace);
            }
        }

        if (draft.Snapshot.Binding == Binding.Package && settings.DefaultDepartment is { } wanted)
        {
            var department = draft.Snapshot.Departments.Values.Where(d => RecordId.TryParse(wanted, out var id) ? d.Id == id : d.Name.Trim().Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase))
                .MinBy(d => d.Id);
            var who = department is null ? Assignee.Unknown : Assignee.Department(department.Id);
            var why = department is null ? "not known"
                : !ability.IsAble(who) ? "not able"
                : who == search.Replaced ? "is the one replaced"
                : IsOn(scene.Draft, search.Account, who) ? "is on the account already"
                : null;
            trace.Add($"default department {department?.Name ?? wanted}: {why ?? "picked"}");
            if (why is null)
            {
                return new Pick(who, trace);
            }
        }

        return new Pick(Assignee.Unknown, trace);
    }

    private IReadOnlyList<User> Candidates(Scene scene, Account account)
    {
        var key = settings.Pool is { } pool ? _isInPool is null ? "" : RecordConditions.PoolKey(pool, draft, account) : scene.Info.Id;
        if (_pools.TryGetValue(key, out var known))
        {
            return known;
        }

        IEnumerable<User> users = [];
        if (settings.Pool is null)
        {
            var asPulled = new Scene(scene.Info, new Draft(draft.Snapshot), settings, ability);
            users = asPulled.AccountsByUser(PocRole.Primary, PocRole.Backup).Keys.Select(id => draft.Snapshot.Users.GetValueOrDefault(id)).OfType<User>();
        }
        else if (_isInPool is not null)
        {
            users = draft.Snapshot.Users.Values.Where(user => _isInPool((user, account)));
        }

        return _pools[key] = [.. users.OrderBy(u => u.Id)];
    }

    private Loads LoadsOf(Scene scene, PocRole role)
    {
        if (!_loads.TryGetValue((scene.Info.Id, role), out var loads))
        {
            _loads[(scene.Info.Id, role)] = loads = new Loads(new Scene(scene.Info, draft, settings, ability), role);
        }

        return loads;
    }

    private string? WhyNotAtAll(User user) =>
        user.Id == worker ? "is the user of PocSync itself"
        : ability.WhyNot(Assignee.User(user.Id)) is { } why ? why
        : ability.IsAbsent(user.Id, draft.Snapshot.AsOf.Today) ? "away today"
        : user.CertifiedUntil < draft.Snapshot.AsOf.Today ? $"certified only until {user.CertifiedUntil:yyyy-MM-dd}"
        : null;

    private string? WhyNot(Scene scene, Search search, Loads loads, User user) =>
        WhyNotAtAll(user) is { } why ? why
        : search.Away is var (from, to) && ability.IsAbsent(user.Id, from, to) ? $"away between {from:yyyy-MM-dd} and {to:yyyy-MM-dd}"
        : search.Replaced.IsSameAs(Assignee.User(user.Id)) ? "is the one replaced"
        : IsOn(scene.Draft, search.Account, Assignee.User(user.Id)) ? "is on the account already"
        : loads.Of(user.Id) >= Capacity(user) ? $"at capacity, {loads.Of(user.Id)} of {Capacity(user):0.##} accounts as {search.Role}"
        : null;

    /// <summary>By a row as Primary or Backup that is in force or starts later.</summary>
    private bool IsOn(Draft state, Account account, Assignee who)
    {
        foreach (var row in state.RowsOf(account))
        {
            if (row.Role is PocRole.Primary or PocRole.Backup && row.Assignee == who && !row.IsReversed && !(row.EndsOn < draft.Snapshot.AsOf.Today))
            {
                return true;
            }
        }

        return false;
    }

    private List<User> InOrder(Scene scene, Search search, Loads loads, List<User> users)
    {
        var team = new HashSet<RecordId>();
        foreach (var member in scene.Draft.TeamOf(search.Account))
        {
            team.Add(member.UserId);
        }

        var manager = search.Replaced.IsUser && draft.Snapshot.Users.TryGetValue(search.Replaced.Id, out var replaced) ? replaced.ManagerId : default;
        users.Sort((a, b) => Order(
            Ratio(loads, a, b),
            team.Contains(b.Id).CompareTo(team.Contains(a.Id)),
            manager.IsNone ? 0 : (b.ManagerId == manager).CompareTo(a.ManagerId == manager),
            a.Id.CompareTo(b.Id)));
        return users;
    }

    /// <summary>Load ÷ capacity compared as fractions; both are below capacity, so that capacities are above 0.</summary>
    private int Ratio(Loads loads, User a, User b) => (loads.Of(a.Id) * Capacity(b)).CompareTo(loads.Of(b.Id) * Capacity(a));

    private decimal Capacity(User user) => LoadWithinCapacity.CapacityOf(user, settings);

    private static int Order(params ReadOnlySpan<int> orders)
    {
        foreach (var order in orders)
        {
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private static IReadOnlyList<string> Bounded(List<string> trace) => trace.Count <= TraceNames ? trace :
    [
        .. trace.Take(TraceNames),
        .. trace.Skip(TraceNames).CountBy(t => t[(t.IndexOf("): ", StringComparison.Ordinal) + 3)..].Split(',')[0]).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} more: {c.Key}"),
    ];
}
