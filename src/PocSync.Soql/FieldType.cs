namespace PocSync.Soql;

/// <summary>
/// What a field's values compare as. In CLR terms: Id is a string of 18 characters; Text, MultiPicklist and LongText are strings, never ""
/// (which is null); Boolean is bool; Number is decimal; Date is DateOnly; DateTime is DateTimeOffset; Time is TimeOnly; Untyped is the raw
/// string of an export's cell, which takes the type of the value it is compared with.
/// </summary>
public enum FieldType { Id, Text, Boolean, Number, Date, DateTime, Time, MultiPicklist, LongText, Untyped }

/// <summary>A field as written, e.g. Owner.Manager.Name; Offset is where it starts in the text.</summary>
public sealed record FieldPath(IReadOnlyList<string> Parts, int Offset)
{
    public override string ToString() => string.Join('.', Parts);
}

/// <summary>How to read a field of a row; null where the field or a parent on the way to it is blank.</summary>
public sealed record FieldAccess<TRow>(FieldType Type, Func<TRow, object?> Read);
