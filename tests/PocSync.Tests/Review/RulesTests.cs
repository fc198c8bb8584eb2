using System.Net;
using System.Text;
using Microsoft.Playwright;
using PocSync.Review.SignIn;
using PocSync.Tests.Jobs;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Review;

/// <summary>The pages about the rules.</summary>
[Collection(Serving.Collection)]
public sealed class RulesTests
{
    private const string First = """
        rules:
          in-touch: { enabled: false }
          load-within-capacity:
            capacity: 40
        """;

    private static async Task<(RunHost Org, ConsoleHost Console)> StartAsync()
    {
        var org = await RunHost.StartAsync(First, RunHost.Accounts(RunHost.Gone), RunHost.Rows((0, "Primary", RunHost.Gone)));
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        return (org, await ConsoleHost.StartAsync(org.AllSettings(), org.Clock));
    }

    private static async Task<string> TryAsync(HttpClient client, string text, string? file = null)
    {
        var page = await client.GetStringAsync("/rules/preview");
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]*)\"", System.Text.RegularExpressions.RegexOptions.RightToLeft).Groups[1].Value;
        using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" } };
        if (file is null)
        {
            form.Add(new StringContent(text), "text");
        }
        else
        {
            form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", file);
        }

        var answer = await client.PostAsync("/rules/preview", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_worker_says_what_settings_would_find_on_the_records_that_it_read_last()
    {
        await using var org = await RunHost.StartAsync(First, RunHost.Accounts(RunHost.Gone, RunHost.Ana), RunHost.Rows((0, "Primary", RunHost.Gone), (1, "Primary", RunHost.Ana)));
        await using var worker = await Serving.StartAsync(org);
        (await worker.RunEndedAsync()).ShouldBe("full done");
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(worker.Worker.Url) };
        await ConsoleHost.PostAsync(client, new Uri(worker.Worker.Door).PathAndQuery, "/enter");

        var page = await TryAsync(client, First + "\n  backup-present: { enabled: false }\n");
        page.ShouldContain("What would be found and corrected otherwise");
        page.ShouldMatch("(?s)/rules/backup-present.*judged; would be switched off.*data-label=\"Findings\">2 go<.*<strong>goes</strong> Account ");

        (await TryAsync(client, First)).ShouldNotContain("What would be found");
        (await TryAsync(client, First + "\nfreeze: { closeDays: 3 }\n")).ShouldContain("Nothing, on the records as they were read on");
        (await TryAsync(client, First + "\n  reachable: { scope: \"Industry = 'Rail'\" }\n")).ShouldContain("they name Account.Industry, which the last run did not read");
        page.ShouldContain("What you give stands for the whole of the settings");
        (await TryAsync(client, First + "\nbinding: package\n")).ShouldContain("Nothing, on the records as they were read on", customMessage: "it is the binding in force");
        (await TryAsync(client, First + "\nbinding: owner\n")).ShouldContain("they look at the records in a different way");
    }

    [Fact]
    public async Task Each_rule_says_what_it_does_how_it_came_out_and_where_its_settings_come_from()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = await console.EnterAsync();

        var rules = await client.GetStringAsync("/rules");
        rules.ShouldMatch("<h1>[0-9]+ of 20 rules were judged at the last run.</h1>");
        rules.ShouldContain("switched off");
        rules.ShouldContain("not judged: only a live org tells");
        rules.ShouldContain("/findings?rule=primary-able\">1<");
        rules.ShouldContain("Guard:MaxChanged");
        var capacity = await client.GetStringAsync("/rules/load-within-capacity");
        capacity.ShouldContain("rules.yaml, line 4");
        capacity.ShouldContain("default");
        capacity.ShouldContain("Nothing changed since the first run.");

        org.Rules(First.Replace("40", "50", StringComparison.Ordinal));
        (await client.GetStringAsync("/rules")).ShouldContain("<code>rules.load-within-capacity.capacity</code> 40 → 50");
        (await client.GetStringAsync("/rules/load-within-capacity")).ShouldContain("50 from the next run on");
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        var after = await client.GetStringAsync("/rules/load-within-capacity");
        after.ShouldMatch("<td data-label=\"Before\">40</td>\\s*<td data-label=\"After\">50</td>");
        after.ShouldContain("/runs/2");
        (await client.GetStringAsync("/rules")).ShouldNotContain("The file was changed");

        org.Rules("rules: { in-tuch: { <script>alert: 1 } }");
        var wrong = await client.GetStringAsync("/rules");
        wrong.ShouldContain("The rules file is wrong");
        wrong.ShouldContain("rules.yaml, line 1");
        wrong.ShouldNotContain("<script>alert");
        (await client.GetAsync("/rules/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_change_is_tried_without_being_made()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = await console.EnterAsync();

        var change = await TryAsync(client, First.Replace("40", "60", StringComparison.Ordinal) + "\nfreeze: { closeDays: 3 }");
        change.ShouldContain("It would change 2 settings.");
        change.ShouldMatch("<code>freeze.closeDays</code></th>\\s*<td data-label=\"In force\">14</td>\\s*<td data-label=\"Would be\">3</td>");
        (await TryAsync(client, First)).ShouldContain("It would change nothing.");
        var wrong = await TryAsync(client, "rules:\n  in-tuch: {}\n  one-primary: { mode: sometimes, graceHours: -1 }\n<script>: 1");
        wrong.ShouldContain("4 things are wrong.");
        wrong.ShouldContain("settings, line 2");
        (await TryAsync(client, "{ \"rules\": { \"in-touch\": { \"maxSilentDays\": 7 } } }", "new.json")).ShouldContain("rules.in-touch.maxSilentDays");
        (await TryAsync(client, "{ rules: }", "new.json")).ShouldContain("this is not JSON");
        (await TryAsync(client, " ")).ShouldContain("Nothing was given");
        (await TryAsync(client, new string('#', 110_000))).ShouldContain("longer than 100 kB");
        File.ReadAllText(org.At("rules.yaml")).ShouldBe(First);
    }

    [Fact]
    public async Task Viewers_see_the_rules_and_only_administrators_try_a_change()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        foreach (var (role, rules, preview) in new[]
        {
            (Roles.Viewer, HttpStatusCode.OK, HttpStatusCode.Forbidden), (Roles.Approver, HttpStatusCode.OK, HttpStatusCode.Forbidden),
            (Roles.AccountManager, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (Roles.Administrator, HttpStatusCode.OK, HttpStatusCode.OK),
        })
        {
            var client = console.Of(RunHost.Ana, role);
            (await client.GetAsync("/rules")).StatusCode.ShouldBe(rules, role);
            (await client.GetAsync("/rules/one-primary")).StatusCode.ShouldBe(rules, role);
            (await client.GetAsync("/rules/preview")).StatusCode.ShouldBe(preview, role);
            if (role != Roles.Administrator)
            {
                (await client.PostAsync("/rules/preview", new FormUrlEncodedContent([new("text", First)]))).StatusCode.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.BadRequest);
            }
        }
    }

    [Theory]
    [InlineData(390, 844, false)]
    [InlineData(1440, 900, true)]
    public async Task From_the_list_to_a_rule_and_a_change_that_is_tried(int width, int height, bool hasScripts)
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        await using var browser = await Chromium.StartAsync();
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, JavaScriptEnabled = hasScripts });
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        async Task FitsAsync() => (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, page.Url);

        await page.GotoAsync(console.EnterUrl.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Rules", Exact = true }).ClickAsync();
        await FitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Workload within capacity" }).ClickAsync();
        await FitsAsync();
        (await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "rules.yaml, line 4" }).TextContentAsync())!.ShouldContain("40");
        await page.GetByRole(AriaRole.Link, new() { Name = "Rules", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Try a change" }).ClickAsync();
        await page.GetByLabel("Settings, as YAML or JSON").FillAsync("rules: { one-primary: { mode: maybe } }");
        await page.GetByRole(AriaRole.Button, new() { Name = "See what it would change" }).ClickAsync();
        await FitsAsync();
        (await page.TextContentAsync("h1")).ShouldBe("One thing is wrong.");
        (await page.GetByRole(AriaRole.Alert).TextContentAsync())!.ShouldContain("maybe");
        (await page.GetByLabel("Settings, as YAML or JSON").InputValueAsync()).ShouldContain("maybe");
        complaints.ShouldBeEmpty();
    }
}
