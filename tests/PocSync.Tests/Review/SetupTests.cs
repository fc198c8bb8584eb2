using System.Net;
using PocSync.Ledger;
using PocSync.Review.SignIn;
using PocSync.Simulator;
using PocSync.Tests.Jobs;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Review;

/// <summary>The console's checklist of the installation.</summary>
[Collection(Serving.Collection)]
public sealed class SetupTests
{
    private static Task<ConsoleHost> ConsoleAsync(RunHost org) => ConsoleHost.StartAsync(org.AllSettings(), org.Clock);

    [Theory]
    [InlineData(LedgerProvider.Sqlite, "It is kept by SQLite")]
    [InlineData(LedgerProvider.PostgreSql, "It is kept by PostgreSQL")]
    public async Task The_checklist_says_what_works_what_to_look_at_and_what_is_wrong(LedgerProvider provider, string keptBy)
    {
        await using var org = await StartAsync(provider, new SimulatorOptions(), "rules: { in-touch: { enabled: false } }", Accounts(Ana), Rows((0, "Primary", Ana), (0, "Backup", Cy)));
        org.Settings["Guard:MaxChanged"] = "77";
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();

        var page = await LinesAsync(client);

        page["Org"].ShouldStartWith("works Lark (00D5f0000000001EAA), a production org");
        page["Contacts"].ShouldContain("since that is the richest that the org has");
        page["Rules"].ShouldMatch("^works 18 rules judged, 1 switched off, 1 not judged");
        page["Rules"].ShouldContain("only a live org tells who may edit what");
        page["Guard"].ShouldContain("Guard:MaxChanged: 77");
        page["API calls"].ShouldMatch("^works [0-9,]+ are left");
        page["Writing"].ShouldBe("works Nobody has paused it.");
        page["Ledger"].ShouldContain(keptBy);

        (await org.RunAsync("pause", "--reason", "quarter close", "--as", "Ana")).Status.ShouldBe(0);
        await org.Org.FaultsAsync("503");
        (await org.RunAsync("sync")).Status.ShouldBe(3);
        page = await LinesAsync(client);
        page["Writing"].ShouldStartWith("look here Ana paused it: quarter close");
        page["Last run"].ShouldStartWith("wrong ");
        (await client.GetStringAsync("/setup")).ShouldContain("1 thing is wrong.");
    }

    [Fact]
    public async Task Only_administrators_see_it()
    {
        await using var org = await StartAsync("", Accounts(Ana));
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleAsync(org);
        foreach (var role in new[] { Roles.Viewer, Roles.Approver, Roles.AccountManager })
        {
            (await console.Of(Ana, role).GetAsync("/setup")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Before_the_first_run_it_says_what_to_do()
    {
        await using var org = await StartAsync("", Accounts(Ana));
        (org.Settings["Jobs:Full"], org.Settings["Jobs:Delta"]) = ("never", "never");
        await using var worker = await Serving.StartAsync(org);
        await using var console = await ConsoleAsync(org);

        var page = await LinesAsync(await console.EnterAsync());

        page["Org"].ShouldStartWith("wrong No run has reached an org yet");
        page["Org"].ShouldContain("Begin the full run");
    }

    /// <summary>The lines of the page, by what they are about.</summary>
    private static async Task<Dictionary<string, string>> LinesAsync(HttpClient client)
    {
        var page = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(await client.GetStringAsync("/setup"), @"<dt>|</dd>", "\u0001"));
        return page.Split('\u0001').Where(p => p.Contains("</dt>", StringComparison.Ordinal)).Select(p => p.Split("</dt>"))
            .ToDictionary(p => p[0], p => System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(p[1], "<[^>]*>", " "), @"\s+", " ").Trim());
    }
}
