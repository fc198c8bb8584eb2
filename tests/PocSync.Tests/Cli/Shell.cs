using System.Text;
using Microsoft.Extensions.Configuration;
using PocSync.Cli;

namespace PocSync.Tests.Cli;

/// <summary>Runs the program's command line in this process, with its streams kept apart.</summary>
internal static class Shell
{
    public sealed record Run(int Status, string Output, string Error);

    public static Task<Run> PocSync(params string[] args) => PocSync(new Dictionary<string, string?>(), args);

    /// <param name="named">The program's settings, such as <c>Guard:MaxChanged</c>.</param>
    public static Task<Run> PocSync(IReadOnlyDictionary<string, string?> named, params string[] args) => PocSync(new StoppedClock(), named, args);

    public static async Task<Run> PocSync(TimeProvider time, IReadOnlyDictionary<string, string?> named, params string[] args)
    {
        var output = new MemoryStream();
        var error = new StringWriter();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(named).Build();
        var status = await CommandLine.RunAsync(args, () => new Surroundings(output, error, time, settings));
        return new Run(status, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>A clock that moves only when it is told to; what waits on it waits in real time.</summary>
    public sealed class StoppedClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 22, 8, 0, 0, 123, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
