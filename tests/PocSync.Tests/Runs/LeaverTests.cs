using System.Text.Json;
using PocSync.Core.Guards;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Simulator;
using PocSync.Tests.Notices;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>Somebody leaves on a day that is known before: others have all their accounts from that day on, and hear of it while there is time.</summary>
public abstract class LeaverTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private const string Rules = Auto + "\npool: IsActive = true";

    /// <summary>Ana, with three accounts and as the backup of a fourth, on a Tuesday.</summary>
    private async Task<RunHost> TuesdayAsync()
    {
        var host = (await StartAsync(new SimulatorOptions(), Rules, NoticeHost.People(), Accounts(Ana, Ana, Ana, Dee),
            Rows((0, "Primary", Ana), (0, "Backup", Dee), (1, "Primary", Ana), (1, "Backup", Dee), (2, "Primary", Ana), (2, "Backup", Dee), (3, "Primary", Dee), (3, "Backup", Ana)))).AtAllTimes();
        host.Clock.Advance(TimeSpan.FromDays(2));
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        return host;
    }

    private static Task<JsonElement> AnnounceAsync(RunHost host, params string[] more) =>
        host.JsonAsync(0, ["leaver", "Ana", "--on", "2026-11-27", "--reason", "new job", "--as", "Olga", .. more]);

    [Fact]
    public async Task The_whole_book_is_drafted_edited_approved_and_passes_on_the_day()
    {
        await using var host = await TuesdayAsync();

        await AnnounceAsync(host);

        (await OpenAsync(host)).ShouldBe(
        [
            "waits Make Dee primary contact of Account 0 on 2026-11-27 in place of Ana: Ana leaves.", "waits Make Dee primary contact of Account 1 on 2026-11-27 in place of Ana: Ana leaves.",
            "waits Make Dee primary contact of Account 2 on 2026-11-27 in place of Ana: Ana leaves.", "waits Make Cy backup of Account 3 on 2026-11-27 in place of Ana: Ana leaves.",
        ]);
        (await HandoffsAsync(host)).ShouldBeEmpty();
        (await host.JsonAsync(0, "approve", await IdAsync(host, 1), "--give-to", "Cy", "--reason", "they know Cy")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await HandoffsAsync(host)).ShouldBe(["1 Ana Cy Proposed 2026-11-27 2026-11-27"]);
        await ApproveAllAsync(host);
        (await HandoffsAsync(host)).ShouldBe(["0 Ana Dee Proposed 2026-11-27 2026-11-27", "1 Ana Cy Proposed 2026-11-27 2026-11-27", "2 Ana Dee Proposed 2026-11-27 2026-11-27"]);
        (await host.OutboxAsync()).ShouldBe(
        [
            "notification Ana: Please write the handoff notes of 2 accounts", "notification Ana: Please write the handoff notes of Account 1", "notification Cy: You will take over Account 1",
            "notification Dee: You will take over 2 accounts",
        ]);
        string[] approved = await OpenAsync(host), ids = await IdsAsync(host);
        approved.Length.ShouldBe(4);
        approved.ShouldAllBe(o => o.StartsWith("approved "));
        (await host.RunAsync("approvals")).Output.ShouldContain("; effective on 2026-11-27");

        await NextDayAsync(host, written: 0);
        await NoteAsync(host, 0);
        await NextDayAsync(host, written: 0);

        (await IdsAsync(host)).ShouldBe(ids, ignoreOrder: true);
        (await OpenAsync(host)).ShouldBe(approved, ignoreOrder: true);
        (await OwnersAsync(host)).ShouldBe("Ana Ana Ana Dee");
        await NextDayAsync(host, written: 7);
        (await OwnersAsync(host)).ShouldBe("Dee Cy Dee Dee");
        host.Ledger.Query("SELECT DISTINCT \"Kind\", \"Reason\" FROM news").Order(StringComparer.Ordinal).ShouldBe(
            [.. new[] { "BecameBackup", "BecamePrimary", "HandoffToDocument", "TookOver", "WasBackup", "WasPrimary", "WillTakeOver" }.Select(k => $"{k}|Ana leaves.")]);
        (await HandoffsAsync(host)).ShouldBe(
            ["0 Ana Dee Awaiting Acknowledgement 2026-11-27 2026-12-02", "1 Ana Cy Documenting 2026-11-27 2026-12-02", "2 Ana Dee Documenting 2026-11-27 2026-12-02"]);
        (await host.RowsAsync(3)).ShouldBe(["Backup Cy", "Primary Dee"]);
        (await host.RowsAsync(0)).Count(r => r.StartsWith("Primary ")).ShouldBe(1);
        (await host.RowsAsync(0)).ShouldNotContain("Backup Ana");
        (await host.Org.RowsAsync("POC_Handoff__c")).Count(r => LiveOrgHost.Text(r, "Notes__c") == "Call Iris.").ShouldBe(1);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Who_stays_after_all_keeps_the_accounts_and_everybody_hears_of_it()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        (await host.RunAsync("leaver")).Output.ShouldBe("2026-11-27  Ana (0055f0000000001AAA): new job (Olga, 2026-11-24)\n");

        var run = await host.JsonAsync(0, "leaver", "ana@x.example", "--withdraw", "--reason", "got a raise", "--as", "Olga");

        run.GetProperty("outcomes").EnumerateArray().Where(o => o.GetProperty("outcome").GetString() == "withdrawn").Select(o => o.GetProperty("reason").GetString()).Distinct()
            .ShouldBe(["Ana does not leave then: Olga withdrew it: got a raise"]);
        (await HandoffsAsync(host)).Count(h => h.Contains(" Cancelled ")).ShouldBe(3);
        (await OpenAsync(host)).ShouldBeEmpty();
        (await host.OutboxAsync()).Count(o => o.Contains("is called off")).ShouldBe(2);
        (await host.RunAsync("leaver")).Output.ShouldBe("Nobody is announced to leave.\n");
        for (var day = 0; day < 4; day++)
        {
            await NextDayAsync(host, written: 0);
        }

        (await OwnersAsync(host)).ShouldBe("Ana Ana Ana Dee");
    }

    [Fact]
    public async Task What_is_called_off_before_anybody_was_told_is_told_to_nobody()
    {
        await using var host = await TuesdayAsync();
        host.Settings["Notices:WorkingDays"] = "Wednesday";
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        (await host.RunAsync("leaver", "Ana", "--withdraw", "--reason", "got a raise")).Status.ShouldBe(0);

        await NextDayAsync(host, written: 0);

        (await HandoffsAsync(host)).Length.ShouldBe(3);
        (await host.OutboxAsync()).ShouldBeEmpty();
        (await host.TasksAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Ana", "--withdraw")]
    [InlineData("Ana", "--on", "2026-12-04")]
    public async Task What_is_taken_back_on_the_day_itself_is_not_written_first(params string[] word)
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(3));

        (await host.RunAsync(["leaver", .. word, "--reason", "stays a while"])).Status.ShouldBe(0);

        (await OwnersAsync(host)).ShouldBe("Ana Ana Ana Dee");
        var handoffs = await HandoffsAsync(host);
        handoffs.Length.ShouldBe(3);
        handoffs.ShouldAllBe(h => h.Contains(" Cancelled "));
        await host.JsonAsync(0, "sync");
        (await OwnersAsync(host)).ShouldBe("Ana Ana Ana Dee");
    }

    [Theory]
    [InlineData("Ana Ana Ana Dee", "", "leaver", "Cy", "--on", "2026-11-28", "--reason", "goes too")]
    [InlineData("Ana Ana Ana Dee", "gone", "sync", "--full")]
    [InlineData("Ana Cy Cy Dee", "declined", "approve", "--person", "Ana", "--reason", "once more")]
    public async Task Whoever_cannot_take_over_on_the_day_any_more_is_given_nothing(string owners, string why, params string[] run)
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host, "--to", "Cy");
        await ApproveAllAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(3));
        if (why == "gone")
        {
            await host.ChangeAsync("User", Cy, new { IsActive = false });
        }
        else if (why == "declined")
        {
            await host.ChangeAsync("POC_Handoff__c", await HandoffAsync(host, 0), new { Status__c = "Declined", Declined_By__c = Cy, Declined_Why__c = "too far away" });
        }

        (await host.RunAsync(run)).Status.ShouldBe(0);

        (await OwnersAsync(host)).ShouldBe(owners);
        var withdrawn = host.Ledger.Query("SELECT DISTINCT \"Reason\" FROM outcomes WHERE \"Kind\" = 'Withdrawn'");
        withdrawn.Count.ShouldBe(1);
        withdrawn[0].ShouldStartWith("Cy cannot take over: ");
    }

    [Theory]
    [InlineData("Documenting", "sync")]
    [InlineData("Cancelled", "leaver", "Ana", "--withdraw", "--reason", "stays a while")]
    public async Task What_follows_from_a_persons_word_is_not_held_by_the_guard(string status, params string[] run)
    {
        const int Many = 120;
        await using var host = (await StartAsync(new SimulatorOptions(), NoticeHost.Rules, NoticeHost.People(), Accounts([.. Enumerable.Repeat(Ana, Many)]),
            Rows([.. Enumerable.Range(0, Many).SelectMany(i => new[] { (i, "Primary", Ana), (i, "Backup", Dee) })]))).AtAllTimes();
        host.Clock.Advance(TimeSpan.FromDays(2));
        await host.JsonAsync(0, "sync");
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(3));

        (await host.JsonAsync(0, run)).GetProperty("held").GetInt32().ShouldBe(0);

        (await host.Org.RowsAsync("POC_Handoff__c")).CountBy(h => LiveOrgHost.Text(h, "Status__c")!).ShouldBe([new(status, Many)]);
        (await host.Org.RowsAsync("POC_Alert__c")).ShouldBeEmpty();
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task What_two_persons_approved_while_writing_was_paused_is_opened_once_it_goes_on()
    {
        await using var host = await TuesdayAsync();
        host.Settings["Approvals:TwoPersonsAbove"] = "1";
        await AnnounceAsync(host);
        (await host.RunAsync("approve", "--person", "Ana", "--reason", "so it is", "--as", "Olga")).Status.ShouldBe(4);
        (await HandoffsAsync(host)).ShouldBeEmpty();
        await host.RunAsync("pause", "--reason", "quarter close");
        (await host.RunAsync("approve", "--person", "Ana", "--reason", "I think so too", "--as", "Paul")).Status.ShouldBe(4);
        (await HandoffsAsync(host)).ShouldBeEmpty();
        (await host.RunAsync("resume")).Status.ShouldBe(0);

        await host.JsonAsync(0, "sync");

        (await HandoffsAsync(host)).Length.ShouldBe(3);
        (await host.OutboxAsync()).ShouldContain("notification Dee: You will take over 3 accounts");
    }

    [Fact]
    public async Task What_was_called_off_and_is_approved_on_the_day_after_all_is_handed_over_all_the_same()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        (await host.RunAsync("leaver", "Ana", "--withdraw", "--reason", "got a raise")).Status.ShouldBe(0);
        host.Clock.Advance(TimeSpan.FromDays(3));
        await AnnounceAsync(host);
        (await HandoffsAsync(host)).Count(h => h.Contains(" Cancelled ")).ShouldBe(3);

        await ApproveAllAsync(host);

        (await OwnersAsync(host)).ShouldBe("Dee Dee Dee Dee");
        (await HandoffsAsync(host)).ShouldBe([.. Enumerable.Range(0, 3).Select(i => $"{i} Ana Dee Documenting 2026-11-27 2026-12-02")]);
        (await host.OutboxAsync()).Count(o => o.StartsWith("notification Ana: Please write the handoff notes of 3 accounts")).ShouldBe(2);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        (await host.Org.RowsAsync("POC_Alert__c")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_left_and_comes_back_is_no_longer_announced_to_leave()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(3));
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("leaver")).Output.ShouldStartWith("2026-11-27  Ana ");
        await host.ChangeAsync("User", Ana, new { IsActive = false });
        await NextDayAsync(host, written: 0);
        (await host.RunAsync("leaver")).Output.ShouldBe("Nobody is announced to leave.\n");
        host.Clock.Advance(TimeSpan.FromDays(100));
        await host.ChangeAsync("User", Ana, new { IsActive = true });
        await host.ChangeAsync("User", Cy, new { IsActive = false });

        await host.JsonAsync(0, "sync");

        (await host.RowsAsync(3)).ShouldContain("Backup Ana");
        // And may go again.
        var again = await host.RunAsync("leaver", Ana, "--on", "2027-06-01", "--reason", "for good");
        again.Status.ShouldBe(0, again.Error);
        (await host.RunAsync("leaver")).Output.ShouldStartWith("2027-06-01  ");
    }

    [Fact]
    public async Task The_draft_of_one_leaver_says_nothing_of_another()
    {
        await using var host = await TuesdayAsync();
        host.Rules(Rules.Replace("IsActive = true", "Name = 'Nobody'"));
        (await host.RunAsync("leaver", "Dee", "--on", "2026-11-30", "--reason", "retires")).Status.ShouldBe(0);

        await AnnounceAsync(host, "--out", host.At("ana.json"));

        var file = JsonDocument.Parse(await File.ReadAllTextAsync(host.At("ana.json"))).RootElement;
        var ofAna = file.GetProperty("unpicked").EnumerateArray().Select(u => u.GetProperty("sentence").GetString()!).ToList();
        ofAna.Count.ShouldBe(4);
        ofAna.ShouldAllBe(u => u.Contains("Ana"));
    }

    [Fact]
    public async Task Giving_for_a_day_says_where_it_takes_a_second_person()
    {
        await using var host = await TuesdayAsync();
        host.Settings["Approvals:TwoPersonsAbove"] = "0";
        await AnnounceAsync(host);

        var run = await host.RunAsync("approve", await IdAsync(host, 1), "--give-to", "Cy", "--reason", "they know Cy", "--as", "Olga");

        (run.Status, run.Error.Contains("It needs a second person")).ShouldBe((4, true));
        (await HandoffsAsync(host)).ShouldBeEmpty();
        (await host.RunAsync("approve", await IdAsync(host, 1), "--reason", "so it is", "--as", "Paul")).Status.ShouldBe(0);
        (await HandoffsAsync(host)).ShouldBe(["1 Ana Cy Proposed 2026-11-27 2026-11-27"]);
    }

    [Theory]
    [InlineData(3, "2026-12-21", "2026-12-18", "2026-12-26")]
    [InlineData(12, "2026-12-30", "2026-12-30", "2027-01-04")]
    public async Task A_worker_that_was_down_writes_what_was_approved_for_the_day_when_it_is_back(int late, string start, string effective, string due)
    {
        await using var host = await TuesdayAsync();
        await host.JsonAsync(0, "leaver", "Ana", "--on", "2026-12-18", "--to", "Cy", "--reason", "new job");
        await ApproveAllAsync(host);

        // Longer than an approval holds otherwise, and late.
        host.Clock.Advance(TimeSpan.FromDays(24 + late));
        await host.JsonAsync(0, "sync");

        (await OwnersAsync(host)).ShouldBe("Cy Cy Cy Dee");
        (await HandoffsAsync(host)).Length.ShouldBe(3);
        (await HandoffsAsync(host)).ShouldAllBe(h => h.EndsWith($" Ana Cy Documenting {effective} {due}"));
        (await host.Org.RowsAsync("POC_Assignment__c")).Where(r => LiveOrgHost.Text(r, "User__c") == Cy && LiveOrgHost.Text(r, "Role__c") == "Primary")
            .Select(r => LiveOrgHost.Text(r, "Starts_On__c")).ShouldBe([start, start, start]);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Where_the_receiver_declines_before_the_day_somebody_else_is_proposed_before_it()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        await host.ChangeAsync("POC_Handoff__c", await HandoffAsync(host, 0), new { Status__c = "Declined", Declined_By__c = Dee, Declined_Why__c = "too far away" });

        host.Clock.Advance(TimeSpan.FromDays(1));
        var run = await host.JsonAsync(0, "sync");

        run.GetProperty("outcomes")[0].GetProperty("reason").GetString().ShouldBe("Dee cannot take over: declined the handoff of 2026-11-27");
        var open = await OpenAsync(host);
        open.Count(o => o.StartsWith("approved ")).ShouldBe(3);
        open.ShouldContain("waits Make Ben primary contact of Account 0 on 2026-11-27 in place of Ana: Ana leaves.");
        await ApproveAllAsync(host);
        await NextDayAsync(host, written: 0);
        await NextDayAsync(host, written: 7);
        (await OwnersAsync(host)).ShouldBe("Ben Dee Dee Dee");
        (await HandoffsAsync(host))[..2].ShouldBe(["0 Ana Ben Documenting 2026-11-27 2026-12-02", "0 Ana Dee Declined 2026-11-27 2026-11-27"]);
    }

    [Fact]
    public async Task Who_is_deactivated_before_the_day_is_followed_at_once_and_nothing_is_doubled()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host, "--to", "Cy");
        await ApproveAllAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.ChangeAsync("User", Ana, new { IsActive = false });

        await host.JsonAsync(0, "sync");
        await host.JsonAsync(0, "sync");

        (await host.OutboxAsync()).ShouldContain(o => o.StartsWith("notification Dee: For ") && o.EndsWith(", who is gone: Please write the handoff notes of 3 accounts"));
        // Who was approved for the day follows now.
        (await OwnersAsync(host)).ShouldBe("Cy Cy Cy Dee");
        (await HandoffsAsync(host)).ShouldBe(["0 Ana Cy Documenting 2026-11-25 2026-11-30", "1 Ana Cy Documenting 2026-11-25 2026-11-30", "2 Ana Cy Documenting 2026-11-25 2026-11-30"]);
        await NextDayAsync(host, written: 0);
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.JsonAsync(0, "sync");
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        (await HandoffsAsync(host)).Length.ShouldBe(3);
        // A backup who is gone is not counted, and not taken off the account.
        (await host.RowsAsync(3)).ShouldBe(["Backup Ana", "Backup Ben", "Primary Dee"]);
    }

    [Fact]
    public async Task Where_the_owner_is_the_primary_contact_the_owner_passes_on_the_day()
    {
        await using var host = await StartAsync(Rules + "\nbinding: team\nteamRoles: { Backup: Backup }", NoticeHost.People(), Accounts(Ana, Ana, Dee), Team((0, Ben, "Backup"), (2, Ana, "Backup"), (2, Cy, "Backup")));
        host.AtAllTimes().Clock.Advance(TimeSpan.FromDays(2));
        await host.JsonAsync(0, "sync");
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        (await HandoffsAsync(host)).Select(h => h[..1]).ShouldBe(["0", "1"]);
        await NextDayAsync(host, written: 0);
        (await OpenAsync(host)).Count(o => o.StartsWith("approved ")).ShouldBe(3);

        host.Clock.Advance(TimeSpan.FromDays(2));
        await host.JsonAsync(0, "sync");

        var owners = new[] { Name(await host.Org.OwnerAsync(Account(0))), Name(await host.Org.OwnerAsync(Account(1))) };
        owners[0].ShouldBe("Ben");
        owners.ShouldNotContain("Ana");
        (await HandoffsAsync(host)).Count(h => h.Contains(" Documenting 2026-11-27 ")).ShouldBe(2);
        (await host.TeamAsync(2)).ShouldNotContain(t => t.StartsWith("Ana "));
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Announced_for_another_day_the_book_is_drafted_anew()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        await ApproveAllAsync(host);

        (await host.RunAsync("leaver", "Ana", "--on", "2026-12-04", "--reason", "a week more")).Status.ShouldBe(0);

        (await HandoffsAsync(host)).Count(h => h.Contains(" Cancelled 2026-11-27 ")).ShouldBe(3);
        (await OpenAsync(host)).Count(o => o.StartsWith("waits ") && o.Contains(" on 2026-12-04 in place of Ana")).ShouldBe(4);
        await ApproveAllAsync(host);
        (await HandoffsAsync(host)).Count(h => h.Contains(" Proposed 2026-12-04 ")).ShouldBe(3);
        host.Clock.Advance(TimeSpan.FromDays(4));
        await host.JsonAsync(0, "sync");
        (await OwnersAsync(host)).ShouldBe("Ana Ana Ana Dee");
        host.Clock.Advance(TimeSpan.FromDays(6));
        await host.JsonAsync(0, "sync");
        (await OwnersAsync(host)).ShouldBe("Dee Dee Dee Dee");
    }

    [Fact]
    public async Task What_is_rejected_is_called_off_and_what_is_approved_after_all_is_opened_again()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        var id = await IdAsync(host, 0);
        await host.JsonAsync(0, "approve", id, "--reason", "so it is");
        (await host.RunAsync("reject", id, "--reason", "not to Dee")).Status.ShouldBe(0);

        await NextDayAsync(host, written: 1);
        (await HandoffsAsync(host)).ShouldBe(["0 Ana Dee Cancelled 2026-11-27 2026-11-27"]);
        await host.JsonAsync(0, "approve", id, "--reason", "to Dee after all");
        var before = await host.OutboxAsync();
        await NextDayAsync(host, written: 1);
        (await HandoffsAsync(host)).ShouldBe(["0 Ana Dee Proposed 2026-11-27 2026-11-27"]);
        string[] told = ["notification Ana: Please write the handoff notes of Account 0", "notification Dee: You will take over Account 0"];
        (await host.OutboxAsync()).ShouldBe(before.Concat(told).Order(StringComparer.Ordinal));
        var handoff = await HandoffAsync(host, 0);
        host.Ledger.Query($"SELECT \"Kind\", \"Due\" FROM news WHERE \"About\" = '{handoff}' AND \"Kind\" <> 'HandoffCalledOff' ORDER BY \"Id\" DESC LIMIT 2")
            .Order(StringComparer.Ordinal).ShouldBe(["HandoffToDocument|2026-11-27", "WillTakeOver|2026-11-27"]);
        await NextDayAsync(host, written: 2);
        (await OwnersAsync(host)).ShouldBe("Dee Ana Ana Dee");
    }

    [Fact]
    public async Task Whoever_leaves_is_picked_for_nothing_and_says_so_in_the_trace()
    {
        await using var host = await TuesdayAsync();
        (await host.RunAsync("leaver", "Dee", "--on", "2026-12-01", "--reason", "retires")).Status.ShouldBe(0);

        await AnnounceAsync(host);

        var approvals = (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().ToList();
        var first = approvals.Single(c => c.GetProperty("account").GetString() == Account(0) && c.GetProperty("rule").GetString() == "primary-able");
        first.GetProperty("sentence").GetString().ShouldBe("Make Ben primary contact of Account 0 on 2026-11-27 in place of Ana: Ana leaves.");
        first.GetProperty("trace").EnumerateArray().Select(t => t.GetString()).ShouldContain("Backup Dee (0055f0000000004AAA): leaves on 2026-12-01");
    }

    [Fact]
    public async Task The_run_of_the_day_can_be_undone()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        await ApproveAllAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(3));
        var run = (await host.JsonAsync(0, "sync")).GetProperty("run").GetInt64();
        (await OwnersAsync(host)).ShouldBe("Dee Dee Dee Dee");

        (await host.RunAsync("undo", run.ToString(System.Globalization.CultureInfo.InvariantCulture), "--reason", "Ana stays")).Status.ShouldBe(0);

        (await OwnersAsync(host)).ShouldBe("Ana Ana Ana Dee");
        (await host.RowsAsync(0)).ShouldBe(["Backup Dee", "Primary Ana"]);
        await host.JsonAsync(0, "sync");
        (await OwnersAsync(host)).ShouldBe("Ana Ana Ana Dee");
        (await HandoffsAsync(host)).Count(h => h.Contains(" Cancelled ")).ShouldBe(3);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task The_draft_can_be_kept_as_a_file_and_applied()
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host, "--out", host.At("ana.json"));
        var file = JsonDocument.Parse(await File.ReadAllTextAsync(host.At("ana.json"))).RootElement;
        file.GetProperty("corrections").EnumerateArray().Select(c => c.GetProperty("notBefore").GetString()).ShouldBe(Enumerable.Repeat("2026-11-27", 4));

        var applied = await host.RunAsync("apply", host.At("ana.json"));

        applied.Status.ShouldBe(0, applied.Error);

        (await HandoffsAsync(host)).Length.ShouldBe(3);
        (await OwnersAsync(host)).ShouldBe("Ana Ana Ana Dee");
        await NextDayAsync(host, written: 0);
        (await OpenAsync(host)).Count(o => o.StartsWith("approved ")).ShouldBe(4);
        host.Clock.Advance(TimeSpan.FromDays(2));
        await host.JsonAsync(0, "sync");
        (await OwnersAsync(host)).ShouldBe("Dee Dee Dee Dee");
    }

    [Fact]
    public async Task Wherever_runs_are_killed_the_book_passes_as_though_nothing_had_been()
    {
        var (_, undisturbed) = await PassAsync(int.MaxValue);
        undisturbed.ShouldContain("0 Ana Dee Documenting 2026-11-27");
        var step = 2;
        for (var died = true; died; step += 7)
        {
            (died, var state) = await PassAsync(step);
            state.ShouldBe(undisturbed, $"after deaths at step {step}");
        }

        step.ShouldBeGreaterThan(20);
    }

    /// <summary>The book passes, by a run that opens the handoffs and one on the day, each of which dies at a step; whether one did, and what came of it.</summary>
    private async Task<(bool Died, string[] State)> PassAsync(int step)
    {
        await using var host = await TuesdayAsync();
        await AnnounceAsync(host);
        await new Decisions(await LedgerDatabase.OpenAsync(host.Ledger.Settings), new ApprovalTerms(), host.Clock)
            .DecideAsync(DecisionKind.Approve, new Selection([], Person: Ana), "Olga", "so it is");
        var died = await KillAsync(host, step);
        await host.JsonAsync(0, "sync");
        (await HandoffsAsync(host)).Length.ShouldBe(3);
        host.Clock.Advance(TimeSpan.FromDays(3));
        died |= await KillAsync(host, step);
        await host.JsonAsync(0, "sync");
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        return (died,
        [
            // Which days are working days the test's own runs are not told.
            await OwnersAsync(host), .. (await HandoffsAsync(host)).Select(h => h[..^11]), .. await host.RowsAsync(0), .. await host.RowsAsync(1), .. await host.RowsAsync(2), .. await host.RowsAsync(3),
            .. host.Ledger.Query("SELECT \"Kind\", \"Receiver\", COUNT(*) FROM news GROUP BY \"Kind\", \"Receiver\" ORDER BY 1, 2"), .. await host.OutboxAsync(),
        ]);
    }

    private static async Task<bool> KillAsync(RunHost host, int step)
    {
        await using var taken = await host.Ledger.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        var mortal = new Mortal(
            host.Org.Org, new RunLedger(database, host.Clock), new Journal(database, host.Clock), new Approvals(database, new ApprovalTerms(), host.Clock), step);
        try
        {
            await new Reconciler(mortal, mortal, mortal, mortal, new Progress<RunNews>())
                .SyncAsync(new RunOrder(RunKind.Sync, RulesFile.Read(host.At("rules.yaml")), new GuardLimits(), host.Clock.GetUtcNow(), "test"), CancellationToken.None);
        }
        catch (Mortality.Killed)
        {
        }

        return mortal.IsDead;
    }

    [Theory]
    [InlineData("2026-11-27 is past", "Ana", "--on", "2026-11-27")]
    [InlineData("The org has no user 'Nobody': give a user's id, username or exact name.", "Nobody", "--on", "2026-12-10")]
    [InlineData("Gone (0055f0000000005AAA) is no longer active", "Gone", "--on", "2026-12-10")]
    [InlineData("Ana (0055f0000000001AAA) cannot follow themselves.", "Ana", "--on", "2026-12-10", "--to", "ana@x.example")]
    [InlineData("Ana (0055f0000000001AAA) was not announced to leave", "Ana", "--withdraw")]
    [InlineData("--on must say the first day on which others have the accounts", "Ana")]
    public async Task What_cannot_be_is_refused_in_a_sentence(string sentence, params string[] given)
    {
        await using var host = await StartAsync(Rules, Accounts(Ana));
        host.Clock.Advance(TimeSpan.FromDays(10));

        var run = await host.RunAsync(["leaver", .. given, "--reason", "new job"]);

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
    }

    private static async Task ApproveAllAsync(RunHost host)
    {
        var run = await host.RunAsync("approve", "--person", "Ana", "--reason", "so it is");
        run.Status.ShouldBe(0, run.Error + run.Output);
    }

    private static async Task NextDayAsync(RunHost host, int written)
    {
        host.Clock.Advance(TimeSpan.FromDays(1));
        var run = await host.JsonAsync(0, "sync");
        run.GetProperty("applied").GetInt32().ShouldBe(written, run.ToString());
    }

    private static async Task NoteAsync(RunHost host, int account) => await host.ChangeAsync("POC_Handoff__c", await HandoffAsync(host, account), new { Notes__c = "Call Iris." });

    private static async Task<string> HandoffAsync(RunHost host, int account) =>
        LiveOrgHost.Text((await host.Org.RowsAsync("POC_Handoff__c")).Last(r => LiveOrgHost.Text(r, "Account__c") == Account(account)), "Id")!;

    private static async Task<string> OwnersAsync(RunHost host)
    {
        var owners = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            owners.Add(Name(await host.Org.OwnerAsync(Account(i))));
        }

        return string.Join(' ', owners);
    }

    private static async Task<string[]> IdsAsync(RunHost host) =>
        [.. (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];

    private static async Task<string> IdAsync(RunHost host, int account) => (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray()
        .Single(c => c.GetProperty("account").GetString() == Account(account)).GetProperty("id").GetString()!;

    /// <summary>What is open, as <c>state sentence</c>.</summary>
    private static async Task<string[]> OpenAsync(RunHost host) =>
        [.. (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().Select(c => $"{(c.GetProperty("approved").GetBoolean() ? "approved" : c.GetProperty("state").GetString())} {c.GetProperty("sentence").GetString()}")];

    /// <summary>The handoffs, as <c>account from to status effective due</c>.</summary>
    private static async Task<string[]> HandoffsAsync(RunHost host) =>
    [
        .. (await host.Org.RowsAsync("POC_Handoff__c")).Select(r => string.Join(' ', LiveOrgHost.Text(r, "Account__c")![^4..^3], Name(LiveOrgHost.Text(r, "From_User__c")), Name(LiveOrgHost.Text(r, "To_User__c")),
            LiveOrgHost.Text(r, "Status__c"), LiveOrgHost.Text(r, "Effective_On__c"), LiveOrgHost.Text(r, "Due_On__c"))).Order(StringComparer.Ordinal),
    ];
}

public sealed class LeaverTestsOnSqlite() : LeaverTests(LedgerProvider.Sqlite);

public sealed class LeaverTestsOnPostgreSql() : LeaverTests(LedgerProvider.PostgreSql);
