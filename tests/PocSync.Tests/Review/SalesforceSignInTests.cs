using Microsoft.Extensions.Configuration;
using Microsoft.Playwright;
using PocSync.Cli;
using PocSync.Core.Rules;
using PocSync.Review;
using PocSync.Simulator;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Review;

public sealed class SalesforceSignInTests
{
    private const string Viewer = "0PS5f0000000001AAA", Manager = "0PS5f0000000002AAA";

    /// <summary>Ana is a viewer, Ben an account manager, Cy nothing.</summary>
    private static async Task<(RunHost Org, ConsoleHost Console)> StartAsync()
    {
        var org = await RunHost.StartAsync(
            "rules: {}",
            RunHost.Accounts(RunHost.Ana, RunHost.Ben),
            RunHost.Rows((0, "Primary", RunHost.Ana), (1, "Primary", RunHost.Ben)),
            new OrgTable("PermissionSet", ["Id", "Name", "Label"], [[Viewer, "POC_Viewer", "V"], [Manager, "POC_Account_Manager", "M"]]),
            new OrgTable("PermissionSetAssignment", ["PermissionSetId", "AssigneeId"], [[Viewer, RunHost.Ana], [Manager, RunHost.Ben]]));
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        var named = org.AllSettings();
        named["Review:SignIn"] = "Salesforce";
        named["Review:ClientId"] = org.Org.Simulator.ClientId;
        named["Review:ClientSecret"] = org.Org.Simulator.ClientSecret;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(named).Build();
        return (org, await ConsoleHost.StartAsync(named, org.Clock, (services, review) =>
        {
            SignInWithOrg.Add(services, ref review, configuration);
            return review;
        }));
    }

    private static async Task<IPage> SignInAsync(Chromium browser, RunHost org, ConsoleHost console, string username, string path = "/")
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(console.Url, path).ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with Salesforce" }).ClickAsync();
        await page.GetByLabel("Username").FillAsync(username);
        await page.GetByLabel("Password").FillAsync(org.Org.Simulator.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log In" }).ClickAsync();
        return page;
    }

    [Fact]
    public async Task Permission_sets_decide_what_somebody_sees()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        await using var browser = await Chromium.StartAsync();

        var ana = await SignInAsync(browser, org, console, "ana@x.example", "/findings?rule=backup-present");
        ana.Url.ShouldEndWith("/findings?rule=backup-present");
        (await ana.TextContentAsync("h1"))!.ShouldContain("findings");

        var ben = await SignInAsync(browser, org, console, "ben@x.example", "/sign-in?ReturnUrl=//evil.example/");
        ben.Url.ShouldBe(console.Url.ToString(), "nobody is led elsewhere");
        (await ben.TextContentAsync("h1")).ShouldBe("Not for your role");
        await ben.GotoAsync(new Uri(console.Url, $"/accounts/{RunHost.Account(1)}").ToString());
        (await ben.TextContentAsync("h1")).ShouldBe("Account 1");
        await ben.GotoAsync(new Uri(console.Url, $"/accounts/{RunHost.Account(0)}").ToString());
        (await ben.TextContentAsync("h1")).ShouldBe("Nothing is here");

        var cy = await SignInAsync(browser, org, console, "cy@x.example");
        (await cy.TextContentAsync("h1")).ShouldBe("Not for your role");
    }

    [Fact]
    public async Task A_forged_answer_of_the_org_signs_nobody_in()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = console.Client();

        var answer = await client.GetAsync("/signed-in?code=aPrxFORGED&state=forged");

        answer.Headers.Location!.OriginalString.ShouldBe("/sign-in?failed=1");
        (await client.GetAsync("/about")).Headers.Location!.AbsolutePath.ShouldBe("/sign-in");
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080", null, null, "can be reached from other machines")]
    [InlineData("http://127.0.0.1:5080", "https://pocsync.example.com", null, "can be reached from other machines")]
    [InlineData("http://0.0.0.0:5080", "http://pocsync.example.com", "Salesforce", "in the clear")]
    [InlineData("http://0.0.0.0:5080", "https://pocsync.example.com", "Salesforce", "is missing")]
    public void A_console_that_strangers_could_enter_does_not_start(string served, string? publicUrl, string? signIn, string sentence)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Review:PublicUrl"] = publicUrl, ["Review:SignIn"] = signIn }).Build();
        Should.Throw<SettingsException>(() => ReviewSettings.Read(configuration, new Uri(served))).Message.ShouldContain(sentence);
    }
}
