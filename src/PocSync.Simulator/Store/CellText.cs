using System.Globalization;
using PocSync.Simulator.Schema;
using PocSync.Soql;

namespace PocSync.Simulator.Store;

/// <summary>Values as text: cells of an export or of a Bulk upload in, cells of a Bulk result out.</summary>
internal static class CellText
{
    private static readonly string[] Days = ["yyyy-MM-dd"];

    /// <summary>Reads a cell; blank text is null. False where the text is no value of the type.</summary>
    public static bool TryRead(ApiType type, string? text, out object? value)
    {
        value = null;
        if (string.IsNullOrEmpty(text))
            return true;
        switch (type.Soql())
        {
            case FieldType.Id:
                var known = RecordId.TryNormalize(text.Trim(), out var id);
                value = id;
                return known;
            case FieldType.Boolean:
                var truth = text.Trim();
                value = truth.Equals("true", StringComparison.OrdinalIgnoreCase) || truth == "1";
                return value is true || truth.Equals("false", StringComparison.OrdinalIgnoreCase) || truth == "0";
            case FieldType.Number:
                if (!decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                    return false;
                value = number;
                return true;
            case FieldType.Date:
                if (!TryReadDay(text.Trim(), out var day))
                    return false;
                value = day;
                return true;
            case FieldType.DateTime:
                if (!TryReadInstant(text.Trim(), out var instant))
                    return false;
                value = instant;
                return true;
            case FieldType.Time:
                if (!TimeOnly.TryParse(text.Trim().TrimEnd('Z'), CultureInfo.InvariantCulture, out var time))
                    return false;
                value = time;
                return true;
            default:
                value = text;
                return true;
        }
    }

    /// <summary>Without a zone it is UTC, as in an export.</summary>
    public static bool TryReadInstant(string text, out DateTimeOffset instant)
    {
        instant = default;
        return text.Length >= 10 && char.IsAsciiDigit(text[0]) && text[4] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out instant);
    }

    /// <summary>As a Bulk result's cell has it; null is empty.</summary>
    public static string Write(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString("0.################", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static bool TryReadDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        || (text.Length > 10 && text[10] is 'T' or ' '
            && DateOnly.TryParseExact(text[..10], Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out day));
}
