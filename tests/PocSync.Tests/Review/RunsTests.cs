using System.Net;
using Microsoft.Playwright;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Review;

/// <summary>The console's pages of runs.</summary>
public sealed class RunsTests
{
    private static Task<ConsoleHost> ConsoleAsync(RunHost org) => ConsoleHost.StartAsync(org.AllSettings(), org.Clock);

    [Fact]
    public async Task A_run_tells_what_it_changed_from_what_to_what_and_on_whose_word()
    {
        await using var org = await StartAsync("rules: { in-touch: { enabled: false } }", Accounts(Ana, Ben),
            Rows((0, "Primary", Gone), (0, "Backup", Cy), (1, "Primary", Ben), (1, "Backup", Cy)));
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        (await org.RunAsync("approve", "--rule", "primary-able", "--reason", "Gone has left", "--as", "ana@x.example")).Status.ShouldBe(0);
        org.Rules("rules: { in-touch: { enabled: true } }");
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();

        var list = Words(await client.GetStringAsync("/runs"));
        list.IndexOf("Wrote what was approved", StringComparison.Ordinal).ShouldBeGreaterThan(0);
        list.IndexOf(" 3 ", StringComparison.Ordinal).ShouldBeLessThan(list.IndexOf(" 1 ", StringComparison.Ordinal), "the newest first");

        var written = Words(await client.GetStringAsync("/runs/2"));
        written.ShouldContain("Written (1)");
        written.ShouldContain("Approved by ana@x.example: Gone has left.");
        written.ShouldMatch("Contact Gone until blank → 2[0-9] Nov 2026");
        written.ShouldContain("person Cy");
        written.ShouldContain("API calls");

        Words(await client.GetStringAsync("/runs/3")).ShouldContain("the setting rules.in-touch.enabled changed from false to true.");
        (await client.GetAsync("/runs/9")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Many_corrections_come_a_page_at_a_time_with_the_reasons_of_the_guard()
    {
        await using var org = await StartAsync(Auto, Accounts([.. Enumerable.Repeat(Ana, 60)]),
            Rows([.. Enumerable.Range(0, 60).SelectMany(i => new[] { (i, "Primary", Gone), (i, "Backup", Cy) })]));
        (await org.RunAsync("sync")).Status.ShouldBe(4);
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();

        var first = await client.GetStringAsync("/runs/1?show=Held");
        var second = await client.GetStringAsync("/runs/1?show=Held&page=2");

        Words(first).ShouldContain("Page 1 of ");
        Words(first).ShouldContain("that Guard:MaxChangedShare allows");
        first.Split("<li>").Length.ShouldNotBe(second.Split("<li>").Length);
        AccountsOn(first).Intersect(AccountsOn(second)).ShouldBeEmpty();
        (await client.GetStringAsync("/runs/1?show=Nothing&page=999")).ShouldContain("Page ");

        static IEnumerable<string> AccountsOn(string page) => System.Text.RegularExpressions.Regex.Matches(page, "/accounts/([^\"]+)").Select(m => m.Value).Distinct();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_under_way_shows_how_far_it_is_until_it_has_ended(bool hasScripts)
    {
        await using var org = await StartAsync(Auto, Accounts(Ana));
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleAsync(org);
        await using var browser = await Chromium.StartAsync();
        await using var context = await browser.NewContextAsync(new() { JavaScriptEnabled = hasScripts });
        var page = await context.NewPageAsync();
        await page.GotoAsync(console.EnterUrl.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();

        await using var run = await UnderWay.BeginAsync(org, TimeProvider.System);
        run.Progress.Report(new RunNews("Took up 3 of 12 corrections.", 3, 12));
        await page.GotoAsync(new Uri(console.Url, $"/runs/{run.Number}").ToString());
        await Assertions.Expect(page.Locator(".live")).ToContainTextAsync("Took up 3 of 12 corrections.");
        run.Progress.Report(new RunNews("Took up 9 of 12 corrections.", 9, 12));
        await Assertions.Expect(page.Locator(".live")).ToContainTextAsync("9 of 12.");
        await run.EndAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("It took ");
        (await page.Locator(".live").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_run_whose_worker_died_is_said_to_be_lost()
    {
        await using var org = await StartAsync(Auto, Accounts(Ana));
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();
        await using var run = await UnderWay.BeginAsync(org, new SlowClock());
        run.Progress.Report(new RunNews("Judging 1 account."));
        for (var page = ""; !page.Contains("Judging 1 account.", StringComparison.Ordinal);)
        {
            page = await client.GetStringAsync($"/runs/{run.Number}");
        }

        var lost = await client.GetStringAsync($"/runs/{run.Number}");

        lost.ShouldContain("ended without a word");
        lost.ShouldNotContain("data-live");
        lost.ShouldNotContain("http-equiv");
    }

    /// <summary>The text of a page.</summary>
    private static string Words(string page) => System.Text.RegularExpressions.Regex.Replace(
        WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(page, "<[^>]*>", " ")), @"\s+", " ");

    /// <summary>A worker of which nothing was heard for a minute.</summary>
    private sealed class SlowClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMinutes(-1);
    }

    /// <summary>A run that another process makes, as far as the console can tell.</summary>
    private sealed class UnderWay : IAsyncDisposable
    {
        private readonly LedgerLock _lock;
        private readonly RunLedger _ledger;

        private UnderWay(LedgerLock @lock, RunLedger ledger, RunProgress progress, long number) =>
            (_lock, _ledger, Progress, Number) = (@lock, ledger, progress, number);

        public RunProgress Progress { get; }

        public long Number { get; }

        public static async Task<UnderWay> BeginAsync(RunHost org, TimeProvider real)
        {
            var taken = await LedgerLock.TakeAsync(org.Ledger.Settings, TimeProvider.System, _ => { }, default);
            var database = await LedgerDatabase.OpenForRunsAsync(taken);
            var progress = new RunProgress(database, new Progress<RunNews>(), real);
            var ledger = new RunLedger(database, org.Clock, progress);
            var number = await ledger.StartAsync(RunKind.Sync, "worker (full)", new Dictionary<string, string>());
            return new UnderWay(taken, ledger, progress, number);
        }

        public Task EndAsync() => _ledger.EndAsync(new RunReport { Run = Number, Status = RunStatus.Done });

        public async ValueTask DisposeAsync()
        {
            await Progress.DisposeAsync();
            await _lock.DisposeAsync();
        }
    }
}
