using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PocSync.Cli.Report;
using PocSync.Core.Rules;

namespace PocSync.Tests.Cli;

public sealed class ReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Page => Path.Combine(_folder, "report.html");

    private async Task<string> Report(string accounts, string? users = null, params string[] args)
    {
        File.WriteAllText(Path.Combine(_folder, "Account.csv"), accounts);
        if (users is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "User.csv"), users);
        }

        var run = await Shell.PocSync(["audit", "--export", _folder, "--report", Page, .. args]);
        run.Status.ShouldBe(0, run.Error);
        return File.ReadAllText(Page);
    }

    private Task<string> Report() => Report(
        "Id,Name,OwnerId,AnnualRevenue,LastActivityDate\n"
        + "001000000000001,Acme,005000000000001,1500000,2026-11-20\n"
        + "001000000000002,Bolt,005000000000002,2500000000,2026-11-20\n"
        + "001000000000003,Cup,005000000000002,12,31.12.2026\n",
        "Id,Name,IsActive\n005000000000001,Ann Low,true\n005000000000002,Bob High,false\n");

    [Fact]
    public void The_report_has_words_for_every_rule_and_code()
    {
        // Next steps of a handoff, and what is planned for somebody who leaves, are corrections without a finding.
        string[] steps = ["documented", "declined", "announced", "leaving", "begun", "called-off"];
        foreach (var rule in RuleBook.All.Select(r => r.Info))
        {
            RuleWords.Of(rule.Id).Codes.Keys.Except(steps).Order().ShouldBe(rule.Codes.Order(), rule.Id);
        }
    }

    [Fact]
    public async Task The_headline_says_how_many_accounts_have_nobody_and_what_they_are_worth()
    {
        var page = await Report();
        page.ShouldContain("<h1>2 of 3 accounts have no primary contact who can act.</h1>");
        page.ShouldContain("worth 2.5 bn a year");
        page.ShouldContain("22 November 2026");
    }

    [Fact]
    public async Task Worth_comes_first()
    {
        var page = await Report();
        var people = page[page.IndexOf("id=\"people\"", StringComparison.Ordinal)..];
        people.IndexOf("Bob High", StringComparison.Ordinal).ShouldBeGreaterThan(0);
        var rule = page[page.IndexOf("id=\"rule-primary-able\"", StringComparison.Ordinal)..];
        rule.IndexOf(">Bolt<", StringComparison.Ordinal).ShouldBeLessThan(rule.IndexOf(">Cup<", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_not_judged_not_there_or_not_readable_is_said()
    {
        var page = await Report();
        page.ShouldContain("The data has no POC_Handoff__c.");
        page.ShouldContain("Contact.csv");
        page.ShouldContain("Taken as blank: Account.LastActivityDate in 1 row.");
    }

    [Fact]
    public async Task Text_from_the_org_stays_text()
    {
        var page = await Report("Id,Name,OwnerId\n001000000000001,\"<script>alert(1)</script>\"\"'&\",\n");
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;");
        page.ShouldNotContain("<script>alert");
    }

    [Fact]
    public async Task A_long_group_is_cut_with_a_pointer_to_the_rest()
    {
        var rows = string.Concat(Enumerable.Range(1, 250).Select(i => $"001{i:D12},Account {i},\n"));
        var page = await Report("Id,Name,OwnerId\n" + rows);
        page.ShouldContain("The first 100 of 250.");
        Regex.Count(page, "has no primary contact: nobody answers for it").ShouldBe(100 + 15);
    }

    [Fact]
    public async Task An_empty_org_has_a_report_too() => (await Report("Id,Name,OwnerId\n")).ShouldContain("There are no accounts to judge.");

    [Theory]
    [InlineData("Account.csv", "ends in .html")]
    [InlineData("nowhere/report.html", "There is no folder")]
    public async Task A_report_goes_only_where_a_page_can(string file, string sentence)
    {
        File.WriteAllText(Path.Combine(_folder, "Account.csv"), "Id\n");
        var run = await Shell.PocSync("audit", "--export", _folder, "--report", Path.Combine(_folder, file));
        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
        File.ReadAllText(Path.Combine(_folder, "Account.csv")).ShouldBe("Id\n");
    }

    [Fact]
    public async Task The_page_needs_nothing_from_outside_and_fits_a_phone_and_a_desk()
    {
        await Report();
        await using var browser = await Chromium.StartAsync();
        foreach (var (width, height) in new[] { (390, 844), (1440, 900) })
        {
            var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height } });
            var (requests, complaints) = (new List<string>(), new List<string>());
            page.Request += (_, request) => requests.Add(request.Url);
            page.Console += (_, message) => complaints.Add(message.Text);
            page.PageError += (_, error) => complaints.Add(error);
            await page.GotoAsync(new Uri(Page).AbsoluteUri);

            requests.ShouldBe([new Uri(Page).AbsoluteUri]);
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBe(width);

            var group = page.Locator("#rule-primary-able");
            (await group.Locator("table").IsVisibleAsync()).ShouldBeFalse();
            await page.GetByRole(AriaRole.Searchbox).FillAsync("bolt");
            (await group.Locator("tbody tr:visible").AllTextContentsAsync()).ShouldHaveSingleItem().ShouldContain("Bolt");
            (await page.Locator("#start tbody tr:visible").CountAsync()).ShouldBe(1);
            await page.GetByRole(AriaRole.Searchbox).FillAsync("");
            (await group.Locator("table").IsVisibleAsync()).ShouldBeFalse();
            complaints.ShouldBeEmpty();
        }
    }
}
