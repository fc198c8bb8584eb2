using System.Globalization;
using PocSync.Soql;

namespace PocSync.Core.Records;

/// <summary>Reads the text of an export's cell as a field's type. False where the text is not such a value; blank text never gets here.</summary>
public static class CellText
{
    private static readonly string[] InstantForms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    /// <summary><c>true</c>, <c>false</c>, <c>1</c>, <c>0</c>.</summary>
    public static bool TryBoolean(string text, out bool value)
    {
        text = text.Trim();
        value = text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || text == "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A number, with or without exponent.</summary>
    public static bool TryNumber(string text, out decimal value) =>
        decimal.TryParse(text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    /// <summary><c>2026-01-31</c>.</summary>
    public static bool TryDate(string text, out DateOnly value) =>
        DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);

    /// <summary><c>2026-01-31T08:00:00.000Z</c>, <c>...+0000</c>, <c>2026-01-31 08:00:00</c>; without a zone it is UTC.</summary>
    public static bool TryInstant(string text, out DateTimeOffset value)
    {
        text = text.Trim();
        return DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
    }

    /// <summary>The value of a field of a type, as conditions take it; an untyped one stays text.</summary>
    public static bool TryValue(FieldType type, string text, out object? value)
    {
        switch (type)
        {
            case FieldType.Id:
                var isId = RecordId.TryParse(text, out var id);
                value = isId ? id.ToString() : null;
                return isId;
            case FieldType.Boolean:
                var isBoolean = TryBoolean(text, out var boolean);
                value = isBoolean ? boolean : null;
                return isBoolean;
            case FieldType.Number:
                var isNumber = TryNumber(text, out var number);
                value = isNumber ? number : null;
                return isNumber;
            case FieldType.Date:
                var isDate = TryDate(text, out var date);
                value = isDate ? date : null;
                return isDate;
            case FieldType.DateTime:
                var isInstant = TryInstant(text, out var instant);
                value = isInstant ? instant : null;
                return isInstant;
            default:
                value = text;
                return true;
        }
    }
}
