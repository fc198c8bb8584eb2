using System.Globalization;

namespace PocSync.Soql.Tests;

/// <summary>A row with one field of every type, named for it, and parents and binds by path.</summary>
internal sealed class Row : Dictionary<string, object?>
{
    public Row() : base(StringComparer.OrdinalIgnoreCase) { }

    public Row(Row other) : base(other, StringComparer.OrdinalIgnoreCase) { }

    private static readonly Dictionary<string, FieldType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Id"] = FieldType.Id,
        ["OwnerId"] = FieldType.Id,
        ["Name"] = FieldType.Text,
        ["Industry"] = FieldType.Text,
        ["Owner.Name"] = FieldType.Text,
        ["Owner.IsActive"] = FieldType.Boolean,
        ["IsActive"] = FieldType.Boolean,
        ["AnnualRevenue"] = FieldType.Number,
        ["Since"] = FieldType.Date,
        ["CreatedDate"] = FieldType.DateTime,
        ["Opens"] = FieldType.Time,
        ["Regions"] = FieldType.MultiPicklist,
        ["Description"] = FieldType.LongText,
        ["Cell"] = FieldType.Untyped,
        ["Other"] = FieldType.Untyped,
    };

    /// <summary>Sunday, 2026-11-22, 02:00 in Tokyo; still Saturday in UTC.</summary>
    public static readonly DateContext Tokyo = new(Instant("2026-11-21T17:00:00Z"), TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));

    public static readonly DateContext Utc = new(Instant("2026-11-22T12:00:00Z"), TimeZoneInfo.Utc);

    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static FieldAccess<Row>? Resolve(FieldPath path) =>
        Types.TryGetValue(path.ToString(), out var type) ? new(type, row => row.GetValueOrDefault(path.ToString())) : null;

    public static FieldAccess<Row>? Bind(FieldPath path) =>
        path.Parts[0] == "Account" && Types.TryGetValue(string.Join('.', path.Parts.Skip(1)), out var type)
            ? new(type, row => row.GetValueOrDefault(":" + path))
            : null;

    public bool Matches(string condition, DateContext? dates = null) =>
        Condition.Parse(condition, binds: true).Compile(Resolve, dates ?? Utc, Bind)(this);
}
