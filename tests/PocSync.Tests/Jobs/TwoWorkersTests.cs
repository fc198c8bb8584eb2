using System.Diagnostics;
using System.Threading.Channels;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Review;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Jobs;

/// <summary>Two workers, each a process of its own, on one PostgreSQL.</summary>
public sealed class TwoWorkersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task When_a_worker_is_killed_in_the_middle_of_a_run_another_takes_over_and_does_it_once()
    {
        await using var host = await StartAsync(LedgerProvider.PostgreSql, new SimulatorOptions(), Auto, Accounts(Ana, Ana, Ana),
            Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Ana), (1, "Backup", Dee), (2, "Primary", Dee)));
        host.Settings["Jobs:Full"] = "daily 02:00";
        host.Settings["Jobs:Delta"] = "never";
        host.Settings["Ledger:WaitSeconds"] = "60";
        // Each call takes half a second, so that a run is under way for some seconds.
        await host.Org.FaultsAsync("slow");

        await using var first = Process.Start(host);
        await first.SaysAsync("Job full begins.");
        await using var second = Process.Start(host);
        await second.SaysAsync("serves");
        first.Kill();

        await second.SaysAsync("Job full begins.");
        await host.Org.FaultsAsync("");
        await second.SaysAsync("Job full: Run 2:");
        second.Stop();
        await second.EndsAsync(0);

        var runs = (await host.JsonAsync(0, "runs")).GetProperty("runs").EnumerateArray().ToList();
        runs.Select(r => r.GetProperty("status").GetString()).ShouldBe(["done", "stopped"]);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    /// <summary>Neither was started after the other's death: what is left undone finds a worker by the engine alone.</summary>
    /// <param name="calls">How many calls of the org have ended when the worker dies.</param>
    [Theory]
    [InlineData(0), InlineData(6)]
    public async Task When_a_worker_is_killed_over_what_a_person_asked_for_another_does_it_once(int calls)
    {
        await using var host = await StartAsync(LedgerProvider.PostgreSql, new SimulatorOptions(), Auto, Accounts(Ana, Ana, Ana),
            Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Ana), (1, "Backup", Dee), (2, "Primary", Dee)));
        (host.Settings["Jobs:Full"], host.Settings["Jobs:Delta"], host.Settings["Jobs:Retention"]) = ("never", "never", "never");
        host.Settings["Ledger:WaitSeconds"] = "60";
        var before = (await host.Org.OwnerAsync(Account(0)), await host.Org.OwnerAsync(Account(2)));
        await host.RunAsync("sync");
        (await host.Org.OwnerAsync(Account(0)), await host.Org.OwnerAsync(Account(2))).ShouldNotBe(before);
        await using var first = Process.Start(host);
        await using var second = Process.Start(host);
        var door = (await first.SaysAsync("The console: "))["The console: ".Length..];
        await second.SaysAsync("The console: ");
        var begun = new[] { first.SaysAsync("Job errands begins."), second.SaysAsync("Job errands begins.") };
        await host.Org.FaultsAsync("slow");
        var sent = await host.Org.CallsAsync();

        using var console = new HttpClient { BaseAddress = new Uri(new Uri(door).GetLeftPart(UriPartial.Authority)) };
        (await ConsoleHost.PostAsync(console, new Uri(door).PathAndQuery, "/enter")).EnsureSuccessStatusCode();
        (await ConsoleHost.PostAsync(console, "/undo?run=1", "/undo/write", ("reason", "a mistake"))).EnsureSuccessStatusCode();
        var isFirst = await Task.WhenAny(begun) == begun[0];
        while (await host.Org.CallsAsync() < sent + calls)
        {
            await Task.Yield();
        }

        (isFirst ? first : second).Kill();
        await begun[isFirst ? 1 : 0];
        await host.Org.FaultsAsync("");
        await (isFirst ? second : first).SaysAsync("Job errands: 1 errand done.");

        (await host.Org.OwnerAsync(Account(0)), await host.Org.OwnerAsync(Account(2))).ShouldBe(before);
        var ledger = await LedgerDatabase.OpenAsync(host.Ledger.Settings);
        (await new Errands(ledger, host.Clock).NextAsync()).ShouldBeNull();
        var runs = await new LedgerQueries(ledger).RunsAsync(10);
        runs.Count(r => r is { Kind: "Undo", Status: "Done" }).ShouldBe(1);
        runs.Where(r => r.Kind == "Undo" && r.Status != "Done").ShouldAllBe(r => r.Status == "Stopped");
        (await host.JsonAsync(0, "undo", "1", "--reason", "again", "--as", "Ana")).GetProperty("corrections").GetInt32().ShouldBe(0, "nothing was left to undo");
    }

    /// <summary>A <c>serve</c> in a process of its own.</summary>
    private sealed class Process : IAsyncDisposable
    {
        private readonly System.Diagnostics.Process _process;
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        private Process(ProcessStartInfo start)
        {
            _process = new System.Diagnostics.Process { StartInfo = start };
            _process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data is { } text)
                {
                    _lines.Writer.TryWrite(text);
                }
                else
                {
                    _lines.Writer.TryComplete();
                }
            };
            _process.Start();
            _process.BeginErrorReadLine();
        }

        public static Process Start(RunHost host)
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pocsync.dll"), "serve"])
            { RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(host.At("x"))! };
            start.Environment["POCSYNC_Serve__Url"] = "http://127.0.0.1:0";
            foreach (var (name, value) in host.AllSettings())
            {
                start.Environment["POCSYNC_" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
            }

            return new Process(start);
        }

        /// <summary>Reads what it says until a line holds some words, and gives the line.</summary>
        public async Task<string> SaysAsync(string words)
        {
            using var late = new CancellationTokenSource(Patience);
            var said = new List<string>();
            await foreach (var line in _lines.Reader.ReadAllAsync(late.Token))
            {
                said.Add(line);
                if (line.Contains(words, StringComparison.Ordinal))
                {
                    return line;
                }
            }

            throw new InvalidOperationException($"It ended without saying '{words}': {string.Join('\n', said)}");
        }

        /// <summary>As kill -9 does.</summary>
        public void Kill() => _process.Kill();

        /// <summary>As a service manager does.</summary>
        public void Stop()
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        public async Task EndsAsync(int status)
        {
            using var late = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(late.Token);
            _process.ExitCode.ShouldBe(status);
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                await _process.WaitForExitAsync();
            }

            _process.Dispose();
        }
    }
}
