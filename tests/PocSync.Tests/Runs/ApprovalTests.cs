using System.Text.Json;
using PocSync.Ledger;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>What waits or is held, and how a person's yes and no are taken.</summary>
public abstract class ApprovalTests(LedgerProvider provider) : OnEachLedger(provider)
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

    [Fact]
    public async Task A_rejection_holds_whoever_would_be_picked()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        var picked = await PickedAsync(host);
        (await host.RunAsync("reject", (await IdsAsync(host))[0], "--reason", "Ana needs none", "--as", "Olga")).Status.ShouldBe(0);
        await host.ChangeAsync("User", picked, new { IsActive = false });

        await host.JsonAsync(0, "sync");

        (await PickedAsync(host)).ShouldNotBe(picked);
        (await OpenAsync(host)).Single(IsFirstBackup).GetProperty("state").GetString().ShouldBe("rejected");
    }

    [Fact]
    public async Task A_rejection_is_forgotten_once_the_finding_was_gone()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("reject", (await IdsAsync(host))[0], "--reason", "Ana needs none")).Status.ShouldBe(0);

        // Ana is its Backup for a while.
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.ChangeAsync("POC_Assignment__c", RecordIdOf(0), new { Role__c = "Backup" });
        await host.JsonAsync(0, "sync");
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.ChangeAsync("POC_Assignment__c", RecordIdOf(0), new { Role__c = "Primary" });
        await host.JsonAsync(0, "sync");

        (await OpenAsync(host)).Single(IsFirstBackup).GetProperty("state").GetString().ShouldBe("waits");
    }

    [Fact]
    public async Task Selectors_narrow_down_and_the_message_names_what_was_meant()
    {
        await using var host = await WithoutBackupsAsync(3, Proposes);
        await host.JsonAsync(0, "sync");
        var open = await OpenAsync(host);
        var ben = open.Where(o => People(o).Contains("Ben")).ToList();
        ben.Count.ShouldBeInRange(1, 2);
        (await host.JsonAsync(0, "approvals", "--person", "ben")).GetProperty("corrections").GetArrayLength().ShouldBe(ben.Count);
        (await host.JsonAsync(0, "approvals", "--person", Ben, "--account", Account(2), "--rule", "backup-present")).GetProperty("corrections").GetArrayLength()
            .ShouldBe(ben.Count(o => o.GetProperty("account").GetString() == Account(2)));

        var run = await host.RunAsync("approve", "--person", "Ben", "--account", ben[0].GetProperty("account").GetString()!, "--rule", "backup-present", "--reason", "seen");

        run.Status.ShouldBe(0, run.Error);
        run.Error.ShouldContain($"Approved: 1 correction.{Environment.NewLine}  {ben[0].GetProperty("id").GetString()}  {ben[0].GetProperty("sentence").GetString()}");
        (await IdsAsync(host)).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("--rule", "one-primary", "Nothing that waits or is held is of the rule 'one-primary'")]
    [InlineData("--person", "Nobody", "Nobody who is named 'Nobody' gains or loses anything")]
    [InlineData("--account", "Acme", "'Acme' is not an account's id")]
    public async Task What_no_selector_meets_is_said_in_a_sentence(string option, string value, string sentence)
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");

        var run = await host.RunAsync("approve", option, value, "--reason", "seen");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
    }

    [Fact]
    public async Task What_is_deferred_is_not_written_even_by_itself_until_its_day()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("defer", (await IdsAsync(host))[0], "--until", "2026-11-24", "--reason", "after the fair", "--as", "Olga")).Status.ShouldBe(0);
        host.Rules(Auto);

        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(0);
        var deferred = (await OpenAsync(host)).ShouldHaveSingleItem();
        deferred.GetProperty("state").GetString().ShouldBe("deferred");
        deferred.GetProperty("reasons")[0].GetString().ShouldBe("Olga deferred it until 2026-11-24: after the fair");
        deferred.GetProperty("no").GetProperty("until").GetString().ShouldBe("2026-11-24");
        (await host.RunAsync("approvals")).Output.ShouldContain("Deferred: left alone until the day that is named");

        host.Clock.Advance(TimeSpan.FromDays(2));
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_deferred_can_be_approved_before_its_day()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        var id = (await IdsAsync(host))[0];
        await host.RunAsync("defer", id, "--until", "2027-01-01", "--reason", "later");
        await host.JsonAsync(0, "sync");

        (await host.JsonAsync(0, "approve", id, "--reason", "now")).GetProperty("applied").GetInt32().ShouldBe(1);

        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("2026-11-22", "--until must be a day to come")]
    [InlineData("soon", "--until must be a date such as")]
    public async Task A_deferral_needs_a_day_to_come(string until, string sentence)
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);

        var run = await host.RunAsync("defer", "01234567", "--until", until, "--reason", "later");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
    }

    [Fact]
    public async Task What_waits_says_since_when_and_until_when()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        host.Clock.Advance(TimeSpan.FromDays(3));
        await host.ChangeAsync("Account", Account(2), new { Name = "Renamed" });
        await host.JsonAsync(0, "sync");

        var waits = (await OpenAsync(host)).ShouldHaveSingleItem();
        waits.GetProperty("since").GetString().ShouldBe("2026-11-22T08:00:00Z");
        waits.GetProperty("sinceRun").GetInt32().ShouldBe(1);
        waits.GetProperty("expires").GetString().ShouldBe("2026-12-09T08:00:00Z");
        (await host.RunAsync("approvals")).Output.ShouldContain("since 2026-11-22 (run 1)");
    }

    [Fact]
    public async Task A_plan_that_is_too_old_cannot_be_approved()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        var id = (await IdsAsync(host))[0];
        host.Clock.Advance(TimeSpan.FromDays(14));

        var run = await host.RunAsync("approve", id, "--reason", "seen");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain("of run 1 is of 2026-11-22, and a plan can be approved for 14 days (Approvals:ExpireDays): make a new one with `pocsync sync`");
    }

    [Fact]
    public async Task An_approval_that_could_not_be_written_expires_and_the_run_says_so()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        host.Settings["Approvals:ExpireDays"] = "2";
        await host.JsonAsync(0, "sync");
        var id = (await IdsAsync(host))[0];
        await host.Org.FaultsAsync("503");
        (await host.RunAsync("approve", id, "--reason", "seen", "--as", "Olga")).Status.ShouldBe(3);
        await host.Org.FaultsAsync("");
        host.Clock.Advance(TimeSpan.FromDays(2));

        var late = await host.JsonAsync(5, "sync");

        var outcome = late.GetProperty("outcomes").EnumerateArray().ShouldHaveSingleItem();
        outcome.GetProperty("outcome").GetString().ShouldBe("expired");
        outcome.GetProperty("reason").GetString().ShouldBe("Olga approved it on 2026-11-22, and it was not written within 2 days (Approvals:ExpireDays)");
        (await host.RowsAsync(0)).ShouldBe(["Primary Ana"]);
        var waits = (await OpenAsync(host)).ShouldHaveSingleItem();
        waits.GetProperty("approved").GetBoolean().ShouldBeFalse();
        (await host.JsonAsync(0, "approve", waits.GetProperty("id").GetString()!, "--reason", "again")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task More_accounts_than_one_person_may_approve_need_a_second()
    {
        await using var host = await WithoutBackupsAsync(3, Proposes);
        host.Settings["Approvals:TwoPersonsAbove"] = "2";
        var digest = (await host.JsonAsync(0, "sync")).GetProperty("digest").GetString()!;

        var first = await host.RunAsync("approve", digest, "--reason", "seen", "--as", "Olga");
        first.Status.ShouldBe(4);
        first.Error.ShouldContain("3 of them need a second person");
        (await host.RunAsync("approve", digest, "--reason", "again", "--as", " olga ")).Status.ShouldBe(4);
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(0);
        (await host.RowsAsync(0)).ShouldBe(["Primary Ana"]);
        (await OpenAsync(host)).ShouldAllBe(o => o.GetProperty("needsSecond").GetBoolean() && !o.GetProperty("approved").GetBoolean());
        (await host.RunAsync("approvals")).Output.ShouldContain("approved by olga: again; needs a second person before 2026-12-06");

        var second = await host.JsonAsync(0, "approve", digest, "--reason", "agreed", "--as", "Pia");
        second.GetProperty("applied").GetInt32().ShouldBe(3);
        second.GetProperty("outcomes")[0].GetProperty("approvedBy").GetString().ShouldBe("Olga: seen; olga: again; Pia: agreed");
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Approving_in_steps_does_not_help()
    {
        await using var host = await WithoutBackupsAsync(3, Proposes);
        host.Settings["Approvals:TwoPersonsAbove"] = "2";
        await host.JsonAsync(0, "sync");
        var ids = await IdsAsync(host);

        (await host.JsonAsync(0, "approve", ids[0], ids[1], "--reason", "seen", "--as", "Olga")).GetProperty("applied").GetInt32().ShouldBe(2);
        // Another plan, and still the same that waits.
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("approve", ids[2], "--reason", "seen", "--as", "Olga")).Status.ShouldBe(4);

        (await host.JsonAsync(0, "approve", ids[2], "--reason", "agreed", "--as", "Pia")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_plans_file_needs_two_persons_too()
    {
        await using var host = await WithoutBackupsAsync(3, Proposes);
        host.Settings["Approvals:TwoPersonsAbove"] = "2";
        await host.RunAsync("plan", "--out", host.At("plan.json"));

        (await host.JsonAsync(0, "apply", host.At("plan.json"), "--as", "Olga")).GetProperty("applied").GetInt32().ShouldBe(0);
        (await host.JsonAsync(0, "apply", host.At("plan.json"), "--as", "Olga")).GetProperty("applied").GetInt32().ShouldBe(0);
        (await host.JsonAsync(0, "apply", host.At("plan.json"), "--as", "Pia")).GetProperty("applied").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_pick_that_waits_stays_from_day_to_day()
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        var id = (await IdsAsync(host)).ShouldHaveSingleItem();
        (await PickedAsync(host)).ShouldBe(Ben);
        // Cy is loaded less than Ben now.
        await host.DeleteAsync("POC_Assignment__c", RecordIdOf(2));
        await host.JsonAsync(0, "sync");
        await host.JsonAsync(0, "sync");

        var waits = (await OpenAsync(host)).Single(IsFirstBackup);
        waits.GetProperty("id").GetString().ShouldBe(id);
        waits.GetProperty("trace")[0].GetString()!.ShouldStartWith($"Ben ({Ben}): picked, stays with Ben, who was proposed by run 1");
    }

    [Fact]
    public async Task A_correction_is_given_to_somebody_else_and_written_at_once()
    {
        await using var host = await WithoutBackupsAsync(2, Proposes);
        await host.JsonAsync(0, "sync");
        var ids = await IdsAsync(host);

        var run = await host.JsonAsync(0, "approve", ids[0], "--give-to", "dee", "--reason", "knows the firm", "--as", "Olga");

        var outcome = run.GetProperty("outcomes").EnumerateArray().ShouldHaveSingleItem();
        outcome.GetProperty("id").GetString().ShouldNotBe(ids[0]);
        outcome.GetProperty("sentence").GetString().ShouldBe("Make Dee backup of Account 0, which has too few.");
        outcome.GetProperty("approvedBy").GetString().ShouldBe("Olga: knows the firm");
        (await host.RowsAsync(0)).ShouldBe(["Backup Dee", "Primary Ana"]);
        // The others wait as they did.
        (await IdsAsync(host)).ShouldBe([ids[1]]);
        await host.JsonAsync(0, "sync");
        (await IdsAsync(host)).ShouldBe([ids[1]]);
        await host.JsonAsync(0, "approve", ids[1], "--reason", "seen");
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("Ana", "Account 0 cannot be given to Ana (0055f0000000001AAA): is on the account already.")]
    [InlineData(Gone, "Account 0 cannot be given to Gone (0055f0000000005AAA): inactive.")]
    [InlineData("Zoe", "The org has no user 'Zoe': give a user's id or exact name.")]
    public async Task Who_fails_a_test_is_not_given_anything(string to, string sentence)
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        await host.JsonAsync(0, "sync");
        var id = (await IdsAsync(host))[0];

        var run = await host.RunAsync("approve", id, "--give-to", to, "--reason", "why not");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
        (await IdsAsync(host)).ShouldBe([id]);
        (await host.RunAsync("runs")).Output.ShouldContain(sentence);
    }

    [Fact]
    public async Task What_was_given_and_could_not_be_written_stays_with_the_one_who_was_chosen()
    {
        await using var host = await WithoutBackupsAsync(2, Proposes);
        host.Settings["Approvals:TwoPersonsAbove"] = "0";
        await host.JsonAsync(0, "sync");
        var ids = await IdsAsync(host);

        (await host.RunAsync("approve", ids[0], "--give-to", Dee, "--reason", "knows the firm", "--as", "Olga")).Status.ShouldBe(4);

        var given = (await OpenAsync(host)).Single(IsFirstBackup);
        given.GetProperty("needsSecond").GetBoolean().ShouldBeTrue();
        given.GetProperty("id").GetString().ShouldNotBe(ids[0]);
        given.GetProperty("trace")[0].GetString()!.ShouldStartWith($"Dee ({Dee}): picked, chosen by Olga: knows the firm");
        (await host.JsonAsync(0, "approve", given.GetProperty("id").GetString()!, "--reason", "agreed", "--as", "Pia")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.RowsAsync(0)).ShouldBe(["Backup Dee", "Primary Ana"]);
    }

    [Fact]
    public async Task What_is_wrong_at_first_can_be_the_baseline_and_only_what_is_new_is_news()
    {
        // That somebody takes away what was written is no matter here.
        await using var host = await WithoutBackupsAsync(2, Auto + "\n  no-revert-war: { enabled: false }");
        host.Settings["Guard:MaxChanged"] = "1";
        await host.JsonAsync(4, "sync");
        var ids = await IdsAsync(host);
        (await host.RunAsync("baseline", "--reason", "as it was bought", "--as", "Olga")).Error.ShouldContain("accepted as the baseline");
        (await OpenAsync(host)).ShouldAllBe(o => o.GetProperty("state").GetString() == "baseline");

        // Account 2 loses its Backup.
        await host.DeleteAsync("POC_Assignment__c", RecordIdOf(3));
        var sync = await host.JsonAsync(0, "sync");
        sync.GetProperty("applied").GetInt32().ShouldBe(1);
        sync.GetProperty("baseline").GetInt32().ShouldBeGreaterThanOrEqualTo(2);
        sync.GetProperty("sentence").GetString()!.ShouldContain(" in the baseline, 1 correction planned.");
        (await host.RowsAsync(0)).ShouldBe(["Primary Ana"]);
        (await OpenAsync(host)).Select(o => o.GetProperty("reasons")[0].GetString())
            .ShouldAllBe(r => r == "Olga accepted it as the baseline on 2026-11-22: as it was bought");

        // By its id it is written all the same; what comes back later is news.
        (await host.JsonAsync(0, "approve", ids[0], "--reason", "now")).GetProperty("applied").GetInt32().ShouldBe(1);
        await host.JsonAsync(0, "sync");
        var made = (await host.Org.RowsAsync("POC_Assignment__c")).Single(
            r => r.GetProperty("Account__c").GetString() == Account(0) && r.GetProperty("Role__c").GetString() == "Backup");
        await host.DeleteAsync("POC_Assignment__c", made.GetProperty("Id").GetString()!);
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);

        (await host.RunAsync("baseline", "--clear", "--rule", "backup-present", "--reason", "time to tidy")).Error.ShouldStartWith("1 finding taken out");
        // The guard held it once, and nobody has said yes to it since.
        (await host.JsonAsync(4, "sync")).GetProperty("held").GetInt32().ShouldBe(1);
        (await host.JsonAsync(0, "approve", "--rule", "backup-present", "--reason", "tidy")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("Approvals:ExpireDays", "0", "Approvals:ExpireDays must be a whole number, 1 or more, not '0'.")]
    [InlineData("Approvals:Expires", "3", "There is no setting Approvals:Expires")]
    public async Task Wrong_terms_are_refused(string setting, string value, string sentence)
    {
        await using var host = await WithoutBackupsAsync(1, Proposes);
        host.Settings[setting] = value;

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
    }

    private static string RecordIdOf(int row) => PocSync.Core.Records.RecordId.Parse($"a005f{row:D10}").ToString();

    private static async Task<List<JsonElement>> OpenAsync(RunHost host) =>
        [.. (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray()];

    private static IEnumerable<string> People(JsonElement open) =>
        open.GetProperty("people").EnumerateArray().Select(p => p.GetProperty("name").GetString()!);

    private static bool IsFirstBackup(JsonElement open) =>
        open.GetProperty("rule").GetString() == "backup-present" && open.GetProperty("account").GetString() == Account(0);

    /// <summary>The user picked as Backup of the first account.</summary>
    private static async Task<string> PickedAsync(RunHost host) =>
        (await OpenAsync(host)).Single(IsFirstBackup).GetProperty("people")[0].GetProperty("id").GetString()!;

    private async Task<RunHost> WithoutBackupsAsync(int accounts, string rules, string? ownerOfOneMore = null)
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

public sealed class ApprovalTestsOnSqlite() : ApprovalTests(LedgerProvider.Sqlite);

public sealed class ApprovalTestsOnPostgreSql() : ApprovalTests(LedgerProvider.PostgreSql);
