using System.Globalization;
using System.Text;

namespace PocSync.Soql;

/// <summary>How values are written: in SOQL, and in the cells of an export.</summary>
internal static class Literals
{
    public const int LongestText = 4_000;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    private static readonly string[] WithZone = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];
    private static readonly string[] Cells = [.. WithZone, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];
    private static readonly string[] Times = ["HH:mm:ss.FFFFFFF'Z'", "HH:mm:ss.FFFFFFF"];

    /// <summary>Null where the literal is neither a number nor a date, datetime or time. A datetime carries a zone.</summary>
    public static Value? Read(ReadOnlySpan<char> literal, int offset)
    {
        if (TryNumber(literal, out var number))
            return new NumberValue(number, offset);
        if (TryDate(literal, out var day))
            return new DateValue(day, offset);
        if (DateTimeOffset.TryParseExact(literal, WithZone, Culture, DateTimeStyles.AssumeUniversal, out var instant))
            return new DateTimeValue(instant, offset);
        return TryTime(literal, out var time) ? new TimeValue(time, offset) : null;
    }

    public static bool TryNumber(ReadOnlySpan<char> text, out decimal number) => decimal.TryParse(text,
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, Culture, out number);

    public static bool TryDate(ReadOnlySpan<char> text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", Culture, DateTimeStyles.None, out day);

    public static bool TryTime(ReadOnlySpan<char> text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, Times, Culture, DateTimeStyles.None, out time);

    /// <summary>A datetime of an export; without a zone it is UTC.</summary>
    public static bool TryCellDateTime(ReadOnlySpan<char> text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, Cells, Culture, DateTimeStyles.AssumeUniversal, out instant);

    /// <summary>The text between the quotes; a LIKE pattern keeps \%, \_ and \\ as they are.</summary>
    public static string Unescape(string soql, Token token, bool pattern)
    {
        var value = new StringBuilder(token.Length - 2);
        for (var i = token.Offset + 1; i < token.End - 1; i++)
        {
            if (soql[i] != '\\')
            {
                value.Append(soql[i]);
                continue;
            }
            var escape = soql[++i];
            if (pattern && escape is '%' or '_' or '\\')
                value.Append('\\').Append(escape);
            else if (escape is 'u' or 'U' && ushort.TryParse(soql.AsSpan(i + 1, Math.Min(4, token.End - i - 2)), NumberStyles.AllowHexSpecifier, Culture, out var code)
                     && i + 4 < token.End - 1)
            {
                value.Append((char)code);
                i += 4;
            }
            else
                value.Append(escape switch
                {
                    'n' or 'N' => '\n',
                    'r' or 'R' => '\r',
                    't' or 'T' => '\t',
                    'b' or 'B' => '\b',
                    'f' or 'F' => '\f',
                    '"' or '\'' or '\\' => escape,
                    '%' or '_' => throw new SoqlException(soql, i - 1, $"\\{escape} can stand only in the pattern of LIKE"),
                    _ => throw new SoqlException(soql, i - 1,
                        $"a backslash can stand only in \\n \\r \\t \\b \\f \\\" \\' \\\\ and \\uXXXX, and in \\% and \\_ after LIKE; found {Lexer.Describe(soql, new(TokenKind.Other, i - 1, 2))}"),
                });
        }
        if (value.Length > LongestText)
            throw new SoqlException(soql, token.Offset, $"a text can have at most 4,000 characters; this one has {value.Length.ToString("N0", Culture)}");
        return value.ToString();
    }
}
