using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Cli.Report;

/// <summary>Whether an account has somebody who works as its primary contact, and as its backup; null where the data does not tell.</summary>
internal readonly record struct Coverage(bool? Primary, bool? Backup);

/// <summary>Accounts and what they are worth together, by annual revenue.</summary>
internal readonly record struct Share(int Accounts, decimal Worth)
{
    public static Share Of(IEnumerable<Account> accounts)
    {
        var share = new Share();
        foreach (var account in accounts)
        {
            share = new Share(share.Accounts + 1, share.Worth + (account.AnnualRevenue ?? 0));
        }

        return share;
    }
}

/// <summary>A person or department, and the findings that concern them.</summary>
internal sealed record Concern(string Name, Share Share, IReadOnlyList<Finding> Findings);

/// <summary>A rule and its findings, worth first.</summary>
internal sealed record RuleGroup(RuleResult Result, Severity Severity, Share Share, IReadOnlyList<Finding> Findings);

/// <summary>An account with everything that was found about it.</summary>
internal sealed record AccountGroup(Account Account, IReadOnlyList<Finding> Findings);

/// <summary>The figures of the report, taken from an audit.</summary>
internal sealed class ReportFigures
{
    private readonly Snapshot _snapshot;
    private readonly Dictionary<int, Coverage> _coverage = [];

    public ReportFigures(AuditResult audit)
    {
        Audit = audit;
        _snapshot = audit.Snapshot;
        var knowsPrimary = IsEvaluated("one-primary") && IsEvaluated("primary-able");
        var knowsBackup = IsEvaluated("backup-present");
        var ability = new Ability(_snapshot, audit.Settings);
        InScope = [.. _snapshot.Accounts.Where(a => !a.IsExempt(_snapshot.AsOf.Today))];
        var uncovered = audit.Findings.Where(f => f.Rule == "backup-present" && f.Code != "too-few").Select(f => f.Account).ToHashSet();
        foreach (var account in InScope)
        {
            _coverage[account.Index] = new Coverage(
                knowsPrimary ? Primaries(account).Any(p => ability.IsAble(p.Assignee)) : null,
                knowsBackup ? !uncovered.Contains(account.Id) : null);
        }

        Rules = [.. audit.Rules.Where(r => r.Findings.Count > 0)
            .Select(r => new RuleGroup(r, r.Findings[0].Severity, Share.Of(AccountsOf(r.Findings)), WorthFirst(r.Findings)))
            .OrderByDescending(r => r.Severity).ThenByDescending(r => r.Share.Worth)];
        People = [.. audit.Findings.GroupBy(WhoIsConcerned)
            .Select(g => new Concern(NameOf(g.Key), Share.Of(AccountsOf(g)), WorthFirst(g)))
            .OrderByDescending(c => c.Share.Worth).ThenByDescending(c => c.Findings.Count).ThenBy(c => c.Name, StringComparer.Ordinal)];
        Accounts = [.. audit.Findings.Where(f => !f.Account.IsNone).GroupBy(f => f.Account)
            .Select(g => new AccountGroup(_snapshot.FindAccount(g.Key)!, [.. g.OrderByDescending(f => f.Severity)]))
            .OrderByDescending(g => g.Findings[0].Severity).ThenByDescending(g => g.Account.AnnualRevenue ?? -1).ThenBy(g => g.Account.Id)];
    }

    public AuditResult Audit { get; }

    /// <summary>Accounts that are not exempt today.</summary>
    public IReadOnlyList<Account> InScope { get; }

    /// <summary>Rules with findings, the worst first.</summary>
    public IReadOnlyList<RuleGroup> Rules { get; }

    /// <summary>Everybody concerned, the one whose accounts are worth most first.</summary>
    public IReadOnlyList<Concern> People { get; }

    /// <summary>Accounts with findings: the worst first, among these the one that is worth most.</summary>
    public IReadOnlyList<AccountGroup> Accounts { get; }

    /// <summary>Accounts of which something holds.</summary>
    public Share Where(Func<Coverage, bool> holds) => Share.Of(InScope.Where(a => holds(_coverage[a.Index])));

    /// <summary>Whether a rule was evaluated.</summary>
    public bool IsEvaluated(string rule) => Audit.Rules.Single(r => r.Rule.Id == rule).Reason is null;

    /// <summary>Whether any account tells what it is worth.</summary>
    public bool KnowsWorth => _snapshot.Accounts.Any(a => a.AnnualRevenue > 0);

    /// <summary>Who is concerned by a finding.</summary>
    public string NameOf(Finding finding) => NameOf(WhoIsConcerned(finding));

    /// <summary>An account's primary contact in words.</summary>
    public string PrimaryOf(Account account) => string.Join(", ", Primaries(account).Select(p => NameOf(p.Assignee))) is { Length: > 0 } names ? names
        : account.OwnerId.IsNone ? "none"
        : $"none (owner: {NameOf(Assignee.User(account.OwnerId))})";

    private string NameOf(Assignee who) =>
        who.IsUnknown ? "nobody"
        : who.IsUser && !_snapshot.Users.ContainsKey(who.Id) ? $"unknown user {who.Id}"
        : who.IsDepartment && !_snapshot.Departments.ContainsKey(who.Id) ? $"unknown department {who.Id}"
        : _snapshot.NameOf(who);

    /// <summary>The user or department that it is about, else the account's primary contact, else its owner.</summary>
    private Assignee WhoIsConcerned(Finding finding)
    {
        if (_snapshot.FindAccount(finding.Account) is not { } account)
        {
            return new Assignee(finding.Subject, !finding.Subject.IsUser);
        }

        return Primaries(account).Select(p => p.Assignee).FirstOrDefault(a => !a.IsUnknown) is { IsUnknown: false } primary ? primary
            : account.OwnerId.IsNone ? Assignee.Unknown
            : Assignee.User(account.OwnerId);
    }

    private IEnumerable<PocRow> Primaries(Account account) =>
        _snapshot.Rows[account.Index].ToArray().Where(r => r.Role == PocRole.Primary && r.IsInForce(_snapshot.AsOf.Today));

    private IEnumerable<Account> AccountsOf(IEnumerable<Finding> findings) =>
        findings.Select(f => f.Account).Where(id => !id.IsNone).Distinct().Select(id => _snapshot.FindAccount(id)!);

    private IReadOnlyList<Finding> WorthFirst(IEnumerable<Finding> findings) =>
        [.. findings.OrderByDescending(f => _snapshot.FindAccount(f.Account)?.AnnualRevenue ?? -1).ThenByDescending(f => f.Severity).ThenBy(f => f, Finding.Order)];
}
