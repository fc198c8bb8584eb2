namespace PocSync.Soql.Tests;

/// <summary>A small org: three accounts, their contacts, cases and opportunities, users and a queue. Rows are dictionaries.</summary>
internal sealed class Org : IObjectSource
{
    private readonly Dictionary<string, (QueryObject Object, List<Dictionary<string, object?>> Rows)> objects = new(StringComparer.OrdinalIgnoreCase);

    public bool OffersLookup { get; init; }

    public int Scans { get; private set; }

    public int Lookups { get; private set; }

    public static string Id(string prefix, int number) => RecordId.TryNormalize($"{prefix}{number:D12}", out var id) ? id : throw new ArgumentException(prefix);

    public static readonly string Acme = Id("001", 1), Beta = Id("001", 2), Zeta = Id("001", 3);
    public static readonly string Ann = Id("005", 1), Bob = Id("005", 2), Support = Id("00G", 1);

    public Org()
    {
        var user = Reference("OwnerId", "Owner", "User");
        Add("User", [Text("Name"), Text("Email"), Flag("IsActive"), Reference("ManagerId", "Manager", "User")], []);
        Add("Group", [Text("Name"), Text("Type"), Text("DeveloperName")], []);
        Add("GroupMember", [Reference("GroupId", "Group", "Group"), Reference("UserOrGroupId", null, "Group", "User")], []);
        Add("Account",
            [
                Text("Name"), Text("Industry"), user, Reference("ParentId", "Parent", "Account"), Number("AnnualRevenue"), Date("LastActivityDate"),
                Field("CreatedDate", FieldType.DateTime), Field("Description", FieldType.LongText), Field("Regions__c", FieldType.MultiPicklist), Text("Tier__c"),
            ],
            [new("Contacts", "Contact", "AccountId"), new("Opportunities", "Opportunity", "AccountId"), new("Cases", "Case", "AccountId"), new("ChildAccounts", "Account", "ParentId")]);
        Add("Contact", [Text("LastName"), Text("Email"), Reference("AccountId", "Account", "Account"), Reference("ReportsToId", "ReportsTo", "Contact")], [new("Cases", "Case", "ContactId")]);
        Add("Opportunity", [Text("StageName"), Number("Amount"), Date("CloseDate"), Flag("IsClosed"), Reference("AccountId", "Account", "Account")], []);
        Add("Case", [Text("Subject"), Reference("OwnerId", "Owner", "Group", "User"), Reference("AccountId", "Account", "Account"), Reference("ContactId", "Contact", "Contact")], []);

        Add("Task", [Text("Subject"), Reference("WhatId", "What", "Account", "Case", "Opportunity"), Reference("WhoId", "Who", "Contact", "Lead"), Field("CreatedDate", FieldType.DateTime)], []);

        Insert("User", Ann, ("Name", "Ann"), ("Email", "ann@x.example"), ("IsActive", true), ("ManagerId", Bob));
        Insert("User", Bob, ("Name", "Bob"), ("IsActive", false));
        Insert("Group", Support, ("Name", "Support"), ("Type", "Queue"), ("DeveloperName", "Support_Queue"));
        Insert("GroupMember", Id("011", 1), ("GroupId", Support), ("UserOrGroupId", Ann));
        Insert("Account", Acme, ("Name", "Acme"), ("Industry", "Energy"), ("OwnerId", Ann), ("AnnualRevenue", 100m), ("Regions__c", "North;South"),
            ("CreatedDate", Tests.Row.Instant("2026-01-01T00:00:00Z")), ("LastActivityDate", Tests.Row.Day("2026-11-20")), ("Tier__c", "Gold"));
        Insert("Account", Beta, ("Name", "beta"), ("Industry", "Retail"), ("OwnerId", Bob), ("ParentId", Acme), ("AnnualRevenue", 300m), ("Regions__c", "East"),
            ("CreatedDate", Tests.Row.Instant("2026-02-01T00:00:00Z")));
        Insert("Account", Zeta, ("Name", "Zeta"), ("Industry", "ENERGY"), ("OwnerId", Id("005", 9)), ("CreatedDate", Tests.Row.Instant("2026-03-01T00:00:00Z")));
        Insert("Contact", Id("003", 1), ("LastName", "Young"), ("AccountId", Acme), ("Email", "y@acme.example"));
        Insert("Contact", Id("003", 2), ("LastName", "Old"), ("AccountId", Acme), ("ReportsToId", Id("003", 1)));
        Insert("Contact", Id("003", 3), ("LastName", "Young"));
        Insert("Contact", Id("003", 4), ("LastName", "Quarry"), ("AccountId", Beta));
        Insert("Opportunity", Id("006", 1), ("StageName", "Closed Lost"), ("Amount", 10m), ("IsClosed", true), ("AccountId", Acme), ("CloseDate", Tests.Row.Day("2026-11-01")));
        Insert("Opportunity", Id("006", 2), ("StageName", "Open"), ("Amount", 25.5m), ("IsClosed", false), ("AccountId", Acme), ("CloseDate", Tests.Row.Day("2026-12-01")));
        Insert("Opportunity", Id("006", 3), ("StageName", "open"), ("IsClosed", false), ("AccountId", Beta));
        Insert("Case", Id("500", 1), ("Subject", "Broken"), ("OwnerId", Support), ("AccountId", Acme), ("ContactId", Id("003", 1)));
        Insert("Case", Id("500", 2), ("Subject", "Late"), ("OwnerId", Ann), ("AccountId", Acme));
        Insert("Task", Id("00T", 1), ("Subject", "Call"), ("WhatId", Acme), ("WhoId", Id("003", 1)), ("CreatedDate", Tests.Row.Instant("2025-12-31T23:30:00Z")));
        Insert("Task", Id("00T", 2), ("Subject", "Mail"), ("WhatId", Id("006", 2)), ("CreatedDate", Tests.Row.Instant("2026-02-01T12:00:00Z")));
        Insert("Task", Id("00T", 3), ("Subject", "Fix"), ("WhatId", Id("500", 1)), ("CreatedDate", Tests.Row.Instant("2026-02-28T00:00:00Z")));
        Insert("Task", Id("00T", 4), ("Subject", "Idle"));
    }

    public Func<object, bool>? Scope(QueryObject @object, string name) => name.ToLowerInvariant() switch
    {
        "everything" => _ => true,
        "mine" when @object.Field("OwnerId") is { } owner => row => Ann.Equals(owner.Read(row)),
        _ => null,
    };

    public QueryObject? Object(string name) => objects.TryGetValue(name, out var found) ? found.Object : null;

    public IEnumerable<object> Rows(QueryObject @object)
    {
        Scans++;
        return objects[@object.Name].Rows;
    }

    public object? Row(QueryObject @object, string id)
    {
        return objects[@object.Name].Rows.Find(row => id.Equals(row["Id"]));
    }

    public IEnumerable<object>? Lookup(QueryObject @object, QueryField field, IReadOnlyCollection<string> ids)
    {
        if (!OffersLookup)
            return null;
        Lookups++;
        return objects[@object.Name].Rows.Where(row => row.GetValueOrDefault(field.Name) is string id && ids.Contains(id));
    }

    public QueryResult Run(string soql, DateContext? dates = null) => QueryEvaluator.Run(Query.Parse(soql), this, dates ?? Tests.Row.Utc);

    /// <summary>The records as text: name=value, parents in braces, children in brackets.</summary>
    public string[] Print(string soql)
    {
        var result = Run(soql);
        return [.. result.Records().Select(record => Print(record, result.Columns))];
    }

    private static string Print(QueryRecord record, IReadOnlyList<QueryColumn> columns) => string.Join(" ", columns.Select((column, i) => $"{column.Name}=" + record.Values[i] switch
    {
        null => "null",
        QueryRecord parent => $"{parent.Type}{{{Print(parent, parent.Columns ?? column.Columns)}}}",
        QueryResult children => $"[{string.Join(", ", children.Records().Select(child => Print(child, column.Columns)))}]",
        DateOnly day => day.ToString("yyyy-MM-dd"),
        IFormattable value => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        var value => value.ToString(),
    }));

    private void Add(string name, QueryField[] fields, ChildRelationship[] children) =>
        objects[name] = (new(name, [Field("Id", FieldType.Id), .. fields], children), []);

    private void Insert(string name, string id, params (string, object?)[] values)
    {
        var row = values.ToDictionary(value => value.Item1, value => value.Item2);
        row["Id"] = id;
        objects[name].Rows.Add(row);
    }

    private static QueryField Field(string name, FieldType type) => new(name, type, row => ((Dictionary<string, object?>)row).GetValueOrDefault(name));

    private static QueryField Text(string name) => Field(name, FieldType.Text);

    private static QueryField Number(string name) => Field(name, FieldType.Number);

    private static QueryField Date(string name) => Field(name, FieldType.Date);

    private static QueryField Flag(string name) => Field(name, FieldType.Boolean);

    private static QueryField Reference(string name, string? relationship, params string[] targets) =>
        Field(name, FieldType.Id) with { Relationship = relationship, References = targets };
}
