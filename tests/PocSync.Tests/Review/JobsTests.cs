using System.Net;
using Microsoft.Playwright;
using PocSync.Ledger;
using PocSync.Review.SignIn;
using PocSync.Tests.Jobs;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Review;

/// <summary>The console's page of jobs, served by a real worker.</summary>
[Collection(Serving.Collection)]
public sealed class JobsTests
{
    private static Task<RunHost> StartAsync() => RunHost.StartAsync(Auto, Accounts(Ana, Ben), Rows((0, "Primary", Ana), (0, "Backup", Cy)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_administrator_begins_pauses_and_resumes_jobs_and_the_ledger_says_who(bool hasScripts)
    {
        await using var host = await StartAsync();
        (host.Settings["Jobs:Full"], host.Settings["Jobs:TimeZone"]) = ("daily 02:30", "Europe/Berlin");
        host.Settings["Ledger:WaitSeconds"] = "60";
        await using var worker = await Serving.StartAsync(host);
        (await worker.RunEndedAsync()).ShouldBe("full done");
        await using var browser = await Chromium.StartAsync();
        await using var context = await browser.NewContextAsync(new() { JavaScriptEnabled = hasScripts, TimezoneId = "Asia/Tokyo" });
        var page = await context.NewPageAsync();
        await page.GotoAsync(worker.Worker.Door);
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Every job is in order.");
        await Assertions.Expect(page.Locator(".jobs")).ToContainTextAsync("every day at 02:30 (Europe/Berlin)");
        await Assertions.Expect(page.Locator(".jobs .next").First).ToContainTextAsync(hasScripts ? " (Asia/Tokyo)" : " UTC");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync($"{Environment.MachineName}, process {Environment.ProcessId}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause the quick run" }).ClickAsync();
        await Assertions.Expect(page.Locator(".said")).ToHaveTextAsync("The quick run is paused: it begins only when somebody asks for it.");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("The quick run is paused.");
        host.Clock.Advance(TimeSpan.FromMinutes(20));
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now the full run" }).ClickAsync();
        (await worker.RunEndedAsync()).ShouldBe("full done", "the quick run was due and is paused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume the quick run" }).ClickAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await worker.RunEndedAsync()).ShouldBe("delta done");

        var me = Environment.UserName;
        (await worker.Book.EventsAsync(null, 0, 50)).Where(e => e.By is not null).Select(e => $"{e.Job} {e.Kind} {e.By}").Reverse()
            .ShouldBe([$"delta Paused {me}", $"full Asked {me}", $"delta Resumed {me}"]);
        (await host.JsonAsync(0, "runs")).GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("by").GetString()).Reverse()
            .ShouldBe(["worker (full)", $"worker (full), asked by {me}", "worker (delta)"]);
    }

    [Fact]
    public async Task A_job_that_fails_says_why_how_often_and_when_it_is_tried_again()
    {
        await using var host = await StartAsync();
        (host.Settings["Jobs:Full"], host.Settings["Jobs:Delta"]) = ("daily 02:00", "never");
        await host.Org.FaultsAsync("503");
        await using (var worker = await Serving.StartAsync(host))
        {
            (await worker.RunEndedAsync()).ShouldBe("full failed");
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            (await worker.RunEndedAsync()).ShouldBe("full failed");
        }

        await using var console = await ConsoleHost.StartAsync(host.AllSettings(), host.Clock);
        var page = await (await console.EnterAsync()).GetStringAsync("/jobs?job=full");

        page.ShouldContain("The full run fails.");
        page.ShouldMatch(@"Failed 2 times in a row; tried again <time[^>]*>22 Nov 2026, 08:03 UTC");
        page.ShouldContain("/runs/2\"");
    }

    [Fact]
    public async Task A_run_that_no_job_began_is_no_fault_of_the_page()
    {
        await using var host = await StartAsync();
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        host.Ledger.Execute("UPDATE runs SET \"Status\" = 'Running'", "DELETE FROM progress");
        await using var console = await ConsoleHost.StartAsync(host.AllSettings(), host.Clock);

        (await (await console.EnterAsync()).GetStringAsync("/jobs")).ShouldContain("It has not begun yet.");
    }

    [Fact]
    public async Task Who_only_looks_begins_and_pauses_nothing()
    {
        await using var host = await StartAsync();
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleHost.StartAsync(host.AllSettings(), host.Clock);
        var viewer = console.Of(Ana, Roles.Viewer);

        (await viewer.GetStringAsync("/jobs")).ShouldNotContain("Run now");
        foreach (var path in new[] { "/jobs/run", "/jobs/pause", "/jobs/resume" })
        {
            (await viewer.PostAsync(path, new FormUrlEncodedContent([new("job", "full")]))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await viewer.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        }

        (await console.Of(Ana, Roles.AccountManager).GetAsync("/jobs")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var administrator = await console.EnterAsync();
        await ConsoleHost.PostAsync(administrator, "/jobs", "/jobs/run", ("job", "../nothing"));
        (await administrator.GetStringAsync("/jobs")).ShouldContain("this worker has no such job");
        await ConsoleHost.PostAsync(administrator, "/jobs", "/jobs/pause", ("job", "errands"));
        (await administrator.GetStringAsync("/jobs")).ShouldContain("there is nothing to pause");
        (await new JobBook(await LedgerDatabase.OpenAsync(host.Ledger.Settings), host.Clock).EventsAsync(null, 0, 9)).ShouldBeEmpty();
    }
}
