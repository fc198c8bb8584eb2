using System.Globalization;

namespace PocSync.Salesforce;

/// <summary>
/// Record ids from one (not included) to another (included), for queries that take the org too long in one piece. Halves are complements of each other in
/// the org's own order of ids; ours only has to put the border somewhere between.
/// </summary>
/// <param name="After">An id of 15 or 18 characters; null for no border.</param>
/// <param name="UpTo">An id of 15 or 18 characters.</param>
internal readonly record struct IdRange(string? After, string UpTo)
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>The query for the rows in the range.</summary>
    public TableQuery Of(TableQuery query) => query.And((After is null ? "" : string.Create(CultureInfo.InvariantCulture, $"Id > '{After}' AND ")) + $"Id <= '{UpTo}'");

    /// <summary>The two halves; null where the range is too narrow for that.</summary>
    public (IdRange Low, IdRange High)? Halves(string first)
    {
        var (low, high) = (Number(After ?? first), Number(UpTo));
        var middle = Text(low + (high - low) / 2);
        return high - low < 2 || low > high ? null : (this with { UpTo = middle }, this with { After = middle });
    }

    private static UInt128 Number(string id) => id[..15].Aggregate(UInt128.Zero, (n, c) => n * 62 + (UInt128)Digits.IndexOf(c, StringComparison.Ordinal));

    private static string Text(UInt128 number)
    {
        Span<char> text = stackalloc char[15];
        for (var i = text.Length - 1; i >= 0; i--, number /= 62)
        {
            text[i] = Digits[(int)(number % 62)];
        }

        return text.ToString();
    }
}
