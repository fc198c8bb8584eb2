using System.Net.Http.Json;
using System.Text.Json;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Ledger;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>What left the org, and people who can be told.</summary>
internal static class NoticeHost
{
    /// <summary>Ana leads Ben, Cy and Gone; Dee leads Ana.</summary>
    public static OrgTable People(string? zone = null, params (string User, string Field, string Value)[] more)
    {
        var extra = more.Select(m => m.Field).Distinct().ToList();
        string?[] Row(string id, string name, string isActive, string? manager) =>
            [id, $"{name.ToLowerInvariant()}@x.example", name, isActive, manager, $"{name.ToLowerInvariant()}@x.example", zone ?? "UTC",
                .. extra.Select(f => more.FirstOrDefault(m => m.User == id && m.Field == f).Value)];
        return new OrgTable("User", ["Id", "Username", "Name", "IsActive", "ManagerId", "Email", "TimeZoneSidKey", .. extra],
        [
            Row(Ana, "Ana", "true", Dee), Row(Ben, "Ben", "true", Ana), Row(Cy, "Cy", "true", Ana), Row(Dee, "Dee", "true", null), Row(Gone, "Gone", "false", Ana),
        ]);
    }

    /// <summary>Who takes over is the backup, and no other backup is looked for.</summary>
    public static string Rules => Auto.Replace("backup-present: { mode: auto }", "backup-present: { enabled: false }\n  load-within-capacity: { capacity: 1000 }");

    /// <summary>Nobody is ever disturbed at a bad time.</summary>
    public static RunHost AtAllTimes(this RunHost host)
    {
        host.Settings["Notices:QuietFrom"] = host.Settings["Notices:QuietTo"] = "00:00";
        host.Settings["Notices:WorkingDays"] = "None";
        return host;
    }

    /// <summary>A primary contact who is gone from some accounts, each with Ben or Cy as backup in turns.</summary>
    public static async Task<RunHost> LeaverAsync(LedgerProvider provider, int accounts, OrgTable? people = null, params OrgTable[] more)
    {
        var host = await RunHost.StartAsync(provider, new SimulatorOptions(), Rules, [people ?? People(),
            Accounts([.. Enumerable.Repeat(Gone, accounts)]),
            Rows([.. Enumerable.Range(0, accounts).SelectMany(i => new[] { (i, "Primary", Gone), (i, "Backup", i % 2 == 0 ? Ben : Cy) })]), .. more]);
        host.Settings["Guard:MaxChanged"] = host.Settings["Guard:MaxCreated"] = "20000";
        host.Settings["Guard:MaxChangedShare"] = "1";
        return host;
    }

    /// <summary>What left the org, as <c>kind Receiver: title</c>, in order.</summary>
    public static async Task<string[]> OutboxAsync(this RunHost host) =>
        [.. (await OutAsync(host)).Select(o => $"{LiveOrgHost.Text(o, "kind")} {string.Join(' ', o.GetProperty("recipients").EnumerateArray().Select(r => Name(r.GetString())))}: {LiveOrgHost.Text(o, "title")}")
            .Order(StringComparer.Ordinal)];

    /// <summary>What is new since; of what is alike as much as there is more of.</summary>
    public static IEnumerable<string> Beyond(this IEnumerable<string> now, IEnumerable<string> before)
    {
        var known = before.CountBy(b => b).ToDictionary();
        return [.. now.GroupBy(n => n).SelectMany(g => g.Skip(known.GetValueOrDefault(g.Key)))];
    }

    /// <summary>What left the org.</summary>
    public static async Task<IReadOnlyList<JsonElement>> OutAsync(this RunHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Org.Simulator.Url };
        return [.. (await http.GetFromJsonAsync<JsonElement>("/_control/outbox")).EnumerateArray()];
    }

    /// <summary>Tasks of the org, as <c>Owner: subject</c>.</summary>
    public static async Task<string[]> TasksAsync(this RunHost host) =>
        [.. (await host.Org.RowsAsync("Task")).Select(t => $"{Name(LiveOrgHost.Text(t, "OwnerId"))}: {LiveOrgHost.Text(t, "Subject")}").Order(StringComparer.Ordinal)];
}
