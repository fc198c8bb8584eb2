using PocSync.Core.Rules;
using PocSync.Jobs.Quartz;

namespace PocSync.Jobs;

/// <summary>The engines that were built in, the one that is taken by default first.</summary>
public static class JobEngines
{
    private static readonly IReadOnlyDictionary<string, Action<IServiceCollection, EngineStorage, TimeProvider>> Engines =
        new Dictionary<string, Action<IServiceCollection, EngineStorage, TimeProvider>>(StringComparer.OrdinalIgnoreCase)
        {
            ["Quartz"] = QuartzEngine.Register,
        };

    /// <summary>The names of the engines.</summary>
    public static IEnumerable<string> Names => Engines.Keys;

    /// <summary>Adds the engine that the settings name, and has the host run it. Throws <see cref="SettingsException"/>.</summary>
    public static void Register(IServiceCollection services, JobSettings settings, EngineStorage storage, TimeProvider time)
    {
        if (!Engines.TryGetValue(settings.Engine ?? Names.First(), out var register))
        {
            throw new SettingsException($"Jobs:Engine is '{settings.Engine}', which this program was built without; it has {string.Join(" and ", Names)}.");
        }

        services.AddSingleton(settings);
        services.AddSingleton(storage);
        register(services, storage, time);
        services.AddHostedService(provider => provider.GetRequiredService<IJobEngine>());
    }
}
