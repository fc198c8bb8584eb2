using System.Text.Json;
using PocSync.Ledger;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>What the guard keeps from being written in whole runs: too much, and whatever an org that lost something seems to say.</summary>
public abstract class GuardTests(LedgerProvider provider) : OnEachLedger(provider)
{
    [Fact]
    public async Task Read_access_that_is_lost_to_half_the_accounts_overnight_concludes_nothing()
    {
        await using var host = await WholeAsync();
        await host.Org.SetAsync(new { hidden = Enumerable.Range(0, 20).Select(Account) });

        var held = await host.JsonAsync(4, "sync");

        Limits(held).Distinct().ShouldBe(["MinAnswered"]);
        held.GetProperty("corrections").GetInt32().ShouldBe(0);
        OpenFindings(host).ShouldBe(40);
        await host.Org.SetAsync(new { hidden = Array.Empty<string>() });
        await host.JsonAsync(0, "sync");
        OpenFindings(host).ShouldBe(40);
    }

    [Theory]
    [InlineData("POC_Assignment__c", "Shown,Binding")]
    [InlineData("POC_Assignment__c.Role__c", "Shown,MinAnswered")]
    [InlineData("POC_Absence__c", "Shown")]
    [InlineData("UserLogin", "Shown")]
    [InlineData("AccountTeamMember", "Shown")]
    [InlineData("User.IsActive", "Shown")]
    public async Task An_object_or_field_that_is_hidden_overnight_holds_everything_until_a_person_says_that_it_is_gone(string hidden, string limits)
    {
        await using var host = await WholeAsync();
        var before = await host.Org.RowsAsync("POC_Assignment__c");
        await host.Org.SetAsync(new { hidden = new[] { hidden } });

        var held = await host.JsonAsync(4, "sync");

        Limits(held).ShouldBe(limits.Split(','));
        held.GetProperty("applied").GetInt32().ShouldBe(0);
        OpenFindings(host).ShouldBe(40);
        (await host.RunAsync("sync")).Status.ShouldBe(4);
        (await host.Org.RowsAsync("POC_Assignment__c")).Count.ShouldBe(before.Count);

        // Gone it is: from now on this is what later runs are compared with.
        Limits(await host.JsonAsync(0, "sync", "--accept-loss")).ShouldBeEmpty();
        Limits(await host.JsonAsync(0, "sync")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_field_of_a_scope_that_is_hidden_ends_the_run_before_anything_is_judged()
    {
        await using var host = await WholeAsync("rules: { backup-present: { scope: \"Industry = null\", minimum: 2, mode: alert } }");
        await host.Org.SetAsync(new { hidden = new[] { "Account.Industry" } });

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain("Industry");
        OpenFindings(host).ShouldBe(40);
    }

    [Fact]
    public async Task Owner_changes_beyond_the_hour_go_on_at_a_later_run()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana, Ana, Ana),
            Rows([.. Enumerable.Range(0, 3).SelectMany(i => new[] { (i, "Primary", Ben), (i, "Backup", Cy) })]));
        host.Settings["Guard:MaxOwnerChangesPerHour"] = "2";

        var first = await host.JsonAsync(4, "sync");

        first.GetProperty("applied").GetInt32().ShouldBe(2);
        Limits(first).ShouldBe(["MaxOwnerChangesPerHour"]);
        first.GetProperty("refusals")[0].GetProperty("sentence").GetString()!
            .ShouldStartWith("the plan would change 3 owners and 0 were changed in the last 60 minutes");
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        (await host.JsonAsync(4, "sync")).GetProperty("held").GetInt32().ShouldBe(1);
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.Org.OwnerAsync(Account(2))).ShouldBe(Ben);
    }

    [Fact]
    public async Task Beyond_the_limit_of_one_person_that_person_waits_and_the_plan_goes_on()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana, Ana, Ana, Dee),
            Rows([.. Enumerable.Range(0, 3).SelectMany(i => new[] { (i, "Primary", Ben), (i, "Backup", Cy) }), (3, "Primary", Cy), (3, "Backup", Ben)]));
        host.Settings["Guard:MaxPerPerson"] = "2";

        var run = await host.JsonAsync(4, "sync");

        run.GetProperty("refusals").EnumerateArray().Select(r => (r.GetProperty("person").GetString(), r.GetProperty("sentence").GetString()!.Split(',')[0]))
            .ShouldBe([(Ben, $"Ben ({Ben}) would gain 3 accounts"), (Ana, $"Ana ({Ana}) would lose 3 accounts")]);
        (run.GetProperty("applied").GetInt32(), run.GetProperty("held").GetInt32()).ShouldBe((1, 3));
        (await host.Org.OwnerAsync(Account(3))).ShouldBe(Cy);
    }

    [Fact]
    public async Task A_plan_that_was_made_of_an_org_that_lost_something_is_not_applied_either()
    {
        await using var host = await WholeAsync();
        await host.Org.SetAsync(new { hidden = new[] { "POC_Absence__c" } });
        host.Rules(Auto + "  # the account without backup");
        await host.DeleteAsync("POC_Assignment__c", Salesforce.LiveOrgHost.Text((await host.Org.RowsAsync("POC_Assignment__c"))[^1], "Id")!);
        (await host.RunAsync("plan", "--out", host.At("plan.json"))).Status.ShouldBe(4);

        Limits(await host.JsonAsync(4, "apply", host.At("plan.json"))).ShouldBe(["Shown"]);
    }

    [Theory]
    [InlineData("snooze")]
    [InlineData("reject")]
    [InlineData("mended by hand")]
    public async Task What_a_limit_held_stays_held_although_less_is_left_until_a_person_approves(string how)
    {
        await using var host = await ManyGoneAsync();
        Limits(await host.JsonAsync(4, "sync")).ShouldBe(["MaxChanged"]);
        if (how == "snooze")
        {
            (await host.RunAsync("snooze", "--account", Account(0), "--until", "2026-12-20", "--reason", "later")).Status.ShouldBe(0);
        }
        else if (how == "reject")
        {
            (await host.RunAsync("reject", "--account", Account(0), "--reason", "no")).Status.ShouldBe(0);
        }
        else
        {
            await host.DeleteAsync("Account", Account(0));
        }

        for (var again = 0; again < 2; again++)
        {
            host.Clock.Advance(TimeSpan.FromHours(1));
            var later = await host.JsonAsync(4, "sync");
            Limits(later).ShouldBe(["HeldBefore"]);
            later.GetProperty("applied").GetInt32().ShouldBe(0);
            later.GetProperty("held").GetInt32().ShouldBe(3);
        }

        (await host.JsonAsync(0, "approve", "--rule", "primary-able", "--reason", "yes")).GetProperty("applied").GetInt32().ShouldBe(3);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task What_a_limit_held_is_not_forgotten_while_it_is_put_off()
    {
        await using var host = await ManyGoneAsync();
        await host.JsonAsync(4, "sync");
        (await host.RunAsync("defer", "--rule", "primary-able", "--until", "2026-11-25", "--reason", "later")).Status.ShouldBe(0);
        await host.DeleteAsync("Account", Account(0));
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(0);
        host.Clock.Advance(TimeSpan.FromDays(5));

        Limits(await host.JsonAsync(4, "sync")).ShouldBe(["HeldBefore"]);
        host.Settings["Guard:MaxChanged"] = "2";
        Limits(await host.JsonAsync(4, "sync")).ShouldBe(["MaxChanged"]);
    }

    [Fact]
    public async Task What_was_held_before_leaves_the_limit_to_others()
    {
        await using var host = await ManyGoneAsync();
        await host.JsonAsync(4, "sync");
        await host.DeleteAsync("Account", Account(0));
        await host.AddAsync("POC_Assignment__c", new { Account__c = Account(4), Role__c = "Backup", User__c = Ben, Starts_On__c = "2026-01-01" });

        var later = await host.JsonAsync(4, "sync");

        Limits(later).ShouldBe(["HeldBefore"]);
        later.GetProperty("applied").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_limit_that_is_raised_releases_what_it_held()
    {
        await using var host = await ManyGoneAsync();
        Limits(await host.JsonAsync(4, "sync")).ShouldBe(["MaxChanged"]);
        host.Settings["Guard:MaxChanged"] = "10";

        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(4);
    }

    /// <summary>Four accounts whose primary contact is gone, one in good hands, and a limit of three.</summary>
    private async Task<RunHost> ManyGoneAsync()
    {
        var host = await StartAsync(Auto.Replace("backup-present: { mode: auto }", "backup-present: { enabled: false }"), Accounts(Gone, Gone, Gone, Gone, Ana),
            Rows([.. Enumerable.Range(0, 4).SelectMany(i => new[] { (i, "Primary", Gone), (i, "Backup", Ben) }), (4, "Primary", Ana), (4, "Backup", Ben)]));
        (host.Settings["Guard:MaxChanged"], host.Settings["Guard:MaxChangedShare"]) = ("3", "1");
        return host;
    }

    /// <summary>Forty accounts in good hands but for one finding each, and a run that has seen them.</summary>
    private async Task<RunHost> WholeAsync(string rules = "rules: { backup-present: { minimum: 2, mode: alert }, one-primary: { mode: auto } }")
    {
        var host = await StartAsync(rules, Accounts([.. Enumerable.Repeat(Ana, 40)]),
            Rows([.. Enumerable.Range(0, 40).Select(i => (i, "Primary", Ana)), .. Enumerable.Range(0, 40).Select(i => (i, "Backup", Cy))]));
        var first = await host.JsonAsync(0, "sync");
        first.GetProperty("corrections").GetInt32().ShouldBe(0);
        OpenFindings(host).ShouldBe(40);
        return host;
    }

    private static int OpenFindings(RunHost host) =>
        host.Ledger.Query("SELECT \"Subject\" FROM findings WHERE \"Rule\" = 'backup-present' AND \"ResolvedRun\" IS NULL").Count;

    private static string[] Limits(JsonElement run) => [.. run.GetProperty("refusals").EnumerateArray().Select(r => r.GetProperty("limit").GetString()!)];
}

public sealed class GuardTestsOnSqlite() : GuardTests(LedgerProvider.Sqlite);

public sealed class GuardTestsOnPostgreSql() : GuardTests(LedgerProvider.PostgreSql);
