using Microsoft.Extensions.Logging;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Health;
using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Review;

namespace PocSync.Cli;

/// <summary>
/// Does what people asked for in the console, in the order in which they asked, each in a run of its own. What fails because of the org or the rules is
/// tried again while the others go on; what can never be done is closed with its sentence.
/// </summary>
internal sealed partial class ErrandJob(Surroundings around, RulesInForce rules, WorkerHealth health, Telemetry telemetry, ILogger<ErrandJob> log) : IJob
{
    /// <summary>After so many failures in a row it is the org that fails: the others are left for later.</summary>
    private const int EnoughFailures = 2;

    /// <summary>Of a run that is done with its errand, whatever it wrote.</summary>
    private static readonly string[] Ended = [nameof(RunStatus.Done), nameof(RunStatus.Held), nameof(RunStatus.Paused), nameof(RunStatus.Partial)];

    private int _calls;

    /// <inheritdoc/>
    public string Name => WorkerDesk.Errands;

    /// <summary>Who asks begins it at once; by its schedule it finds what an engine lost and what is to be tried again.</summary>
    public Schedule? Schedule { get; } = Schedule.Read("every 1m").Schedule;

    /// <inheritdoc/>
    public async Task<bool> IsIdleAsync()
    {
        if (Volatile.Read(ref _calls) > 0)
        {
            // Another call waits for the ledger already, or is at it.
            return true;
        }

        try
        {
            var ledger = await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings));
            return await new Errands(ledger, around.Time).NextAsync() is null
                || (await new JobBook(ledger, around.Time).FindAsync(Name)).RetryAt > around.Time.GetUtcNow().UtcTicks;
        }
        catch (LedgerException)
        {
            // Told of when it begins.
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<JobEnd> RunAsync(JobCall call, CancellationToken stop)
    {
        Interlocked.Increment(ref _calls);
        var begun = false;
        try
        {
            await using var desk = await RunDesk.OpenAsync(around, null, stop);
            begun = true;
            return await RunAsync(desk, stop);
        }
        catch (LedgerException wrong)
        {
            return new JobEnd($"{(begun ? "It failed" : "Not begun")}: {wrong.ForLogs}", IsFailed: true);
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    private async Task<JobEnd> RunAsync(RunDesk desk, CancellationToken stop)
    {
        var (job, asked) = (await desk.Jobs.FindAsync(Name), (string?)null);
        var (errands, done, inRow) = (new Errands(desk.Ledger, around.Time), 0, 0);
        string? failure = null;
        for (; inRow < EnoughFailures && await errands.NextAsync() is { } errand; done++)
        {
            if (done == 0)
            {
                asked = await desk.Jobs.BeginAsync(Name, isAsked: true);
            }

            using var trace = telemetry.Begin(Name);
            var why = await DoAsync(desk, errands, errand, trace, stop);
            (inRow, failure) = why is null ? (0, failure) : (inRow + 1, why);
        }

        if (failure is not null)
        {
            var retry = inRow < EnoughFailures ? (DateTimeOffset?)null : around.Time.GetUtcNow() + BackOff.After(job.Failures + 1);
            await desk.Jobs.EndAsync(Name, null, failure, retryAt: retry, asked: asked);
            return new JobEnd(failure, IsFailed: true);
        }

        var sentence = done == 0 ? "Nothing was asked for." : NumberText.Count(done, "errand") + " done.";
        if (done > 0)
        {
            await desk.Jobs.EndAsync(Name, around.Time.GetUtcNow(), sentence, asked: asked);
        }

        return new JobEnd(sentence);
    }

    /// <summary>Does one; gives why it failed, or null where it is done with as it should be.</summary>
    private async Task<string?> DoAsync(RunDesk desk, Errands errands, ErrandRow errand, Telemetry.RunTrace trace, CancellationToken stop)
    {
        if (await errands.FindRunAsync(errand, KindOf(errand).ToString(), Ended) is { } earlier)
        {
            await errands.DoneAsync(errand, earlier.Number, earlier.Sentence);
            return null;
        }

        if (!await errands.TakeAsync(errand))
        {
            return null;
        }

        try
        {
            if (errand.Kind == nameof(ErrandKind.Write) && (await new Approvals(desk.Ledger, desk.Terms, around.Time).ApprovedAsync()).Count == 0)
            {
                var other = await errands.SettledByAsync(errand);
                await errands.DoneAsync(errand, other, $"Nothing of it was left to write{(other is null ? "" : ": another run took it up")}.");
                return null;
            }

            var report = await rules.RunAsync(
                desk.Org, health, log, settings => RunAsync(desk, errands, errand, desk.Order(KindOf(errand), settings, errand.By, errand.Reason), stop), stop);
            if (report.Status == RunStatus.Stopped)
            {
                stop.ThrowIfCancellationRequested();
            }

            trace.Ended(report, desk.Usage is { } usage ? usage.Max - usage.Used : null);
            await RunLog.OutcomesAsync(log, report, desk.Ledger);
            health.Org = report.Status == RunStatus.Failed ? report.Failure : null;
            if (report.Status is RunStatus.Failed or RunStatus.Stopped)
            {
                await errands.FailAsync(errand, report.Run, report.Sentence);
                return $"Errand {errand.Id}: {RunLog.Sentence(report)}";
            }

            await errands.DoneAsync(errand, report.Run, report.NeedsSecond ? "It needs a second person's yes." : report.Sentence);
            return null;
        }
        catch (OrgException wrong)
        {
            health.Org = wrong.Message;
            await errands.FailAsync(errand, null, wrong.Message);
            return $"Errand {errand.Id}: {wrong.Message}";
        }
        catch (Exception never) when (never is DecisionException or GiftException or AnswerException or UsageException)
        {
            await errands.CloseAsync(errand, never is DecisionException decision ? decision.Plain : never.Message);
            return null;
        }
        catch (Exception wrong) when (wrong is SettingsException || (wrong is OperationCanceledException && !stop.IsCancellationRequested))
        {
            await errands.FailAsync(errand, null, wrong.Message);
            return $"Errand {errand.Id}: {wrong.Message}";
        }
        catch (Exception fault) when (fault is not LedgerException && !stop.IsCancellationRequested)
        {
            LogFault(errand.Id, fault);
            await errands.CloseAsync(errand, "A fault of the program keeps it from being done; whoever runs PocSync finds it in the log.");
            return $"Errand {errand.Id}: a fault of the program ({fault.GetType().Name}).";
        }
    }

    private async Task<RunReport> RunAsync(RunDesk desk, Errands errands, ErrandRow errand, RunOrder order, CancellationToken stop)
    {
        switch (Enum.Parse<ErrandKind>(errand.Kind))
        {
            case ErrandKind.Write:
                return await desk.Reconciler.ApproveAsync(order, stop);
            case ErrandKind.Give:
                var give = Errands.DetailsOf<GiveDetails>(errand);
                if (await errands.IsGivenAsync(errand, give))
                {
                    // A worker died over it after it was noted.
                    return await desk.Reconciler.ApproveAsync(order, stop);
                }

                var correction = await new Decisions(desk.Ledger, desk.Terms, around.Time).FindAsync(new Selection([give.Correction]));
                return await desk.Reconciler.GiveAsync(order, new Gift(correction, give.To, errand.By, errand.Reason), stop);
            case ErrandKind.Undo:
                var (run, account, of, upTo) = Errands.DetailsOf<UndoDetails>(errand);
                return await desk.Reconciler.UndoAsync(order, await new Writings(desk.Ledger).TargetAsync(run, account, of) with { UpTo = upTo }, stop);
            case ErrandKind.Answer:
                return await desk.Reconciler.AnswerAsync(order, Errands.DetailsOf<HandoffAnswer>(errand), stop);
            case ErrandKind.Leave:
                var (user, _, on, to) = Errands.DetailsOf<LeaveDetails>(errand);
                return (await new Leaving(user, on, to, errand.By, errand.Reason).DraftAsync(desk, order.Settings, order, around.Time, stop)).Report;
            default:
                throw new InvalidOperationException($"Nobody does errands of the kind {errand.Kind}.");
        }
    }

    private static RunKind KindOf(ErrandRow errand) => errand.Kind switch
    {
        nameof(ErrandKind.Undo) => RunKind.Undo,
        nameof(ErrandKind.Answer) => RunKind.Answer,
        nameof(ErrandKind.Leave) => RunKind.Sync,
        _ => RunKind.Approve,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Errand {Errand} could not be done by a fault of the program.")]
    private partial void LogFault(long errand, Exception fault);
}
