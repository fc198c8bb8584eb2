using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Cli;

/// <summary>How everything came out, for whoever shows it.</summary>
public sealed class AuditResult
{
    /// <summary>Judges a snapshot by every rule.</summary>
    public AuditResult(Snapshot snapshot, Settings settings)
    {
        Snapshot = snapshot;
        Settings = settings;
        Rules = RuleBook.Judge(snapshot, settings);
        Findings = [.. Rules.OrderBy(r => r.Rule.Id, StringComparer.Ordinal).SelectMany(r => r.Findings)];
        Exempt = snapshot.Accounts.Count(a => a.IsExempt(snapshot.AsOf.Today));
    }

    /// <summary>What was judged.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>By which settings.</summary>
    public Settings Settings { get; }

    /// <summary>Each rule's result, in the catalogue's order.</summary>
    public IReadOnlyList<RuleResult> Rules { get; }

    /// <summary>All findings, by rule, code, subject and sentence.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>How many accounts are exempt today.</summary>
    public int Exempt { get; }
}
