using System.Net.Mail;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Platform;

/// <summary>What the platform checks of a row's values before any trigger: access, required, length, range, picklist, e-mail, and that lookups lead
/// somewhere.</summary>
internal static class FieldChecks
{
    /// <exception cref="RowRefusedException">All errors of the first kind that is found.</exception>
    public static void Check(Org org, Draft draft, bool creating)
    {
        Refuse(draft.Errors);
        var closed = draft.Values.Select(v => v.Field).Where(f => creating ? !f.Createable : !f.Updateable).Select(f => f.Name).ToList();
        if (closed.Count > 0)
            throw new RowRefusedException("INVALID_FIELD_FOR_INSERT_UPDATE",
                $"Unable to create/update fields: {string.Join(", ", closed)}. Please check the security settings of this field "
                + "and verify that it is read/write for your profile or permission set.",
                closed);
        Refuse([.. draft.Values.Select(v => OfValue(org, v.Field, v.Value)).OfType<RowError>()]);
        var missing = (creating
                ? draft.Object.Fields.Where(f => f.RequiredOnCreate && (!draft.TryGet(f, out var given) || given is null))
                : draft.Values.Where(v => v.Value is null && !v.Field.Nillable && v.Field.Type != ApiType.Boolean && v.Field.Name != "OwnerId")
                    .Select(v => v.Field))
            .Select(f => f.Name).ToList();
        if (missing.Count > 0)
            throw new RowRefusedException("REQUIRED_FIELD_MISSING", $"Required fields are missing: [{string.Join(", ", missing)}]", missing);
        Refuse([.. draft.Values.Select(v => OfReference(org, v.Field, v.Value)).OfType<RowError>()]);
    }

    private static void Refuse(IReadOnlyList<RowError> errors)
    {
        if (errors.Count > 0)
            throw new RowRefusedException(errors);
    }

    private static RowError? OfValue(Org org, Field field, object? value) => value switch
    {
        null when field.Type == ApiType.Boolean => new("INVALID_TYPE_ON_FIELD_IN_RECORD", $"{field.Label}: value not of required type: ", field.Name),
        string text when field.Length > 0 && text.Length > field.Length && !field.Type.IsId() =>
            new("STRING_TOO_LONG", $"{field.Label}: data value too large: {text} (max length={field.Length})", field.Name),
        string text when field.RestrictedPicklist && field.Picklist.Count > 0 && BadPicklistValue(field, text) is { } bad =>
            new("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", $"{field.Label}: bad value for restricted picklist field: {bad}", field.Name),
        string text when field.Type == ApiType.Email && !MailAddress.TryCreate(text, out _) =>
            new("INVALID_EMAIL_ADDRESS", $"{field.Label}: invalid email address: {text}", field.Name),
        decimal number when field.Type == ApiType.Int && decimal.Truncate(number) != number =>
            new("INVALID_TYPE_ON_FIELD_IN_RECORD", $"{field.Label}: value not of required type: {number}", field.Name),
        decimal number when Math.Abs(number) >= Bound(field) =>
            new("NUMBER_OUTSIDE_VALID_RANGE", $"{field.Label}: value outside of valid range on numeric field: {number}", field.Name),
        string id when field.Type == ApiType.Reference && field.Name != "OwnerId" && field.ReferenceTo.Any(t => org.Schema.TryFind(t, out _))
            && !field.ReferenceTo.Contains(org.Schema.OfId(id)?.Name ?? "") =>
            new("FIELD_INTEGRITY_EXCEPTION", $"{field.Label}: id value of incorrect type: {id}", field.Name),
        _ => null,
    };

    private static string? BadPicklistValue(Field field, string text) =>
        (field.Type == ApiType.MultiPicklist ? text.Split(';') : [text])
            .FirstOrDefault(v => !field.Picklist.Contains(v, StringComparer.OrdinalIgnoreCase));

    private static decimal Bound(Field field) =>
        field.Type == ApiType.Int ? (decimal)Math.Pow(10, field.Length == 0 ? 9 : field.Length)
        : field.Precision > 0 ? (decimal)Math.Pow(10, Math.Min(18, field.Precision - field.Scale)) : decimal.MaxValue;

    /// <summary>The owner is not looked at here: it has rules of its own.</summary>
    private static RowError? OfReference(Org org, Field field, object? value)
    {
        if (field.Type != ApiType.Reference || field.Name == "OwnerId" || value is not string id || org.Schema.OfId(id) is not { } target)
            return null;
        var table = org[target];
        return table.Find(id) switch
        {
            < 0 => new("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
            var row when !table.IsLive(row) => new("ENTITY_IS_DELETED", "entity is deleted"),
            _ => null,
        };
    }
}
