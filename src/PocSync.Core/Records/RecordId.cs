using System.Runtime.InteropServices;

namespace PocSync.Core.Records;

/// <summary>
/// A Salesforce record id. Fifteen case-sensitive characters packed in 16 bytes; shown and compared as the 18-character form, whose three check characters
/// follow from the fifteen. <c>default</c> is no id. Order is ordinal, the same for both forms.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct RecordId : IComparable<RecordId>
{
    private const string CheckAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    private readonly ulong _high;
    private readonly ulong _low;

    private RecordId(ulong high, ulong low) => (_high, _low) = (high, low);

    /// <summary>Whether this is no id at all.</summary>
    public bool IsNone => _high == 0;

    /// <summary>The three characters that say which object the record is of.</summary>
    public string KeyPrefix => IsNone ? "" : ToString()[..3];

    /// <summary>Whether this is the id of a user (key prefix 005).</summary>
    public bool IsUser => _high >> 40 == ('0' << 16 | '0' << 8 | '5');

    /// <summary>
    /// Reads 15 or 18 characters, white space around them ignored. The check characters of an 18-character id restore the case of its letters, because tools that
    /// ignore case change it; check characters that cannot belong to the id are ignored.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordId id)
    {
        id = default;
        text = text.Trim();
        if (text.Length is not (15 or 18))
        {
            return false;
        }

        Span<char> fifteen = stackalloc char[15];
        for (var i = 0; i < 15; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]))
            {
                return false;
            }

            fifteen[i] = text[i];
        }

        if (text.Length == 18 && !TryRestoreCase(fifteen, text[15..]))
        {
            text[..15].CopyTo(fifteen);
        }

        ulong high = 0, low = 0;
        for (var i = 0; i < 8; i++)
        {
            high = high << 8 | fifteen[i];
        }

        for (var i = 8; i < 15; i++)
        {
            low = low << 8 | fifteen[i];
        }

        id = new RecordId(high, low);
        return true;
    }

    private static bool TryRestoreCase(Span<char> fifteen, ReadOnlySpan<char> checks)
    {
        for (var i = 0; i < 15; i++)
        {
            var bits = CheckAlphabet.IndexOf(char.ToUpperInvariant(checks[i / 5]));
            var upper = (bits >> i % 5 & 1) == 1;
            if (bits < 0 || (upper && !char.IsAsciiLetter(fifteen[i])))
            {
                return false;
            }

            fifteen[i] = upper ? char.ToUpperInvariant(fifteen[i]) : char.ToLowerInvariant(fifteen[i]);
        }

        return true;
    }

    /// <summary>Reads an id that is known to be one. Throws <see cref="FormatException"/> otherwise.</summary>
    public static RecordId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a Salesforce id.");

    /// <inheritdoc/>
    public int CompareTo(RecordId other) => _high != other._high ? _high.CompareTo(other._high) : _low.CompareTo(other._low);

    /// <summary>The 18-character form, or an empty string for no id.</summary>
    public override string ToString()
    {
        if (IsNone)
        {
            return "";
        }

        return string.Create(18, this, static (text, id) =>
        {
            for (var i = 0; i < 8; i++)
            {
                text[i] = (char)(id._high >> (56 - 8 * i) & 0xFF);
            }

            for (var i = 0; i < 7; i++)
            {
                text[8 + i] = (char)(id._low >> (48 - 8 * i) & 0xFF);
            }

            for (var group = 0; group < 3; group++)
            {
                var bits = 0;
                for (var bit = 0; bit < 5; bit++)
                {
                    bits |= char.IsAsciiLetterUpper(text[group * 5 + bit]) ? 1 << bit : 0;
                }

                text[15 + group] = CheckAlphabet[bits];
            }
        });
    }
}
