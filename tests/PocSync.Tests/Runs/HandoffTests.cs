using System.Text.Json;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>A handoff goes on by what people do on its record.</summary>
public abstract class HandoffTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private static OrgTable[] OneAccount => [Accounts(Gone), Rows((0, "Primary", Gone), (0, "Backup", Ben))];

    [Fact]
    public async Task A_switch_makes_a_record_that_says_why_and_until_when()
    {
        await using var host = await StartAsync(Auto, OneAccount);

        await host.JsonAsync(0, "sync");

        // 2026-11-22 is a Sunday.
        (await HandoffsAsync(host)).ShouldBe(["Gone Ben Documenting 2026-11-27 Necessary"]);
    }

    [Fact]
    public async Task Once_reason_and_notes_are_written_whoever_takes_over_is_to_acknowledge()
    {
        await using var host = await StartAsync(Auto, OneAccount);
        await host.JsonAsync(0, "sync");
        await ChangeAsync(host, Gone, new { Notes__c = "Call Iris before noon." });

        var run = await host.JsonAsync(0, "sync");

        run.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("sentence").GetString())
            .ShouldBe(["Let Ben acknowledge the handoff of Account 0: Gone has documented it."]);
        (await HandoffsAsync(host)).ShouldBe(["Gone Ben Awaiting Acknowledgement 2026-11-27 Necessary"]);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        await ChangeAsync(host, Gone, new { Status__c = "Acknowledged", Acknowledged_By__c = Ben, Acknowledged_On__c = "2026-11-23" });
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Where_the_rule_only_proposes_the_step_waits_for_a_person()
    {
        await using var host = await StartAsync(Auto, OneAccount);
        await host.JsonAsync(0, "sync");
        await ChangeAsync(host, Gone, new { Notes__c = "Call Iris before noon." });
        host.Rules(Auto.Replace("handoff-documented: { mode: auto }", "handoff-documented: { mode: propose }", StringComparison.Ordinal));

        (await host.JsonAsync(0, "sync")).GetProperty("waiting").GetInt32().ShouldBe(1);

        (await HandoffsAsync(host)).Single().ShouldContain("Documenting");
    }

    [Fact]
    public async Task Whoever_declines_is_followed_by_another_pick_with_a_persons_yes_and_never_in_a_circle()
    {
        await using var host = await StartAsync(Auto + "\npool: IsActive = true", OneAccount);
        await host.JsonAsync(0, "sync");
        List<string> owners = [Name(await host.Org.OwnerAsync(Account(0)))!];
        for (var declined = await DeclineAsync(host); declined is { } proposed; declined = await DeclineAsync(host))
        {
            proposed.GetProperty("state").GetString().ShouldBe("waits");
            proposed.GetProperty("sentence").GetString()!.ShouldEndWith($"in place of {owners[^1]}: {owners[^1]} declined the handoff: too far away.");
            (await host.JsonAsync(0, "approve", proposed.GetProperty("id").GetString()!, "--reason", "so it is")).GetProperty("applied").GetInt32().ShouldBe(1);
            owners.Add(Name(await host.Org.OwnerAsync(Account(0)))!);
            owners.Count.ShouldBeLessThan(9);
        }

        owners.ShouldBeUnique();
        owners.Count.ShouldBe(4);
        var last = await host.JsonAsync(0, "sync");
        last.GetProperty("corrections").GetInt32().ShouldBe(0);
        last.GetProperty("nobodyFound")[0].GetString()!.ShouldContain("Nobody could be picked as primary contact of Account 0");
    }

    [Fact]
    public async Task A_reason_as_long_as_its_field_does_not_keep_the_next_from_taking_over()
    {
        await using var host = await StartAsync(Auto + "\npool: IsActive = true", OneAccount);
        await host.JsonAsync(0, "sync");
        var proposed = await DeclineAsync(host, string.Concat(Enumerable.Repeat("far away ", 29))[..255]);

        (await host.JsonAsync(0, "approve", proposed!.Value.GetProperty("id").GetString()!, "--reason", "so it is")).GetProperty("applied").GetInt32().ShouldBe(1);

        var reason = LiveOrgHost.Text((await host.Org.RowsAsync("POC_Handoff__c"))[^1], "Reason__c")!;
        reason.Length.ShouldBeLessThanOrEqualTo(255);
        reason.ShouldMatch(" (far|away)…$");
    }

    [Fact]
    public async Task A_handoff_that_is_declined_after_somebody_else_took_over_asks_for_nothing()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana), Rows((0, "Primary", Ana), (0, "Backup", Cy)));
        await host.AddAsync("POC_Handoff__c", new { Account__c = Account(0), From_User__c = Dee, To_User__c = Ben, Effective_On__c = "2026-11-20", Status__c = "Declined" });

        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    /// <summary>Whoever has the account declines; gives what is proposed then, or null where nothing is.</summary>
    private static async Task<JsonElement?> DeclineAsync(RunHost host, string why = "too far away")
    {
        var owner = await host.Org.OwnerAsync(Account(0));
        var handoff = (await host.Org.RowsAsync("POC_Handoff__c")).Last(r => LiveOrgHost.Text(r, "To_User__c") == owner);
        await host.ChangeAsync("POC_Handoff__c", LiveOrgHost.Text(handoff, "Id")!, new { Status__c = "Declined", Declined_By__c = owner, Declined_Why__c = why });
        // What else the account needs comes first.
        await host.JsonAsync(0, "sync");
        await host.JsonAsync(0, "sync");
        var plan = await host.JsonAsync(0, "plan");
        return plan.GetProperty("corrections").EnumerateArray().Where(c => c.GetProperty("code").GetString() == "declined").Select(c => (JsonElement?)c).FirstOrDefault();
    }

    private static async Task ChangeAsync(RunHost host, string from, object fields) => await host.ChangeAsync(
        "POC_Handoff__c", LiveOrgHost.Text((await host.Org.RowsAsync("POC_Handoff__c")).Single(r => LiveOrgHost.Text(r, "From_User__c") == from), "Id")!, fields);

    private static async Task<string[]> HandoffsAsync(RunHost host) =>
    [
        .. (await host.Org.RowsAsync("POC_Handoff__c")).Select(r => string.Join(' ', Name(LiveOrgHost.Text(r, "From_User__c")), Name(LiveOrgHost.Text(r, "To_User__c")),
            LiveOrgHost.Text(r, "Status__c"), LiveOrgHost.Text(r, "Due_On__c"), LiveOrgHost.Text(r, "Necessity__c"))),
    ];
}

public sealed class HandoffTestsOnSqlite() : HandoffTests(LedgerProvider.Sqlite);

public sealed class HandoffTestsOnPostgreSql() : HandoffTests(LedgerProvider.PostgreSql);
