namespace PocSync.Core.Records;

/// <summary>A row of <c>POC_Absence__c</c>. Both days are inclusive; a blank start began long ago, a blank end is open. Reversed dates never get here.</summary>
/// <param name="Id">The record.</param>
/// <param name="UserId">Who is away.</param>
/// <param name="StartsOn">First day.</param>
/// <param name="EndsOn">Last day.</param>
/// <param name="CoverId">Who stands in, if anybody is named.</param>
public sealed record Absence(RecordId Id, RecordId UserId, DateOnly? StartsOn, DateOnly? EndsOn, RecordId CoverId)
{
    /// <summary>Whether it includes any day from one to another, both included.</summary>
    public bool Overlaps(DateOnly from, DateOnly to) => (StartsOn is null || StartsOn <= to) && (EndsOn is null || EndsOn >= from);
}
