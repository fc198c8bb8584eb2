using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Whether an account has somebody who works as its primary contact, somebody who works as its backup, and no handoff that is missing or
/// overdue; null where the data does not tell.</summary>
public readonly record struct Coverage(bool? Primary, bool? Backup, bool? Handoffs);

/// <summary>Accounts and what they are worth together, by annual revenue.</summary>
public readonly record struct Share(int Accounts, decimal Worth)
{
    /// <summary>Some accounts.</summary>
    public static Share Of(IEnumerable<Account> accounts) => accounts.Aggregate(default(Share), (share, account) => share + account);

    /// <summary>One more account.</summary>
    public static Share operator +(Share share, Account account) => new(share.Accounts + 1, share.Worth + (account.AnnualRevenue ?? 0));
}

/// <summary>The figures that reports and pages give of an org, taken from what the rules found.</summary>
public sealed class AccountCoverage
{
    private readonly Snapshot _snapshot;
    private readonly HashSet<RecordId> _withoutBackup;
    private readonly HashSet<RecordId> _withoutHandoff;

    /// <param name="snapshot">The org.</param>
    /// <param name="settings">The rules' settings.</param>
    /// <param name="results">How each rule came out.</param>
    public AccountCoverage(Snapshot snapshot, Settings settings, IReadOnlyList<RuleResult> results)
    {
        bool IsEvaluated(string rule) => results.Any(r => r.Rule.Id == rule && r.Reason is null);
        HashSet<RecordId> With(Func<Finding, bool> counts, params string[] rules) =>
            [.. results.Where(r => rules.Contains(r.Rule.Id)).SelectMany(r => r.Findings).Where(counts).Select(f => f.Account)];
        _snapshot = snapshot;
        Ability = new Ability(snapshot, settings);
        KnowsPrimary = IsEvaluated("one-primary") && IsEvaluated("primary-able");
        KnowsBackup = IsEvaluated("backup-present");
        KnowsHandoffs = IsEvaluated("handoff-documented");
        _withoutBackup = With(f => f.Code != "too-few", "backup-present");
        _withoutHandoff = With(_ => true, "handoff-documented", "handoff-acknowledged");
    }

    /// <summary>Who is able.</summary>
    public Ability Ability { get; }

    /// <summary>Whether the data tells who is primary contact and whether they can act.</summary>
    public bool KnowsPrimary { get; }

    /// <summary>Whether the data tells of backups.</summary>
    public bool KnowsBackup { get; }

    /// <summary>Whether the data tells of handoffs.</summary>
    public bool KnowsHandoffs { get; }

    /// <summary>Accounts that are not exempt today.</summary>
    public IEnumerable<Account> InScope => _snapshot.Accounts.Where(a => !a.IsExempt(_snapshot.AsOf.Today));

    /// <summary>How well an account is covered.</summary>
    public Coverage Of(Account account) => new(
        KnowsPrimary ? PrimariesOf(account).Any(p => Ability.IsAble(p.Assignee)) : null,
        KnowsBackup ? !_withoutBackup.Contains(account.Id) : null,
        KnowsHandoffs ? !_withoutHandoff.Contains(account.Id) : null);

    /// <summary>An account's primary rows in force.</summary>
    public IEnumerable<PocRow> PrimariesOf(Account account) =>
        _snapshot.Rows[account.Index].ToArray().Where(r => r.Role == PocRole.Primary && r.IsInForce(_snapshot.AsOf.Today));

    /// <summary>Whom what is wrong with an account concerns: its primary contact, else its owner, else nobody.</summary>
    public Assignee Concerned(Account account) =>
        PrimariesOf(account).Select(p => p.Assignee).FirstOrDefault(a => !a.IsUnknown) is { IsUnknown: false } primary ? primary
        : account.OwnerId.IsNone ? Assignee.Unknown
        : Assignee.User(account.OwnerId);

    /// <summary>The name of somebody concerned, in words where the org has none.</summary>
    public string NameOf(Assignee who) =>
        who.IsUnknown ? "nobody"
        : who.IsUser && !_snapshot.Users.ContainsKey(who.Id) ? $"unknown user {who.Id}"
        : who.IsDepartment && !_snapshot.Departments.ContainsKey(who.Id) ? $"unknown department {who.Id}"
        : _snapshot.NameOf(who);
}
