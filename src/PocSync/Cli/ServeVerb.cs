using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Jobs;

namespace PocSync.Cli;

/// <summary><c>serve</c>: the worker, until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Command Create(Surroundings around)
    {
        var verb = new Command("serve", "Runs by schedule, unattended, and serves /health/live and /health/ready.");
        verb.SetAction(async (_, stop) =>
        {
            await using var worker = await Worker.CreateAsync(around);
            await worker.StartAsync(stop);
            around.Error.WriteLine($"PocSync serves {worker.Url}. Jobs run on {worker.Engine.Name}: {worker.Schedules}.");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            around.Error.WriteLine("Stopping: what runs ends at its next safe point.");
            await worker.StopAsync();
            return (int)ExitStatus.Done;
        });
        return verb;
    }
}
