using PocSync.Core.Rules;
using PocSync.Jobs.Quartz;
#if HANGFIRE
using PocSync.Jobs.Hangfire;
#endif

namespace PocSync.Jobs;

/// <summary>The engines that were built in, the one that is taken by default first.</summary>
public static class JobEngines
{
    private static readonly Engine[] BuiltIn =
    [
#if HANGFIRE
        new("Hangfire", FollowsClock: false, HangfireEngine.Register, HangfireDashboard.Map),
#endif
        new("Quartz", FollowsClock: true, QuartzEngine.Register, (_, _) => { }),
    ];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => BuiltIn.Select(e => e.Name);

    /// <summary>Adds the engine that the settings name, and has the host run it. Throws <see cref="SettingsException"/>.</summary>
    public static void Register(IServiceCollection services, JobSettings settings, EngineStorage storage, TimeProvider time)
    {
        services.AddSingleton(settings);
        services.AddSingleton(storage);
        Of(settings, time).Register(services, storage, time);
        services.AddHostedService(provider => provider.GetRequiredService<IJobEngine>());
    }

    /// <summary>Serves the engine's own pages, where it has some.</summary>
    public static void MapPages(WebApplication web, JobSettings settings, TimeProvider time, EnginePages pages) => Of(settings, time).Map(web, pages);

    private static Engine Of(JobSettings settings, TimeProvider time)
    {
        var isReal = time == TimeProvider.System;
        if (settings.Engine is not { } name)
        {
            return BuiltIn.First(e => isReal || e.FollowsClock);
        }

        var engine = BuiltIn.FirstOrDefault(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SettingsException($"Jobs:Engine is '{name}', which this program was built without; it has {string.Join(" and ", Names)}.");
        return isReal || engine.FollowsClock ? engine
            : throw new SettingsException($"Jobs:Engine is '{name}', which goes by the machine's clock alone: leave out the section Clock, or set it to Quartz.");
    }

    private sealed record Engine(
        string Name, bool FollowsClock, Action<IServiceCollection, EngineStorage, TimeProvider> Register, Action<WebApplication, EnginePages> Map);
}
