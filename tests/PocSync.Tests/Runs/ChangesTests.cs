using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>What auditors are told.</summary>
public class ChangesTests
{
    [Fact]
    public async Task Every_field_that_was_changed_is_a_line_with_who_when_and_why()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana, Ana), Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Ana), (1, "Backup", Cy)),
            Team((0, Cy, "Sales Rep"), (0, Gone, "Sponsor")));
        await host.JsonAsync(0, "sync", "--as", "worker");
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.JsonAsync(0, "undo", "1", "--reason", "=a mistake", "--as", "Olga");

        var changes = (await host.JsonAsync(0, "changes")).GetProperty("changes").EnumerateArray().ToList();
        changes.Select(c => $"{c.GetProperty("run")} {c.GetProperty("kind")} {c.GetProperty("by")} {c.GetProperty("action")} {c.GetProperty("object")}.{c.GetProperty("field")} {Name(c.GetProperty("before").GetString())}>{Name(c.GetProperty("after").GetString())} {c.GetProperty("undoneBy")}")
            .ShouldBe([
                "1 sync worker update Account.OwnerId Ana>Ben 2", "1 sync worker restore AccountTeamMember.UserId Cy>Cy 2",
                "1 sync worker lose AccountTeamMember.UserId Gone> 2",
                "2 undo Olga update Account.OwnerId Ben>Ana ", "2 undo Olga restore AccountTeamMember.UserId Cy>Cy ",
            ]);
        changes[0].GetProperty("instant").GetString().ShouldStartWith("2026-11-22T08");
        changes[0].GetProperty("id").GetString().ShouldBe(Account(0));

        var csv = (await host.RunAsync("changes", "--since", "2026-11-23", "--account", Account(0), "--format", "csv")).Output.Split("\r\n");
        csv.Length.ShouldBe(4);
        csv[1].ShouldContain("Olga,'=a mistake");
        (await host.RunAsync("changes", "--until", "2026-11-22T08:00:00Z")).Output.ShouldBe("Nothing was changed.\n");
        (await host.RunAsync("changes")).Output.ShouldContain("taken back by run 2");
    }
}
