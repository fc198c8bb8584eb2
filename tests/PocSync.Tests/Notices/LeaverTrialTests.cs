using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Jobs;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>Somebody with 300 accounts is gone, and two weeks pass: what everybody is told on which day, beside what was written by hand.</summary>
[Collection(Serving.Collection)]
public sealed class LeaverTrialTests
{
    private const string Eve = "0055f0000000006AAA";

    /// <summary>Ana leads all but Dee. Gone is gone from Monday 23 November on; Ben acknowledges, Cy declines, Eve does nothing.</summary>
    private static readonly string[] Told =
    [
        "11-23 Ana: For Gone, who is gone: Please write the handoff notes of 300 accounts",
        "11-23 Ben: You are now the primary contact of 100 accounts",
        "11-23 Cy: You are now the primary contact of 100 accounts",
        "11-23 Eve: You are now the primary contact of 100 accounts",
        // On Tuesday Ana writes the notes.
        "11-24 Ben: The handoff notes of 100 accounts are there",
        "11-24 Cy: The handoff notes of 100 accounts are there",
        "11-24 Eve: The handoff notes of 100 accounts are there",
        // On Thursday Ben acknowledges and Cy declines. The handoffs are due on Monday the 30th.
        "11-26 Ana: In your team the handoff of 100 accounts was declined",
        "11-27 Eve: The handoff of 100 accounts is due soon",
        "12-01 Eve: The handoff of 100 accounts is overdue",
        "12-03 Ana: In your team the handoff of 100 accounts is overdue",
    ];

    [Fact]
    public async Task A_leaver_with_300_accounts_is_followed_through_two_weeks()
    {
        var people = NoticeHost.People();
        var all = Enumerable.Range(0, 300).ToList();
        string[] receivers = [Ben, Cy, Eve];
        await using var host = await RunHost.StartAsync(LedgerProvider.Sqlite, new SimulatorOptions(), NoticeHost.Rules,
            new OrgTable("User", people.Columns, [.. people.Rows, [Eve, "eve@x.example", "Eve", "true", Ana, "eve@x.example", "UTC"]]),
            Accounts([.. all.Select(_ => Gone)]), Rows([.. all.SelectMany(i => new[] { (i, "Primary", Gone), (i, "Backup", receivers[i % 3]) })]), Team([.. all.Select(i => (i, Dee, "Expert"))]));
        (host.Settings["Guard:MaxChanged"], host.Settings["Guard:MaxCreated"], host.Settings["Guard:MaxChangedShare"]) = ("20000", "20000", "1");
        host.Settings["Jobs:Delta"] = host.Settings["Jobs:Full"] = "never";
        await using var worker = await Serving.StartAsync(host);
        var told = new List<string>();
        for (var day = new DateOnly(2026, 11, 23); day < new DateOnly(2026, 12, 7); day = day.AddDays(1))
        {
            host.Clock.Advance(TimeSpan.FromDays(1));
            await host.Org.PostAsync("clock", new { now = host.Clock.GetUtcNow() });
            if (day.Day == 24)
            {
                await AnswerAsync(host, receivers, new { Notes__c = "Iris decides." });
            }
            else if (day.Day == 26)
            {
                await AnswerAsync(host, [Ben], new { Status__c = "Acknowledged", Acknowledged_By__c = Ben, Acknowledged_On__c = "2026-11-26" });
                await AnswerAsync(host, [Cy], new { Status__c = "Declined", Declined_By__c = Cy, Declined_Why__c = "too far away" });
            }

            var before = (await host.OutAsync()).Count;
            foreach (var job in new[] { "full", "chaser", "notices" })
            {
                await worker.DoAsync(job);
            }

            told.AddRange((await host.OutAsync()).Skip(before).Select(o =>
                $"{day:MM-dd} {NameOf(o.GetProperty("recipients")[0].GetString())}: {LiveOrgHost.Text(o, "title")!.Split(", and ")[0]}").Order(StringComparer.Ordinal));
        }

        told.ShouldBe(Told);
        var handoffs = await host.Org.RowsAsync("POC_Handoff__c");
        handoffs.CountBy(h => LiveOrgHost.Text(h, "Status__c") ?? "").Select(c => $"{c.Key} {c.Value}").Order(StringComparer.Ordinal)
            .ShouldBe(["Acknowledged 100", "Awaiting Acknowledgement 100", "Declined 100"]);
        handoffs.ShouldAllBe(h => LiveOrgHost.Text(h, "Brief__c")!.Contains("Iris decides.") && LiveOrgHost.Text(h, "Due_On__c") == "2026-11-30");
        foreach (var account in new[] { 0, 1, 2, 299 })
        {
            (await host.RowsAsync(account)).ShouldContain($"Primary {(receivers[account % 3] is Eve ? Eve : Name(receivers[account % 3]))}");
            (await host.TeamAsync(account)).ShouldBe(["Dee Expert Edit Read None Read"]);
        }

        (await host.Org.RowsAsync("Task")).Select(t => $"{NameOf(LiveOrgHost.Text(t, "OwnerId"))} {LiveOrgHost.Text(t, "Status")}").Order(StringComparer.Ordinal)
            .ShouldBe(["Ana Completed", "Ben Completed", "Cy Completed", "Eve Not Started", "Eve Not Started"]);
        (await host.JsonAsync(0, "plan")).GetProperty("corrections").EnumerateArray().ShouldAllBe(c => c.GetProperty("state").GetString() == "waits" && c.GetProperty("code").GetString() == "declined");
    }

    private static string? NameOf(string? user) => user == Eve ? "Eve" : Name(user);

    private static async Task AnswerAsync(RunHost host, string[] receivers, object fields)
    {
        foreach (var handoff in (await host.Org.RowsAsync("POC_Handoff__c")).Where(h => receivers.Contains(LiveOrgHost.Text(h, "To_User__c"))))
        {
            await host.ChangeAsync("POC_Handoff__c", LiveOrgHost.Text(handoff, "Id")!, fields);
        }
    }
}
