using System.Globalization;
using PocSync.Core.Records;

namespace PocSync.Core.Plans;

/// <summary>What is done to a record.</summary>
public enum WriteAction
{
    /// <summary>A record is made.</summary>
    Insert,

    /// <summary>Fields of a record are changed.</summary>
    Update,

    /// <summary>A record goes.</summary>
    Delete,
}

/// <summary>A day that is known only when it is written, so that an approval given today is still the same tomorrow.</summary>
public enum RelativeDay
{
    /// <summary>The day of writing, in the org's time zone.</summary>
    Today,

    /// <summary>The day before.</summary>
    Yesterday,

    /// <summary>Five working days, Monday to Friday, after the day of writing: by then a handoff is to be acknowledged.</summary>
    WorkingWeekLater,
}

/// <summary>A value to write: text as an export's cell has it (ids of 18 characters, days as <c>2026-01-31</c>), nothing, or a relative day.</summary>
public readonly record struct PlannedValue(string? Text, RelativeDay? Day)
{
    /// <summary>Nothing.</summary>
    public static readonly PlannedValue None = default;

    /// <summary>A text, or nothing.</summary>
    public static PlannedValue Of(string? text) => new(text, null);

    /// <summary>An id, or nothing.</summary>
    public static PlannedValue Of(RecordId id) => new(id.IsNone ? null : id.ToString(), null);

    /// <summary>A day, or nothing.</summary>
    public static PlannedValue Of(DateOnly? day) => new(Shown(day), null);

    /// <summary>A day that is known only when it is written.</summary>
    public static PlannedValue Of(RelativeDay day) => new(null, day);

    /// <summary>The text to write on a day.</summary>
    public string? On(DateOnly today) => Day switch
    {
        RelativeDay.Today => Shown(today),
        RelativeDay.Yesterday => Shown(today.AddDays(-1)),
        RelativeDay.WorkingWeekLater => Shown(today.AddDays(today.DayOfWeek switch { DayOfWeek.Saturday => 6, DayOfWeek.Sunday => 5, _ => 7 })),
        _ => Text,
    };

    /// <summary>The text without the day of writing: what identifies a correction.</summary>
    public override string ToString() => Day is { } day ? $"<{day}>" : Text ?? "";

    internal static string? Shown(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>One field of a write: what it was when the plan was made, and what it becomes.</summary>
public sealed record FieldWrite(string Field, string? Before, PlannedValue After);

/// <summary>
/// The external key of a record that is made: the same for the same record whenever and however often it is made, since it says only what the record is about, never a
/// run or a clock. The day it starts from may be relative.
/// </summary>
public sealed record ExternalKey(string About, PlannedValue Day)
{
    /// <summary>The key written on a day.</summary>
    public string On(DateOnly today) => $"{About}|{Day.On(today) ?? "-"}";

    /// <inheritdoc/>
    public override string ToString() => $"{About}|{Day}";

    /// <summary>The key of a POC row: account, role, assignee, start day.</summary>
    public static ExternalKey OfRow(RecordId account, PocRole role, Assignee assignee, PlannedValue start) =>
        new($"row|{account}|{role}|{assignee.Id}", start);

    /// <summary>The key of a handoff: account, from, to, effective day.</summary>
    public static ExternalKey OfHandoff(RecordId account, Assignee from, Assignee to, PlannedValue effective) =>
        new($"handoff|{account}|{from.Id}|{to.Id}", effective);
}

/// <summary>One record to write. Objects and fields by package or standard name; the org's own names come in where it is written or shown.</summary>
/// <param name="Object">The object.</param>
/// <param name="Id">The record; none for an insert.</param>
/// <param name="Key">The external key of an insert of an object that has one, else null.</param>
/// <param name="Action">What is done.</param>
/// <param name="Fields">Which fields; for a delete what the record said.</param>
public sealed record Write(string Object, RecordId Id, ExternalKey? Key, WriteAction Action, IReadOnlyList<FieldWrite> Fields)
{
    /// <summary>Whose row ends, where the fields do not say it; none else. Not written, and no part of the identity.</summary>
    public RecordId User { get; init; }

    /// <summary>The role that somebody gets or loses by it; null where nobody does. Not written, and no part of the identity.</summary>
    public PocRole? Role { get; init; }

    /// <summary>What a field becomes, or nothing where it is not written.</summary>
    public PlannedValue this[string field] => Fields.FirstOrDefault(f => f.Field == field)?.After ?? PlannedValue.None;

    /// <summary>What identifies the write, without the day of writing: record, field and value, or the key.</summary>
    public string Identity => Key is not null
        ? $"{Object}|{Action}|{Key}"
        : $"{Object}|{Action}|{Id}|{string.Join('|', Fields.Select(f => $"{f.Field}={(Action == WriteAction.Delete ? f.Before : f.After.ToString())}"))}";
}
