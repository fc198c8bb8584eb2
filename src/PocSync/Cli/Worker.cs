using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PocSync.Cli.Rules;
using PocSync.Core.Rules;
using PocSync.Health;
using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Notices;
using PocSync.Review;
using PocSync.Review.SignIn;
using PocSync.RuleFiles;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>The worker: an engine that begins the jobs, and pages that tell how it is.</summary>
public sealed class Worker : IAsyncDisposable
{
    /// <summary>The judging of every account.</summary>
    public const string Full = "full";

    /// <summary>The judging of every account after reading only what changed.</summary>
    public const string Delta = "delta";

    private static readonly Schedule EveryMinute = Schedule.Read("every 1m").Schedule!;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);

    private readonly WebApplication _web;
    private readonly Surroundings _around;
    private readonly LedgerSettings _ledger;

    private Worker(WebApplication web, Surroundings around, LedgerSettings ledger) => (_web, _around, _ledger) = (web, around, ledger);

    /// <summary>The address that it serves.</summary>
    public string Url => _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Where people enter the console: a link for one use where they do not sign in with Salesforce.</summary>
    public string Door => _web.Services.GetRequiredService<ReviewSettings>() is { IsSalesforce: true } review ? review.PublicUrl.ToString()
        : Url + _web.Services.GetRequiredService<EnterLink>().Path;

    /// <summary>What begins the jobs.</summary>
    public IJobEngine Engine => _web.Services.GetRequiredService<IJobEngine>();

    /// <summary>Runs a job to its end without the engine's queue.</summary>
    public JobRunner Runner => _web.Services.GetRequiredService<JobRunner>();

    /// <summary>The jobs and when they are due, for people.</summary>
    public string Schedules => string.Join(", ", _web.Services.GetServices<IJob>().Where(j => j is not (ErrandJob or NoticesJob)).Select(j => $"{j.Name} {j.Schedule?.ToString() ?? "never"}"))
        + $" ({_web.Services.GetRequiredService<JobSettings>().Zone.Id})";

    /// <summary>A worker over the program's settings. Throws what says what is wrong with them.</summary>
    public static async Task<Worker> CreateAsync(Surroundings around)
    {
        var url = ServeSettings.ReadUrl(around.Settings);
        var jobs = JobSettings.Read(around.Settings);
        var notices = NoticesSection.Read(around.Settings).Settings;
        var ledger = LedgerSettings.Read(around.Settings);
        var time = WorkerClock.Read(around.Settings, around.Time);
        // What a run tells of its progress names people; a log does not.
        var quiet = new Surroundings(Stream.Null, TextWriter.Null, time, around.Settings);
        var rules = new RulesInForce(quiet);
        rules.Check();
        await PrepareAsync(quiet, ledger);

        var review = ReviewSettings.Read(around.Settings, new Uri(url));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddWorkerLog(around.IsWatched);
        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience);
        services.AddRoutingCore();
        services.AddSingleton(time);
        services.AddSingleton<WorkerHealth>();
        services.AddSingleton<Telemetry>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<LastPull>();
        foreach (var (name, schedule) in new[] { (Full, jobs.Full), (Delta, jobs.Delta) })
        {
            services.AddSingleton<IJob>(provider => new RunJob(name, new DueTimes(schedule, jobs.Zone, time), quiet, rules, provider.GetRequiredService<WorkerHealth>(),
                provider.GetRequiredService<Telemetry>(), provider.GetRequiredService<LastPull>(), provider.GetRequiredService<ILogger<RunJob>>()));
        }

        services.AddSingleton<IJob>(provider => new ErrandJob(quiet, rules, provider.GetRequiredService<WorkerHealth>(), provider.GetRequiredService<Telemetry>(),
            provider.GetRequiredService<ILogger<ErrandJob>>()));

        services.AddSingleton<IJob>(provider => new RetentionJob(
            new DueTimes(jobs.Retention, jobs.Zone, time), quiet, ledger, provider.GetRequiredService<WorkerHealth>()));
        services.AddSingleton<IJob>(provider => new NoticesJob(new DueTimes(EveryMinute, jobs.Zone, time), quiet, rules, provider.GetRequiredService<WorkerHealth>()));

        services.AddSingleton<IJob>(provider => new ChaserJob(new DueTimes(jobs.Chaser, jobs.Zone, time), quiet, rules, notices, provider.GetRequiredService<WorkerHealth>()));
        services.AddSingleton<IJob>(provider => new DigestJob(new DueTimes(jobs.Digest, jobs.Zone, time), quiet, notices, provider.GetRequiredService<WorkerHealth>()));

        // On a simulated clock a worker is alone: by it others would seem dead.
        var isShared = ledger.Provider == LedgerProvider.PostgreSql && time == TimeProvider.System;
        JobEngines.Register(services, jobs, new EngineStorage(isShared ? ledger.ConnectionString : null), time);
        services.AddHostedService(provider => new SignOfLife(ledger, provider.GetRequiredService<IJobEngine>()));
        services.AddWorkerHealth(
            provider => provider.GetRequiredService<WorkerHealth>(),
            () => ProblemAsync(ledger),
            provider => provider.GetRequiredService<IJobEngine>() is { IsRunning: false } engine ? $"{engine.Name} begins no jobs." : null);
        var pages = new EnginePages(http => Policies.MaySee(http.User), http => http.User.IsInRole(Roles.Administrator), () => FiguresAsync(ledger));
        services.AddSingleton(pages);
        SignInWithOrg.Add(services, ref review, around.Settings);
        services.AddSingleton(provider => Desk(rules) with { Try = new RulesTry(provider.GetRequiredService<LastPull>(), rules, ledger, time).OfAsync });
        services.AddReview(review, ledger, ApprovalSettings.Read(around.Settings));
        services.AddSingleton(provider => Desk(provider, jobs.Zone, time, around.Settings));
        services.AddSingleton(provider => new AboutLine("Jobs run on", () => provider.GetRequiredService<IJobEngine>().Name));
        var web = builder.Build();
        web.MapWorkerHealth();
        web.MapReview();
        JobEngines.MapPages(web, jobs, time, pages);
        return new Worker(web, quiet, ledger);
    }

    /// <summary>Begins to serve, and does once what was missed while no worker ran.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        try
        {
            await _web.StartAsync(stop);
        }
        catch (IOException taken)
        {
            throw new UsageException($"Serve:Url cannot be served: {taken.Message}");
        }

        _web.Services.GetRequiredService<Telemetry>().StartExport();
        var database = await LedgerDatabase.OpenAsync(_ledger);
        if (await new Errands(database, _around.Time).NextAsync() is not null)
        {
            await Engine.EnqueueAsync(new JobCall(WorkerDesk.Errands, true), _around.Time.GetUtcNow(), stop);
        }

        var book = new JobBook(database, _around.Time);
        var jobs = _web.Services.GetServices<IJob>().ToList();
        foreach (var job in jobs.OfType<RunJob>())
        {
            if (job.Due.IsOwed(await book.FindAsync(job.Name)))
            {
                // The first is the most thorough, and does the work of the others.
                await Engine.EnqueueAsync(new JobCall(job.Name, false), _around.Time.GetUtcNow(), stop);
                break;
            }
        }

        foreach (var job in jobs.OfType<DueJob>().Where(j => j is not RunJob))
        {
            if (job.Due.IsOwed(await book.FindAsync(job.Name)))
            {
                await Engine.EnqueueAsync(new JobCall(job.Name, false), _around.Time.GetUtcNow(), stop);
            }
        }
    }

    /// <summary>Stops: runs end at their next safe point.</summary>
    public Task StopAsync() => _web.StopAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    /// <summary>What the pages see of the worker.</summary>
    private static WorkerDesk Desk(IServiceProvider services, TimeZoneInfo zone, TimeProvider time, IConfiguration settings)
    {
        var engine = services.GetRequiredService<IJobEngine>();
        var jobs = services.GetServices<IJob>().ToList();
        return new WorkerDesk(
            () => engine.Name,
            () => jobs.ConvertAll(j => j is ErrandJob ? new DeskJob(j.Name, null, null) : new DeskJob(j.Name, j.Schedule is { Every: null } daily ? $"{daily.Words} ({zone.Id})" : j.Schedule?.Words, j.Schedule?.Next(time.GetUtcNow(), zone))),
            name => jobs.Exists(j => j.Name == name) ? engine.EnqueueAsync(new JobCall(name, true), time.GetUtcNow(), CancellationToken.None) : Task.CompletedTask)
        {
            Log = services.GetRequiredService<ILogger<WorkerDesk>>(),
            Org = SalesforceSettings.Read(settings) is { Problems.Count: 0, Settings: var org } ? (org.LoginUrl, org.ApiVersion) : null,
        };
    }

    /// <summary>A page costs the org no calls: of records it says what the last run read.</summary>
    private static RulesDesk Desk(RulesInForce rules) => new(
        rules.Home.File, () => rules.Home.LookAtFile() ?? rules.Last, () => rules.Problem, RulesFile.Read)
    { IsInOrg = rules.Home.IsOrg };

    private static async Task<RunFigures> FiguresAsync(LedgerSettings ledger)
    {
        var runs = await new LedgerQueries(await LedgerDatabase.OpenAsync(ledger)).RunsAsync(1);
        return runs is [var last] ? new RunFigures(last.Findings, last.Waiting + last.Held, last.Sentence) : new RunFigures(0, 0, null);
    }

    /// <summary>Makes the ledger or brings it up to date, unless another program has it, which then did.</summary>
    private static async Task PrepareAsync(Surroundings around, LedgerSettings ledger)
    {
        if (await ProblemAsync(ledger) is not null)
        {
            await using var desk = await RunDesk.OpenAsync(around, null, CancellationToken.None);
        }
    }

    private static async Task<string?> ProblemAsync(LedgerSettings ledger)
    {
        try
        {
            await LedgerDatabase.OpenAsync(ledger);
            return null;
        }
        catch (LedgerException wrong)
        {
            return wrong.Message;
        }
    }
}
