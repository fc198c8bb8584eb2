using PocSync.Simulator.Schema;
using PocSync.Soql;

namespace PocSync.Simulator.Store;

/// <summary>
/// The org: schema, rows, clock and settings. Whoever reads rows holds <see cref="Lock"/> for reading, whoever writes them holds it for writing; a
/// page of a query, one chunk of a Bulk upload or a whole composite call is one such section.
/// </summary>
internal sealed class Org
{
    private readonly Dictionary<SObject, Table> tables;
    private readonly Dictionary<SObject, long> serials = [];
    private readonly Dictionary<Field, long> numbers = [];
    private readonly string instance;

    public Org(OrgSchema schema, OrgClock clock, int seed)
    {
        Schema = schema;
        Clock = clock;
        Started = Now;
        instance = SalesforceId.Base62(Math.Abs((long)seed) % 62 * 62 + 41, 2);
        tables = schema.Objects.ToDictionary(o => o, o => new Table(o, Journal));
    }

    public ReaderWriterLockSlim Lock { get; } = new(LockRecursionPolicy.NoRecursion);

    public OrgSchema Schema { get; }

    public OrgClock Clock { get; }

    public OrgSettings Settings { get; } = new();

    /// <summary>When the org began: its schema has not changed since.</summary>
    public DateTimeOffset Started { get; }

    public Journal Journal { get; } = new();

    public Table this[SObject schema] => tables[schema];

    public Table this[string name] => tables[Schema[name]];

    public string OrganizationId { get; set; } = "";

    /// <summary>Whom client credentials sign in as.</summary>
    public string RunAsUserId { get; set; } = "";

    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>Now, in whole seconds as the platform keeps instants.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow() is var now
        ? new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero) : default;

    public DateContext Dates => new(Clock.GetUtcNow(), Zone);

    /// <summary>An id that no row of the object has.</summary>
    public string NewId(SObject of)
    {
        string id;
        do
            id = SalesforceId.Make(of.KeyPrefix ?? "000", instance, serials[of] = serials.GetValueOrDefault(of) + 1);
        while (tables[of].Find(id) >= 0);
        return id;
    }

    /// <summary>The next text of an auto-number field: <c>A-{0000}</c> gives A-0001.</summary>
    public string NextNumber(SObject of, Field field)
    {
        if (!numbers.TryGetValue(field, out var number))
            // Loaded rows are taken to be numbered from 1.
            number = Enumerable.Range(0, tables[of].Slots).Count(row => tables[of][row, field] is not null);
        numbers[field] = ++number;
        var format = field.AutoNumber!;
        var (open, close) = (format.IndexOf('{'), format.IndexOf('}'));
        return open < 0 || close < open ? format + number
            : format[..open] + number.ToString(new string('0', close - open - 1)) + format[(close + 1)..];
    }

    public (Table Table, int Row)? Find(string id)
    {
        if (Schema.OfId(id) is not { } schema)
            return null;
        var table = tables[schema];
        return table.Find(id) is >= 0 and var row ? (table, row) : null;
    }
}
