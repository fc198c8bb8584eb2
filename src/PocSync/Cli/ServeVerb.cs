using System.CommandLine;

namespace PocSync.Cli;

/// <summary><c>serve</c>: the worker, until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Command Create(Surroundings around)
    {
        var check = new Option<bool>("--check") { Description = "Ask the worker that runs on this machine whether it is alive, and end." };
        var verb = new Command("serve", "Runs by schedule, unattended, and serves the console, /health/live and /health/ready.") { check };
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(check))
            {
                return (int)await CheckAsync(around, stop);
            }

            await using var worker = await Worker.CreateAsync(around);
            await worker.StartAsync(stop);
            around.Error.WriteLine($"PocSync serves {worker.Url}. Jobs run on {worker.Engine.Name}: {worker.Schedules}.");
            around.Error.WriteLine($"The console: {worker.Door}");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            around.Error.WriteLine("Stopping: what runs ends at its next safe point.");
            await worker.StopAsync();
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    /// <summary>For a container's health check, in an image that has no other client.</summary>
    private static async Task<ExitStatus> CheckAsync(Surroundings around, CancellationToken stop)
    {
        var url = new UriBuilder(ServeSettings.ReadUrl(around.Settings)) { Path = "/health/live" };
        url.Host = url.Host is "0.0.0.0" or "[::]" or "*" or "+" ? "127.0.0.1" : url.Host;
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = await http.GetAsync(url.Uri, stop);
            if (answer.IsSuccessStatusCode)
            {
                return ExitStatus.Done;
            }

            around.Error.WriteLine($"{url.Uri} answers {(int)answer.StatusCode}.");
        }
        catch (Exception wrong) when (wrong is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            around.Error.WriteLine($"{url.Uri} does not answer: {wrong.Message}");
        }

        return ExitStatus.OrgRefused;
    }
}
