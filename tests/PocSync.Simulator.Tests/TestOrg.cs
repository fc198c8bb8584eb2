using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PocSync.Simulator.Tests;

/// <summary>A small org behind real HTTP, and the calls that tests make to it.</summary>
internal sealed class TestOrg : IAsyncDisposable
{
    public const string Acme = "0015f0000000001AAA", Beta = "0015f0000000002AAA";
    public const string Ann = "0055f0000000001AAA", Bob = "0055f0000000002AAA", Cid = "0055f0000000003AAA", Gone = "0055f0000000004AAA",
        Partner = "0055f0000000005AAA", Frozen = "0055f0000000006AAA", Robot = "0055f0000000009AAA";
    public const string Queue = "00G5f0000000001EAA", Data = "/services/data/v66.0";

    private readonly HttpClient http;

    private TestOrg(RunningSimulator simulator)
    {
        Simulator = simulator;
        http = new HttpClient { BaseAddress = simulator.Url };
        Token = simulator.AccessToken;
    }

    public RunningSimulator Simulator { get; }

    public string Token { get; set; }

    /// <summary>Two accounts of Ann's, of whom the first has a team of Bob and Cid, contacts, opportunities and manual shares.</summary>
    public static IReadOnlyList<OrgTable> SmallData { get; } =
    [
        new("User", ["Id", "Username", "FirstName", "LastName", "Email", "Alias", "IsActive", "UserType", "ManagerId"],
        [
            [Ann, "ann@x.example", "Ann", "Able", "ann@x.example", "ann", "true", "Standard", Cid],
            [Bob, "bob@x.example", "Bob", "Back", "bob@x.example", "bob", "true", "Standard", Cid],
            [Cid, "cid@x.example", "Cid", "Chief", "cid@x.example", "cid", "true", "Standard", null],
            [Gone, "gone@x.example", "Gone", "Girl", "gone@x.example", "gone", "false", "Standard", null],
            [Partner, "par@x.example", "Par", "Tner", "par@x.example", "par", "true", "PowerPartner", null],
            [Frozen, "ice@x.example", "Ice", "Frozen", "ice@x.example", "ice", "true", "Standard", null],
            [Robot, "integration@x.example", "Robot", "User", "robot@x.example", "robot", "true", "Standard", null],
        ]),
        new("UserLogin", ["Id", "UserId", "IsFrozen"], [["0Yw5f0000000001CAA", Frozen, "true"]]),
        new("Account", ["Id", "Name", "OwnerId", "Industry", "AnnualRevenue", "NumberOfEmployees", "BillingCity", "CreatedDate", "SystemModstamp",
            "Legacy_Key__c", "Score__c"],
        [
            [Acme[..15], "Acme", Ann[..15], "Technology", "100000000", "120", "Bonn", "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05.000Z", "k-1",
                "1.5"],
            [Beta, "Beta \"B\"", Ann, null, null, null, null, "2026-01-03T00:00:00.000Z", "2026-01-03T00:00:00.000Z", "k-2", "2"],
        ]),
        new("AccountTeamMember", ["Id", "AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel"],
            [["01M5f0000000001EAA", Acme, Bob, "Backup POC", "Edit"], ["01M5f0000000002EAA", Acme, Cid, "Sales Rep", "Read"]]),
        new("AccountShare", ["Id", "AccountId", "UserOrGroupId", "AccountAccessLevel", "OpportunityAccessLevel", "RowCause"],
            [["00r5f0000000001AAA", Acme, Cid, "Read", "None", "Manual"], ["00r5f0000000002AAA", Acme, Ann, "All", "Edit", "Owner"]]),
        new("Contact", ["Id", "AccountId", "FirstName", "LastName", "Email", "OwnerId"],
            [["0035f0000000001AAA", Acme, "Carla", "Customer", "carla@acme.example", Ann], ["0035f0000000002AAA", Acme, "Dora", "Dot", null, Bob]]),
        new("Opportunity", ["Id", "AccountId", "Name", "StageName", "CloseDate", "IsClosed", "Probability", "OwnerId"],
        [
            ["0065f0000000001AAA", Acme, "Open", "Prospecting", "2026-12-31", "false", "10", Ann],
            ["0065f0000000002AAA", Acme, "Won", "Closed Won", "2026-01-31", "true", "100", Ann],
        ]),
        new("Group", ["Id", "Name", "DeveloperName", "Type"], [[Queue, "Desk", "Desk", "Queue"]]),
    ];

    public static async Task<TestOrg> StartAsync(SimulatorOptions? options = null) =>
        new(await PocSync.Simulator.Simulator.StartAsync(options ?? new SimulatorOptions { Data = SmallData }));

    public async Task<Answer> SendAsync(string method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method),
            new Uri(Simulator.Url.GetLeftPart(UriPartial.Authority) + (path.StartsWith('/') ? path : $"{Data}/{path}")));
        if (Token.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (body is not null)
            request.Content = body as HttpContent
                ?? new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                throw new ArgumentException(name);
        using var response = await http.SendAsync(request);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Answer> FormAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync("POST", path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string soql, bool all = false)
    {
        var answer = await GetAsync($"{(all ? "queryAll" : "query")}?q={Uri.EscapeDataString(soql)}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return [.. answer.Json.GetProperty("records").EnumerateArray()];
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Simulator.DisposeAsync();
    }
}

internal sealed record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>Code of the first error, in any of Salesforce's shapes.</summary>
    public string? Code => Json switch
    {
        { ValueKind: JsonValueKind.Array } list when list[0].TryGetProperty("errorCode", out var code) => code.GetString(),
        { ValueKind: JsonValueKind.Array } list => list[0].GetProperty("errors")[0].GetProperty("statusCode").GetString(),
        var single => single.GetProperty("error").GetString(),
    };

    public string? Message => Json[0].GetProperty("message").GetString();
}
