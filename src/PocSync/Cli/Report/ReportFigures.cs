using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Cli.Report;

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
    private readonly AccountCoverage _coverage;

    public ReportFigures(AuditResult audit)
    {
        Audit = audit;
        _snapshot = audit.Snapshot;
        _coverage = new AccountCoverage(_snapshot, audit.Settings, audit.Rules);
        InScope = [.. _coverage.InScope];
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
    public Share Where(Func<Coverage, bool> holds) => Share.Of(InScope.Where(a => holds(_coverage.Of(a))));

    /// <summary>Whether the data tells who is primary contact and whether they can act.</summary>
    public bool KnowsPrimary => _coverage.KnowsPrimary;

    /// <summary>Whether the data tells of backups.</summary>
    public bool KnowsBackup => _coverage.KnowsBackup;

    /// <summary>Whether any account tells what it is worth.</summary>
    public bool KnowsWorth => _snapshot.Accounts.Any(a => a.AnnualRevenue > 0);

    /// <summary>Who is concerned by a finding.</summary>
    public string NameOf(Finding finding) => NameOf(WhoIsConcerned(finding));

    /// <summary>An account's primary contact in words.</summary>
    public string PrimaryOf(Account account) => string.Join(", ", _coverage.PrimariesOf(account).Select(p => NameOf(p.Assignee))) is { Length: > 0 } names ? names
        : account.OwnerId.IsNone ? "none"
        : $"none (owner: {NameOf(Assignee.User(account.OwnerId))})";

    private string NameOf(Assignee who) => _coverage.NameOf(who);

    /// <summary>The user or department that it is about, else the account's primary contact, else its owner.</summary>
    private Assignee WhoIsConcerned(Finding finding) => _snapshot.FindAccount(finding.Account) is { } account
        ? _coverage.Concerned(account) : new Assignee(finding.Subject, !finding.Subject.IsUser);

    private IEnumerable<Account> AccountsOf(IEnumerable<Finding> findings) =>
        findings.Select(f => f.Account).Where(id => !id.IsNone).Distinct().Select(id => _snapshot.FindAccount(id)!);

    private IReadOnlyList<Finding> WorthFirst(IEnumerable<Finding> findings) =>
        [.. findings.OrderByDescending(f => _snapshot.FindAccount(f.Account)?.AnnualRevenue ?? -1).ThenByDescending(f => f.Severity).ThenBy(f => f, Finding.Order)];
}
