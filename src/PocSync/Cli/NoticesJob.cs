using PocSync.Health;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Tells people what concerns them, as soon as they may be disturbed.</summary>
internal sealed class NoticesJob(DueTimes due, Surroundings around, RulesInForce rules, WorkerHealth health) : DueJob("notices", due, around, health)
{
    /// <inheritdoc/>
    public override async Task<bool> IsIdleAsync()
    {
        try
        {
            var ledger = await LedgerDatabase.OpenAsync(LedgerSettings.Read(Around.Settings));
            return !await new Mail(ledger, Around.Time).IsDueAsync(Around.Time.GetUtcNow())
                || await new Pauses(ledger, Around.Time).WhyAsync(default) is not null || await new SettingsBrake(Around.Settings, null).WhyAsync(default) is not null;
        }
        catch (LedgerException)
        {
            // Told of when it begins.
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task<Work> DoAsync(RunDesk desk, string? asked, Telemetry.RunTrace? trace, CancellationToken stop)
    {
        var report = await desk.TellAsync(await rules.ReadAsync(desk.Org, stop), stop);
        Health.Notices = report.Unusable.Count == 0 ? null : string.Join(' ', report.Unusable);
        return report.Sentence is { Length: > 0 } told ? new Work(told, report.ForLogs) : new Work("There was nothing to tell anybody now.");
    }
}
