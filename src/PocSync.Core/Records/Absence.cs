namespace PocSync.Core.Records;

/// <summary>Where an absence is kept.</summary>
public enum AbsenceSource
{
    /// <summary>A record of <c>POC_Absence__c</c>.</summary>
    Record,

    /// <summary>An event of the user's calendar that is shown as out of office.</summary>
    Calendar,

    /// <summary>A resource absence of Field Service or Salesforce Scheduler.</summary>
    Resource,
}

/// <summary>A time for which somebody is away. Both days are inclusive; a blank start began long ago, a blank end is open. Reversed dates never get here.</summary>
/// <param name="Id">The record.</param>
/// <param name="UserId">Who is away.</param>
/// <param name="StartsOn">First day.</param>
/// <param name="EndsOn">Last day.</param>
/// <param name="CoverId">Who stands in, if anybody is named; only a record of <c>POC_Absence__c</c> names somebody.</param>
public sealed record Absence(RecordId Id, RecordId UserId, DateOnly? StartsOn, DateOnly? EndsOn, RecordId CoverId)
{
    /// <summary>Where it is kept.</summary>
    public AbsenceSource Source { get; init; }

    /// <summary>Whether it includes any day from one to another, both included.</summary>
    public bool Overlaps(DateOnly from, DateOnly to) => (StartsOn is null || StartsOn <= to) && (EndsOn is null || EndsOn >= from);

    private bool Includes(Absence other) => (StartsOn is null || StartsOn <= other.StartsOn) && (EndsOn is null || EndsOn >= other.EndsOn);

    /// <summary>
    /// A person's absences, each time away once: what calendars tell adds nothing to a record that includes it, and is one where it overlaps or follows without a day between (its id is then the first's).
    /// Records stay as they are.
    /// </summary>
    /// <param name="all">Absences of one user.</param>
    internal static IReadOnlyList<Absence> Once(Absence[] all)
    {
        if (all.All(a => a.Source == AbsenceSource.Record))
        {
            return all;
        }

        var once = all.Where(a => a.Source == AbsenceSource.Record).ToList();
        Absence? open = null;
        foreach (var next in all.Where(a => a.Source != AbsenceSource.Record).OrderBy(a => a.StartsOn).ThenBy(a => a.Id))
        {
            if (open is not null && next.StartsOn <= open.EndsOn!.Value.AddDays(1))
            {
                open = next.EndsOn > open.EndsOn ? open with { EndsOn = next.EndsOn } : open;
            }
            else
            {
                Close();
                open = next;
            }
        }

        Close();
        return [.. once.OrderBy(a => a.Id)];

        void Close()
        {
            if (open is not null && !once.Any(a => a.Source == AbsenceSource.Record && a.Includes(open)))
            {
                once.Add(open);
            }
        }
    }
}
