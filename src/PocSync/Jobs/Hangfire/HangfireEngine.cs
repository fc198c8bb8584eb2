using System.Globalization;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;

namespace PocSync.Jobs.Hangfire;

/// <summary>Runs jobs by Hangfire: in this process's memory, or together with the other workers on one PostgreSQL.</summary>
internal sealed class HangfireEngine(
    JobStorage queue, JobActivator activator, IBackgroundJobClient client, IRecurringJobManager recurring, JobRunner runner, JobSettings settings,
    EngineStorage storage, TimeProvider time) : IJobEngine, IDisposable
{
    // A job whose worker gives no sign of life for so long is given to another; a living one gives several.
    private static readonly TimeSpan Invisibility = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private BackgroundJobServer? _server;

    /// <inheritdoc/>
    public string Name => $"Hangfire, {storage.Name}";

    /// <inheritdoc/>
    public bool IsRunning => _server is not null && !_stopping.IsCancellationRequested;

    /// <summary>Ends when the worker is told to stop.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    internal static void Register(IServiceCollection services, EngineStorage storage, TimeProvider time)
    {
        services.AddHangfire((_, hangfire) => hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings());
        // In place of what is current in the process, where another worker may be too.
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton<JobStorage>(provider =>
        {
            // Its log is this worker's from here on.
            _ = provider.GetRequiredService<IGlobalConfiguration>();
            return storage.PostgreSql is { } connection ? PostgreSql(connection) : new InMemoryStorage();
        });
        services.AddTransient<HangfireJob>();
        services.AddSingleton<HangfireEngine>();
        services.AddSingleton<IJobEngine>(provider => provider.GetRequiredService<HangfireEngine>());
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var job in runner.Jobs)
        {
            if (job.Schedule is not { } schedule)
            {
                recurring.RemoveIfExists(job.Name);
                continue;
            }

            var name = job.Name;
            recurring.AddOrUpdate<HangfireJob>(name, j => j.RunAsync(name, false, CancellationToken.None), Cron(schedule), new RecurringJobOptions
            {
                TimeZone = schedule.Every is null ? settings.Zone : TimeZoneInfo.Utc,
                // What was missed is begun once.
                MisfireHandling = MisfireHandlingMode.Relaxed,
            });
        }

        _server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                Activator = activator,
                WorkerCount = runner.Jobs.Count() + 1,
                SchedulePollingInterval = Poll,
                HeartbeatInterval = TimeSpan.FromSeconds(5),
                ShutdownTimeout = TimeSpan.FromSeconds(9),
            },
            queue);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server || _stopping.IsCancellationRequested)
        {
            return;
        }

        server.SendStop();
        await _stopping.CancelAsync();
        await server.WaitForShutdownAsync(cancellationToken);
    }

    public Task EnqueueAsync(JobCall call, DateTimeOffset at, CancellationToken stop)
    {
        var (name, isAsked) = call;
        _ = at <= time.GetUtcNow()
            ? client.Enqueue<HangfireJob>(j => j.RunAsync(name, isAsked, CancellationToken.None))
            : client.Schedule<HangfireJob>(j => j.RunAsync(name, isAsked, CancellationToken.None), at);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _server?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Hangfire's dialect: minutes first, both days given.</summary>
    internal static string Cron(Schedule schedule) => schedule.Every switch
    {
        { TotalHours: < 1 } every => string.Create(CultureInfo.InvariantCulture, $"*/{every.TotalMinutes:0} * * * *"),
        { } every => string.Create(CultureInfo.InvariantCulture, $"0 */{every.TotalHours:0} * * *"),
        null => string.Create(CultureInfo.InvariantCulture,
            $"{schedule.At.Minute} {schedule.At.Hour} * * {(schedule.On is { } day ? ((int)day).ToString(CultureInfo.InvariantCulture) : "*")}"),
    };

    private static PostgreSqlStorage PostgreSql(string connection)
    {
        var options = new PostgreSqlStorageOptions
        {
            QueuePollInterval = Poll,
            InvisibilityTimeout = Invisibility,
            UseSlidingInvisibilityTimeout = true,
        };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(connection, options), options);
    }
}
