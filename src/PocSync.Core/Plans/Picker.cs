using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>Who was picked, and how it came out.</summary>
/// <param name="Who">The one picked; unknown where nobody could be.</param>
/// <param name="Trace">Each candidate: the test that excluded it, or its place in the order.</param>
/// <param name="IsWished">Whether it is somebody who was wished for.</param>
internal sealed record Pick(Assignee Who, IReadOnlyList<string> Trace, bool IsWished = false);

/// <summary>What somebody is sought for.</summary>
/// <param name="Account">The account.</param>
/// <param name="Role">The role.</param>
/// <param name="Replaced">Who is replaced, or nobody.</param>
/// <param name="ManagerOf">Whose manager is asked where no candidate is left.</param>
/// <param name="Away">Days on which the one picked must be there besides today.</param>
internal sealed record Search(Account Account, PocRole Role, Assignee Replaced, Assignee ManagerOf, (DateOnly From, DateOnly To)? Away = null)
{
    /// <summary>The day on which the one picked begins; null for today.</summary>
    public DateOnly? On { get; init; }

    /// <summary>
    /// What tells this search of a rule from every other of the org, the same from day to day: whom it replaces, or whose absence it covers until when.
    /// </summary>
    /// <remarks>Not by the day: whoever is to follow on a day to come follows also where it has to be earlier.</remarks>
    public string NameFor(string rule) => $"{rule}|{Account.Id}|{Role}|{Replaced.Id}{(Away is var (_, to) ? $"|{ManagerOf.Id}|{to:yyyy-MM-dd}" : "")}";
}

/// <summary>
/// Picks people for roles: by tests that exclude and an order among those who are left, so that equals share the work. The load of a role decides; it is kept current while
/// the plan grows.
/// </summary>
internal sealed class Picker(Draft draft, Settings settings, Ability ability, PlanInput input)
{
    /// <summary>A trace names so many candidates; of more it gives the first, and counts by test.</summary>
    private const int TraceNames = 100;

    private readonly HashSet<string> _lines = [];
    private readonly Dictionary<(string Rule, PocRole Role), Loads> _loads = [];
    private readonly Capacities _capacities = new(settings, draft);
    private const string AtCapacity = "at capacity";
    private const string Uncertified = "not certified";

    private readonly Dictionary<RecordId, Leaver> _leaving = input.Leavers.Where(l => l.Holds).ToDictionary(l => l.User);
    private readonly Families? _families = settings.IsFamilyOfOne ? new Families(draft.Snapshot) : null;
    private readonly Dictionary<RecordId, string?> _excluded = [];
    private readonly Dictionary<string, string> _declined = [];
    private readonly Dictionary<string, IReadOnlyList<User>> _pools = [];
    private readonly Func<(User User, Account Account), bool>? _isInPool =
        settings.Pool is { } pool && RecordConditions.MissingField(pool, "User", draft.Snapshot.Presence) is null ? RecordConditions.OverUsers(pool, draft) : null;

    /// <summary>All loads that were asked for, to be told of each change.</summary>
    public IEnumerable<Loads> Kept => _loads.Values;

    /// <summary>The test by which the one whom a person wished for in a search was declined, as a clause; null where nobody was.</summary>
    public string? WhyDeclined(string search) => _declined.GetValueOrDefault(search);

    /// <summary>A Primary: a Backup who can take over, else a candidate; before both, somebody who was wished for.</summary>
    public Pick FindPrimary(Scene scene, Search search)
    {
        var backup = FindBackup(scene, search);
        // A person's wish comes first, and goes before a backup who was proposed earlier.
        var wish = WishesOf(scene, search).FirstOrDefault();
        if (!backup.Who.IsUnknown && (wish is null || (backup.IsWished && (!wish.IsPersons || backup.Who.Id == wish.User))))
        {
            return backup;
        }

        var pick = Find(scene, search);
        return backup.Who.IsUnknown ? pick with { Trace = [.. backup.Trace, .. pick.Trace] } : pick.IsWished ? pick : backup;
    }

    /// <summary>Somebody for a role by the rule that asks, whose scope decides which accounts count as load; the scene's state says who is on the account already.</summary>
    public Pick Find(Scene scene, Search search)
    {
        var loads = LoadsOf(scene, search.Role);
        var wishes = WishesOf(scene, search);
        var candidates = Candidates(scene, search.Account);
        // The pool does not bind a person's choice.
        if (wishes.Where(w => w.IsPersons).Select(w => draft.Snapshot.Users.GetValueOrDefault(w.User)).OfType<User>().Except(candidates).ToList() is { Count: > 0 } more)
        {
            candidates = [.. candidates, .. more];
        }

        var left = new List<User>();
        var excluded = new List<(User User, string Test)>();
        foreach (var user in candidates)
        {
            if (WhyNot(scene, search, loads, user) is { } test)
            {
                excluded.Add((user, test));
                Decline(scene, search, user, Detail(test, loads, user, search.Account));
            }
            else
            {
                left.Add(user);
            }
        }

        // The first so many in order are sorted out without sorting all.
        var order = Order(scene, search, loads);
        var first = left.Order(order).Take(TraceNames).ToList();
        var wish = Prefer(wishes, first, left);
        var trace = first.Select((user, place) => Once($"{Shown(user)}: {Place(place, wish)}, {loads.Words(user, search.Account)}")).ToList();
        if (left.Count > first.Count)
        {
            trace.Add($"{left.Count - first.Count} more behind them");
        }

        if (left.Count == 0)
        {
            trace.Add($"nobody is left of {candidates.Count} candidates for {search.Role}");
        }

        trace.AddRange(excluded.Take(TraceNames).Select(e => Once($"{Shown(e.User)}: {Detail(e.Test, loads, e.User, search.Account)}")));
        trace.AddRange(excluded.Skip(TraceNames).CountBy(e => e.Test).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} more: {c.Key}"));
        return left.Count > 0 ? new Pick(Assignee.User(first[0].Id), trace, wish is not null) : Fallback(scene, search, loads, trace);
    }

    /// <summary>A line of a trace, kept once however many picks have it: ten thousand picks have two million lines.</summary>
    private string Once(string line)
    {
        if (!_lines.TryGetValue(line, out var known))
        {
            _lines.Add(known = line);
        }

        return known;
    }

    /// <summary>
    /// The Backup in force who can become Primary: able, not absent, certified, below capacity as Primary, not Primary already, never the worker's own user; the least loaded, then the smallest id.
    /// </summary>
    private Pick FindBackup(Scene scene, Search search)
    {
        var account = search.Account;
        var loads = LoadsOf(scene, PocRole.Primary);
        var trace = new List<string>();
        var left = new List<User>();
        foreach (var rows in scene.InForce(account, PocRole.Backup).Where(b => b.Assignee.IsUser).GroupBy(b => b.Assignee.Id))
        {
            var id = rows.Key;
            if (scene.InForce(account, PocRole.Primary).Any(p => p.Assignee == Assignee.User(id)))
            {
                trace.Add($"Backup {draft.Snapshot.NameOf(id)} ({id}): is Primary already");
            }
            else if (!rows.All(Rows.CanEnd))
            {
                trace.Add($"Backup {draft.Snapshot.NameOf(id)} ({id}): the Backup row cannot be ended yet");
            }
            else if (!draft.Snapshot.Users.TryGetValue(id, out var user))
            {
                trace.Add($"Backup {id}: unknown");
            }
            else if ((WhyNotAtAll(user, search.On) ?? WhyDeclined(search, user) ?? (loads.HasRoom(user, account) ? null : AtCapacity)) is { } test)
            {
                trace.Add($"Backup {Shown(user)}: {Detail(test, loads, user, account)}");
                Decline(scene, search, user, Detail(test, loads, user, account));
            }
            else
            {
                left.Add(user);
            }
        }

        left.Sort((a, b) => First(loads.Of(a).CompareTo(loads.Of(b)), a.Id.CompareTo(b.Id)));
        var wish = Prefer(WishesOf(scene, search), left, left);
        var places = left.Select((user, place) => $"Backup {Shown(user)}: {Place(place, wish)}, {loads.Words(user, account)}");
        return new Pick(left.Count == 0 ? Assignee.Unknown : Assignee.User(left[0].Id), [.. places, .. trace], wish is not null);
    }

    /// <summary>What people and earlier plans said; then, where a family of accounts is to have one Primary, whoever is that already.</summary>
    private IReadOnlyList<Wish> WishesOf(Scene scene, Search search)
    {
        var wishes = SaidOf(scene, search);
        if (_families is null || search.Role != PocRole.Primary)
        {
            return wishes;
        }

        var family = _families.PrimariesBeside(search.Account, draft).ToList();
        // Who was proposed for that reason before is so for the same reason now.
        return [.. wishes.Select(w => w.IsPersons ? w : family.FirstOrDefault(f => f.User == w.User) ?? w), .. family];
    }

    private IReadOnlyList<Wish> SaidOf(Scene scene, Search search)
    {
        var said = input.Wishes.Count == 0 ? [] : input.Wishes.GetValueOrDefault(search.NameFor(scene.Info.Id), []);
        return search.Role == PocRole.Primary && search.Replaced.IsUser && _leaving.GetValueOrDefault(search.Replaced.Id) is { To.IsNone: false } leaver
            ? [.. said.Where(w => w.IsPersons), new Wish(leaver.To, $"named by {leaver.By}: {leaver.Reason}", true), .. said.Where(w => !w.IsPersons)] : said;
    }

    /// <summary>Puts the first who was wished for, and passes the tests, before those in order; gives the wish, to be told.</summary>
    private static Wish? Prefer(IReadOnlyList<Wish> wishes, List<User> first, List<User> left)
    {
        if (wishes.FirstOrDefault(w => left.Any(u => u.Id == w.User)) is not { } wish)
        {
            return null;
        }

        var user = left.First(u => u.Id == wish.User);
        if (first[0] != user || wish.IsPersons || wish.IsTold)
        {
            first.Remove(user);
            first.Insert(0, user);
            return wish;
        }

        // Who is first anyway needs no word: the plan is the same as without the wish.
        return wish with { Why = "" };
    }

    private static string Place(int place, Wish? wish) =>
        place > 0 ? $"place {place + 1}" : wish is { Why.Length: > 0 } ? $"picked, {wish.Why}" : "picked";

    private void Decline(Scene scene, Search search, User user, string test)
    {
        if (SaidOf(scene, search).Any(w => w.IsPersons && w.User == user.Id))
        {
            _declined.TryAdd(search.NameFor(scene.Info.Id), test);
        }
    }

    private Pick Fallback(Scene scene, Search search, Loads loads, List<string> trace)
    {
        if (search.ManagerOf.IsUser && draft.Snapshot.Users.TryGetValue(search.ManagerOf.Id, out var of) && !of.ManagerId.IsNone)
        {
            var manager = draft.Snapshot.Users.GetValueOrDefault(of.ManagerId);
            var test = manager is null ? "unknown" : WhyNot(scene, search, loads, manager);
            trace.Add($"{draft.Snapshot.NameOf(of.ManagerId)} ({of.ManagerId}), manager of {of.Name}: {(test is null ? "picked" : manager is null ? test : Detail(test, loads, manager, search.Account))}");
            if (test is null)
            {
                return new Pick(Assignee.User(of.ManagerId), trace);
            }
        }

        if (draft.Snapshot.Binding == Binding.Package && settings.DefaultDepartment is { } wanted)
        {
            var department = draft.Snapshot.Departments.Values.Where(d => d.IsCalled(wanted)).MinBy(d => d.Id);
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
            _loads[(scene.Info.Id, role)] = loads = new Loads(new Scene(scene.Info, draft, settings, ability), role, _capacities);
        }

        return loads;
    }

    /// <summary>What excludes a user from every pick of this plan that begins on a day, or today.</summary>
    private string? WhyNotAtAll(User user, DateOnly? on)
    {
        if (on is { } day && day > draft.Snapshot.AsOf.Today)
        {
            return WhyNever(user.Id)
                ?? (ability.IsAbsent(user.Id, day) ? $"away on {day:yyyy-MM-dd}" : user.CertifiedUntil < day ? Uncertified : null);
        }

        if (!_excluded.TryGetValue(user.Id, out var test))
        {
            _excluded[user.Id] = test = WhyNever(user.Id)
                ?? (ability.IsAbsent(user.Id, draft.Snapshot.AsOf.Today) ? "away today"
                : user.CertifiedUntil < draft.Snapshot.AsOf.Today ? Uncertified
                : null);
        }

        return test;
    }

    /// <summary>What excludes a user from every pick, on whatever day it begins.</summary>
    private string? WhyNever(RecordId user) =>
        user == input.Worker ? "is the user of PocSync itself"
        : ability.WhyNot(Assignee.User(user)) is { } unable ? unable
        : _leaving.GetValueOrDefault(user) is { } leaver ? $"leaves on {leaver.On:yyyy-MM-dd}"
        : null;

    /// <summary>Whether a user was announced to leave.</summary>
    public bool Leaves(RecordId user) => _leaving.ContainsKey(user);

    /// <summary>Whether the handoff from one to another was opened before its day.</summary>
    public bool IsAnnounced(Account account, Assignee from, Assignee to)
    {
        foreach (var handoff in input.Leavers.Count == 0 ? default : draft.HandoffsOf(account))
        {
            if (handoff.From == from && handoff.To == to && input.Leavers.Any(l => l.Announced(handoff)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why somebody who was approved for a day to come cannot take over any more; null where they can.</summary>
    public string? WhyNoMore(Account account, PocRole role, RecordId user) =>
        !user.IsUser ? ability.WhyNot(Assignee.Department(user))
        : WhyNever(user) ?? WhyDeclined(new Search(account, role, Assignee.Unknown, Assignee.Unknown), draft.Snapshot.Users[user]);

    /// <summary>The test that excludes a user from one pick, in words that are the same for all whom it excludes.</summary>
    private string? WhyNot(Scene scene, Search search, Loads loads, User user) =>
        WhyNotAtAll(user, search.On) is { } test ? test
        : search.Away is var (from, to) && ability.IsAbsent(user.Id, from, to) ? "away on some of the days"
        : search.Replaced.IsSameAs(Assignee.User(user.Id)) ? "is the one replaced"
        : IsOn(scene.Draft, search.Account, Assignee.User(user.Id)) ? "is on the account already"
        : WhyDeclined(search, user) is { } declined ? declined
        : loads.HasRoom(user, search.Account) ? null : AtCapacity;

    /// <summary>Whoever declined the account is not asked again for a while, so that it does not go in circles.</summary>
    private string? WhyDeclined(Search search, User user)
    {
        foreach (var handoff in search.Role == PocRole.Primary ? draft.HandoffsOf(search.Account) : default)
        {
            if (handoff.IsDeclined(draft.Snapshot.AsOf.Today) && handoff.To.IsSameAs(Assignee.User(user.Id)))
            {
                return $"declined the handoff of {handoff.EffectiveOn:yyyy-MM-dd}";
            }
        }

        return null;
    }

    private string Detail(string test, Loads loads, User user, Account account) =>
        test == AtCapacity ? $"{test}, {loads.Words(user, account)}"
        : test == Uncertified ? $"{test} since {user.CertifiedUntil:yyyy-MM-dd}"
        : test;

    private static string Shown(User user) => $"{user.Name} ({user.Id})";

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

    private Comparer<User> Order(Scene scene, Search search, Loads loads)
    {
        var team = new HashSet<RecordId>();
        foreach (var member in scene.Draft.TeamOf(search.Account))
        {
            team.Add(member.UserId);
        }

        var manager = search.Replaced.IsUser && draft.Snapshot.Users.TryGetValue(search.Replaced.Id, out var replaced) ? replaced.ManagerId : default;
        return Comparer<User>.Create((a, b) => First(
            loads.Of(a).CompareTo(loads.Of(b)),
            team.Contains(b.Id).CompareTo(team.Contains(a.Id)),
            manager.IsNone ? 0 : (b.ManagerId == manager).CompareTo(a.ManagerId == manager),
            a.Id.CompareTo(b.Id)));
    }


    private static int First(params ReadOnlySpan<int> orders)
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
}
