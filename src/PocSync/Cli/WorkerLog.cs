using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace PocSync.Cli;

/// <summary>The worker's log, on standard error: lines for a person at a terminal, else a JSON object a line.</summary>
internal static class WorkerLog
{
    public static ILoggingBuilder AddWorkerLog(this ILoggingBuilder logging, bool isWatched)
    {
        logging.AddFilter(null, LogLevel.Warning).AddFilter("PocSync", LogLevel.Information);
        _ = isWatched
            ? logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-dd'T'HH:mm:ss'Z' ", true))
            : logging.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true));
        return logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
