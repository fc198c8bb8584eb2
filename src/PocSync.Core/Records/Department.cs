namespace PocSync.Core.Records;

/// <summary>A row of <c>POC_Department__c</c>: a team that answers as one, with a user who is accountable for it.</summary>
/// <param name="Id">The record.</param>
/// <param name="Name">Its name; the id where it has none.</param>
/// <param name="QueueId">The queue whose members staff it.</param>
/// <param name="AccountableUserId">Who answers for it.</param>
/// <param name="MinimumStaff">How many able members, not absent, it needs; 0 is always staffed.</param>
public sealed record Department(RecordId Id, string Name, RecordId QueueId, RecordId AccountableUserId, decimal MinimumStaff)
{
    /// <summary>Whether settings mean it: by its id, or by its name, whose case and outer blanks do not count.</summary>
    public bool IsCalled(string wanted) =>
        RecordId.TryParse(wanted, out var id) ? Id == id : Name.Trim().Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase);
}
