using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PocSync.Health;

/// <summary>What the worker found out about its surroundings when it last used them; null where all is well or nothing was tried yet.</summary>
public sealed class WorkerHealth
{
    /// <summary>Why the org could not be used.</summary>
    public string? Org { get; set; }

    /// <summary>Why the rules of the file are not in force.</summary>
    public string? Rules { get; set; }

    /// <summary>Why some of the people who should be told something were not.</summary>
    public string? Notices { get; set; }
}

/// <summary><c>/health/live</c> and <c>/health/ready</c>: one JSON object; 503 where the worker cannot do its work. Sentences, no secrets.</summary>
public static class HealthPages
{
    private const string Ready = "ready";

    /// <summary>Adds what readiness depends on. A problem is a sentence; none is null.</summary>
    public static IServiceCollection AddWorkerHealth(
        this IServiceCollection services, Func<IServiceProvider, WorkerHealth> health, Func<Task<string?>> ledger, Func<IServiceProvider, string?> engine)
    {
        services.AddHealthChecks()
            .Add(Check("ledger", HealthStatus.Unhealthy, _ => ledger()))
            .Add(Check("engine", HealthStatus.Unhealthy, provider => Task.FromResult(engine(provider))))
            .Add(Check("org", HealthStatus.Unhealthy, provider => Task.FromResult(health(provider).Org)))
            .Add(Check("rules", HealthStatus.Degraded, provider => Task.FromResult(health(provider).Rules)))
            .Add(Check("notices", HealthStatus.Degraded, provider => Task.FromResult(health(provider).Notices)));
        return services;
    }

    /// <summary>Serves the pages.</summary>
    public static void MapWorkerHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains(Ready), ResponseWriter = WriteAsync });
    }

    private static HealthCheckRegistration Check(string name, HealthStatus failure, Func<IServiceProvider, Task<string?>> problem) =>
        new(name, provider => new Asked(() => problem(provider)), failure, [Ready], TimeSpan.FromSeconds(10));

    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            status = report.Status.ToString().ToLowerInvariant(),
            checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString().ToLowerInvariant(), problem = e.Value.Description }),
        }, JsonSerializerOptions.Web));
    }

    private sealed class Asked(Func<Task<string?>> problem) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await problem().WaitAsync(cancellationToken) is { } text ? new HealthCheckResult(context.Registration.FailureStatus, text) : HealthCheckResult.Healthy();
    }
}
