using PocSync.Simulator.Schema;
using PocSync.Soql;

namespace PocSync.Simulator.Store;

/// <summary>
/// Builds an org from tables: standard objects, the package's metadata, and fields inferred from what neither knows. Rows are taken as they are; what
/// every org has and the data lacks is added: an organization, profiles, a user for the integration, a login row for each user.
/// </summary>
internal sealed class OrgLoader
{
    private readonly SimulatorOptions options;
    private readonly List<string> notes = [];

    private OrgLoader(SimulatorOptions options) => this.options = options;

    /// <exception cref="InvalidDataException">Data that no org can hold: an id that is none, or that is there twice.</exception>
    public static (Org Org, IReadOnlyList<string> Notes) Load(SimulatorOptions options)
    {
        var loader = new OrgLoader(options);
        return (loader.Load(), loader.notes);
    }

    /// <summary>The rows of the table that stands for validation rules.</summary>
    public static IEnumerable<ValidationRule> ValidationRules(IReadOnlyList<OrgTable> data)
    {
        foreach (var table in data.Where(t => t.Object.Equals("ValidationRule", StringComparison.OrdinalIgnoreCase)))
        {
            int At(string column) => table.Columns.ToList().FindIndex(c => c.Equals(column, StringComparison.OrdinalIgnoreCase));
            var (of, condition, message, field) = (At("Object"), At("Condition"), At("Message"), At("Field"));
            if (of < 0 || condition < 0 || message < 0)
                throw new InvalidDataException("The table ValidationRule needs the columns Object, Condition and Message.");
            foreach (var row in table.Rows)
            {
                var name = field >= 0 && field < row.Length && row[field] is { Length: > 0 } given ? given : null;
                yield return new(row[of] ?? "", row[condition] ?? "", row[message] ?? "", name);
            }
        }
    }

    private Org Load()
    {
        var given = options.Data.Where(t => !t.Object.Equals("ValidationRule", StringComparison.OrdinalIgnoreCase)).ToList();
        var schema = new OrgSchema(given);
        StandardObjects.AddTo(schema);
        var shipped = SourceMetadata.AddTo(schema);
        var tables = given.Concat(shipped.Where(s => !given.Any(g => g.Object.Equals(s.Object, StringComparison.OrdinalIgnoreCase)))).ToList();
        foreach (var table in tables)
            if (!schema.TryFind(table.Object, out _))
                schema.Add(InferredFields.Object(schema, table));
        foreach (var table in tables)
            for (var i = 0; i < table.Columns.Count; i++)
                if (schema[table.Object].Find(table.Columns[i]) is null)
                    schema[table.Object].Add(InferredFields.Field(schema, table, i));
        schema.LinkChildren();

        var org = new Org(schema, new OrgClock(options.Clock, options.ClockStart, options.ClockSpeed), options.Seed);
        foreach (var table in tables)
            Fill(org, table);
        AddOrganization(org);
        AddProfiles(org);
        AddIntegrationUser(org);
        AddLogins(org);
        foreach (var table in schema.Objects.Select(o => org[o]))
            Complete(org, table);
        org.Zone = Zone(org);
        return org;
    }

    private void Fill(Org org, OrgTable source)
    {
        var table = org[source.Object];
        var schema = table.Schema;
        var fields = source.Columns.Select(c => schema.Find(c)!).ToList();
        var idColumn = fields.FindIndex(f => f.Type == ApiType.Id);
        var deletedColumn = fields.FindIndex(f => f.Name == "IsDeleted");
        var unread = new int[fields.Count];
        var pool = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var n = 0; n < source.Rows.Count; n++)
        {
            var cells = source.Rows[n];
            var text = idColumn >= 0 && idColumn < cells.Length ? cells[idColumn] : null;
            string? id;
            if (string.IsNullOrEmpty(text))
                id = org.NewId(schema);
            else if (!RecordId.TryNormalize(text, out id))
                throw new InvalidDataException($"{source.Object}, row {n + 1}: '{text}' is not a record id of 15 or 18 characters.");
            if (table.Find(id) >= 0)
                throw new InvalidDataException($"{source.Object}, row {n + 1}: the id {id} is there twice.");
            var row = table.Add(id);
            for (var i = 0; i < fields.Count && i < cells.Length; i++)
            {
                if (i == idColumn || string.IsNullOrEmpty(cells[i]))
                    continue;
                if (!CellText.TryRead(fields[i].Type, cells[i], out var value))
                    unread[i]++;
                if (value is string shared && fields[i].Type is ApiType.Reference or ApiType.Picklist)
                {
                    // One copy of each id and picklist value, however many rows name it.
                    if (!pool.TryGetValue(value as string ?? "", out var first) && value is string added)
                        pool.Add(added, first = added);
                    value = first;
                }
                table.ColumnOf(fields[i]).Set(row, value);
            }
            if (deletedColumn >= 0 && deletedColumn < cells.Length && CellText.TryRead(ApiType.Boolean, cells[deletedColumn], out var deleted)
                && deleted is true)
                table.SetState(row, schema.BypassesRecycleBin ? RowState.Purged : RowState.Deleted);
        }
        for (var i = 0; i < fields.Count; i++)
            if (unread[i] > 0)
                notes.Add($"{source.Object}.{fields[i].Name}: {unread[i]} cells are no {fields[i].Type.DescribeName()} and were left blank.");
    }

    private static void AddOrganization(Org org)
    {
        var table = org["Organization"];
        if (table.Slots == 0)
        {
            var row = table.Add(SalesforceId.Make("00D", "sm", 1));
            Put(table, row, "Name", "Simulated Org");
        }
        foreach (var (field, value) in (IEnumerable<(string, string)>)
            [("TimeZoneSidKey", "GMT"), ("DefaultLocaleSidKey", "en_US"), ("LanguageLocaleKey", "en_US"), ("OrganizationType", "Developer Edition"),
                ("InstanceName", "SIM1"), ("DefaultAccountAccess", "Read")])
            PutIfBlank(table, 0, field, value);
        org.OrganizationId = table.Id(0);
    }

    private static void AddProfiles(Org org)
    {
        var table = org["Profile"];
        foreach (var name in (string[])["System Administrator", "Standard User"])
            if (!table.LiveRows().Any(r => (string?)table[r, table.Schema["Name"]] == name))
            {
                var row = table.Add(org.NewId(table.Schema));
                Put(table, row, "Name", name);
                Put(table, row, "UserType", "Standard");
            }
    }

    private void AddIntegrationUser(Org org)
    {
        var table = org["User"];
        var username = table.Schema["Username"];
        if (options.RunAs is { } wanted)
        {
            var found = RecordId.TryNormalize(wanted, out var id) && table.Find(id) >= 0
                ? table.Find(id)
                : table.LiveRows().FirstOrDefault(r => wanted.Equals(table.Text(r, username), StringComparison.OrdinalIgnoreCase), -1);
            if (found < 0)
                throw new InvalidDataException($"No user has the username or id '{wanted}' to run as.");
            org.RunAsUserId = table.Id(found);
            return;
        }
        var row = table.LiveRows()
            .FirstOrDefault(r => table.Text(r, username)?.StartsWith("integration", StringComparison.OrdinalIgnoreCase) == true, -1);
        if (row < 0)
        {
            row = table.Add(org.NewId(table.Schema));
            foreach (var (field, value) in (IEnumerable<(string, object)>)
                [("Username", "integration@simulator.example"), ("LastName", "User"), ("FirstName", "Integration"),
                    ("Email", "integration@simulator.example"),
                    ("Alias", "integ"), ("IsActive", true), ("CreatedDate", org.Now)])
                Put(table, row, field, value);
            var profiles = org["Profile"];
            Put(table, row, "ProfileId",
                profiles.Id(profiles.LiveRows().First(r => (string?)profiles[r, profiles.Schema["Name"]] == "System Administrator")));
        }
        org.RunAsUserId = table.Id(row);
    }

    private void AddLogins(Org org)
    {
        var (users, logins) = (org["User"], org["UserLogin"]);
        var activeGiven = options.Data.Any(t =>
            t.Object.Equals("User", StringComparison.OrdinalIgnoreCase) && t.Columns.Contains("IsActive", StringComparer.OrdinalIgnoreCase));
        var userOfLogin = logins.Schema["UserId"];
        foreach (var row in users.LiveRows())
        {
            if (!activeGiven)
                Put(users, row, "IsActive", true);
            PutIfBlank(users, row, "UserType", "Standard");
            if (logins.LiveRows(userOfLogin, users.Id(row)).Any())
                continue;
            var login = logins.Add(org.NewId(logins.Schema));
            logins.Set(login, userOfLogin, users.Id(row)); // through the index just used
        }
    }

    /// <summary>Fills in what no row of a real org lacks: a modification stamp, who wrote it, a team member's access levels, the name of a person, the number of a numbered
    /// row.</summary>
    private static void Complete(Org org, Table table)
    {
        var schema = table.Schema;
        var (created, modified, stamp, name) = (schema.Find("CreatedDate"), schema.Find("LastModifiedDate"), schema.Find("SystemModstamp"),
            schema.NameField);
        var writers = new[] { schema.Find("CreatedById"), schema.Find("LastModifiedById") }.OfType<Field>().ToList();
        var isPerson = schema.Find("LastName") is not null;
        var levels = schema.Name == "AccountTeamMember" ? schema.Fields.Where(f => f.Default is not null && f.Type == ApiType.Picklist).ToList() : [];
        for (var row = 0; row < table.Slots; row++)
        {
            var last = Value(stamp) ?? Value(modified) ?? Value(created) ?? org.Now;
            if (stamp is not null && Value(stamp) is null)
                table.ColumnOf(stamp).Set(row, last);
            if (modified is not null && Value(modified) is null)
                table.ColumnOf(modified).Set(row, last);
            foreach (var writer in writers)
                if (Value(writer) is null)
                    table.ColumnOf(writer).Set(row, org.RunAsUserId);
            foreach (var level in levels.Where(l => table.ColumnOf(l).Get(row) is null))
                table.ColumnOf(level).Set(row, level.Default);
            if (name is not null && table.ColumnOf(name).Get(row) is null)
            {
                if (isPerson)
                    table.ColumnOf(name).Set(row,
                        $"{table[row, schema["FirstName"]]} {table[row, schema["LastName"]]}".Trim() is { Length: > 0 } full ? full : null);
                else if (name.AutoNumber is not null)
                    table.ColumnOf(name).Set(row, org.NextNumber(schema, name));
            }
            object? Value(Field? field) => field is null ? null : table.ColumnOf(field).Get(row);
        }
    }

    private TimeZoneInfo Zone(Org org)
    {
        var key = (string?)org["Organization"][0, org.Schema["Organization"]["TimeZoneSidKey"]] ?? "GMT";
        if (TimeZoneInfo.TryFindSystemTimeZoneById(key, out var zone))
            return zone;
        notes.Add($"Organization.TimeZoneSidKey '{key}' is no known time zone; the org runs in UTC.");
        return TimeZoneInfo.Utc;
    }

    private static void Put(Table table, int row, string field, object? value) => table.ColumnOf(table.Schema[field]).Set(row, value);

    private static void PutIfBlank(Table table, int row, string field, object? value)
    {
        if (table.ColumnOf(table.Schema[field]).Get(row) is null)
            Put(table, row, field, value);
    }
}
