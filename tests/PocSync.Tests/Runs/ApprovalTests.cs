using System.Text.Json;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>What waits or is held, and how a person's yes and no are taken.</summary>
public class ApprovalTests
{
    private const string Proposes = "rules: { backup-present: { mode: propose } }";

    [Fact]
    public async Task What_is_proposed_waits_and_is_written_on_approval()
    {
        await using var host = await WithoutBackupsAsync(3, Proposes);
        var sync = await host.JsonAsync(0, "sync");
        sync.GetProperty("waiting").GetInt32().ShouldBe(3);
        (await host.RowsAsync(0)).ShouldBe(["Primary Ana"]);

        var ids = await IdsAsync(host);
        var approved = await host.JsonAsync(0, "approve", ids[0], ids[1][..8], "--reason", "seen", "--as", "Olga");

        approved.GetProperty("applied").GetInt32().ShouldBe(2);
        approved.GetProperty("outcomes")[0].GetProperty("approvedBy").GetString().ShouldBe("Olga: seen");
        (await IdsAsync(host)).ShouldBe([ids[2]]);
        (await host.RowsAsync(0)).Length.ShouldBe(2);
        (await host.RowsAsync(2)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_approved_the_next_day_begins_that_day()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        host.Clock.Advance(TimeSpan.FromDays(1));

        var run = await host.JsonAsync(0, "approve", (await IdsAsync(host))[0], "--reason", "seen");

        var write = run.GetProperty("outcomes")[0].GetProperty("writes")[0];
        write.GetProperty("fields").GetProperty("Starts_On__c").GetProperty("after").GetString().ShouldBe("2026-11-23");
        write.GetProperty("key").GetString()!.ShouldEndWith("|2026-11-23");
    }

    [Fact]
    public async Task A_second_run_does_not_double_what_waits()
    {
        await using var host = await WithoutBackupsAsync(2, Proposes);
        await host.JsonAsync(0, "sync");
        var first = await IdsAsync(host);
        await host.JsonAsync(0, "sync");

        (await IdsAsync(host)).ShouldBe(first);
    }

    [Fact]
    public async Task A_superseded_plan_is_not_approved()
    {
        await using var host = await WithoutBackupsAsync(2, Proposes);
        var old = (await host.JsonAsync(0, "sync")).GetProperty("digest").GetString()!;
        await host.JsonAsync(0, "approve", (await IdsAsync(host))[0], "--reason", "seen");
        var current = (await host.JsonAsync(0, "sync")).GetProperty("digest").GetString()!;

        var run = await host.RunAsync("approve", old[..12], "--reason", "seen");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain($"The plan {old[..12]} of run 1 was superseded by run 3 (digest {current[..12]})");
        (await host.RowsAsync(1)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_rejected_is_not_proposed_again_until_it_changes()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("reject", (await IdsAsync(host))[0], "--reason", "Ana needs none", "--as", "Olga")).Status.ShouldBe(0);

        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        // A digest of nothing is not offered for approval.
        (await host.RunAsync("approvals")).Output.ShouldNotContain("All of it: pocsync approve");
        var rejected = (await host.JsonAsync(0, "approvals")).GetProperty("corrections")[0];
        rejected.GetProperty("state").GetString().ShouldBe("rejected");
        rejected.GetProperty("reasons")[0].GetString().ShouldBe("Olga rejected it: Ana needs none");
    }

    [Fact]
    public async Task A_rule_beyond_the_guards_limit_is_held_whole_and_released_by_its_digest()
    {
        await using var host = await WithoutBackupsAsync(4, Auto, Gone);
        host.Settings["Guard:MaxChanged"] = "3";

        var held = await host.JsonAsync(4, "sync");
        held.GetProperty("refusals")[0].GetProperty("limit").GetString().ShouldBe("MaxChanged");
        held.GetProperty("refusals")[0].GetProperty("rule").GetString().ShouldBe("backup-present");
        held.GetProperty("held").GetInt32().ShouldBe(4);
        held.GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.RowsAsync(0)).ShouldBe(["Primary Ana"]);

        (await host.JsonAsync(0, "approve", held.GetProperty("digest").GetString()![..8], "--reason", "counted")).GetProperty("applied").GetInt32()
            .ShouldBe(4);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task An_approval_outlives_an_org_that_does_not_answer()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        var id = (await IdsAsync(host))[0];
        await host.Org.FaultsAsync("503");

        (await host.RunAsync("approve", id, "--reason", "seen", "--as", "Olga")).Status.ShouldBe(3);
        (await host.JsonAsync(0, "approvals")).GetProperty("corrections")[0].GetProperty("approved").GetBoolean().ShouldBeTrue();

        await host.Org.FaultsAsync("");
        var outcome = (await host.JsonAsync(0, "sync")).GetProperty("outcomes").EnumerateArray().ShouldHaveSingleItem();
        outcome.GetProperty("approvedBy").GetString().ShouldBe("Olga: seen");
        outcome.GetProperty("outcome").GetString().ShouldBe("written");
    }

    [Theory]
    [InlineData("nonsense", "names no plan and no correction")]
    [InlineData("0123456789", "No plan or correction is named 0123456789")]
    public async Task What_cannot_be_told_is_said_in_a_sentence(string name, string sentence)
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");

        var run = await host.RunAsync("approve", name, "--reason", "seen");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
    }

    [Fact]
    public async Task A_correction_waits_for_what_it_builds_on_and_says_so()
    {
        // The owner becomes Primary, and only then is Backup and Primary at once.
        await using var host = await StartAsync("rules: { one-primary: { mode: propose }, one-role-each: { mode: auto } }", Accounts(Ana),
            Rows((0, "Backup", Ana), (0, "Backup", Ben)));
        await host.JsonAsync(0, "sync");
        var open = (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().ToList();
        var built = open.FirstOrDefault(
            o => o.GetProperty("reasons").EnumerateArray().Any(r => r.GetString()!.StartsWith("builds on", StringComparison.Ordinal)));
        built.ValueKind.ShouldBe(JsonValueKind.Object);

        var run = await host.JsonAsync(5, "approve", built.GetProperty("id").GetString()!, "--reason", "seen");

        run.GetProperty("outcomes")[0].GetProperty("outcome").GetString().ShouldBe("skipped");
    }

    private static async Task<RunHost> WithoutBackupsAsync(int accounts, string rules, string? ownerOfOneMore = null)
    {
        var owners = Enumerable.Repeat(Ana, accounts).ToList();
        var rows = owners.Select((_, i) => (i, "Primary", Ana)).ToList();
        // Somebody has to be a contact somewhere to be picked.
        owners.AddRange([Ben, Cy]);
        rows.AddRange([(accounts, "Primary", Ben), (accounts, "Backup", Cy), (accounts + 1, "Primary", Cy), (accounts + 1, "Backup", Ben)]);
        if (ownerOfOneMore is not null)
        {
            owners.Add(ownerOfOneMore);
            rows.AddRange([(accounts + 2, "Primary", Dee), (accounts + 2, "Backup", Ben)]);
        }

        return await StartAsync(rules, Accounts([.. owners]), Rows([.. rows]));
    }

    private static async Task<string[]> IdsAsync(RunHost host) =>
        [.. (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];
}
