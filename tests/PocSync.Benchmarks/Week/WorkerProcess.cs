using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PocSync.Benchmarks.Week;

/// <summary>The program as a process of its own, and what is seen of it from outside.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly TaskCompletionSource _firstRun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(Process process, string log)
    {
        (_process, _log) = (process, new StreamWriter(log));
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends when the first run has ended.</summary>
    public Task FirstRun => _firstRun.Task;

    /// <summary>What it logged of the levels Warning, Error and Critical, and what was no log.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Lines of its log.</summary>
    public int Lines { get; private set; }

    /// <summary>Whether it runs.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Memory that it has now, in bytes: what the system keeps for it.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts <c>serve</c>; its log goes to a file.</summary>
    public static WorkerProcess Serve(IReadOnlyDictionary<string, string> settings, string log)
    {
        var start = StartOf(settings, "serve");
        start.RedirectStandardError = true;
        return new WorkerProcess(Process.Start(start)!, log);
    }

    /// <summary>Runs a verb to its end and gives what it prints.</summary>
    public static async Task<JsonElement> AskAsync(IReadOnlyDictionary<string, string> settings, params string[] args)
    {
        var start = StartOf(settings, [.. args, "--format", "json"]);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        using var answer = await JsonDocument.ParseAsync(process.StandardOutput.BaseStream);
        await process.WaitForExitAsync();
        return answer.RootElement.Clone();
    }

    /// <summary>As a service manager does; gives whether it ended as it should.</summary>
    public async Task<bool> StopAsync()
    {
        using (var term = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await term.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        await _log.FlushAsync();
        return _process.ExitCode == 0;
    }

    /// <summary>Lines of a log that hold one of some names.</summary>
    public static int CountNames(string log, IEnumerable<string> names)
    {
        var sought = SearchValues.Create([.. names], StringComparison.OrdinalIgnoreCase);
        return File.ReadLines(log).Count(line => line.AsSpan().ContainsAny(sought));
    }

    public async ValueTask DisposeAsync()
    {
        if (IsAlive)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _log.DisposeAsync();
    }

    private static ProcessStartInfo StartOf(IReadOnlyDictionary<string, string> settings, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PocSync.Cli.CommandLine).Assembly.Location, .. args]);
        foreach (var (name, value) in settings)
        {
            start.Environment["POCSYNC_" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return start;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        Lines++;
        _log.WriteLine(line);
        if (line.Contains("Job full: Run", StringComparison.Ordinal))
        {
            _firstRun.TrySetResult();
        }

        if (line.Contains("\"LogLevel\":\"Warning\"", StringComparison.Ordinal) || line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal)
            || line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal))
        {
            Problems.Add(line);
        }
    }
}
