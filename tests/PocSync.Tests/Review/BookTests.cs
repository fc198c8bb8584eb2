using Microsoft.Extensions.Configuration;
using PocSync.Ledger;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Review;

/// <summary>What the console reads, on whatever keeps the ledger.</summary>
public abstract class BookTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private Task<RunHost> OrgAsync() => StartAsync(
        "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false }, primary-able: { mode: auto, graceHours: 0 }, backup-present: { mode: alert } }",
        new("Account", ["Id", "Name", "OwnerId", "AnnualRevenue"],
        [
            [RunHost.Account(0), "Zebra", RunHost.Gone, "5000000000000"], [RunHost.Account(1), "Ärger", RunHost.Ana, "1000"],
            [RunHost.Account(2), "Cup", RunHost.Ben, ""],
        ]),
        RunHost.Rows((0, "Primary", RunHost.Gone), (0, "Backup", RunHost.Ben), (1, "Primary", RunHost.Ana), (2, "Primary", RunHost.Ana)));

    private static async Task<(BookQueries Book, FindingQueries Findings)> ReadAsync(RunHost org)
    {
        var database = await LedgerDatabase.OpenAsync(LedgerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(org.AllSettings()).Build()));
        return (new BookQueries(database), new FindingQueries(database));
    }

    [Fact]
    public async Task A_run_keeps_what_it_saw_and_the_next_what_became_of_it()
    {
        await using var org = await OrgAsync();
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        var (book, _) = await ReadAsync(org);
        var figures = (await book.FiguresAsync())!;
        (figures.InScope, figures.Primary, figures.Worth - figures.PrimaryWorth).ShouldBe((3, 2, 5_000_000_000_000));
        (await book.WorstAsync(3)).Select(a => a.Name).ShouldBe(["Zebra", "Ärger", "Cup"]);

        org.Clock.Advance(TimeSpan.FromDays(2));
        await org.DeleteAsync("Account", RunHost.Account(2));
        await org.ChangeAsync("Account", RunHost.Account(1), new { Name = "Freude" });
        (await org.RunAsync("sync")).Status.ShouldBe(0);

        (await book.AccountAsync(RunHost.Account(2))).ShouldBeNull();
        (await book.AccountAsync(RunHost.Account(1)))!.Name.ShouldBe("Freude");
        (await book.AccountAsync(RunHost.Account(0)))!.PersonName.ShouldBe("Ben");
        (await book.StepsOfAsync(RunHost.Account(0), 10)).ShouldHaveSingleItem().Correction.Rule.ShouldBe("primary-able");
        var trend = await book.TrendAsync(org.Clock.GetUtcNow().AddDays(-90));
        trend.Select(f => (f.Run, f.Primary)).ShouldBe([(1, 2), (2, 2)]);
        (await book.FiguresAsync(org.Clock.GetUtcNow().AddDays(-1)))!.Run.ShouldBe(1);
        (await book.ChangesAsync(org.Clock.GetUtcNow().AddDays(-1))).Resolved.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Findings_are_paged_sorted_grouped_and_searched()
    {
        await using var org = await OrgAsync();
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        var (_, findings) = await ReadAsync(org);
        var all = new FindingFilter(FindingState.Open, org.Clock.GetUtcNow().AddDays(-1));

        var (page, count) = await findings.PageAsync(all, 0, 2);
        page.Count.ShouldBe(2);
        count.ShouldBeGreaterThan(2);
        page[0].Account!.Name.ShouldBe("Zebra");
        (await findings.CountsAsync(FindingState.New, all.Since)).Sum(c => c.Count).ShouldBe(count);
        foreach (var sort in Enum.GetValues<FindingSort>())
        {
            var (first, _) = await findings.PageAsync(all with { Sort = sort }, 0, count);
            var (rest, _) = await findings.PageAsync(all with { Sort = sort }, 1, count);
            rest.Select(f => f.Finding.Id).ShouldBe(first.Skip(1).Select(f => f.Finding.Id));
        }

        (await findings.PageAsync(all with { Text = "ÄRGER" }, 0, 9)).Page.ShouldAllBe(f => f.Account!.Name == "Ärger");
        (await findings.PageAsync(all with { Text = "%" }, 0, 9)).Count.ShouldBe(0);
        (await findings.PageAsync(all with { Person = RunHost.Ana, Severity = "Warning", Rule = "backup-present" }, 0, 9)).Count.ShouldBe(2);
        foreach (var by in Enum.GetValues<FindingGroup>())
        {
            var (groups, of) = await findings.GroupsAsync(all, by, 0, 50);
            groups.Count.ShouldBe(of);
            groups.Select(g => g.Count).ShouldBeInOrder(SortDirection.Descending);
        }

        var read = 0;
        (await findings.ReadAsync(all, _ => read++, CancellationToken.None)).ShouldBe(count);
        read.ShouldBe(count);
    }

    [Fact]
    public async Task Keys_are_kept_once()
    {
        await using var org = await OrgAsync();
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        var database = await LedgerDatabase.OpenAsync(LedgerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(org.AllSettings()).Build()));
        var keys = new KeyStore(database);
        keys.Add("a", "<key/>");
        keys.Add("a", "<other/>");
        keys.Read().ShouldBe(["<key/>"]);
    }
}

public sealed class BookTestsOnSqlite() : BookTests(LedgerProvider.Sqlite);

public sealed class BookTestsOnPostgreSql() : BookTests(LedgerProvider.PostgreSql);
