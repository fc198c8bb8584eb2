namespace PocSync.Core.Rules;

/// <summary>What counts as an absence beside the records of <c>POC_Absence__c</c>.</summary>
/// <param name="CalendarEvents">Events of a user's calendar that are shown as out of office.</param>
/// <param name="ResourceAbsences">Absences of a service resource that is a user.</param>
public sealed record AbsenceSources(bool CalendarEvents = false, bool ResourceAbsences = false)
{
    /// <summary>The fields without which a source that is switched on tells nothing, each with its setting.</summary>
    internal IEnumerable<(string Setting, string Field)> Needed =>
        (CalendarEvents ? new[] { "Event.OwnerId", "Event.ShowAs", "Event.IsAllDayEvent", "Event.StartDateTime", "Event.EndDateTime" } : []).Select(f => ("absences.calendarEvents", f))
        .Concat((ResourceAbsences ? new[] { "ServiceResource.RelatedRecordId", "ResourceAbsence.ResourceId", "ResourceAbsence.Start", "ResourceAbsence.End" } : []).Select(f => ("absences.resourceAbsences", f)));

    /// <summary>What of it some data do not have: the setting, and the object or field.</summary>
    public IEnumerable<(string Setting, string Name)> Missing(Records.Presence presence) =>
        Needed.Where(n => !presence.Has(n.Field)).Select(n => (n.Setting, presence.HasObject(n.Field.Split('.')[0]) ? n.Field : n.Field.Split('.')[0])).Distinct();

    /// <summary>Whether days are taken from times, which need people's time zones.</summary>
    public bool HasTimes => CalendarEvents || ResourceAbsences;
}
