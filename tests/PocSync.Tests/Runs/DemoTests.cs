using System.Text.Json;
using PocSync.Tests.Cli;

namespace PocSync.Tests.Runs;

public class DemoTests
{
    [Fact]
    public async Task The_second_run_of_the_demo_finds_nothing_left_to_correct()
    {
        var run = await Shell.PocSync("demo", "--once", "--accounts", "300", "--format", "json");

        run.Status.ShouldBe(0, run.Error);
        var demo = JsonDocument.Parse(run.Output).RootElement;
        var (first, second) = (demo.GetProperty("firstRun"), demo.GetProperty("secondRun"));
        first.EnumerateObject().Select(p => p.Name).ShouldBe(["accounts", "findings", "corrections", "applied", "held", "failed"]);
        first.GetProperty("applied").GetInt32().ShouldBeGreaterThan(20);
        first.GetProperty("failed").GetInt32().ShouldBeGreaterThan(0);
        (first.GetProperty("applied").GetInt32() + first.GetProperty("failed").GetInt32()).ShouldBe(first.GetProperty("corrections").GetInt32());
        second.GetProperty("corrections").GetInt32().ShouldBe(0);
        second.GetProperty("failed").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task The_demo_says_in_words_what_it_did()
    {
        var run = await Shell.PocSync("demo", "--once", "--accounts", "300");

        foreach (var part in new[] { "WHAT WAS WRONG", "WHAT IT CHANGED", "WHAT IT HELD", "WHAT THE ORG REFUSED", "(ENTITY_IS_LOCKED)",
            "THE SECOND RUN found nothing left to correct" })
        {
            run.Output.ShouldContain(part);
        }
    }
}
