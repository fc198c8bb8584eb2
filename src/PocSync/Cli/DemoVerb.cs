using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Simulator;
using PocSync.Simulator.Generation;

namespace PocSync.Cli;

/// <summary>
/// <c>demo</c>: the whole job on a simulated org in which everything is wrong somewhere, with a ledger that is thrown away afterwards.
/// </summary>
internal static class DemoVerb
{
    private const string Name = "demo";
    private const string Reason = "This is a demo: whatever waits or is held is released, to show how.";

    public static Command Create(Surroundings around)
    {
        var once = new Option<bool>("--once") { Description = "Do the whole job, say what was done, and end." };
        var port = new Option<int>("--port")
        { Description = "The console's port on 127.0.0.1, with --once the simulated org's; 0 is any free one.", HelpName = "P", DefaultValueFactory = _ => 5080 };
        var accounts = new Option<int>("--accounts") { Description = "Accounts of the org.", HelpName = "N", DefaultValueFactory = _ => 2000 };
        var seed = new Option<int>("--seed") { Description = "Decides the org.", HelpName = "S", DefaultValueFactory = _ => 7 };
        var format = VerbOptions.Word("--format", DemoFormat.Text, "How to print what was done.");
        var verb = new Command("demo",
            "Shows PocSync on a simulated org: the console with the worker behind it, or with --once the whole job from audit to a second run that finds nothing left.")
        {
            once, port, accounts, seed, format,
        };
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(accounts) is < OrgGenerator.SmallestDemo or > 200_000)
            {
                throw new UsageException($"--accounts must be from {OrgGenerator.SmallestDemo} to 200000: a smaller org has no room for everything that can be wrong.");
            }

            var isOnce = parsed.GetValue(once);
            var folder = Directory.CreateTempSubdirectory("pocsync-demo-").FullName;
            try
            {
                around.Error.WriteLine($"Making a simulated org of {parsed.GetValue(accounts).ToString("N0", CultureInfo.InvariantCulture)} accounts.");
                var plan = new OrgPlan { Accounts = parsed.GetValue(accounts), Seed = parsed.GetValue(seed), AsOf = VerbOptions.Now(around) };
                var options = new SimulatorOptions
                {
                    Data = OrgGenerator.Generate(plan).Tables,
                    Port = isOnce && parsed.GetResult(port) is { Implicit: false } ? parsed.GetValue(port) : 0,
                    Seed = plan.Seed,
                    Clock = around.Time,
                };
                await using var org = await SimulateVerb.StartAsync(options, stop);
                var inside = new Surroundings(around.Output, around.Error, around.Time, Configuration(org, folder, parsed.GetValue(port)))
                {
                    IsWatched = around.IsWatched,
                };
                var rules = ReadRules(folder);
                if (!isOnce)
                {
                    return (int)await ServeAsync(org, folder, rules, inside, stop);
                }

                var report = await RunAsync(rules, inside, stop);
                report.Write(parsed.GetValue(format), around);
                return (int)report.Status;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return verb;
    }

    private static async Task<DemoReport> RunAsync(Settings settings, Surroundings inside, CancellationToken stop)
    {
        await using var desk = await RunDesk.OpenAsync(inside, null, stop);
        var first = await desk.Reconciler.SyncAsync(desk.Order(RunKind.Sync, settings, Name), stop);
        RunReport? released = null;
        if (first.Status is not (RunStatus.Failed or RunStatus.Stopped) && first.Held + first.Waiting > 0)
        {
            var database = await LedgerDatabase.OpenAsync(LedgerSettings.Read(inside.Settings));
            await new Decisions(database, new ApprovalTerms(), inside.Time)
                .DecideAsync(DecisionKind.Approve, new Selection([first.Judged!.Proposal.Plan.Digest]), Name, Reason);
            released = await desk.Reconciler.ApproveAsync(desk.Order(RunKind.Approve, settings, Name), stop);
        }

        var second = await desk.Reconciler.SyncAsync(desk.Order(RunKind.Sync, settings, Name), stop);
        return new DemoReport(settings, first, released, second, await desk.TellAsync(settings, stop));
    }

    /// <summary>The worker and the console over the org, after a first run whose corrections wait for whoever looks.</summary>
    private static async Task<ExitStatus> ServeAsync(RunningSimulator org, string folder, Settings settings, Surroundings inside, CancellationToken stop)
    {
        await using (var desk = await RunDesk.OpenAsync(inside, null, stop))
        {
            var first = await desk.Reconciler.SyncAsync(desk.Order(RunKind.Sync, settings, Name), stop);
            inside.Error.WriteLine(first.Sentence);
            if (first.Status is RunStatus.Failed or RunStatus.Stopped)
            {
                return RunDesk.StatusOf(first.Status);
            }
        }

        await using var worker = await Worker.CreateAsync(inside);
        await worker.StartAsync(stop);
        inside.Error.WriteLine($"""

            Open the console, where the link works once:
              {worker.Door}

            The simulated org is at {org.Url} until Ctrl-C. To try the other verbs on it, in another terminal:
            {Exports(inside.Settings)}
              ./pocsync runs
              ./pocsync approvals
              ./pocsync sync
            """);
        await Task.WhenAny(org.Stopped, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        await worker.StopAsync();
        return ExitStatus.Done;
    }

    /// <summary>Every setting that the demo has, for a shell: other verbs are to run by its own guard.</summary>
    private static string Exports(IConfiguration settings) => string.Join(Environment.NewLine, settings.AsEnumerable().Where(s => s.Value is not null)
        .Select(s => $"  export POCSYNC_{s.Key.Replace(":", "__", StringComparison.Ordinal)}='{s.Value}'").Order(StringComparer.Ordinal));

    private static string LedgerFile(string folder) => Path.Combine(folder, "ledger.db");

    private static string RulesFileIn(string folder) => Path.Combine(folder, "rules.yaml");

    private static Settings ReadRules(string folder)
    {
        using (var rules = typeof(DemoVerb).Assembly.GetManifestResourceStream("demo-rules.yaml")!)
        using (var file = File.Create(RulesFileIn(folder)))
        {
            rules.CopyTo(file);
        }

        return RulesFile.Read(RulesFileIn(folder));
    }

    /// <summary>The demo's own, whatever the machine's settings say: nobody's org and ledger are touched.</summary>
    private static IConfiguration Configuration(RunningSimulator org, string folder, int port) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Salesforce:LoginUrl"] = org.Url.ToString(),
            ["Salesforce:ClientId"] = org.ClientId,
            ["Salesforce:ClientSecret"] = org.ClientSecret,
            // Below the default of 100, so that the guard has something to hold in an org of this size.
            ["Guard:MaxChanged"] = "35",
            ["Ledger:ConnectionString"] = $"Data Source={LedgerFile(folder)};Pooling=False",
            ["Rules:File"] = RulesFileIn(folder),
            // Whatever time it is for whoever looks.
            ["Notices:QuietFrom"] = "00:00",
            ["Notices:QuietTo"] = "00:00",
            ["Notices:WorkingDays"] = "None",
            ["Serve:Url"] = $"http://127.0.0.1:{port}",
        }).Build();
}

/// <summary>How the demo prints what was done.</summary>
internal enum DemoFormat
{
    /// <summary>In plain words.</summary>
    Text,

    /// <summary>One object.</summary>
    Json,
}
