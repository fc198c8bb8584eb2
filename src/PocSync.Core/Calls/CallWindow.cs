using System.Globalization;

namespace PocSync.Core.Calls;

/// <summary>API calls that PocSync may send in any 60 minutes and in any 24 hours; null is no limit.</summary>
public sealed record CallLimits(int? PerHour, int? PerDay)
{
    /// <summary>Calls that reading the org leaves, so that the next run can find out what became of what was begun.</summary>
    public const int Reserve = 10;

    /// <summary>Whether nothing is limited.</summary>
    public bool IsNone => PerHour is null && PerDay is null;

    /// <summary>Limits that keep some calls back.</summary>
    public CallLimits Less(int calls) => new(PerHour - calls, PerDay - calls);
}

/// <summary>Calls that were counted in a slot of five minutes, numbered from the beginning of time.</summary>
public readonly record struct CallSlot(long Slot, int Calls);

/// <summary>What a limit leaves.</summary>
/// <param name="Free">Calls that may be sent.</param>
/// <param name="Used">Calls that were sent in the limit's time.</param>
/// <param name="Limit">The limit; 0 where there is none.</param>
/// <param name="Setting">Its setting.</param>
/// <param name="Until">When the oldest calls stop counting; null where there are none.</param>
public sealed record CallRoom(int Free, int Used, int Limit, string Setting, DateTimeOffset? Until)
{
    /// <summary>Such as <c>of the 1,000 calls an hour that Salesforce:MaxCallsPerHour allows, 640 are used</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"of the {Limit:N0} calls {(Setting.EndsWith("Hour", StringComparison.Ordinal) ? "an hour" : "a day")} that {Setting} allows, {Used:N0} {(Used == 1 ? "is" : "are")} used");
}

/// <summary>
/// Counts by slots of five minutes, and takes the whole of a slot for as long as any of it may lie within the hour or the day: so that in no 60 minutes
/// and in no 24 hours more is sent than the limits allow.
/// </summary>
public static class CallWindow
{
    /// <summary>How long a slot is.</summary>
    public static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);

    private const int HourSlots = 12;

    /// <summary>Slots older than this count no more.</summary>
    public const int DaySlots = 24 * HourSlots;

    /// <summary>The slot of an instant.</summary>
    public static long SlotOf(DateTimeOffset now) => now.UtcTicks / Slot.Ticks;

    /// <summary>What the tighter limit leaves; without limits everything.</summary>
    public static CallRoom Room(IReadOnlyCollection<CallSlot> counted, CallLimits limits, DateTimeOffset now)
    {
        var rooms = new[] { Of(limits.PerHour, HourSlots, "Salesforce:MaxCallsPerHour"), Of(limits.PerDay, DaySlots, "Salesforce:MaxCallsPerDay") };
        return rooms.OfType<CallRoom>().MinBy(r => r.Free) ?? new CallRoom(int.MaxValue, 0, 0, "", null);

        CallRoom? Of(int? limit, int slots, string setting)
        {
            if (limit is not { } most)
            {
                return null;
            }

            var within = counted.Where(c => c.Calls > 0 && c.Slot >= SlotOf(now) - slots).ToList();
            var used = within.Sum(c => c.Calls);
            return new CallRoom(Math.Max(0, most - used), used, most, setting,
                within.Count == 0 ? null : new DateTimeOffset((within.Min(c => c.Slot) + slots + 1) * Slot.Ticks, TimeSpan.Zero));
        }
    }
}
