using System.Globalization;
using Quartz;

namespace PocSync.Jobs.Quartz;

/// <summary>Runs jobs by Quartz: in this process's memory, or together with the other workers on one PostgreSQL.</summary>
internal sealed class QuartzEngine(
    ISchedulerFactory schedulers, JobRunner runner, JobSettings settings, EngineStorage storage, TimeProvider time) : IJobEngine, IAsyncDisposable
{
    internal const string IsAsked = "asked";

    // A worker gives a sign of life this often, and counts as dead after two that are missing.
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _running = [];
    private IScheduler? _scheduler;

    /// <inheritdoc/>
    public string Name => $"Quartz, {storage.Name}";

    /// <inheritdoc/>
    public bool IsRunning => _scheduler is { Status: SchedulerStatus.Running };

    internal static void Register(IServiceCollection services, EngineStorage storage, TimeProvider time)
    {
        services.AddQuartz(quartz =>
        {
            quartz.UseTimeProvider(time);
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = "PocSync";
                options.GenerateInstanceId = storage.PostgreSql is not null;
                // Quartz waits by the real clock, so on a simulated one it must look often.
                options.IdleWaitTime = time == TimeProvider.System ? TimeSpan.FromSeconds(15) : TimeSpan.FromSeconds(1);
            });
            if (storage.PostgreSql is { } connection)
            {
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(connection);
                    store.UseSystemTextJsonSerializer();
                    store.ProvisionSchema();
                    // Also how often Quartz looks for what a worker that died left due.
                    store.ConfigureStore(options => options.MisfireThreshold = CheckIn);
                    store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (CheckIn, CheckIn));
                });
            }
            else
            {
                quartz.UseInMemoryStore();
            }
        });
        services.AddSingleton<QuartzEngine>();
        services.AddSingleton<IJobEngine>(provider => provider.GetRequiredService<QuartzEngine>());
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (var job in runner.Jobs)
        {
            var key = new JobKey(job.Name);
            var detail = JobBuilder.Create<QuartzJob>().WithIdentity(key).StoreDurably().DisallowConcurrentExecution().RequestRecovery().Build();
            // Replaced as a whole: the settings say when it is due, not what an earlier version left in the database.
            await _scheduler.AddJob(detail, new AddJobOptions { Replace = true }, cancellationToken);
            var due = new TriggerKey(job.Name);
            if (job.Schedule is not { } schedule)
            {
                await _scheduler.UnscheduleJob(due, cancellationToken);
                continue;
            }

            var trigger = TriggerBuilder.Create(time).WithIdentity(due).ForJob(key).WithCronSchedule(Cron(schedule), cron => cron
                .InTimeZone(schedule.Every is null ? settings.Zone : TimeZoneInfo.Utc)
                .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)).Build();
            if (await _scheduler.GetTrigger(due, cancellationToken) is not ICronTrigger there)
            {
                try
                {
                    await _scheduler.ScheduleJob(trigger, cancellationToken: cancellationToken);
                }
                catch (ObjectAlreadyExistsException)
                {
                    // Another worker that starts at the same time was first.
                }
            }
            else if (there.CronExpressionString != Cron(schedule) || !there.TimeZone.Equals(((ICronTrigger)trigger).TimeZone))
            {
                await _scheduler.RescheduleJob(due, trigger, cancellationToken);
            }
        }

        await _scheduler.Start(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_scheduler is not { Status: SchedulerStatus.Running } scheduler)
        {
            return;
        }

        // Nothing new begins; what runs stops at its next safe point and may queue itself for another worker before the scheduler is gone.
        await scheduler.Standby(cancellationToken);
        await _stopping.CancelAsync();
        Task[] running;
        lock (_running)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    public async Task EnqueueAsync(JobCall call, DateTimeOffset at, CancellationToken stop)
    {
        var trigger = TriggerBuilder.Create(time).ForJob(new JobKey(call.Job)).WithIdentity($"{call.Job} {Guid.NewGuid():N}").StartAt(at)
            .UsingJobData(IsAsked, call.IsAsked.ToString()).WithSimpleSchedule(once => once
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow)).Build();
        await _scheduler!.ScheduleJob(trigger, cancellationToken: stop);
    }

    /// <summary>Runs a job to its end, for which the engine waits when it stops.</summary>
    internal async Task RunAsync(JobCall call)
    {
        var run = runner.RunAsync(this, call, _stopping.Token);
        lock (_running)
        {
            _running.Add(run);
        }

        await run;
        lock (_running)
        {
            _running.Remove(run);
        }
    }

    public ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Quartz's dialect: seconds first, one of the two days a question mark.</summary>
    internal static string Cron(Schedule schedule) => schedule.Every switch
    {
        { TotalHours: < 1 } every => string.Create(CultureInfo.InvariantCulture, $"0 0/{every.TotalMinutes:0} * * * ?"),
        { } every => string.Create(CultureInfo.InvariantCulture, $"0 0 0/{every.TotalHours:0} * * ?"),
        null => string.Create(CultureInfo.InvariantCulture,
            $"0 {schedule.At.Minute} {schedule.At.Hour} {(schedule.On is { } day ? $"? * {day.ToString()[..3].ToUpperInvariant()}" : "* * ?")}"),
    };
}

/// <summary>Hands a job that Quartz begins to the runner.</summary>
internal sealed class QuartzJob(QuartzEngine engine) : global::Quartz.IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var isAsked = context.MergedJobDataMap.TryGetValue(QuartzEngine.IsAsked, out var asked) && asked is "True";
        await engine.RunAsync(new JobCall(context.JobDetail.Key.Name, isAsked));
    }
}
