using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.RuleFiles;
using PocSync.Salesforce;
using PocSync.Simulator;

namespace PocSync.Tests.Salesforce;

/// <summary>A simulated org and a login to it.</summary>
internal sealed class LiveOrgHost : IAsyncDisposable
{
    private readonly RunningSimulator _simulator;
    private readonly ServiceProvider _client;
    private readonly HttpClient _control;

    private LiveOrgHost(RunningSimulator simulator, ServiceProvider client) =>
        (_simulator, _client, _control) = (simulator, client, new HttpClient { BaseAddress = simulator.Url });

    public LiveOrg Org => _client.GetRequiredService<LiveOrg>();

    /// <summary>The client's clock, where nobody chose one.</summary>
    public RushedTime Time => (RushedTime)_client.GetRequiredService<TimeProvider>();

    public JobsOfATest Jobs => _client.GetRequiredService<JobsOfATest>();

    public LiveBriefs Briefs => _client.GetRequiredService<LiveBriefs>();

    public LiveAlerts Alerts => _client.GetRequiredService<LiveAlerts>();

    public LiveOrgDirectory People => _client.GetRequiredService<LiveOrgDirectory>();

    public LiveOrgChannels Channels => _client.GetRequiredService<LiveOrgChannels>();

    /// <summary>Where it answers, and how to log in.</summary>
    public RunningSimulator Simulator => _simulator;

    public static Task<LiveOrgHost> StartAsync(SimulatorOptions options, params (string Name, string? Value)[] settings) =>
        StartAsync(options, new RushedTime(), settings);

    public static async Task<LiveOrgHost> StartAsync(SimulatorOptions options, TimeProvider time, params (string Name, string? Value)[] settings)
    {
        var simulator = await PocSync.Simulator.Simulator.StartAsync(options);
        (string, string?)[] login = [("ClientId", simulator.ClientId), ("ClientSecret", simulator.ClientSecret), .. settings];
        return new LiveOrgHost(simulator, WireOrg.Connect(simulator.Url.ToString(), time, login));
    }

    public async Task<Snapshot> PullAsync(Settings settings, DateTimeOffset now, Snapshot? since = null) =>
        await Org.PullAsync(settings, now, since, new Progress<string>(), default);

    /// <summary>What happens between reading and writing.</summary>
    public Func<Task>? BeforeWriting { get; set; }

    /// <summary>Reads the teams that the writes touch and writes them as one bundle each. The org's log begins with the writing.</summary>
    public async Task<IReadOnlyList<BundleResult>> WriteAsync(params IReadOnlyList<(string Account, RecordWrite[] Writes)> corrections)
    {
        var standing = await Org.ReadAsync(Settings.Default, [.. corrections.SelectMany(c => c.Writes)], default);
        (await _control.DeleteAsync("/_control/requests")).EnsureSuccessStatusCode();
        await (BeforeWriting?.Invoke() ?? Task.CompletedTask);
        return await Org.WriteAsync(Settings.Default, [.. corrections.Select((c, i) => Bundle($"c{i}", c.Account, c.Writes, standing))], default, default);
    }

    private static Bundle Bundle(string id, string account, RecordWrite[] writes, Standing standing)
    {
        var owner = writes.FirstOrDefault(w => w.Object == "Account")?.After.GetValueOrDefault("OwnerId");
        var team = owner is null ? [] : standing.Teams[RecordId.Parse(account)].Where(m => m.IsUserActive && m.UserId.ToString() != owner);
        return new Bundle(id, RecordId.Parse(account), writes, [.. team]);
    }

    public async Task StopAsync() => await _simulator.DisposeAsync();

    public Task FaultsAsync(string spec) => PostAsync("faults", new { spec });

    /// <summary>Waits until the fault <c>hang</c> has struck a call.</summary>
    public async Task HangsAsync()
    {
        while (!await IsHangingAsync())
            await Task.Yield();
    }

    /// <summary>Whether the fault <c>hang</c> has struck a call.</summary>
    public async Task<bool> IsHangingAsync() =>
        (await _control.GetFromJsonAsync<JsonElement>("/_control/requests")).EnumerateArray().Any(r => Text(r, "fault") == "hang");

    /// <summary>How many calls have ended.</summary>
    public async Task<int> CallsAsync() => (await _control.GetFromJsonAsync<JsonElement>("/_control/requests")).GetArrayLength();

    public Task KillSessionsAsync() => PostAsync("sessions/kill", new { });

    public Task SetAsync(object settings) => PostAsync("settings", settings);

    public async Task PostAsync(string path, object body) => (await _control.PostAsJsonAsync("/_control/" + path, body)).EnsureSuccessStatusCode();

    /// <summary>The org's rows of an object, deleted ones excluded; fields that are null are missing.</summary>
    public async Task<IReadOnlyList<JsonElement>> RowsAsync(string objectName)
    {
        var all = await _control.GetFromJsonAsync<JsonElement>("/_control/snapshot");
        return all.TryGetProperty(objectName, out var rows)
            ? [.. rows.EnumerateArray().Where(r => !(r.TryGetProperty("IsDeleted", out var deleted) && deleted.GetBoolean()))]
            : [];
    }

    public async Task<string> OwnerAsync(string account) => Text((await RowsAsync("Account")).Single(a => Text(a, "Id") == account), "OwnerId")!;

    public static string? Text(JsonElement row, string field) => row.TryGetProperty(field, out var value) ? value.ToString() : null;

    /// <summary>How many calls were made to a path below the version's.</summary>
    public async Task<int> CallsAsync(string path) =>
        (await _control.GetFromJsonAsync<JsonElement>("/_control/requests")).EnumerateArray().Count(r => Text(r, "path")!.Contains(path, StringComparison.Ordinal));

    /// <summary>How many calls a fault has struck.</summary>
    public async Task<int> StruckAsync() => (await _control.GetFromJsonAsync<JsonElement>("/_control/requests")).EnumerateArray().Count(r => Text(r, "fault") is { Length: > 0 });

    /// <summary>How many calls only looked at a Bulk job, which is as often as it takes.</summary>
    public async Task<int> LooksAsync() =>
        (await _control.GetFromJsonAsync<JsonElement>("/_control/requests")).EnumerateArray()
            .Count(r => Text(r, "method") == "GET" && Text(r, "path")!.Split('/') is [.., "jobs", "ingest" or "query", _]);

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _client.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    public static Settings Rules(string yaml)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("pocsync").FullName, "rules.yaml");
        File.WriteAllText(file, yaml);
        return RulesFile.Read(file);
    }

    public static RecordWrite Owner(string account, string from, string to) => Update("Account", account, ("OwnerId", from, to));

    public static RecordWrite Update(string objectName, string id, params (string Field, string? Before, string? After)[] fields) =>
        new(objectName, RecordId.Parse(id), null, WriteAction.Update, fields.ToDictionary(f => f.Field, f => f.Before), fields.ToDictionary(f => f.Field, f => f.After));

    public static RecordWrite Delete(string objectName, string id, params (string Field, string? Before)[] fields) =>
        new(objectName, RecordId.Parse(id), null, WriteAction.Delete, fields.ToDictionary(f => f.Field, f => f.Before), new Dictionary<string, string?>());

    public static RecordWrite Insert(string objectName, string? key, params (string Field, string? After)[] fields) =>
        new(objectName, default, key, WriteAction.Insert, new Dictionary<string, string?>(), fields.ToDictionary(f => f.Field, f => f.After));
}
