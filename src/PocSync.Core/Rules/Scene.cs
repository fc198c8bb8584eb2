using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>What one rule sees: the state as corrected so far, its settings, and the accounts in its scope.</summary>
public sealed class Scene
{
    private readonly RuleInfo _rule;
    private readonly Func<Account, bool>? _scope;
    private readonly IEnumerable<Account> _accounts;
    private readonly List<(Func<Account, bool> IsMeant, RuleSettings Settings)> _tiers;

    /// <summary>A scene for a rule whose scope's fields are all there. Without <paramref name="accounts"/>: all.</summary>
    public Scene(RuleInfo rule, Draft draft, Settings settings, Ability ability, IEnumerable<Account>? accounts = null)
    {
        _rule = rule;
        Draft = draft;
        All = settings;
        Ability = ability;
        Settings = settings.Of(rule);
        _scope = Settings.Scope is { } scope ? RecordConditions.OverAccounts(scope, draft) : null;
        _tiers = [.. Settings.Tiers.Select(t => (RecordConditions.OverAccounts(t.When, draft), t.Settings))];
        _accounts = accounts ?? draft.Snapshot.Accounts;
    }

    /// <summary>The rule.</summary>
    public RuleInfo Info => _rule;

    /// <summary>The state as corrected so far.</summary>
    public Draft Draft { get; }

    /// <summary>What was pulled.</summary>
    public Snapshot Snapshot => Draft.Snapshot;

    /// <summary>The instant.</summary>
    public AsOf AsOf => Snapshot.AsOf;

    /// <summary>The day.</summary>
    public DateOnly Today => AsOf.Today;

    /// <summary>The rule's settings for accounts of no tier.</summary>
    public RuleSettings Settings { get; }

    /// <summary>The rule's settings for an account: those of the first tier that it belongs to, else the rule's own.</summary>
    public RuleSettings For(Account account)
    {
        foreach (var (isMeant, settings) in _tiers)
        {
            if (isMeant(account))
            {
                return settings;
            }
        }

        return Settings;
    }

    /// <summary>The settings of all rules.</summary>
    public Settings All { get; }

    /// <summary>Who is able and who is away.</summary>
    public Ability Ability { get; }

    /// <summary>The accounts in scope.</summary>
    public IEnumerable<Account> Accounts => _accounts.Where(IsInScope);

    /// <summary>Not exempt, and within the rule's scope.</summary>
    public bool IsInScope(Account account) => !account.IsExempt(Today) && (_scope is null || _scope(account));

    /// <summary>An account's rows in force today, in one role or in all.</summary>
    public List<PocRow> InForce(Account account, PocRole? role = null)
    {
        var rows = new List<PocRow>();
        foreach (var row in Draft.RowsOf(account))
        {
            if ((role is null || row.Role == role) && row.IsInForce(Today))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>The accounts in scope on which each user holds one of some roles by a row in force, each account once.</summary>
    public Dictionary<RecordId, int> AccountsByUser(params ReadOnlySpan<PocRole> roles) => AccountsByUser(_ => 0, 1, roles).ToDictionary(c => c.Key, c => c.Value[0]);

    /// <summary>The same by kind of account, from 0 to <paramref name="kinds"/> - 1.</summary>
    internal Dictionary<RecordId, int[]> AccountsByUser(Func<Account, int> kindOf, int kinds, params ReadOnlySpan<PocRole> roles)
    {
        var counts = new Dictionary<RecordId, int[]>();
        var ofAccount = new HashSet<RecordId>();
        foreach (var account in Accounts)
        {
            ofAccount.Clear();
            var kind = -1;
            foreach (var row in Draft.RowsOf(account))
            {
                if (roles.Contains(row.Role) && row.Assignee.IsUser && row.IsInForce(Today) && ofAccount.Add(row.Assignee.Id))
                {
                    if (!counts.TryGetValue(row.Assignee.Id, out var ofUser))
                    {
                        counts[row.Assignee.Id] = ofUser = new int[kinds];
                    }

                    kind = kind < 0 ? kindOf(account) : kind;
                    ofUser[kind]++;
                }
            }
        }

        return counts;
    }

    /// <summary>A finding about an account.</summary>
    public Finding Find(Account account, string code, string seen, string expected, string sentence, object? about = null) =>
        new(_rule.Id, code, account.Id, account.Id, For(account).Severity, seen, expected, sentence) { About = about };

    /// <summary>A finding about a user or a department.</summary>
    public Finding Find(RecordId subject, string code, string seen, string expected, string sentence) =>
        new(_rule.Id, code, subject, default, Settings.Severity, seen, expected, sentence);
}
