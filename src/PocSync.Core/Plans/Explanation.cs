using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>What a rule says of one account.</summary>
public enum RuleAnswerKind
{
    /// <summary>Judged, and nothing is wrong.</summary>
    Fine,

    /// <summary>Judged, and something is wrong.</summary>
    Findings,

    /// <summary>The account is out of the rule's scope.</summary>
    OutOfScope,

    /// <summary>The account is exempt.</summary>
    Exempt,

    /// <summary>The rule cannot be judged on this data.</summary>
    NotJudged,

    /// <summary>The rule is switched off.</summary>
    Off,
}

/// <summary>A rule's answer for one account.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Kind">The answer.</param>
/// <param name="Why">Why it is not judged, until when it is exempt, or the scope with the values that its fields have here; null where it was judged.</param>
/// <param name="Findings">What it found: about the account, or about somebody on it.</param>
public sealed record RuleAnswer(RuleInfo Rule, RuleAnswerKind Kind, string? Why, IReadOnlyList<Finding> Findings);

/// <summary>Somebody on an account, as the rules see them.</summary>
/// <param name="Role">What they are for it: a word of <see cref="PocRole"/>, or <c>Owner</c>.</param>
/// <param name="Id">The user or department; none where a row names nobody.</param>
/// <param name="Name">The name.</param>
/// <param name="State">Whether they can act today, in words.</param>
/// <param name="Days">From when until when, in words; null where it has no days.</param>
/// <param name="IsInForce">Whether it counts today.</param>
public sealed record PersonSeen(string Role, RecordId Id, string Name, string State, string? Days, bool IsInForce);

/// <summary>Everything that the rules and the planner say of one account.</summary>
/// <param name="Account">The account.</param>
/// <param name="People">Who is on it.</param>
/// <param name="Facts">What else was seen, as what and value.</param>
/// <param name="Answers">Every rule's answer, in the order of the rule book.</param>
/// <param name="Corrections">What the plan would write on it, in order.</param>
/// <param name="Unpicked">For what nobody was found.</param>
public sealed record Explanation(
    Account Account, IReadOnlyList<PersonSeen> People, IReadOnlyList<(string What, string Value)> Facts, IReadOnlyList<RuleAnswer> Answers, IReadOnlyList<Correction> Corrections,
    IReadOnlyList<Unpicked> Unpicked)
{
    /// <summary>Explains an account of a snapshot; the plan is one of the same snapshot and settings.</summary>
    public static Explanation Of(Snapshot snapshot, Settings settings, Account account, Plan plan)
    {
        var (draft, ability) = (new Draft(snapshot), new Ability(snapshot, settings));
        return new Explanation(
            account, PeopleOf(draft, ability, account), FactsOf(draft, settings, account), [.. RuleBook.All.Select(r => Answer(r, draft, settings, ability, account))],
            [.. plan.Corrections.Where(c => c.Account == account.Id)], [.. plan.Unpicked.Where(u => u.Account == account.Id)]);
    }

    private static RuleAnswer Answer(IRule rule, Draft draft, Settings settings, Ability ability, Account account)
    {
        var snapshot = draft.Snapshot;
        if (RuleBook.WhyNotEvaluated(rule, snapshot, settings) is { } whyNot)
        {
            return whyNot == "disabled" ? new(rule.Info, RuleAnswerKind.Off, null, []) : new(rule.Info, RuleAnswerKind.NotJudged, whyNot, []);
        }

        if (account.IsExempt(snapshot.AsOf.Today))
        {
            return new(rule.Info, RuleAnswerKind.Exempt, $"until {account.ExemptUntil:yyyy-MM-dd}", []);
        }

        var scene = new Scene(rule.Info, draft, settings, ability);
        if (!scene.IsInScope(account))
        {
            var values = RecordConditions.Values(scene.Settings.Scope!, draft, account).Select(v => $"{v.Field} is {v.Value ?? "blank"}");
            return new(rule.Info, RuleAnswerKind.OutOfScope, $"{scene.Settings.Scope!.Text} (here {string.Join(", ", values)})", []);
        }

        var people = draft.RowsOf(account).ToArray().Select(r => r.Assignee.Id).Append(draft.OwnerOf(account)).ToHashSet();
        List<Finding> findings = rule is AccountRule own
            ? [.. own.Judge(scene, account).Order(Finding.Order)]
            : [.. rule.Judge(scene).Where(f => f.Subject == account.Id || people.Contains(f.Subject)).Order(Finding.Order)];
        return new(rule.Info, findings.Count == 0 ? RuleAnswerKind.Fine : RuleAnswerKind.Findings, null, findings);
    }

    private static List<PersonSeen> PeopleOf(Draft draft, Ability ability, Account account)
    {
        var (snapshot, today) = (draft.Snapshot, draft.Snapshot.AsOf.Today);
        var people = new List<PersonSeen>();
        if (draft.OwnerOf(account) is { IsNone: false } owner)
        {
            people.Add(Seen("Owner", Assignee.User(owner), null, isInForce: true));
        }

        // In the other bindings the owner is the first row itself.
        foreach (var row in draft.RowsOf(account).ToArray().Where(r => r.Source != RowSource.Owner).OrderBy(r => !r.IsInForce(today)).ThenBy(r => r.Role).ThenBy(r => r.StartsOn).ThenBy(r => r.Id))
        {
            var days = row.Source == RowSource.Team ? null : $"{row.StartsOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "always"} to {row.EndsOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "open"}";
            people.Add(Seen(row.Scope is null ? row.Role.ToString() : $"{row.Role} ({row.Scope})", row.Assignee, days, row.IsInForce(today)));
        }

        return people;

        PersonSeen Seen(string role, Assignee who, string? days, bool isInForce)
        {
            var away = who.IsUser ? ability.AbsencesOf(who.Id).FirstOrDefault(a => a.Overlaps(today, today)) : null;
            var state = ability.WhyNot(who) is { } code ? RuleWords.Of(RuleBook.PrimaryAble.Info.Id, code) switch
            {
                var words when words.StartsWith("Primary contact ", StringComparison.Ordinal) => words["Primary contact ".Length..],
                var words => words,
            }
                : away is null ? "can act" : $"can act, away until {away.EndsOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "an open end"}";
            return new PersonSeen(role, who.Id, snapshot.NameOf(who), state, days, isInForce);
        }
    }

    private static List<(string, string)> FactsOf(Draft draft, Settings settings, Account account)
    {
        var (snapshot, today) = (draft.Snapshot, draft.Snapshot.AsOf.Today);
        var facts = new List<(string, string)> { ("judged on", Day(today)), ("where contacts are kept", snapshot.Binding.ToString().ToLowerInvariant()) };
        void Add(string what, string? value)
        {
            if (value is not null)
            {
                facts.Add((what, value));
            }
        }

        Add("created", account.CreatedAt is { } created ? Day(snapshot.AsOf.DateOf(created)) : null);
        Add("last activity", account.LastActivityOn is { } last ? Day(last) : null);
        Add("exempt until", account.ExemptUntil is { } exempt ? Day(exempt) : null);
        foreach (var change in PrimaryChanges.Of(draft, account, today))
        {
            Add("passed", $"from {snapshot.NameOf(change.From)} to {snapshot.NameOf(change.To)} on {Day(change.Day)}");
        }

        foreach (var handoff in draft.HandoffsOf(account))
        {
            Add("handoff", $"from {snapshot.NameOf(handoff.From)} to {snapshot.NameOf(handoff.To)}, effective {Blank(handoff.EffectiveOn)}, due {Blank(handoff.DueOn)}, {handoff.Status ?? "no status"}"
                + $"{(handoff.HasReason ? "" : ", without reason")}{(handoff.HasNotes ? "" : ", without notes")}");
        }

        foreach (var contact in snapshot.CustomerPrimaries[account.Index])
        {
            Add("customer's primary contact", $"{contact.Name ?? contact.Id.ToString()}{(contact.IsReachable ? "" : ", not reachable")}");
        }

        Add("could be it", CustomerPrimary.Of(snapshot, account)?.Words);

        foreach (var signal in Freeze.Signals(draft, settings, account))
        {
            Add("optional changes wait", signal);
        }

        return facts;
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Blank(DateOnly? day) => day is { } there ? Day(there) : "never";
}
