using System.Text.RegularExpressions;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>Who is told of cover, day by day: the first day of every test is 2026-11-22.</summary>
public abstract class CoverTests(LedgerProvider provider)
{
    private const string Alone = "rules: { backup-present: { enabled: false }, backup-covers-absence: { mode: alert } }";

    [Fact]
    public async Task Both_are_told_once_at_each_end_and_nothing_moves()
    {
        await using var host = await StartAsync(Away(Ana, Cy, "2026-11-24", "2026-11-26"));
        var before = await host.RowsAsync(0);

        (await DayAsync(host)).ShouldBeEmpty();
        (await DayAsync(host)).ShouldBeEmpty();
        (await DayAsync(host)).ShouldBe(
        [
            "notification Ana: Standing in during an absence|Cy stands in for you until 2026-11-26 on 2 accounts; they stay where they are. It is about Account 0 and Account 1.",
            "notification Cy: Standing in during an absence|You stand in for Ana until 2026-11-26 on 2 accounts; they stay where they are. It is about Account 0 and Account 1.",
        ]);
        (await host.OutAsync()).Select(o => LiveOrgHost.Text(o, "body")!.Split('/')[^1]).Order(StringComparer.Ordinal).ShouldBe([Ana, "list?filterName=MyAccounts"]);
        (await DayAsync(host)).ShouldBeEmpty();
        (await DayAsync(host)).ShouldBeEmpty();
        (await DayAsync(host)).ShouldBe(
        [
            "notification Ana: Standing in is over|Cy no longer stands in for you on 2 accounts, and can tell what happened. It was about Account 0 and Account 1.",
            "notification Cy: Standing in is over|You no longer stand in for Ana on 2 accounts: please tell what happened. It was about Account 0 and Account 1.",
        ]);
        (await DayAsync(host)).ShouldBeEmpty();
        (await host.RowsAsync(0)).ShouldBe(before);
    }

    [Fact]
    public async Task An_absence_that_grows_shrinks_and_is_deleted_is_followed()
    {
        await using var host = await StartAsync(Away(Ana, Cy, "2026-11-22", "2026-11-25"));
        (await DayAsync(host)).Length.ShouldBe(2);
        var absence = LiveOrgHost.Text((await host.Org.RowsAsync("POC_Absence__c")).Single(), "Id")!;

        await host.ChangeAsync("POC_Absence__c", absence, new { Ends_On__c = "2026-11-28" });
        (await DayAsync(host)).ShouldContain("notification Cy: An absence ends on another day|You stand in for Ana until 2026-11-28, on 2 accounts. It is about Account 0 and Account 1.");
        await host.ChangeAsync("POC_Absence__c", absence, new { Ends_On__c = "2026-11-25" });
        (await DayAsync(host)).ShouldContain("notification Cy: An absence ends on another day|You stand in for Ana until 2026-11-25, on 2 accounts. It is about Account 0 and Account 1.");
        await host.ChangeAsync("POC_Absence__c", absence, new { Ends_On__c = "2026-11-28" });
        (await DayAsync(host)).Length.ShouldBe(2);
        await host.DeleteAsync("POC_Absence__c", absence);
        (await DayAsync(host)).ShouldContain(n => n.StartsWith("notification Ana: Standing in is over", StringComparison.Ordinal));
        (await DayAsync(host)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-11-28", "An absence ends on another day|", "Standing in during an absence|You stand in for Ana until 2026-11-28 ")]
    [InlineData(null, "Standing in is over|", null)]
    public async Task What_changes_before_it_was_told_is_told_as_it_is_then_or_not_at_all(string? until, string told, string? instead)
    {
        await using var host = await StartAsync(Away(Ana, Cy, "2026-11-22", "2026-11-25"));
        async Task ChangeAsync()
        {
            var absence = LiveOrgHost.Text((await host.Org.RowsAsync("POC_Absence__c")).Single(), "Id")!;
            await (until is null ? host.DeleteAsync("POC_Absence__c", absence) : host.ChangeAsync("POC_Absence__c", absence, new { Ends_On__c = until }));
        }

        host.Settings["Notices:WorkingDays"] = "Tuesday";
        (await DayAsync(host)).ShouldBeEmpty();
        await ChangeAsync();
        (await DayAsync(host)).ShouldBeEmpty();

        var tuesday = await DayAsync(host);
        tuesday.Length.ShouldBe(instead is null ? 0 : 2);
        tuesday.ShouldAllBe(t => !t.Contains(told));
        tuesday.Count(t => instead is not null && t.Contains(instead)).ShouldBe(instead is null ? 0 : 1);
    }

    [Fact]
    public async Task Absences_that_overlap_or_follow_each_other_are_one()
    {
        await using var host = await StartAsync(Away(Ana, Cy, "2026-11-22", "2026-11-23"), Away(Ana, Cy, "2026-11-23", "2026-11-24"), Away(Ana, Cy, "2026-11-25", "2026-11-25"));

        (await DayAsync(host)).ShouldContain(n => n.Contains("until 2026-11-25"));
        (await DayAsync(host)).ShouldBeEmpty();
        (await DayAsync(host)).ShouldBeEmpty();
        (await DayAsync(host)).ShouldBeEmpty();
        (await DayAsync(host)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Where_the_one_named_is_away_or_gone_too_the_backups_of_the_accounts_stand_in()
    {
        // Cy, who is named, is away on the second day alone.
        await using var host = await StartAsync(Away(Ana, Cy, "2026-11-22", null), Away(Cy, null, "2026-11-23", "2026-11-23"));

        (await DayAsync(host)).ShouldContain("notification Cy: Standing in during an absence|You stand in for Ana on 2 accounts; they stay where they are. It is about Account 0 and Account 1.");
        var second = await DayAsync(host);
        second.ShouldContain("notification Ben: Standing in during an absence|You stand in for Ana on 1 account; they stay where they are. It is about Account 0.");
        second.ShouldContain(n => n.StartsWith("notification Cy: Standing in is over", StringComparison.Ordinal));
        var third = await DayAsync(host);
        third.ShouldContain(n => n.StartsWith("notification Cy: Standing in", StringComparison.Ordinal));
        third.ShouldContain(n => n.StartsWith("notification Ben: Standing in is over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_absent_would_be_told_reaches_who_stands_in()
    {
        await using var host = await StartAsync(Away(Ana, Cy, "2026-11-22", "2026-11-25"));
        await DayAsync(host);
        host.Rules(Alone.Replace("mode: alert }", "mode: alert }, one-primary: { mode: auto }"));
        await host.AddAsync("POC_Assignment__c", new { Account__c = Account(0), Role__c = "Primary", User__c = Ben, Starts_On__c = "2026-01-01" });

        (await DayAsync(host)).ShouldContain(n => n.StartsWith("notification Ben:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_is_named_the_backup_who_stands_in_hears_of_the_account_too()
    {
        await using var host = await StartAsync(Away(Ana, null, "2026-11-22", "2026-11-23"));
        await DayAsync(host);
        foreach (var account in new[] { 0, 1 })
        {
            await host.AddAsync("POC_Handoff__c", new { Account__c = Account(account), From_User__c = Dee, To_User__c = Ana, Effective_On__c = "2026-11-22", Status__c = "Awaiting Acknowledgement" });
        }

        (await DayAsync(host)).Select(n => n.Split('|')[0]).ShouldBe(
            ["notification Ana: The handoff notes of 2 accounts are there", "notification Ben: For Ana, who is away until 2026-11-23: The handoff notes of Account 0 are there"]);
    }

    [Fact]
    public async Task Alert_records_go_to_who_stands_in_and_back()
    {
        await using var host = await StartAsync(Away(Ana, Cy, "2026-11-23", "2026-11-23"));
        host.Rules(Alone.Replace("mode: alert }", "mode: alert }, owner-is-primary: { mode: alert }"));
        await host.ChangeAsync("Account", Account(0), new { OwnerId = Ben });
        var assigned = new List<string?>();
        for (var day = 0; day < 3; day++)
        {
            await DayAsync(host);
            assigned.Add(Name(LiveOrgHost.Text((await host.Org.RowsAsync("POC_Alert__c")).Single(), "Assigned_To__c")));
        }

        assigned.ShouldBe(["Ana", "Cy", "Ana"]);
    }

    /// <summary>Ana has two accounts, of one of which Ben is Backup.</summary>
    private async Task<RunHost> StartAsync(params string?[][] absences)
    {
        var host = await RunHost.StartAsync(provider, new SimulatorOptions(), Alone, NoticeHost.People(), Accounts(Ana, Ana),
            Rows((0, "Primary", Ana), (1, "Primary", Ana), (0, "Backup", Ben)), new OrgTable("POC_Absence__c", ["Id", "User__c", "Cover__c", "Starts_On__c", "Ends_On__c"],
                [.. absences.Select((a, i) => (string?[])[$"a0A5f000000000{i + 1}AAA", .. a])]));
        return host.AtAllTimes();
    }

    private static string?[] Away(string user, string? cover, string from, string? to) => [user, cover, from, to];

    /// <summary>What a day's two runs tell, and on to the next day.</summary>
    private static async Task<string[]> DayAsync(RunHost host)
    {
        var before = (await host.OutAsync()).Count;
        foreach (var _ in Enumerable.Range(0, 2))
        {
            (await host.RunAsync("sync")).Status.ShouldBe(0);
            host.Clock.Advance(TimeSpan.FromHours(12));
        }

        return [.. (await host.OutAsync()).Skip(before)
            .Select(o => $"{LiveOrgHost.Text(o, "kind")} {Name(o.GetProperty("recipients").EnumerateArray().Single().GetString())}: {LiveOrgHost.Text(o, "title")}|{Regex.Replace(LiveOrgHost.Text(o, "body")!, " http.*", "")}")
            .Order(StringComparer.Ordinal)];
    }
}

public sealed class CoverTestsOnSqlite() : CoverTests(LedgerProvider.Sqlite);

public sealed class CoverTestsOnPostgreSql() : CoverTests(LedgerProvider.PostgreSql);
