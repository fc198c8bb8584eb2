using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>How well the accounts were covered at a run. A share is null where the data does not tell.</summary>
/// <param name="InScope">Accounts that are not exempt.</param>
/// <param name="Exempt">Accounts that are.</param>
/// <param name="Primary">Accounts in scope with a primary contact who can act,</param>
/// <param name="Backup">with a backup who can,</param>
/// <param name="Handoffs">without a handoff that is missing, incomplete or overdue.</param>
public sealed record Figures(Share InScope, int Exempt, Share? Primary, Share? Backup, Share? Handoffs);

/// <summary>Somebody in a role on an account, now or later.</summary>
/// <param name="Role">The role.</param>
/// <param name="Who">The user or department; none where the row names nobody.</param>
/// <param name="Name">Their name, or words for nobody.</param>
/// <param name="Scope">What a Specialist answers for.</param>
/// <param name="StartsOn">First day.</param>
/// <param name="EndsOn">Last day.</param>
/// <param name="WhyNotAble">A code of <c>primary-able</c>; null where they can act.</param>
public sealed record BookRole(
    PocRole Role, RecordId Who, string Name, string? Scope, DateOnly? StartsOn, DateOnly? EndsOn, string? WhyNotAble);

/// <summary>An account as a run saw it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Name">Its name.</param>
/// <param name="Worth">Annual revenue.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="OwnerName">The owner's name.</param>
/// <param name="ExemptUntil">The last day on which no rule looks at it; null where it is in scope today.</param>
/// <param name="Coverage">How well it is covered; nothing is known of an account that is exempt.</param>
/// <param name="Concerned">Whom what is wrong with it concerns.</param>
/// <param name="ConcernedName">Their name.</param>
/// <param name="Roles">Rows that are in force or start later, Primary first.</param>
public sealed record BookAccount(
    RecordId Id, string Name, decimal? Worth, RecordId Owner, string OwnerName, DateOnly? ExemptUntil, Coverage Coverage, RecordId Concerned,
    string ConcernedName, IReadOnlyList<BookRole> Roles);

/// <summary>A user who can be picked or is away, or a user or department in a role.</summary>
/// <param name="Id">The user or department.</param>
/// <param name="Name">Their name.</param>
/// <param name="AsPrimary">Accounts in scope of which they are Primary today.</param>
/// <param name="AsBackup">Accounts in scope of which they are Backup today.</param>
/// <param name="AsSpecialist">Accounts in scope of which they are Specialist today.</param>
/// <param name="Capacity">Accounts of which they can be Primary, where capacities differ by account of such as they have now; null for a department.</param>
/// <param name="WhyNotAble">A code of <c>primary-able</c>; null where they can act.</param>
/// <param name="Manager">Their manager; a department's accountable user.</param>
/// <param name="ManagerName">The manager's name.</param>
/// <param name="CertifiedUntil">The last day on which they count as certified; null is for ever.</param>
public sealed record BookPerson(
    RecordId Id, string Name, int AsPrimary, int AsBackup, int AsSpecialist, decimal? Capacity, string? WhyNotAble, RecordId Manager, string? ManagerName,
    DateOnly? CertifiedUntil);

/// <summary>An absence that is not over, or was not 90 days ago.</summary>
public sealed record BookAbsence(
    RecordId Id, RecordId Person, string PersonName, DateOnly? StartsOn, DateOnly? EndsOn, RecordId Cover, string? CoverName);

/// <summary>A handoff that people still look at, with its reason and the beginning of its notes where they are written; see <see cref="Handoff"/>.</summary>
/// <param name="FromIsGone">Whether whoever had the account has left.</param>
/// <param name="AskName">Who is asked in their place, the first above them who has not left; null where nobody is.</param>
public sealed record BookHandoff(
    RecordId Id, RecordId Account, string AccountName, RecordId From, string FromName, RecordId To, string ToName, DateOnly? EffectiveOn,
    DateOnly? DueOn, string? Status, string? Reason, string? Notes, bool FromIsGone, string? AskName)
{
    /// <summary>Why it was declined; null where nobody said.</summary>
    public string? Declined { get; init; }

    /// <summary>Working days past due after which the manager is told too, as the rule has it for the account; null where the rule does not look at it.</summary>
    public int? EscalateDays { get; init; }
}

/// <summary>How a rule came out.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="WhyNot">Why it was not evaluated; null where it was.</param>
public sealed record BookRule(string Rule, string? WhyNot);

/// <summary>
/// What a run saw of an org, for people to look at later without asking the org. Each list is made while it is read, since an org can hold a million
/// accounts.
/// </summary>
public sealed class Book
{
    private const int DaysBack = 90;

    private readonly Snapshot _snapshot;
    private readonly Settings _settings;
    private readonly AccountCoverage _coverage;

    /// <param name="snapshot">The org.</param>
    /// <param name="settings">The rules' settings.</param>
    /// <param name="results">How each rule came out.</param>
    public Book(Snapshot snapshot, Settings settings, IReadOnlyList<RuleResult> results)
    {
        (_snapshot, _settings, _coverage) = (snapshot, settings, new AccountCoverage(snapshot, settings, results));
        // What was changed back is judged by the run itself.
        Rules = [.. results.Select(r => new BookRule(r.Rule.Id, r.Rule.Id == Reverts.Rule.Info.Id && settings.Of(r.Rule).Enabled ? null : r.Reason))];
        Figures = Count();
    }

    /// <summary>The figures.</summary>
    public Figures Figures { get; }

    /// <summary>How each rule came out.</summary>
    public IReadOnlyList<BookRule> Rules { get; }

    /// <summary>The org's date.</summary>
    public DateOnly Today => _snapshot.AsOf.Today;

    /// <summary>Whether a user is there and active.</summary>
    public bool IsActive(RecordId user) => _snapshot.Users.GetValueOrDefault(user) is { IsActive: true };

    /// <summary>Every account, by id.</summary>
    public IEnumerable<BookAccount> Accounts => _snapshot.Accounts.Select(Of);

    /// <summary>Everybody who can be picked, is in a role today or is away then or later, users first.</summary>
    public IEnumerable<BookPerson> People
    {
        get
        {
            var loads = new Dictionary<PocRole, Dictionary<Assignee, int>> { [PocRole.Primary] = [], [PocRole.Backup] = [], [PocRole.Specialist] = [] };
            var capacities = new Capacities(_settings, new Draft(_snapshot));
            var primary = new Dictionary<RecordId, int[]>();
            foreach (var account in _coverage.InScope)
            {
                foreach (var (role, who) in _snapshot.Rows[account.Index].ToArray()
                    .Where(r => !r.Assignee.IsUnknown && r.IsInForce(Today)).Select(r => (r.Role, r.Assignee)).Distinct())
                {
                    loads[role][who] = loads[role].GetValueOrDefault(who) + 1;
                    if (role == PocRole.Primary && who.IsUser)
                    {
                        (primary.TryGetValue(who.Id, out var kinds) ? kinds : primary[who.Id] = new int[capacities.Kinds])[capacities.KindOf(account)]++;
                    }
                }
            }

            BookPerson Person(Assignee who, decimal? capacity, RecordId manager, DateOnly? certified) => new(
                who.Id, _coverage.NameOf(who), loads[PocRole.Primary].GetValueOrDefault(who), loads[PocRole.Backup].GetValueOrDefault(who),
                loads[PocRole.Specialist].GetValueOrDefault(who), capacity,
                _coverage.Ability.WhyNot(who), manager, manager.IsNone ? null : _snapshot.NameOf(manager), certified);
            var held = loads.Values.SelectMany(l => l.Keys).ToHashSet();
            var away = _snapshot.Absences.Values.SelectMany(a => a).Where(a => a.Overlaps(Today, DateOnly.MaxValue)).Select(a => a.UserId).ToHashSet();
            foreach (var user in _snapshot.Users.Values
                .Where(u => held.Contains(Assignee.User(u.Id)) || away.Contains(u.Id) || _coverage.Ability.IsAble(u)))
            {
                yield return Person(Assignee.User(user.Id), capacities.AccountsAtMost(user, primary.GetValueOrDefault(user.Id)), user.ManagerId, user.CertifiedUntil);
            }

            foreach (var who in held.Where(h => h.IsDepartment || !_snapshot.Users.ContainsKey(h.Id)))
            {
                yield return Person(who, null, _snapshot.Departments.GetValueOrDefault(who.Id)?.AccountableUserId ?? default, null);
            }
        }
    }

    /// <summary>Absences, those of people whom the org does not have left out.</summary>
    public IEnumerable<BookAbsence> Absences =>
        from user in _snapshot.Absences.Keys
        from absence in _coverage.Ability.AbsencesOf(user)
        where absence.Overlaps(Today.AddDays(-DaysBack), DateOnly.MaxValue) && _snapshot.Users.ContainsKey(absence.UserId)
        select new BookAbsence(
            absence.Id, absence.UserId, _snapshot.NameOf(absence.UserId), absence.StartsOn, absence.EndsOn, absence.CoverId,
            absence.CoverId.IsNone ? null : _snapshot.NameOf(absence.CoverId));

    /// <summary>Who stands in for whom; null where the org shows no absences.</summary>
    public IReadOnlyList<Cover>? Covers => _snapshot.KnowsAbsences ? Cover.Of(_snapshot, _coverage.Ability, _coverage.InScope) : null;

    /// <summary>Handoffs.</summary>
    public IEnumerable<BookHandoff> Handoffs => HandoffsBy(RuleBook.WhyNotEvaluated(RuleBook.HandoffAcknowledged, _snapshot, _settings) is null
        ? new Scene(RuleBook.HandoffAcknowledged.Info, new Draft(_snapshot), _settings, _coverage.Ability) : null);

    private IEnumerable<BookHandoff> HandoffsBy(Scene? scene) =>
        from account in _snapshot.Accounts
        from handoff in _snapshot.Handoffs[account.Index].ToArray()
        where handoff.IsShown(Today)
        let isGone = IsGone(handoff.From.Id)
        select new BookHandoff(
            handoff.Id, account.Id, account.Name, handoff.From.Id, _coverage.NameOf(handoff.From), handoff.To.Id, _coverage.NameOf(handoff.To),
            handoff.EffectiveOn, handoff.DueOn, handoff.Status, handoff.Reason, handoff.Notes, isGone, isGone ? AbleAbove(handoff.From.Id) : null)
        { Declined = handoff.Declined, EscalateDays = scene?.IsInScope(account) == true ? scene.For(account).Number("escalateDays") : null };

    private bool IsGone(RecordId user) => _snapshot.Users.TryGetValue(user, out var known) && !known.IsActive;

    private string? AbleAbove(RecordId user)
    {
        var met = new HashSet<RecordId> { user };
        for (var above = _snapshot.Users[user].ManagerId; _snapshot.Users.TryGetValue(above, out var known) && met.Add(above); above = known.ManagerId)
        {
            if (known.IsActive)
            {
                return _snapshot.NameOf(above);
            }
        }

        return null;
    }

    private BookAccount Of(Account account)
    {
        var isExempt = account.IsExempt(Today);
        var concerned = _coverage.Concerned(account);
        return new BookAccount(
            account.Id, account.Name, account.AnnualRevenue, account.OwnerId,
            account.OwnerId.IsNone ? "nobody" : _coverage.NameOf(Assignee.User(account.OwnerId)), isExempt ? account.ExemptUntil : null,
            isExempt ? default : _coverage.Of(account), concerned.Id, _coverage.NameOf(concerned),
            [.. _snapshot.Rows[account.Index].ToArray()
                .Where(r => !r.IsReversed && (r.EndsOn is null || r.EndsOn >= Today))
                .OrderBy(r => r.Role).ThenBy(r => r.StartsOn ?? DateOnly.MinValue).ThenBy(r => r.Id)
                .Select(r => new BookRole(
                    r.Role, r.Assignee.Id, _coverage.NameOf(r.Assignee), r.Scope, r.StartsOn, r.EndsOn, _coverage.Ability.WhyNot(r.Assignee)))]);
    }

    private Figures Count()
    {
        Share all = default, primary = default, backup = default, handoffs = default;
        foreach (var account in _coverage.InScope)
        {
            all += account;
            var coverage = _coverage.Of(account);
            primary = coverage.Primary == true ? primary + account : primary;
            backup = coverage.Backup == true ? backup + account : backup;
            handoffs = coverage.Handoffs == true ? handoffs + account : handoffs;
        }

        return new Figures(
            all, _snapshot.Accounts.Count - all.Accounts, _coverage.KnowsPrimary ? primary : null, _coverage.KnowsBackup ? backup : null,
            _coverage.KnowsHandoffs ? handoffs : null);
    }
}
