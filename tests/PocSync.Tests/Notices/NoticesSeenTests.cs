using System.Text.RegularExpressions;
using PocSync.Core.Notices;
using PocSync.Ledger;
using PocSync.Review.SignIn;
using PocSync.Tests.Review;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>What people see of what was told.</summary>
public sealed class NoticesSeenTests
{
    [Fact]
    public async Task Who_was_told_what_stands_with_the_run_with_the_person_and_in_the_setup()
    {
        await using var host = (await NoticeHost.LeaverAsync(LedgerProvider.Sqlite, 1)).AtAllTimes();
        await host.ChangeAsync("Account", Account(0), new { Name = "<script>alert(1)</script>" });
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleHost.StartAsync(host.AllSettings(), host.Clock);
        var client = await console.EnterAsync();

        var run = await client.GetStringAsync("/runs/1");
        run.ShouldContain("Who was told");
        run.ShouldContain("Ben: You are now the primary contact of &lt;script&gt;alert(1)&lt;/script&gt;");
        Regex.Match(await client.GetStringAsync("/setup"), "[^<>]* sent in the last day[^<]*").Value.Trim().ShouldBe("4 messages sent in the last day.");
        var my = await console.Of(Ben, Roles.AccountManager).GetStringAsync("/my");
        my.ShouldContain("What you were told");
        my.ShouldNotContain("handoff notes");
    }

    [Fact]
    public async Task The_verb_says_what_was_sent_and_what_reached_nobody()
    {
        await using var host = (await NoticeHost.LeaverAsync(LedgerProvider.Sqlite, 1)).AtAllTimes();
        await host.ChangeAsync("User", Ana, new { IsActive = false });
        await host.ChangeAsync("User", Dee, new { IsActive = false });
        (await host.RunAsync("sync")).Status.ShouldBe(0);

        var json = await host.JsonAsync(0, "notices");

        json.GetProperty("messages").EnumerateArray().Select(m => $"{m.GetProperty("channel")} {m.GetProperty("receiverName")} {m.GetProperty("state")}")
            .ShouldBe(["task Ben sent", "bell Ben sent"], ignoreOrder: true);
        json.GetProperty("dropped").EnumerateArray().Select(d => d.GetProperty("why").GetString()).ShouldContain("Gone is gone, and nobody above is there to be told");
        (await host.RunAsync("notices")).Output.ShouldContain("Told nobody, because Gone is gone, and nobody above is there to be told: 1 piece of news");
    }

    [Fact]
    public void The_docs_tell_every_kind_and_every_channel()
    {
        var rows = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "notices.md")), @"^\| `(\w+)` \|", RegexOptions.Multiline).Select(m => m.Groups[1].Value);

        rows.ShouldBe(Enum.GetNames<NewsKind>().Concat(Enum.GetNames<ChannelKind>()));
    }
}
