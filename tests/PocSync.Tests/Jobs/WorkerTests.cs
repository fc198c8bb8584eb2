using System.Net;
using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Jobs;

/// <summary>The worker in this process, on a simulated org, by a clock that the test moves.</summary>
[Collection(Serving.Collection)]
public sealed class WorkerTests
{
    [Fact]
    public async Task A_worker_judges_at_its_start_what_was_never_judged_and_then_by_its_schedule()
    {
        await using var host = await StartAsync();
        await using (var worker = await ServeAsync(host))
        {
            (await worker.RunEndedAsync()).ShouldBe("full done");
            host.Clock.Advance(TimeSpan.FromMinutes(5));
            (await worker.RunEndedAsync()).ShouldBe("delta done");
        }

        // As though nothing was missed: the next start owes nothing, so that the next run is the asked one.
        await using (var worker = await ServeAsync(host))
        {
            await worker.Worker.Engine.EnqueueAsync(new JobCall("full", true), host.Clock.GetUtcNow(), default);
            (await worker.RunEndedAsync()).ShouldBe("full done");
        }

        host.Clock.Advance(TimeSpan.FromDays(3));
        await using (var worker = await ServeAsync(host))
        {
            (await worker.RunEndedAsync()).ShouldBe("full done");
        }

        var runs = await host.JsonAsync(0, "runs");
        runs.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("by").GetString()).Reverse()
            .ShouldBe(["worker (full)", "worker (delta)", "worker (full)", "worker (full)"]);
    }

    [Fact]
    public async Task An_org_that_is_down_is_tried_again_with_back_off_and_readiness_says_so()
    {
        await using var host = await StartAsync();
        await host.Org.FaultsAsync("503");
        host.Settings["Jobs:Delta"] = "never";
        await using var worker = await ServeAsync(host);

        (await worker.RunEndedAsync()).ShouldBe("full failed");
        var (status, problem) = await worker.ReadyAsync("org");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        problem.ShouldNotBeNull().ShouldNotContain(host.Org.Simulator.ClientSecret);
        (await worker.LiveAsync()).ShouldBe(HttpStatusCode.OK);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await worker.RunEndedAsync()).ShouldBe("full failed");
        await host.Org.FaultsAsync("");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await worker.RunEndedAsync()).ShouldBe("full done");
        (await worker.ReadyAsync("org")).ShouldBe((HttpStatusCode.OK, null));
        (await worker.JobAsync("full")).Failures.ShouldBe(0);
    }

    [Theory]
    [InlineData("rules: { one-primary: { mode: sometimes } }", "sometimes")]
    [InlineData("rules: { one-primary: { scope: \"Planet = 'Mars'\" } }", "Planet")]
    public async Task While_the_rules_are_wrong_the_last_good_ones_stay_in_force_and_the_worker_says_so(string wrong, string named)
    {
        await using var host = await StartAsync();
        await using var worker = await ServeAsync(host);
        (await worker.RunEndedAsync()).ShouldBe("full done");

        host.Rules(wrong);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await worker.RunEndedAsync()).ShouldBe("delta done");
        var (status, problem) = await worker.ReadyAsync("rules");
        status.ShouldBe(HttpStatusCode.OK);
        problem.ShouldNotBeNull().ShouldContain(named);

        host.Rules(Auto);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await worker.RunEndedAsync()).ShouldBe("delta done");
        (await worker.ReadyAsync("rules")).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Of_a_file_that_is_wrong_in_part_the_rest_takes_effect()
    {
        await using var host = await StartAsync();
        host.Rules("rules: { one-primary: { mode: sometimes }, in-touch: { maxSilentDays: 10 } }");
        await using var worker = await ServeAsync(host);
        (await worker.RunEndedAsync()).ShouldBe("full done");
        (await worker.ReadyAsync("rules")).Problem.ShouldNotBeNull().ShouldContain("The rule one-primary is off until its settings are right.");
        var rules = await new RuleQueries(worker.Ledger).LastAsync();
        rules["one-primary"].WhyNot.ShouldNotBeNull().ShouldStartWith("its settings are wrong: rules.yaml, line 1, column");
        rules["primary-able"].WhyNot.ShouldBeNull();

        async Task<Dictionary<string, string>> AfterAsync(string file)
        {
            host.Rules(file);
            host.Clock.Advance(TimeSpan.FromMinutes(5));
            (await worker.RunEndedAsync()).ShouldBe("delta done");
            return await new RuleQueries(worker.Ledger).SettingsAsync();
        }

        (await AfterAsync("rules: { one-primary: { graceHours: 5 }, in-touch: { maxSilentDays: 10 } }"))["wrong"].ShouldBe("nothing");
        var settings = await AfterAsync("freeze: { closeDays: soon }\nrules: { one-primary: { graceHours: many }, in-touch: { maxSilentDays: 20 }, reachable: { scope: \"Planet = 'Mars'\" } }");
        settings["rules.one-primary.graceHours"].ShouldBe("5");
        settings["rules.in-touch.maxSilentDays"].ShouldBe("20");
        settings["rules.reachable.scope"].ShouldBe("all accounts");
        settings["freeze.closeDays"].ShouldBe("14");
        settings["wrong"].ShouldContain("rules.yaml, line 2, column 37: rules.one-primary.graceHours must be");
        settings["wrong"].ShouldContain("The last good freeze holds until then.");
        settings["wrong"].ShouldContain("rules.yaml, line 2: rules.reachable.scope: at character 1 of the condition: the org shows this login no field Account.Planet.");
        (await worker.ReadyAsync("rules")).Problem.ShouldNotBeNull().ShouldContain("The rule reachable goes by its last good settings until then.");

        (await AfterAsync("rules: { one-primary"))["rules.in-touch.maxSilentDays"].ShouldBe("20");
        (await worker.ReadyAsync("rules")).Problem.ShouldNotBeNull().ShouldContain("All last good settings hold until then.");
        (await AfterAsync(""))["wrong"].ShouldBe("nothing");
        (await worker.ReadyAsync("rules")).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Of_records_in_the_org_that_are_wrong_the_rest_takes_effect()
    {
        await using var host = await StartAsync();
        host.Settings["Rules:File"] = null;
        host.Settings["Rules:Home"] = "Org";
        await host.SetupAsync("in_touch", "Parameters__c", "maxSilentDays: 10");
        await using var worker = await ServeAsync(host);
        (await worker.RunEndedAsync()).ShouldBe("full done");

        async Task<Dictionary<string, string>> AfterAsync(string record, string field, string? value, string type = "POC_Rule__mdt")
        {
            await host.SetupAsync(record, field, value, type);
            host.Clock.Advance(TimeSpan.FromMinutes(5));
            (await worker.RunEndedAsync()).ShouldBe("delta done");
            return await new RuleQueries(worker.Ledger).SettingsAsync();
        }

        var wrong = await AfterAsync("in_touch", "Parameters__c", "maxSilentDays: often");
        wrong["rules.in-touch.maxSilentDays"].ShouldBe("10");
        wrong["wrong"].ShouldStartWith("POC Rule 'in-touch', field Parameters, line 1, column 16: rules.in-touch.maxSilentDays must be a whole number from 0 to 1000000, not 'often'.");
        (await AfterAsync("reachable", "Severity__c", "error"))["rules.reachable.severity"].ShouldBe("error");
        (await worker.ReadyAsync("rules")).Problem.ShouldNotBeNull().ShouldContain("The rule in-touch goes by its last good settings until then.");
        (await AfterAsync("in_touch", "Parameters__c", "maxSilentDays: 20"))["wrong"].ShouldBe("nothing");

        var refused = await AfterAsync("in_touch", "Scope__c", "Owner.Planet = 'Mars'");
        refused["rules.in-touch.scope"].ShouldBe("all accounts");
        (await worker.ReadyAsync("rules")).Problem.ShouldNotBeNull()
            .ShouldContain("POC Rule 'in-touch', field Scope: rules.in-touch.scope: at character 1 of the condition: the org shows this login no field User.Planet");
        (await AfterAsync("Pool", "Value__c", "Nam = 'x'", "POC_Setting__mdt"))["pool"].ShouldBe("whoever is Primary or Backup of some account");
        (await worker.ReadyAsync("rules")).Problem.ShouldNotBeNull().ShouldContain("POC Setting 'Pool', field Value: pool: at character 1");

        await host.SetupAsync("Pool", "Value__c", null, "POC_Setting__mdt");
        (await AfterAsync("in_touch", "Scope__c", null))["wrong"].ShouldBe("nothing");
        (await worker.ReadyAsync("rules")).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_paused_job_begins_only_when_asked()
    {
        await using var host = await StartAsync();
        host.Settings["Jobs:Full"] = "never";
        await using var worker = await ServeAsync(host);
        (await worker.RunEndedAsync()).ShouldBe("delta done");
        await worker.Book.PauseAsync("delta", "Ana");
        host.Clock.Advance(TimeSpan.FromMinutes(30));

        await worker.Worker.Engine.EnqueueAsync(new JobCall("delta", true), host.Clock.GetUtcNow(), default);
        (await worker.RunEndedAsync()).ShouldBe("delta done");

        (await host.JsonAsync(0, "runs")).GetProperty("runs").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Who_asked_for_a_job_is_remembered_until_it_has_ended()
    {
        await using var host = await StartAsync();
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        var book = new JobBook(await LedgerDatabase.OpenAsync(host.Ledger.Settings), host.Clock);
        await book.AskAsync("full", "Ana");
        (await book.BeginAsync("full", isAsked: true)).ShouldBe("Ana");

        // The worker died over it.
        (await book.BeginAsync("full", isAsked: true)).ShouldBe("Ana");
        await book.AskAsync("full", "Ben");
        await book.EndAsync("full", host.Clock.GetUtcNow(), "Done.", asked: "Ana");

        (await book.BeginAsync("full", isAsked: true)).ShouldBe("Ben");
    }

    [Theory]
    [InlineData("Serve:Url", "https://127.0.0.1:5080", "Serve:Url must be an address")]
    [InlineData("Serve:Port", "5080", "There is no setting Serve:Port; there is Serve:Url.")]
    [InlineData("Jobs:Full", "at two", "Jobs:Full is 'at two'")]
    [InlineData("Jobs:Engine", "Steam", "Jobs:Engine is 'Steam', which this program was built without; it has")]
    [InlineData("Clock:Speed", "fast", "Clock:Speed must be a number")]
    [InlineData("Rules:File", "nowhere.yaml", "There is no rules file nowhere.yaml.")]
    public async Task A_worker_with_wrong_settings_does_not_start(string name, string value, string expected)
    {
        await using var host = await StartAsync();
        host.Settings[name] = value;

        var run = await host.RunAsync("serve");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(expected);
    }

    private static Task<RunHost> StartAsync() => RunHost.StartAsync(Auto, Accounts(Ana, Ben), Rows((0, "Primary", Ana), (0, "Backup", Cy)));

    private static Task<Serving> ServeAsync(RunHost host) => Serving.StartAsync(host);
}
