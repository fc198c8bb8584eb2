using PocSync.Jobs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Deletes what is too old from the ledger, while no run is under way.</summary>
internal sealed class RetentionJob(DueTimes due, LedgerSettings ledger, TimeProvider time) : IJob
{
    /// <inheritdoc/>
    public string Name => "retention";

    /// <inheritdoc/>
    public Schedule? Schedule => due.Schedule;

    /// <summary>When it is due.</summary>
    public DueTimes Due => due;

    /// <inheritdoc/>
    public async Task<JobEnd> RunAsync(JobCall call, CancellationToken stop)
    {
        try
        {
            await using var held = await LedgerLock.TakeAsync(ledger, time, _ => { }, stop);
            var database = await LedgerDatabase.OpenForRunsAsync(held);
            var book = new JobBook(database, time);
            var job = await book.FindAsync(Name);
            if (!call.IsAsked && due.WhyNot(job) is { } why)
            {
                return new JobEnd(why);
            }

            var asked = await book.BeginAsync(Name, call.IsAsked);
            var last = due.Last;
            try
            {
                await Retention.SweepAsync(database, time.GetUtcNow(), stop);
            }
            catch (LedgerException wrong)
            {
                var retry = due.Retry(call, job.Failures + 1);
                await book.EndAsync(Name, null, $"It failed: {wrong.Message}", retryAt: retry, asked: asked);
                return new JobEnd($"It failed: {wrong.ForLogs}", retry, IsFailed: true);
            }

            var sentence = $"Deleted what is older than {ledger.KeepDays:0} days, and plans that nobody acted upon after {Math.Min(ledger.KeepPlansDays, ledger.KeepDays):0}.";
            await book.EndAsync(Name, last, sentence, asked: asked);
            return new JobEnd(sentence);
        }
        catch (LedgerException wrong)
        {
            return new JobEnd($"Not begun: {wrong.ForLogs}", due.Later(call), IsFailed: true, IsStillAsked: true);
        }
    }
}
