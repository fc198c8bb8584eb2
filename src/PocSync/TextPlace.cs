namespace PocSync;

/// <summary>
/// A line and a column of UTF-8 text, both from 1, moved on as bytes go by. Columns count characters; LF, CRLF and CR end a line; a byte order mark is no character.
/// </summary>
public struct TextPlace()
{
    private bool _wasReturn;
    private bool _hasBegun;

    /// <summary>The line.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The column.</summary>
    public int Column { get; private set; } = 1;

    /// <summary>Goes on to behind some bytes.</summary>
    public void Pass(ReadOnlySpan<byte> utf8)
    {
        if (!_hasBegun && utf8.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }))
        {
            utf8 = utf8[3..];
        }

        _hasBegun = true;
        foreach (var b in utf8)
        {
            if (b == '\n' && _wasReturn)
            {
                _wasReturn = false;
                continue;
            }

            _wasReturn = b == '\r';
            if (b is (byte)'\n' or (byte)'\r')
            {
                (Line, Column) = (Line + 1, 1);
            }
            else if ((b & 0xC0) != 0x80)
            {
                Column++;
            }
        }
    }

    /// <summary>
    /// The place of a byte, by reading the text again up to it. Errors are rare and files large, so lines are counted only when somebody has to be told.
    /// </summary>
    public static TextPlace Find(Stream utf8, long offset)
    {
        var place = new TextPlace();
        var buffer = new byte[64 * 1024];
        for (long at = 0; at < offset;)
        {
            var count = utf8.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(buffer.Length, offset - at)), 1, throwOnEndOfStream: false);
            if (count == 0)
            {
                break;
            }

            place.Pass(buffer.AsSpan(0, count));
            at += count;
        }

        return place;
    }
}
