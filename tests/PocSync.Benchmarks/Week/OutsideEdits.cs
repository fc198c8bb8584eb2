using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PocSync.Simulator;

namespace PocSync.Benchmarks.Week;

/// <summary>
/// What people do in an org while a worker watches it, drawn at random: mostly edits that mean nothing to the rules, some that break them, now and then
/// people who leave and come. What is added is taken away again at the same rate, so that the org stays as large as it was.
/// </summary>
internal sealed class OutsideEdits(RunningSimulator org, int seed) : IDisposable
{
    /// <summary>The most that one call takes.</summary>
    private const int AtOnce = 200;

    private static readonly string[] Objects =
        ["Account", "User", "Contact", "Opportunity", "Case", "AccountTeamMember", "POC_Assignment__c", "POC_Handoff__c", "POC_Absence__c"];

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, List<string>> _ids = [];
    private readonly Dictionary<string, int> _atStart = [];
    private readonly List<string> _gone = [];
    private readonly HttpClient _http = new()
    {
        BaseAddress = org.Url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", org.AccessToken) },
    };

    private DateTime _today;

    /// <summary>How many the org took.</summary>
    public int Made { get; private set; }

    /// <summary>How many it refused, such as an owner who has left.</summary>
    public int Refused { get; private set; }

    /// <summary>Names of accounts and people.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Rows of the org now.</summary>
    public int Rows => _ids.Values.Sum(i => i.Count);

    public void Dispose() => _http.Dispose();

    /// <summary>Looks what there is: the worker adds rows too.</summary>
    public async Task LookAsync()
    {
        using var body = await _http.GetStreamAsync(new Uri("/_control/snapshot", UriKind.Relative));
        using var all = await JsonDocument.ParseAsync(body);
        foreach (var name in Objects)
        {
            var rows = all.RootElement.TryGetProperty(name, out var table)
                ? table.EnumerateArray().Where(r => !(r.TryGetProperty("IsDeleted", out var isDeleted) && isDeleted.GetBoolean())).ToList() : [];
            _ids[name] = rows.ConvertAll(r => r.GetProperty("Id").GetString()!);
            _atStart.TryAdd(name, rows.Count);
            if (name is "Account" or "User")
            {
                Names.UnionWith(rows.Select(r => r.GetProperty("Name").GetString()!).Where(n => n.Contains(' ', StringComparison.Ordinal)));
            }
        }
    }

    /// <summary>Makes so many, at a simulated instant.</summary>
    public async Task MakeAsync(int count, DateTimeOffset now)
    {
        _today = now.UtcDateTime.Date;
        var edits = Enumerable.Range(0, count).Select(_ => Draw()).OfType<Edit>().ToList();
        foreach (var kind in edits.GroupBy(e => (e.Kind, e.Object)))
        {
            // A call takes a record once.
            foreach (var some in kind.DistinctBy(e => e.Id ?? e.Fields!.GetHashCode().ToString(CultureInfo.InvariantCulture)).Chunk(AtOnce))
            {
                await SendAsync(kind.Key.Kind, kind.Key.Object, some);
            }
        }
    }

    private async Task SendAsync(EditKind kind, string objectName, Edit[] edits)
    {
        const string Path = "/services/data/v66.0/composite/sobjects";
        using var call = kind == EditKind.Delete
            ? new HttpRequestMessage(HttpMethod.Delete, $"{Path}?ids={string.Join(',', edits.Select(e => e.Id))}")
            : new HttpRequestMessage(kind == EditKind.Insert ? HttpMethod.Post : HttpMethod.Patch, Path)
            {
                Content = JsonContent.Create(new { records = edits.Select(e => e.Record) }),
            };
        using var answer = await _http.SendAsync(call);
        answer.EnsureSuccessStatusCode();
        var results = await answer.Content.ReadFromJsonAsync<List<JsonElement>>() ?? [];
        foreach (var (edit, result) in edits.Zip(results))
        {
            if (!result.GetProperty("success").GetBoolean())
            {
                Refused++;
                continue;
            }

            Made++;
            if (kind == EditKind.Insert && _ids.TryGetValue(objectName, out var known))
            {
                known.Add(result.GetProperty("id").GetString()!);
            }
            else if (kind == EditKind.Delete)
            {
                _ids[objectName].Remove(edit.Id!);
            }
        }
    }

    private Edit? Draw() => _random.Next(1000) switch
    {
        < 300 => Change("Account", ("AnnualRevenue", _random.Next(1, 900) * 10_000), ("Phone", Phone())),
        < 450 => Change("Contact", ("Phone", Phone())),
        < 600 => Change("Opportunity", ("Amount", _random.Next(1, 900) * 1_000), ("NextStep", "Call back")),
        < 680 => Add("Task", ("WhatId", Any("Account")), ("Subject", "Call"), ("Status", "Completed"), ("Priority", "Normal"), ("ActivityDate", Day(-30, 0))),
        < 730 => Change("Case", ("Status", _random.Next(3) == 0 ? "Closed" : "New")),
        < 780 => Change("Opportunity", ("CloseDate", Day(-1, 60)), ("StageName", _random.Next(3) == 0 ? "Closed Won" : "Negotiation")),
        < 820 => Change("Account", ("OwnerId", Any("User"))),
        < 870 => AddOrRemove("POC_Assignment__c", ("Account__c", Any("Account")), ("User__c", Any("User")),
            ("Role__c", _random.Next(2) == 0 ? "Primary" : "Backup"), ("Starts_On__c", Day(-9, 3))),
        < 890 => Change("POC_Assignment__c", ("Ends_On__c", Day(-1, 3))),
        < 915 => AddOrRemove("POC_Handoff__c", ("Account__c", Any("Account")), ("To_User__c", Any("User")), ("Status__c", "Documenting"),
            ("Effective_On__c", Day(-9, 0)), ("Due_On__c", Day(-1, 5))),
        < 925 => Change("POC_Handoff__c", ("Status__c", "Completed")),
        < 945 => AddOrRemove("POC_Absence__c", ("User__c", Any("User")), ("Starts_On__c", Day(-1, 3)), ("Ends_On__c", Day(4, 9))),
        < 960 => AddOrRemove("Opportunity", ("Name", "Renewal"), ("AccountId", Any("Account")), ("StageName", "Prospecting"), ("CloseDate", Day(5, 90))),
        < 970 => AddOrRemove("AccountTeamMember", ("AccountId", Any("Account")), ("UserId", Any("User")), ("TeamMemberRole", "Sales Rep")),
        < 980 => AddOrRemove("Account", ("Name", "Newcomer"), ("OwnerId", Any("User")), ("AnnualRevenue", 500_000)),
        < 995 => Change("Account", ("POC_Exempt_Until__c", _random.Next(2) == 0 ? null : Day(0, 20))),
        _ => LeaveOrCome(),
    };

    /// <summary>Never more than a tenth of the people are gone.</summary>
    private Edit? LeaveOrCome()
    {
        string id;
        var leaves = _gone.Count < _ids["User"].Count / 10 && _random.Next(2) == 0;
        if (leaves)
        {
            _gone.Add(id = Any("User"));
        }
        else if (_gone.Count > 0)
        {
            id = _gone[_random.Next(_gone.Count)];
            _gone.RemoveAll(g => g == id);
        }
        else
        {
            return null;
        }

        return new Edit(EditKind.Update, "User", id, Fields(("IsActive", !leaves)));
    }

    private Edit AddOrRemove(string objectName, params (string Name, object? Value)[] fields) =>
        _ids[objectName].Count > _atStart[objectName] + 50 || _ids[objectName].Count > _atStart[objectName] && _random.Next(2) == 0
            ? new Edit(EditKind.Delete, objectName, Any(objectName), null) : Add(objectName, fields);

    private static Edit Add(string objectName, params (string Name, object? Value)[] fields) => new(EditKind.Insert, objectName, null, Fields(fields));

    private Edit? Change(string objectName, params (string Name, object? Value)[] fields) =>
        _ids[objectName].Count == 0 ? null : new Edit(EditKind.Update, objectName, Any(objectName), Fields(fields));

    private static Dictionary<string, object?> Fields(params (string Name, object? Value)[] fields) => fields.ToDictionary(f => f.Name, f => f.Value);

    private string Any(string objectName) => _ids[objectName][_random.Next(_ids[objectName].Count)];

    private string Phone() => string.Create(CultureInfo.InvariantCulture, $"+49 30 {_random.Next(100_000, 999_999)}");

    private string Day(int from, int to) => _today.AddDays(_random.Next(from, to + 1)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private enum EditKind
    {
        Insert,
        Update,
        Delete,
    }

    private sealed record Edit(EditKind Kind, string Object, string? Id, Dictionary<string, object?>? Fields)
    {
        /// <summary>As a call of many records takes it.</summary>
        public Dictionary<string, object?> Record
        {
            get
            {
                var record = new Dictionary<string, object?> { ["attributes"] = new { type = Object } };
                if (Id is not null)
                {
                    record["Id"] = Id;
                }

                foreach (var (name, value) in Fields!)
                {
                    record[name] = value;
                }

                return record;
            }
        }
    }
}
