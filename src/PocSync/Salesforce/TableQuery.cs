using System.Text;
using System.Text.RegularExpressions;

namespace PocSync.Salesforce;

/// <summary>
/// A flat query of one object: API names and parent paths (<c>Owner.Name</c>) as columns, a SOQL condition or none. A wrong name is an <see cref="ArgumentException"/>;
/// the condition is taken as it is: values in it go through <see cref="Quote"/>.
/// </summary>
public sealed partial record TableQuery
{
    public TableQuery(string @object, IReadOnlyList<string> columns, string? where = null)
    {
        if (columns.Count == 0)
            throw new ArgumentException($"A query of {@object} needs a column.", nameof(columns));
        foreach (var name in columns.Prepend(@object))
        {
            if (!Path().IsMatch(name))
                throw new ArgumentException($"'{OrgError.OneLine(name)}' is not the API name of an object or field.");
        }
        (Object, Columns, Where) = (@object, columns, where);
    }

    public string Object { get; }
    public IReadOnlyList<string> Columns { get; }
    public string? Where { get; }

    /// <summary>What the org says of the object, where it was asked: then an answer of another type than that is no answer.</summary>
    public ObjectDescribe? Describe { get; init; }

    /// <summary>Whether rows in the recycle bin are answered too.</summary>
    public bool WithDeleted { get; init; }

    /// <summary>Whether only the number of rows is asked for.</summary>
    public bool IsCount { get; init; }

    /// <summary>Whether the rows come by their ids.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>The row with the first or, where it is true, the last id alone; null for all rows.</summary>
    public bool? IsLast { get; init; }

    /// <summary>Of a query for sums the select list that makes its columns, the first of which are grouped by; null for rows. The org answers 2,000 groups and no more.</summary>
    public (string Select, int Groups)? Sums { get; init; }

    public string Soql => $"SELECT {(IsCount ? "COUNT()" : Sums?.Select ?? string.Join(',', Columns))} FROM {Object}{(Where is null ? "" : " WHERE " + Where)}{(Sums is { Groups: var groups } ? " GROUP BY " + string.Join(',', Columns.Take(groups)) : "")}{(IsOrdered ? " ORDER BY Id" : "")}{IsLast switch { true => " ORDER BY Id DESC LIMIT 1", false => " ORDER BY Id LIMIT 1", null => "" }}";

    public TableQuery And(string condition) =>
        new(Object, Columns, Where is null ? condition : $"({Where}) AND {condition}") { Describe = Describe, WithDeleted = WithDeleted, IsCount = IsCount, Sums = Sums };

    /// <summary>The value as a SOQL string literal.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('\'');
        foreach (var c in value)
        {
            _ = c switch
            {
                '\'' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when char.IsControl(c) => text.Append($"\\u{(int)c:X4}"),
                _ => text.Append(c),
            };
        }
        return text.Append('\'').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z]\w*(\.[A-Za-z]\w*){0,5}\z", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex Path();
}

/// <summary>
/// A table as it comes from the org, the same over REST and Bulk: a row has one text cell for each column, as an export has it. Null is null or blank;
/// booleans are <c>true</c> and <c>false</c>; numbers are invariant text; instants end in <c>Z</c>; ids have 18 characters. The rows come in no promised
/// order, are fetched as they are read, and may be read once. Enumerating throws <see cref="SalesforceException"/>.
/// </summary>
public sealed record TableRead(string Object, IReadOnlyList<string> Columns, IAsyncEnumerable<string?[]> Rows);
