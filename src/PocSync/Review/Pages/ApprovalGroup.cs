using PocSync.Core.Plans;
using PocSync.Core.Rules;
using PocSync.Ledger;

namespace PocSync.Review.Pages;

/// <summary>What corrections are decided on together: those of a rule, or those that would fall to a person.</summary>
/// <param name="Key">Names it in a form and in an address.</param>
/// <param name="Title">Names it for people.</param>
internal sealed record ApprovalGroup(string Key, string Title)
{
    public static ApprovalGroup OfRule(PlannedCorrection open) =>
        open.Correction.Undoes is null ? new($"rule-{open.Correction.Rule}", RuleWords.ProblemOf(open.Correction.Rule)) : new("back", "Taken back");

    public static ApprovalGroup OfPerson(PlannedCorrection open) => Gainer(open.Correction) is { } person
        ? new($"person-{person.Id}", person.Name) : new("person-", "Nobody in particular");

    /// <summary>Whom it falls to.</summary>
    private static Person? Gainer(Correction correction) =>
        correction.People.FirstOrDefault(p => p.Id == correction.MainPick?.Who)
        ?? correction.People.FirstOrDefault(p => correction.Writes.Any(w => w.Fields.Any(f => f.After.Text == p.Id.ToString())));
}
