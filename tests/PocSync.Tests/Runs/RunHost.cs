using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Cli;
using PocSync.Tests.Ledger;
using PocSync.Tests.Salesforce;

namespace PocSync.Tests.Runs;

/// <summary>A simulated org, a ledger and a rules file in a folder of their own, and the program's verbs on them.</summary>
internal sealed class RunHost : IAsyncDisposable
{
    public const string Ana = "0055f0000000001AAA", Ben = "0055f0000000002AAA", Cy = "0055f0000000003AAA", Dee = "0055f0000000004AAA",
        Gone = "0055f0000000005AAA";

    /// <summary>Everything that corrects does so by itself and at once.</summary>
    public const string Auto = """
        rules:
          one-primary: { mode: auto }
          primary-able: { mode: auto, graceHours: 0 }
          owner-is-primary: { mode: auto }
          backup-present: { mode: auto }
          backup-covers-absence: { mode: auto }
          one-role-each: { mode: auto }
          handoff-documented: { mode: auto }
        """;

    private readonly LiveOrgHost _org;
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    private RunHost(LiveOrgHost org, LedgerPlace ledger) => (_org, Ledger) = (org, ledger);

    public LiveOrgHost Org => _org;

    public Shell.StoppedClock Clock { get; } = new();

    public LedgerPlace Ledger { get; }

    public static string Account(int i) => RecordId.Parse($"0015f{i:D10}").ToString();

    public static Task<RunHost> StartAsync(string rules, params OrgTable[] data) => StartAsync(new SimulatorOptions(), rules, data);

    public static Task<RunHost> StartAsync(SimulatorOptions options, string rules, params OrgTable[] data) =>
        StartAsync(LedgerProvider.Sqlite, options, rules, data);

    public static Task<RunHost> StartAsync(LedgerProvider provider, SimulatorOptions options, string rules, params OrgTable[] data) =>
        StartAsync(new LedgerPlace(provider), options, rules, data);

    /// <param name="ledger">The ledger, which goes with the host.</param>
    public static async Task<RunHost> StartAsync(LedgerPlace ledger, SimulatorOptions options, string rules, params OrgTable[] data)
    {
        var host = new RunHost(await LiveOrgHost.StartAsync(options with
        {
            ClockStart = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero),
            Data = [.. new[] { Lark, Users }.Where(own => data.All(t => t.Object != own.Object)), .. data],
        }), ledger);
        host.Rules(rules);
        return host;
    }

    private static OrgTable Lark => new("Organization", ["Id", "Name"], [["00D5f0000000001EAA", "Lark"]]);

    private static OrgTable Users => new("User", ["Id", "Username", "Name", "IsActive"],
    [
        [Ana, "ana@x.example", "Ana", "true"], [Ben, "ben@x.example", "Ben", "true"], [Cy, "cy@x.example", "Cy", "true"],
            [Dee, "dee@x.example", "Dee", "true"],
        [Gone, "gone@x.example", "Gone", "false"],
    ]);

    public static OrgTable Accounts(params string[] owners) =>
        new("Account", ["Id", "Name", "OwnerId"], [.. owners.Select((o, i) => (string?[])[Account(i), $"Account {i}", o])]);

    public static OrgTable Rows(params (int Account, string Role, string User)[] rows) =>
        new("POC_Assignment__c", ["Id", "Account__c", "Role__c", "User__c", "Starts_On__c"],
            [.. rows.Select((r, i) => (string?[])[RecordId.Parse($"a005f{i:D10}").ToString(), Account(r.Account), r.Role, r.User, "2025-01-01"])]);

    public static OrgTable Team(params (int Account, string User, string Role)[] members) =>
        new("AccountTeamMember", ["Id", "AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel",
            "ContactAccessLevel"],
            [.. members.Select((m, i) =>
                (string?[])[RecordId.Parse($"01M5f{i:D10}").ToString(), Account(m.Account), m.User, m.Role, "Edit", "Read", "None", "Read"])]);

    /// <summary>The settings with which the program reaches the org and the ledger.</summary>
    public Dictionary<string, string?> Settings { get; init; } = [];

    public string At(string file) => Path.Combine(_folder, file);

    public void Rules(string yaml) => File.WriteAllText(At("rules.yaml"), yaml);

    public Task<Shell.Run> RunAsync(params string[] args) => Shell.PocSync(Clock, AllSettings(), args);

    /// <summary>The program as a process of its own.</summary>
    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PocSync.Cli.CommandLine).Assembly.Location, .. args])
        { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in AllSettings())
        {
            start.Environment["POCSYNC_" + name.Replace(":", "__")] = value;
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The program's settings: how to reach the org and the ledger, unless <see cref="Settings"/> says otherwise.</summary>
    public Dictionary<string, string?> AllSettings() => new Dictionary<string, string?>
    {
        ["Salesforce:LoginUrl"] = _org.Simulator.Url.ToString(),
        ["Salesforce:ClientId"] = _org.Simulator.ClientId,
        ["Salesforce:ClientSecret"] = _org.Simulator.ClientSecret,
        ["Salesforce:MaxAttempts"] = "1",
        ["Rules:File"] = At("rules.yaml"),
    }.Concat(Ledger.Named).Where(s => !Settings.ContainsKey(s.Key)).Concat(Settings).ToDictionary();

    /// <summary>A run that prints JSON.</summary>
    public async Task<JsonElement> JsonAsync(int status, params string[] args)
    {
        var run = await RunAsync([.. args, "--format", "json"]);
        run.Status.ShouldBe(status, run.Error + run.Output);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    /// <summary>Somebody else changes a record.</summary>
    public async Task ChangeAsync(string objectName, string id, object fields)
    {
        using var http = new HttpClient { BaseAddress = _org.Simulator.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _org.Simulator.AccessToken);
        (await http.PatchAsync($"/services/data/v66.0/sobjects/{objectName}/{id}", JsonContent.Create(fields))).EnsureSuccessStatusCode();
    }

    /// <summary>An administrator changes a record of settings in the org's Setup.</summary>
    public async Task SetupAsync(string record, string field, string? value, string type = "POC_Rule__mdt")
    {
        using var http = new HttpClient { BaseAddress = _org.Simulator.Url };
        (await http.PostAsJsonAsync("/_control/metadata", new { type, record, field, value })).EnsureSuccessStatusCode();
    }

    /// <summary>Somebody else makes a record.</summary>
    public async Task AddAsync(string objectName, object fields)
    {
        using var http = new HttpClient { BaseAddress = _org.Simulator.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _org.Simulator.AccessToken);
        (await http.PostAsync($"/services/data/v66.0/sobjects/{objectName}", JsonContent.Create(fields))).EnsureSuccessStatusCode();
    }

    public async Task DeleteAsync(string objectName, string id)
    {
        using var http = new HttpClient { BaseAddress = _org.Simulator.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _org.Simulator.AccessToken);
        (await http.DeleteAsync($"/services/data/v66.0/sobjects/{objectName}/{id}")).EnsureSuccessStatusCode();
    }

    /// <summary>The POC rows of an account in force, as <c>Role User</c>.</summary>
    public async Task<string[]> RowsAsync(int account) =>
    [
        .. (await _org.RowsAsync("POC_Assignment__c"))
            .Where(r => LiveOrgHost.Text(r, "Account__c") == Account(account) && LiveOrgHost.Text(r, "Ends_On__c") is null or "")
            .Select(r => $"{LiveOrgHost.Text(r, "Role__c")} {Name(LiveOrgHost.Text(r, "User__c"))}").Order(StringComparer.Ordinal),
    ];

    /// <summary>The team of an account, as <c>User role levels</c>.</summary>
    public async Task<string[]> TeamAsync(int account) =>
    [
        .. (await _org.RowsAsync("AccountTeamMember")).Where(r => LiveOrgHost.Text(r, "AccountId") == Account(account)).Select(r => string.Join(' ',
            Name(LiveOrgHost.Text(r, "UserId")), LiveOrgHost.Text(r, "TeamMemberRole"), LiveOrgHost.Text(r, "AccountAccessLevel"),
                LiveOrgHost.Text(r, "OpportunityAccessLevel"),
            LiveOrgHost.Text(r, "CaseAccessLevel"), LiveOrgHost.Text(r, "ContactAccessLevel"))).Order(StringComparer.Ordinal),
    ];

    public static string? Name(string? user) => user switch { Ana => "Ana", Ben => "Ben", Cy => "Cy", Dee => "Dee", Gone => "Gone", _ => user };

    public async ValueTask DisposeAsync()
    {
        await _org.DisposeAsync();
        Ledger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
