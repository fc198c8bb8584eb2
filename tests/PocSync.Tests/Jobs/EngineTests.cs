using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using PocSync.Jobs;
using PocSync.Tests.Cli;
using PocSync.Tests.Ledger;

namespace PocSync.Tests.Jobs;

/// <summary>What the port promises, on every engine that was built in.</summary>
public class EngineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Each with a queue in memory and one on PostgreSQL.</summary>
    public static TheoryData<string, bool> Engines
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in JobEngines.Names)
            {
                data.Add(name, false);
                data.Add(name, true);
            }

            return data;
        }
    }

    public static TheoryData<string> EngineNames => [.. JobEngines.Names];

    /// <summary>Hangfire goes by the machine's clock alone.</summary>
    public static TheoryData<string> EnginesWithAClock => [.. JobEngines.Names.Where(n => n != "Hangfire")];

    [Theory]
    [MemberData(nameof(EnginesWithAClock))]
    public async Task A_job_begins_when_it_is_due_and_once_for_all_that_was_missed(string engine)
    {
        await using var host = await EngineHost.StartAsync(engine, "daily 02:30");

        host.Clock.Advance(TimeSpan.FromHours(18));
        await host.FenceAsync();
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await host.BegunAsync()).ShouldBe(new JobCall("probe", false));
        host.Clock.Advance(TimeSpan.FromDays(4));
        (await host.BegunAsync()).ShouldBe(new JobCall("probe", false));
        await host.FenceAsync();
    }

    [Theory]
    [MemberData(nameof(EnginesWithAClock))]
    public async Task A_job_that_is_queued_for_later_begins_then(string engine)
    {
        await using var host = await EngineHost.StartAsync(engine, null);

        await host.Engine.EnqueueAsync(new JobCall("probe", false), host.Clock.GetUtcNow().AddHours(1), default);
        await host.FenceAsync();
        host.Clock.Advance(TimeSpan.FromHours(2));

        (await host.BegunAsync()).ShouldBe(new JobCall("probe", false));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_job_that_fails_is_not_begun_again_by_the_engine(string engine, bool isShared)
    {
        await using var host = await EngineHost.StartAsync(engine, null, isShared);
        host.Work = _ => throw new InvalidOperationException("It broke.");

        await host.FenceAsync();

        host.Work = _ => Task.FromResult(new JobEnd("Done."));
        await host.FenceAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_job_that_asks_for_it_is_begun_again(string engine, bool isShared)
    {
        await using var host = await EngineHost.StartAsync(engine, null, isShared);
        var times = 0;
        host.Work = _ => Task.FromResult(new JobEnd("The org is down.", ++times < 3 ? LongAgo : null));

        await host.FenceAsync();
        await host.BegunAsync();
        await host.BegunAsync();

        await host.FenceAsync();
    }

    [Theory]
    [MemberData(nameof(EnginesWithAClock))]
    public async Task What_a_person_asked_for_stays_asked_for_until_it_was_tried(string engine)
    {
        await using var host = await EngineHost.StartAsync(engine, null);
        var times = 0;
        host.Work = _ => Task.FromResult(++times switch
        {
            1 => new JobEnd("The ledger is busy.", LongAgo, IsFailed: true, IsStillAsked: true),
            2 => new JobEnd("The org is down.", LongAgo, IsFailed: true),
            _ => new JobEnd("Done."),
        });

        await host.FenceAsync();

        (await host.BegunAsync()).ShouldBe(new JobCall("probe", true));
        (await host.BegunAsync()).ShouldBe(new JobCall("probe", false));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_engine_that_stops_tells_its_jobs_and_waits_for_them(string engine, bool isShared)
    {
        await using var host = await EngineHost.StartAsync(engine, null, isShared);
        var isSafe = false;
        host.Work = async stop =>
        {
            var told = new TaskCompletionSource();
            await using var _ = stop.Register(told.SetResult);
            await told.Task;
            isSafe = true;
            return new JobEnd("Stopped at a safe point.");
        };
        await host.FenceAsync();
        host.Engine.IsRunning.ShouldBeTrue();

        await host.StopAsync();

        isSafe.ShouldBeTrue();
        host.Engine.IsRunning.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(EngineNames))]
    public async Task What_a_worker_was_at_when_it_stopped_another_goes_on_with(string engine)
    {
        await using var first = await EngineHost.StartAsync(engine, null, isShared: true);
        first.Work = async stop =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            return new JobEnd("Done.");
        };
        await first.FenceAsync();
        await using var second = await EngineHost.StartAsync(engine, null, beside: first);

        await first.StopAsync();

        (await second.BegunAsync()).ShouldBe(new JobCall("probe", true));
    }

    [Fact]
    public async Task A_job_that_is_always_due_keeps_no_other_from_its_turn()
    {
        var done = new List<string>();
        var order = new[] { "delta", "full", "delta" };
        var gate = new TaskCompletionSource();
        using var runner = new JobRunner(
            [new Named("delta", () => gate.Task, done), new Named("full", () => Task.CompletedTask, done)], TimeProvider.System, NullLogger<JobRunner>.Instance);

        var runs = order.Select(job => runner.RunAsync(null!, new JobCall(job, false), default)).ToList();
        done.ShouldBe(["delta begins"]);
        gate.SetResult();
        await Task.WhenAll(runs);

        done.ShouldBe(["delta begins", "delta ends", "full begins", "full ends", "delta begins", "delta ends"]);
    }

    private sealed class Named(string name, Func<Task> work, List<string> done) : IJob
    {
        public string Name => name;

        public Schedule? Schedule => null;

        public async Task<JobEnd> RunAsync(JobCall call, CancellationToken stop)
        {
            done.Add(name + " begins");
            await work();
            done.Add(name + " ends");
            return new JobEnd("Done.");
        }
    }

    private sealed class EngineHost : IAsyncDisposable
    {
        private readonly Channel<JobCall> _begun = Channel.CreateUnbounded<JobCall>();
        private IHost _host = null!;
        private string? _database;
        private bool _isGuest;

        public Shell.StoppedClock Clock { get; } = new();

        public Func<CancellationToken, Task<JobEnd>> Work { get; set; } = _ => Task.FromResult(new JobEnd("Done."));

        public IJobEngine Engine => _host.Services.GetRequiredService<IJobEngine>();

        public static async Task<EngineHost> StartAsync(string engine, string? schedule, bool isShared = false, EngineHost? beside = null)
        {
            var host = new EngineHost { _database = beside?._database ?? (isShared ? PostgreSqlCluster.Shared.CreateDatabase() : null), _isGuest = beside is not null };
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            // Workers that share a queue tell by the clock who of them lives.
            TimeProvider clock = engine == "Hangfire" || host._database is not null ? TimeProvider.System : host.Clock;
            builder.Services.AddSingleton(clock);
            builder.Services.AddSingleton<JobRunner>();
            builder.Services.AddSingleton<IJob>(new Probe(host, schedule is null ? null : Schedule.Read(schedule).Schedule));
            JobEngines.Register(builder.Services, new JobSettings(engine, TimeZoneInfo.Utc, null, null), new EngineStorage(host._database), clock);
            host._host = builder.Build();
            await host._host.StartAsync();
            return host;
        }

        public async Task<JobCall> BegunAsync() => await _begun.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        /// <summary>Asks for the job; the next that begins is this one, so nothing else was begun before.</summary>
        public async Task FenceAsync()
        {
            var asked = new JobCall("probe", true);
            await Engine.EnqueueAsync(asked, LongAgo, default);
            (await BegunAsync()).ShouldBe(asked);
        }

        public Task StopAsync() => _host.StopAsync();

        public async ValueTask DisposeAsync()
        {
            await _host.StopAsync();
            _host.Dispose();
            if (_database is not null && !_isGuest)
            {
                PostgreSqlCluster.Shared.Drop(_database);
            }
        }

        private sealed class Probe(EngineHost host, Schedule? schedule) : IJob
        {
            public string Name => "probe";

            public Schedule? Schedule => schedule;

            public async Task<JobEnd> RunAsync(JobCall call, CancellationToken stop)
            {
                host._begun.Writer.TryWrite(call);
                return await host.Work(stop);
            }
        }
    }
}
