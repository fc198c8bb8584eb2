using System.Globalization;
using Microsoft.Extensions.Hosting;
using PocSync.Jobs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Tells the ledger that this worker lives, so that every worker's console knows. By the real clock: on a simulated one it would seem dead.</summary>
internal sealed class SignOfLife(LedgerSettings ledger, IJobEngine engine) : BackgroundService
{
    private static readonly string Name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}, process {Environment.ProcessId}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Workers.Beat, TimeProvider.System);
        try
        {
            do
            {
                await TryAsync(workers => workers.LiveAsync(Name, engine.Name));
            }
            while (await beat.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            await TryAsync(workers => workers.LeaveAsync(Name));
        }
    }

    private async Task TryAsync(Func<Workers, Task> tell)
    {
        try
        {
            await tell(new Workers(await LedgerDatabase.OpenAsync(ledger), TimeProvider.System));
        }
        catch (LedgerException)
        {
            // Readiness says what is wrong with the ledger; the next beat tries again.
        }
    }
}
