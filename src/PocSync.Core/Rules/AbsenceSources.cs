namespace PocSync.Core.Rules;

/// <summary>What counts as an absence beside the records of <c>POC_Absence__c</c>.</summary>
/// <param name="CalendarEvents">Events of a user's calendar that are shown as out of office.</param>
/// <param name="ResourceAbsences">Absences of a service resource that is a user.</param>
public sealed record AbsenceSources(bool CalendarEvents = false, bool ResourceAbsences = false)
{
    /// <summary>Whether days are taken from times, which need people's time zones.</summary>
    internal bool HasTimes => CalendarEvents || ResourceAbsences;
}
