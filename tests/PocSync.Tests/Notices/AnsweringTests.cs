using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>Who is told of what people did on a handoff, and what becomes of its Tasks.</summary>
public abstract class AnsweringTests(LedgerProvider provider)
{
    [Fact]
    public async Task Answers_are_told_once_to_whom_they_concern_and_close_the_tasks()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 2)).AtAllTimes();
        await ToldAsync(host);
        (await TasksAsync(host)).ShouldBe(["Ana open", "Ben open", "Cy open"]);

        await AnswerAsync(host, Ben, new { Notes__c = "Call Iris before noon." });
        await AnswerAsync(host, Cy, new { Notes__c = "They move in May." });
        (await ToldAsync(host)).ShouldBe(["Ben: The handoff notes of Account 0 are there", "Cy: The handoff notes of Account 1 are there"]);
        (await ToldAsync(host)).ShouldBeEmpty();
        (await TasksAsync(host)).ShouldBe(["Ana closed", "Ben open", "Cy open"]);

        await AnswerAsync(host, Ben, new { Status__c = "Acknowledged", Acknowledged_By__c = Ben, Acknowledged_On__c = "2026-11-22" });
        await AnswerAsync(host, Cy, new { Status__c = "Declined", Declined_By__c = Cy, Declined_Why__c = "too far away" });
        (await ToldAsync(host)).ShouldBe(["Ana: In your team the handoff of Account 1 was declined"]);
        LiveOrgHost.Text((await host.OutAsync()).Last(), "body")!
            .ShouldStartWith("Account 1, from Gone: Cy declined: too far away. Ben is proposed instead, which waits for a person's yes.");
        (await ToldAsync(host)).ShouldBeEmpty();
        (await TasksAsync(host)).ShouldBe(["Ana closed", "Ben closed", "Cy closed"]);
    }

    [Fact]
    public async Task After_a_declined_handoff_whoever_really_had_the_account_is_asked_for_notes()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 2)).AtAllTimes();
        await ToldAsync(host);
        await AnswerAsync(host, Cy, new { Status__c = "Declined", Declined_By__c = Cy, Declined_Why__c = "too far away" });
        await ToldAsync(host);
        var proposed = (await host.JsonAsync(0, "plan")).GetProperty("corrections").EnumerateArray().Single(c => c.GetProperty("code").GetString() == "declined");
        (await host.JsonAsync(0, "approve", proposed.GetProperty("id").GetString()!, "--reason", "so it is")).GetProperty("applied").GetInt32().ShouldBe(1);

        var told = await ToldAsync(host);
        told.ShouldContain("Ana: For Gone, who is gone: Please write the handoff notes of Account 1");
        told.ShouldNotContain(t => t.StartsWith("Cy", StringComparison.Ordinal) && t.Contains("notes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_task_is_open_as_long_as_one_of_its_accounts_is_and_closed_when_the_rest_is_undone()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 4)).AtAllTimes();
        await ToldAsync(host);
        foreach (var handoff in (await host.Org.RowsAsync("POC_Handoff__c")).Where(h => LiveOrgHost.Text(h, "To_User__c") == Ben).Take(1))
        {
            await host.ChangeAsync("POC_Handoff__c", LiveOrgHost.Text(handoff, "Id")!, new { Status__c = "Cancelled" });
        }

        await ToldAsync(host);
        (await TasksAsync(host)).ShouldBe(["Ana open", "Ben open", "Cy open"]);

        await host.ChangeAsync("User", Gone, new { IsActive = true });
        (await host.RunAsync("undo", "1", "--reason", "a mistake")).Status.ShouldBe(0);
        (await TasksAsync(host)).ShouldBe(["Ana closed", "Ben closed", "Cy closed"]);
    }

    [Fact]
    public async Task A_task_is_not_closed_by_an_older_handoff_of_the_same_people()
    {
        var old = new OrgTable("POC_Handoff__c", ["Id", "Account__c", "From_User__c", "To_User__c", "Status__c", "Effective_On__c", "Reason__c"],
            [["a035f0000000001AAA", Account(0), Gone, Ben, "Cancelled", "2026-11-10", "It was so."]]);
        await using var host = (await NoticeHost.LeaverAsync(provider, 1, null, old)).AtAllTimes();
        await ToldAsync(host);
        // As where the answer to the writing was lost: of the handoff only the key is known.
        host.Ledger.Execute($"UPDATE news SET \"About\" = 'handoff|{Account(0)}|{Gone}|{Ben}|2026-11-22' WHERE \"About\" IS NOT NULL");
        await ToldAsync(host);
        (await TasksAsync(host)).ShouldBe(["Ana open", "Ben open"]);

        var handoff = (await host.Org.RowsAsync("POC_Handoff__c")).Single(h => LiveOrgHost.Text(h, "Effective_On__c") == "2026-11-22");
        await host.ChangeAsync("POC_Handoff__c", LiveOrgHost.Text(handoff, "Id")!, new { Status__c = "Cancelled" });
        await ToldAsync(host);
        (await TasksAsync(host)).ShouldBe(["Ana closed", "Ben closed"]);
    }

    [Fact]
    public async Task Whoever_is_to_take_over_instead_is_told_that_the_notes_are_there()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 1)).AtAllTimes();
        await ToldAsync(host);
        await AnswerAsync(host, Ben, new { Status__c = "Awaiting Acknowledgement", Notes__c = "Call Iris before noon." });
        (await ToldAsync(host)).ShouldBe(["Ben: The handoff notes of Account 0 are there"]);

        await AnswerAsync(host, Ben, new { To_User__c = Cy });
        (await ToldAsync(host)).ShouldBe(["Cy: The handoff notes of Account 0 are there"]);
        await AnswerAsync(host, Cy, new { To_User__c = Ana, Status__c = "Documenting", Notes__c = "" });
        (await ToldAsync(host)).ShouldBeEmpty();
        await AnswerAsync(host, Ana, new { Status__c = "Awaiting Acknowledgement", Notes__c = "Call Iris before ten." });
        (await ToldAsync(host)).ShouldBe(["Ana: The handoff notes of Account 0 are there"]);
        await AnswerAsync(host, Ana, new { Status__c = "Declined" });
        (await ToldAsync(host)).ShouldBe(["Dee: In your team the handoff of Account 0 was declined"]);
        await AnswerAsync(host, Ana, new { To_User__c = Ben });
        (await ToldAsync(host)).ShouldBeEmpty("Ben has declined nothing");
    }

    [Fact]
    public async Task That_the_notes_are_there_is_told_again_where_it_was_taken_back()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 1)).AtAllTimes();
        await ToldAsync(host);
        await AnswerAsync(host, Ben, new { Notes__c = "Call Iris before noon." });
        (await ToldAsync(host)).ShouldBe(["Ben: The handoff notes of Account 0 are there"]);
        var run = (await new LedgerQueries(await LedgerDatabase.OpenAsync(host.Ledger.Settings)).RunsAsync(1)).Single().Number;
        (await host.RunAsync("undo", $"{run}", "--reason", "too early")).Status.ShouldBe(0);
        await AnswerAsync(host, Ben, new { Notes__c = "" });
        (await ToldAsync(host)).ShouldBeEmpty();

        await AnswerAsync(host, Ben, new { Status__c = "Awaiting Acknowledgement", Notes__c = "Call Iris before ten." });
        (await ToldAsync(host)).ShouldBe(["Ben: Please look at what is wrong with Account 0, and 1 other thing"]);
        LiveOrgHost.Text((await host.OutAsync()).Last(), "body")!.ShouldContain("The handoff notes of Account 0 are there");
        (await ToldAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_answered_before_the_first_run_is_told_to_nobody()
    {
        var old = new OrgTable("POC_Handoff__c", ["Id", "Account__c", "From_User__c", "To_User__c", "Status__c", "Effective_On__c", "Due_On__c", "Reason__c", "Notes__c"],
        [
            ["a035f0000000001AAA", Account(0), Cy, Ben, "Awaiting Acknowledgement", "2026-11-20", "2026-12-20", "It is so.", "Call Iris."],
            ["a035f0000000002AAA", Account(1), Cy, Ben, "Declined", "2026-11-20", "2026-12-20", "It is so.", "Call Iris."],
        ]);
        await using var host = (await RunHost.StartAsync(provider, new(), NoticeHost.Rules, NoticeHost.People(), Accounts(Ben, Ana), Rows((0, "Primary", Ben), (1, "Primary", Ana)), old)).AtAllTimes();

        (await ToldAsync(host)).ShouldBeEmpty();
        (await ToldAsync(host)).ShouldBeEmpty();
        await host.AddAsync("POC_Handoff__c", new { Account__c = Account(1), From_User__c = Dee, To_User__c = Ana, Effective_On__c = "2026-11-22", Status__c = "Awaiting Acknowledgement" });
        (await ToldAsync(host)).ShouldBe(["Ana: The handoff notes of Account 1 are there"]);
        (await ToldAsync(host)).ShouldBeEmpty();
    }

    /// <summary>A run; gives what people were told by it.</summary>
    private static async Task<IEnumerable<string>> ToldAsync(RunHost host)
    {
        var before = await host.OutboxAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await host.JsonAsync(0, "sync");
        return (await host.OutboxAsync()).Beyond(before).Select(o => o["notification ".Length..]);
    }

    private static async Task AnswerAsync(RunHost host, string receiver, object fields) => await host.ChangeAsync(
        "POC_Handoff__c", LiveOrgHost.Text((await host.Org.RowsAsync("POC_Handoff__c")).Single(r => LiveOrgHost.Text(r, "To_User__c") == receiver), "Id")!, fields);

    private static async Task<string[]> TasksAsync(RunHost host) =>
        [.. (await host.Org.RowsAsync("Task")).Select(t => $"{Name(LiveOrgHost.Text(t, "OwnerId"))} {(LiveOrgHost.Text(t, "Status") == "Completed" ? "closed" : "open")}").Order(StringComparer.Ordinal)];
}

public sealed class AnsweringTestsOnSqlite() : AnsweringTests(LedgerProvider.Sqlite);

public sealed class AnsweringTestsOnPostgreSql() : AnsweringTests(LedgerProvider.PostgreSql);
