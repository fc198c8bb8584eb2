using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using PocSync.Cli;
using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Jobs;

/// <summary>
/// A worker in this process on a host's org and ledger. It hears of the runs of every worker in the process, so that no two such tests go at once: they are
/// one collection.
/// </summary>
internal sealed class Serving : IAsyncDisposable
{
    public const string Collection = "Workers";

    private readonly Channel<string> _ended = Channel.CreateUnbounded<string>();
    private readonly ActivityListener _listener;
    private readonly RunHost _host;

    private Serving(RunHost host, Worker worker)
    {
        (_host, Worker) = (host, worker);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PocSync",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = run => _ended.Writer.TryWrite($"{run.GetTagItem("pocsync.job")} {run.GetTagItem("pocsync.status")}"),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Worker Worker { get; }

    public static async Task<Serving> StartAsync(RunHost host)
    {
        host.Settings["Serve:Url"] = "http://127.0.0.1:0";
        // They would be owed at the first start, and take turns with the run that a test waits for.
        foreach (var job in new[] { "Retention", "Chaser", "Digest" })
        {
            host.Settings.TryAdd($"Jobs:{job}", "never");
        }

        var settings = new ConfigurationBuilder().AddInMemoryCollection(host.AllSettings()).Build();
        var worker = await Worker.CreateAsync(new Surroundings(Stream.Null, TextWriter.Null, host.Clock, settings));
        var serving = new Serving(host, worker);
        await worker.StartAsync(default);
        return serving;
    }

    public LedgerDatabase Ledger => LedgerDatabase.OpenAsync(_host.Ledger.Settings).GetAwaiter().GetResult();

    public JobBook Book => new(Ledger, _host.Clock);

    public Task<JobRow> JobAsync(string name) => Book.FindAsync(name);

    /// <summary>The job and the status of the next run that ends.</summary>
    public async Task<string> RunEndedAsync() => await _ended.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>A job from its begin to its end, as though a person had asked for it.</summary>
    public async Task DoAsync(string job) => (await Worker.Runner.RunAsync(Worker.Engine, new JobCall(job, true), default)).IsFailed.ShouldBeFalse();

    public async Task<HttpStatusCode> LiveAsync()
    {
        using var http = new HttpClient();
        return (await http.GetAsync($"{Worker.Url}/health/live")).StatusCode;
    }

    public async Task<(HttpStatusCode Status, string? Problem)> ReadyAsync(string check)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync($"{Worker.Url}/health/ready");
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, json.GetProperty("checks").GetProperty(check).GetProperty("problem").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.StopAsync();
        await Worker.DisposeAsync();
        _listener.Dispose();
    }
}
