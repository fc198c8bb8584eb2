using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Core.Alerts;

/// <summary>What there is to know for alert rows once a run has corrected what it could.</summary>
/// <param name="Draft">The org as it is now.</param>
/// <param name="Settings">The rules' settings.</param>
/// <param name="Findings">What is wrong still.</param>
/// <param name="Evaluated">The rules that were evaluated: rows of others stay as they are.</param>
/// <param name="IsAccepted">Whether a finding is in the baseline.</param>
/// <param name="Silent">The marks that hold.</param>
/// <param name="FirstSeen">When a finding was first seen; null where that is now.</param>
/// <param name="Hours">When people work.</param>
internal sealed record AlertInput(
    Draft Draft, Settings Settings, IReadOnlyList<Finding> Findings, IReadOnlySet<string> Evaluated, Func<AlertKey, bool> IsAccepted,
    IReadOnlyDictionary<(string Rule, string Code, RecordId Subject), Mark> Silent, Func<string, string, RecordId, DateTimeOffset?> FirstSeen, WorkingHours Hours);

/// <summary>What to write so that the alert rows say what is wrong: one open row for each rule, code and subject. Where they say so already, nothing.</summary>
/// <param name="Writes">The rows to write, by account.</param>
/// <param name="Known">What is to be known of rows that need no writing.</param>
internal sealed record AlertPlan(IReadOnlyList<AlertWrite> Writes, IReadOnlyList<KnownAlert> Known)
{
    /// <summary>Salesforce's limit for the sentence, in characters.</summary>
    private const int LongestSentence = 4000;

    /// <summary>Of equal input the same plan.</summary>
    public static AlertPlan Of(AlertInput input, AlertsThere there, IReadOnlyDictionary<AlertKey, KnownAlert> known)
    {
        var wanted = Wanted(input).ToDictionary(w => AlertKey.Of(w[0]));
        var receivers = new AlertReceivers(input.Draft, input.Settings);
        var asOf = input.Draft.Snapshot.AsOf;
        var ability = new Ability(input.Draft.Snapshot, input.Settings);
        var scenes = new Dictionary<string, Scene>();
        var (writes, nowKnown) = (new List<AlertWrite>(), new List<KnownAlert>());
        foreach (var row in there.Rows)
        {
            if (!wanted.Remove(row.Key, out var same))
            {
                if (input.Evaluated.Contains(row.Key.Rule))
                {
                    writes.Add(Close(row, NameOf(row.Account, row.Key), there.Fields));
                }

                continue;
            }

            var until = input.Silent.GetValueOrDefault((row.Key.Rule, row.Key.Code, row.Key.Subject))?.Until;
            if (Change(row, same, until, known.GetValueOrDefault(row.Key)) is { Fields.Count: > 0 } write)
            {
                writes.Add(write);
            }
        }

        // A snoozed finding without a row gets none.
        writes.AddRange(wanted.Values.Where(same => !IsSilent(AlertKey.Of(same[0]))).Select(Open));
        return new AlertPlan(
            [.. writes.Where(w => known.GetValueOrDefault(w.Key)?.Refused is not { } no || !no.StartsWith(w.Print, StringComparison.Ordinal))
                .OrderBy(w => w.Account).ThenBy(w => w.Key.ToString(), StringComparer.Ordinal)],
            nowKnown);

        bool IsSilent(AlertKey key) => input.Silent.ContainsKey((key.Rule, key.Code, key.Subject));

        RuleSettings SettingsOf(Finding finding)
        {
            var rule = RuleBook.Find(finding.Rule)!.Info;
            if (!scenes.TryGetValue(rule.Id, out var scene))
            {
                scenes[rule.Id] = scene = new Scene(rule, input.Draft, input.Settings, ability);
            }

            return input.Draft.Snapshot.FindAccount(finding.Account) is { } account ? scene.For(account) : scene.Settings;
        }

        string NameOf(RecordId account, AlertKey key) => input.Draft.Snapshot.FindAccount(account)?.Name ?? input.Draft.Snapshot.NameOf(key.Subject);

        // By the clock of whom it waits for.
        DateTimeOffset DueAt(AlertRow row, int days) => input.Hours.After(
            row.ChangedAt, input.Draft.Snapshot.Users.GetValueOrDefault(row.AssignedTo)?.Zone ?? asOf.Zone, days);

        RecordId AssigneeOf(Finding finding) => receivers.Of(finding, SettingsOf(finding).Word(RuleInfo.AlertTo));

        AlertWrite Open(IReadOnlyList<Finding> same)
        {
            var (finding, key) = (same[0], AlertKey.Of(same[0]));
            var assigned = AssigneeOf(finding);
            return Write(default, key, AlertDeed.Opened, finding.Account, NameOf(finding.Account, key), Cut(finding.Sentence), there.Fields, new KnownAlert(key, AlertStatus.Open, null, assigned, null),
            [
                ("Account__c", Text(finding.Account)),
                ("User__c", finding.Account.IsNone && finding.Subject.IsUser ? finding.Subject.ToString() : null),
                ("Department__c", finding.Account.IsNone && !finding.Subject.IsUser ? finding.Subject.ToString() : null),
                ("Rule__c", finding.Rule), ("Code__c", finding.Code),
                ("Severity__c", Word(finding.Severity)), ("Sentence__c", Cut(finding.Sentence)), ("Count__c", same.Count),
                ("Status__c", nameof(AlertStatus.Open)), ("Snoozed_Until__c", null), ("Assigned_To__c", Text(assigned)), ("Escalated_On__c", null),
                ("First_Seen__c", input.FirstSeen(finding.Rule, finding.Code, finding.Subject) ?? asOf.Now), ("Last_Seen__c", asOf.Now),
            ]);
        }

        AlertWrite? Change(AlertRow row, IReadOnlyList<Finding> same, DateOnly? until, KnownAlert? before)
        {
            var finding = same[0];
            var (fields, deed) = (new List<(string, object?)>(), AlertDeed.Changed);
            var isSnoozed = until is not null;
            var computed = AssigneeOf(finding);
            // Whom a person assigned it to keeps it, until somebody else than before would get it.
            var isReassigned = before?.Assigned is { } earlier && earlier != computed;
            if (isReassigned && row.AssignedTo != computed)
            {
                fields.AddRange([("Assigned_To__c", Text(computed)), ("Escalated_On__c", null)]);
            }

            if (isSnoozed != (row.Status == AlertStatus.Snoozed) || until != row.SnoozedUntil)
            {
                fields.AddRange([("Status__c", (isSnoozed ? AlertStatus.Snoozed : AlertStatus.Open).ToString()), ("Snoozed_Until__c", until)]);
                deed = isSnoozed ? AlertDeed.Snoozed : row.Status == AlertStatus.Snoozed ? AlertDeed.Reopened : AlertDeed.Changed;
            }

            if (Word(finding.Severity) != row.Severity)
            {
                fields.Add(("Severity__c", Word(finding.Severity)));
            }

            if (!Mark.IsSameSight(Cut(finding.Sentence), row.Sentence))
            {
                fields.Add(("Sentence__c", Cut(finding.Sentence)));
            }

            if (same.Count != row.Count && there.Fields.Contains("Count__c"))
            {
                fields.Add(("Count__c", same.Count));
            }

            var days = SettingsOf(finding).Number(RuleInfo.AlertEscalateDays);
            if (fields.Count == 0 && !isSnoozed && days > 0 && row.EscalatedOn is null && asOf.Now >= DueAt(row, days) && there.Fields.Contains("Escalated_On__c")
                && receivers.ManagerOf(row.AssignedTo) is { IsNone: false } manager)
            {
                fields.AddRange([("Assigned_To__c", manager.ToString()), ("Escalated_On__c", asOf.Today)]);
                deed = AlertDeed.Escalated;
            }

            var after = new KnownAlert(row.Key, isSnoozed ? AlertStatus.Snoozed : AlertStatus.Open, until, computed, null);
            if (fields.Count == 0)
            {
                if (before != after)
                {
                    nowKnown.Add(after);
                }

                return null;
            }

            return Write(row.Id, row.Key, deed, row.Account, NameOf(row.Account, row.Key), Cut(finding.Sentence), there.Fields, after, [.. fields, ("Last_Seen__c", asOf.Now)]);
        }
    }

    private static AlertWrite Close(AlertRow row, string name, IReadOnlySet<string> fields) => Write(
        row.Id, row.Key, AlertDeed.Closed, row.Account, name, row.Sentence ?? "", fields, new KnownAlert(row.Key, AlertStatus.Closed, null, null, null),
        [("Status__c", nameof(AlertStatus.Closed)), ("Snoozed_Until__c", null), ("Escalated_On__c", null)]);

    private static AlertWrite Write(
        RecordId row, AlertKey key, AlertDeed deed, RecordId account, string name, string sentence, IReadOnlySet<string> there, KnownAlert after, IReadOnlyList<(string Name, object? Value)> fields) =>
        new(row, key, deed, account, name, sentence, fields.Where(f => there.Contains(f.Name)).ToDictionary(f => f.Name, f => f.Value), after);

    /// <summary>Findings that are kept as rows, those that share one together.</summary>
    private static IEnumerable<List<Finding>> Wanted(AlertInput input) => input.Findings
        .Where(f => !IsAsked(f, input.Draft) && RuleBook.Find(f.Rule) is { } rule && (input.Settings.Of(rule.Info).AlertRows ?? f.Severity == Severity.Error))
        .GroupBy(AlertKey.Of)
        .Where(g => !input.IsAccepted(g.Key) && input.Silent.GetValueOrDefault((g.Key.Rule, g.Key.Code, g.Key.Subject))?.Kind != LeftAloneKind.FalsePositive)
        .Select(g => g.ToList());

    /// <summary>Whether a change of hands only lacks what its people have time for until a day that is not over, whatever they answered.</summary>
    private static bool IsAsked(Finding finding, Draft draft) =>
        finding is { Rule: "handoff-documented", Code: "incomplete", About: PrimaryChange change } && draft.Snapshot.FindAccount(finding.Account) is { } account
        && HandoffDocumented.Of(draft, account, change.From, change.To, change.Day).Exists(h => h.DueOn >= draft.Snapshot.AsOf.Today);

    private static string? Text(RecordId id) => id.IsNone ? null : id.ToString();

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string Cut(string text) => PlainText.Cut(text, LongestSentence);
}
