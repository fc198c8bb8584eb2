using Microsoft.Extensions.Logging;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Health;
using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Review;

namespace PocSync.Cli;

/// <summary>
/// Does what people asked for in the console, in the order in which they asked, each in a run of its own. What fails because of the org or the ledger is
/// tried again, and what comes after it waits; what can never be done is closed with its sentence.
/// </summary>
internal sealed class ErrandJob(Surroundings around, RulesInForce rules, WorkerHealth health, Telemetry telemetry, ILogger<ErrandJob> log) : IJob
{
    /// <summary>Of a run that is done with its errand, whatever it wrote.</summary>
    private static readonly string[] Ended = [nameof(RunStatus.Done), nameof(RunStatus.Held), nameof(RunStatus.Paused), nameof(RunStatus.Partial)];

    /// <inheritdoc/>
    public string Name => WorkerDesk.Errands;

    /// <inheritdoc/>
    public Schedule? Schedule => null;

    /// <inheritdoc/>
    public async Task<JobEnd> RunAsync(JobCall call, CancellationToken stop)
    {
        RunDesk desk;
        try
        {
            desk = await RunDesk.OpenAsync(around, null, stop);
        }
        catch (LedgerException wrong)
        {
            return new JobEnd($"Not begun: {wrong.ForLogs}", around.Time.GetUtcNow() + BackOff.After(1), IsFailed: true);
        }

        await using (desk)
        {
            try
            {
                return await RunAsync(desk, call, stop);
            }
            catch (LedgerException lost)
            {
                return new JobEnd($"It failed: {lost.ForLogs}", around.Time.GetUtcNow() + BackOff.After(1), IsFailed: true);
            }
        }
    }

    private async Task<JobEnd> RunAsync(RunDesk desk, JobCall call, CancellationToken stop)
    {
        var job = await desk.Jobs.FindAsync(Name);
        if (!call.IsAsked && BackOff.Waits(job, around.Time.GetUtcNow()))
        {
            return new JobEnd("Not begun: it is tried again later.");
        }

        var (errands, done) = (new Errands(desk.Ledger, around.Time), 0);
        for (; await errands.NextAsync() is { } errand; done++)
        {
            using var trace = telemetry.Begin(Name);
            if (done == 0)
            {
                await desk.Jobs.BeginAsync(Name);
            }

            if (await DoAsync(desk, errands, errand, trace, stop) is { } failure)
            {
                var retry = around.Time.GetUtcNow() + BackOff.After(job.Failures + 1);
                await desk.Jobs.EndAsync(Name, null, failure, retryAt: retry);
                return new JobEnd(failure, retry, IsFailed: true);
            }
        }

        var sentence = done == 0 ? "Nothing was asked for." : NumberText.Count(done, "errand") + " done.";
        if (done > 0)
        {
            await desk.Jobs.EndAsync(Name, around.Time.GetUtcNow(), sentence);
        }

        return new JobEnd(sentence);
    }

    /// <summary>Does one; gives why it has to be tried again, or null where it is done with.</summary>
    private async Task<string?> DoAsync(RunDesk desk, Errands errands, ErrandRow errand, Telemetry.RunTrace trace, CancellationToken stop)
    {
        if (await errands.FindRunAsync(errand, KindOf(errand).ToString(), Ended) is { } earlier)
        {
            await errands.DoneAsync(errand, earlier.Number, earlier.Sentence);
            return null;
        }

        await errands.TakeAsync(errand);
        try
        {
            var report = await RunAsync(desk, errands, errand, stop);
            if (report is null)
            {
                await errands.DoneAsync(errand, null, "It was written together with what was approved before it.");
                return null;
            }

            if (report.Status == RunStatus.Stopped)
            {
                stop.ThrowIfCancellationRequested();
            }

            trace.Ended(report, desk.Usage is { } usage ? usage.Max - usage.Used : null);
            RunLog.Outcomes(log, report);
            health.Org = report.Status == RunStatus.Failed ? report.Failure : null;
            if (report.Status is RunStatus.Failed or RunStatus.Stopped)
            {
                await errands.FailAsync(errand, report.Run, report.Sentence);
                return $"Errand {errand.Id}: {RunLog.Sentence(report)}";
            }

            await errands.DoneAsync(errand, report.Run,
                errand.Kind == nameof(ErrandKind.Give) && report is { Status: RunStatus.Done, Outcomes.Count: 0 } ? "It needs a second person's yes." : report.Sentence);
            return null;
        }
        catch (OrgException wrong)
        {
            health.Org = wrong.Message;
            await errands.FailAsync(errand, null, wrong.Message);
            return $"Errand {errand.Id}: {wrong.Message}";
        }
        catch (Exception never) when (never is SettingsException or DecisionException or GiftException or AnswerException or UsageException)
        {
            await errands.DoneAsync(errand, null, $"Not done: {never.Message}");
            return null;
        }
    }

    /// <summary>Null where there is nothing to do.</summary>
    private async Task<RunReport?> RunAsync(RunDesk desk, Errands errands, ErrandRow errand, CancellationToken stop)
    {
        try
        {
            return await RunAsync(desk, errands, errand, await rules.ReadAsync(desk.Org, stop), stop);
        }
        catch (ConditionsException wrong)
        {
            rules.Refuse(wrong);
            return await RunAsync(desk, errands, errand, await rules.ReadAsync(desk.Org, stop), stop);
        }
    }

    private async Task<RunReport?> RunAsync(RunDesk desk, Errands errands, ErrandRow errand, Settings settings, CancellationToken stop)
    {
        var order = desk.Order(KindOf(errand), settings, errand.By, errand.Reason);
        switch (Enum.Parse<ErrandKind>(errand.Kind))
        {
            case ErrandKind.Write:
                return (await new Approvals(desk.Ledger, desk.Terms, around.Time).ApprovedAsync()).Count > 0 ? await desk.Reconciler.ApproveAsync(order, stop) : null;
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
                var (run, account, of) = Errands.DetailsOf<UndoDetails>(errand);
                return await desk.Reconciler.UndoAsync(order, await new Writings(desk.Ledger).TargetAsync(run, account, of), stop);
            case ErrandKind.Answer:
                return await desk.Reconciler.AnswerAsync(order, Errands.DetailsOf<HandoffAnswer>(errand), stop);
            default:
                throw new InvalidOperationException($"Nobody does errands of the kind {errand.Kind}.");
        }
    }

    private static RunKind KindOf(ErrandRow errand) => errand.Kind switch
    {
        nameof(ErrandKind.Undo) => RunKind.Undo,
        nameof(ErrandKind.Answer) => RunKind.Answer,
        _ => RunKind.Approve,
    };
}
