using PocSync.Core.Alerts;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>
/// Runs: each begins by finding out what became of what an earlier run began and by writing what was approved since, and ends with a line in the
/// ledger, also where the org does not answer.
/// </summary>
public sealed class Reconciler(
    IOrg org, ILedger ledger, IJournal journal, IApprovals approvals, IProgress<RunNews> progress, params IReadOnlyList<IBrake> brakes)
{
    /// <summary>The budget of API calls; null where nobody counts.</summary>
    public ICallBudget? Calls { get; init; }

    /// <summary>Keeps the org's alert rows; null where nobody does.</summary>
    public AlertKeeper? Alerts { get; init; }

    /// <summary>After a pull: the name of the territory model that is active in the org, by which it may assign owners; null where there is none.</summary>
    public Func<CancellationToken, Task<string?>> TerritoryModel { get; init; } = _ => Task.FromResult<string?>(null);

    /// <summary>Gives handoffs their briefs; null where nobody does.</summary>
    public BriefKeeper? Briefs { get; init; }

    /// <summary>Waits for what an earlier run left the org at work on, so that what is read from then on is not changed by it any more.</summary>
    public Func<IProgress<string>, CancellationToken, Task> EarlierWork { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Judges the whole org and writes what is ready.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="stop">Stops at the next safe point.</param>
    /// <param name="since">What an earlier run pulled (<see cref="RunReport.Pulled"/>), so that only changes since are asked for; null for a full
    /// pull. Either way every account is judged.</param>
    public Task<RunReport> SyncAsync(RunOrder order, CancellationToken stop, Snapshot? since = null) => RunAsync(order, stop, async run =>
    {
        await run.Calls.AnnounceAsync(run.Memory, isDelta: since is not null);
        var snapshot = await PullAsync(run, order, since, stop);
        run.Accounts = snapshot.Accounts.Count;
        var measure = Measure.Of(snapshot);
        var compared = Compared(measure, run.Memory, order.Settings, snapshot) with { IsLossAccepted = order.IsLossAccepted, HeldBefore = run.Memory.Held };
        // Of what an org does not show any more nobody can say that somebody changed it back.
        var reverts = Losses.Of(order.Limits, compared).Count > 0 ? [] : await FindRevertsAsync(order, run.Memory, snapshot, stop);
        await run.HearAlertsAsync(Alerts);
        run.Calls.EndReading();
        progress.Report(new RunNews($"Judging {snapshot.Accounts.Count} {(snapshot.Accounts.Count == 1 ? "account" : "accounts")}."));
        var memory = run.Memory with { Reverts = [.. run.Memory.Reverts, .. reverts] };
        var results = RuleBook.Judge(snapshot, order.Settings);
        var findings = results.SelectMany(r => r.Findings)
            .Concat(Reverts.FindingsOf(memory.Reverts, snapshot, order.Settings)).Order(Finding.Order).ToList();
        var silent = Mark.Standing(memory.Marks, findings, new AsOf(order.Now, run.Org.Zone).Today);
        var proposal = await StandBackAsync(
            order.Settings, Planner.Make(snapshot, order.Settings, InputOf(snapshot, run.Org, memory)), memory with { Silent = silent }, stop);
        var verdict = Guard.Judge(proposal.Plan, order.Limits, compared);
        await run.RecordAsync(
            new Judged(findings, measure, proposal, verdict, !verdict.Refusals.Any(Losses.IsLoss))
            {
                Reverts = reverts,
                Book = new Book(snapshot, order.Settings, results),
                Silent = silent,
                InSilence = findings.Count(f => silent.ContainsKey((f.Rule, f.Code, f.Subject)) && !run.Memory.Baseline.ContainsKey((f.Rule, f.Code, f.Subject))),
                InBaseline = findings.Count(f => run.Memory.Baseline.ContainsKey((f.Rule, f.Code, f.Subject))),
            },
            snapshot);
        if (!verdict.Refusals.Any(Losses.IsLoss))
        {
            await run.WithdrawAsync(proposal.Plan.Lapsed);
        }

        IReadOnlyList<Correction> ready =
        [
            .. proposal.Plan.Corrections.Where(c => verdict.StateOf(c) == CorrectionState.Ready
                && (!order.IsDraft || Announcement.Follows(c))),
        ];
        await run.ApplyAsync(ready);
        if (!order.IsDraft)
        {
            await run.KeepAlertsAsync(Alerts, snapshot, results, findings, ready);
        }
    });

    /// <summary>What was approved for a day that has come is written first, so that everything is judged as it is then.</summary>
    private async Task<Snapshot> PullAsync(Running run, RunOrder order, Snapshot? since, CancellationToken stop)
    {
        var snapshot = await org.PullAsync(order.Settings, order.Now, since, new Pulled(progress), stop);
        return await run.WriteDueAsync(snapshot) ? await org.PullAsync(order.Settings, order.Now, snapshot, new Pulled(progress), stop) : snapshot;
    }

    private async Task<IReadOnlyList<Revert>> FindRevertsAsync(RunOrder order, Memory memory, Snapshot snapshot, CancellationToken stop)
    {
        if (Reverts.Since(order.Settings, order.Now) is not { } since)
        {
            return [];
        }

        var watch = Reverts.Of(await journal.WritingsAsync(new WritingsOf(Since: since)), memory.Reverts.Concat(memory.Cleared));
        return watch.Reads.Count == 0 ? [] : watch.Found(await org.ReadAsync(order.Settings, watch.Reads, stop) with { NameOf = snapshot.NameOf });
    }

    /// <summary>Owners are not written by themselves where something else assigns them; the org is asked only where it matters.</summary>
    private async Task<Proposal> StandBackAsync(Settings settings, Plan plan, Memory memory, CancellationToken stop)
    {
        memory = memory with { OwnersWait = StandBack.Why(settings, memory) };
        var proposal = Proposal.Of(plan, memory);
        return StandBack.IsOpen(settings, proposal) && await TerritoryModel(stop) is { } model
            ? Proposal.Of(plan, memory with { OwnersWait = StandBack.Why(model) }) : proposal;
    }

    /// <summary>What would be written, for a ledger that remembers <paramref name="memory"/>.</summary>
    public static Proposal Propose(Snapshot snapshot, Settings settings, OrgIdentity identity, Memory memory)
    {
        var plan = Planner.Make(snapshot, settings, InputOf(snapshot, identity, memory));
        memory = memory with { OwnersWait = StandBack.Why(settings, memory) ?? memory.OwnersWait };
        return Proposal.Of(plan, memory.Marks.Count == 0 ? memory : memory with
        {
            Silent = Mark.Standing(memory.Marks, RuleBook.Judge(snapshot, settings).SelectMany(r => r.Findings), plan.Today),
        });
    }

    private static PlanInput InputOf(Snapshot snapshot, OrgIdentity identity, Memory memory) => new()
    {
        Worker = identity.Worker,
        FirstSeen = memory.FirstSeen,
        Leavers = memory.Leavers,
        Approved = memory.Approved,
        Wishes = memory.Picks.GroupBy(p => p.For).ToDictionary(
            g => g.Key,
            g => (IReadOnlyList<Wish>)[.. g.Select(p => new Wish(p.Who, $"stays with {snapshot.NameOf(p.Who)}, who was proposed by run {p.Run}", false))]),
    };

    /// <summary>What the guard compares with: what earlier runs read and wrote.</summary>
    public static GuardInput Compared(Measure now, Memory memory, Settings settings, Snapshot? snapshot = null) => new(now, memory.Last?.For(settings))
    {
        OwnerChanges = memory.OwnerChanges,
        IsBindingChosen = settings.Binding is not null,
        Names = settings.Names,
        NameOf = snapshot is null ? id => id.ToString() : snapshot.NameOf,
    };

    /// <summary>
    /// Writes a plan on the word of whoever applies it: what waits for a person is approved with it, and all of it passes the guard like any other.
    /// Nothing is planned anew.
    /// </summary>
    public Task<RunReport> ApplyAsync(RunOrder order, Plan plan, Measure measure, CancellationToken stop) => RunAsync(order, stop, async run =>
    {
        var approved = plan.With([.. plan.Corrections.Select(c => c.State == CorrectionState.Waits ? c with { State = CorrectionState.Ready, Reasons = [] } : c)]);
        var verdict = Guard.Judge(approved, order.Limits, Compared(measure, run.Memory, order.Settings));
        IReadOnlyList<Correction> ready = [.. approved.Corrections.Where(c => verdict.StateOf(c) == CorrectionState.Ready)];
        await run.RecordAsync(new Judged(
            null, measure, new Proposal(approved, []), verdict, false, new Approval(order.By, "applied the plan", [.. ready.Select(c => c.Id)])));
        // It may take a second person's word.
        var approvedBy = (await approvals.ApprovedAsync()).Select(c => c.Id).ToHashSet();
        ready = [.. ready.Where(c => approvedBy.Contains(c.Id))];
        await run.ApplyAsync(ready);
        await run.AnnounceAsync(ready);
    }, plan.Org);

    /// <summary>
    /// Writes a correction with somebody else in place of who was picked, on the records as they are now; nothing else is planned anew. Throws <see
    /// cref="GiftException"/> where that is not possible.
    /// </summary>
    public Task<RunReport> GiveAsync(RunOrder order, Gift gift, CancellationToken stop) => RunAsync(order, stop, async run =>
    {
        var snapshot = await org.PullAsync(order.Settings, order.Now, null, new Pulled(progress), stop);
        var (given, whyNot) = Planner.Give(
            snapshot, order.Settings, InputOf(snapshot, run.Org, run.Memory with { Approved = [.. run.Memory.Approved.Where(c => c.Id != gift.Correction.Id)] }), gift.Correction, gift.UserIn(snapshot), $"chosen by {gift.By}: {gift.Reason}");
        if (given is null)
        {
            throw new GiftException(whyNot!);
        }

        given = given with { State = CorrectionState.Ready, Reasons = [] };
        await approvals.ReplaceAsync(run.Number, gift.Correction, given, new Approval(gift.By, gift.Reason, [given.Id]));
        IReadOnlyList<Correction> approved = [.. (await approvals.ApprovedAsync()).Where(c => c.Id == given.Id)];
        run.NeedsSecond = approved.Count == 0;
        await run.ApplyAsync(approved);
        await run.AnnounceAsync(approved);
    });

    /// <summary>Writes what was approved and nothing else. The org is read only where something was approved for a day that has come.</summary>
    public Task<RunReport> ApproveAsync(RunOrder order, CancellationToken stop) => RunAsync(order, stop, async run =>
    {
        if (run.Due.Count > 0)
        {
            await run.WriteDueAsync(await org.PullAsync(order.Settings, order.Now, null, new Pulled(progress), stop));
        }
    });

    /// <summary>Puts back what was written, as far as it is still as written; a run with a plan and a verdict like any other.</summary>
    public Task<RunReport> UndoAsync(RunOrder order, WritingsOf target, CancellationToken stop) => RunAsync(order, stop, async run =>
    {
        var undo = await PlanUndoAsync(org, await journal.WritingsAsync(target), order, run.Org, stop);
        await WriteAsync(run, order, undo.Plan, MeasureOfUndo(run.Memory, undo), order.Reason ?? "undone", undo.Stays);
    });

    /// <summary>
    /// Writes what somebody says to a handoff of their own, where it still is as it was shown; a run with a plan and a verdict like any other. Throws <see
    /// cref="AnswerException"/>.
    /// </summary>
    public Task<RunReport> AnswerAsync(RunOrder order, HandoffAnswer answer, CancellationToken stop) => RunAsync(order, stop, async run =>
    {
        var correction = answer.In(await org.ReadAsync(order.Settings, [answer.Read], stop));
        var measure = run.Memory.Last ?? new Measure(int.MaxValue, new Dictionary<string, int>(), [], Binding.Package);
        var plan = new Plan(order.Now, new AsOf(order.Now, run.Org.Zone).Today, measure.Binding, run.Org.Id, [correction], []);
        await WriteAsync(run, order, plan, measure, order.Reason ?? "answered", []);
    });

    /// <summary>Keeps a plan that a person made with their word for it, and writes what of it the guard lets pass.</summary>
    private async Task WriteAsync(Running run, RunOrder order, Plan plan, Measure measure, string reason, IReadOnlyList<Stays> stays)
    {
        var verdict = Guard.Judge(plan, order.Limits, Compared(measure, run.Memory, order.Settings));
        IReadOnlyList<Correction> ready = [.. plan.Corrections.Where(c => verdict.StateOf(c) == CorrectionState.Ready)];
        await run.RecordAsync(new Judged(null, measure, new Proposal(plan, []), verdict, false,
            new Approval(order.By, reason, [.. ready.Select(c => c.Id)]))
        { Stays = stays });
        // It may take a second person's word.
        var approved = (await approvals.ApprovedAsync()).Select(c => c.Id).ToHashSet();
        run.NeedsSecond = ready.Count > 0 && !ready.Any(c => approved.Contains(c.Id));
        await run.ApplyAsync([.. ready.Where(c => approved.Contains(c.Id))]);
    }

    /// <summary>
    /// How much there is to compare an undo with: what the last full run read, since nothing else is read for it; where there was none the share
    /// of the accounts is not judged.
    /// </summary>
    public static Measure MeasureOfUndo(Memory memory, UndoPlan undo) =>
        memory.Last ?? new Measure(int.MaxValue, new Dictionary<string, int>(), [], undo.Plan.Binding);

    /// <summary>How to put back what was written, by what the org says now. Reads only.</summary>
    public static async Task<UndoPlan> PlanUndoAsync(
        IOrg org, IReadOnlyList<Writing> writings, RunOrder order, OrgIdentity identity, CancellationToken stop)
    {
        var scope = UndoScope.Of(writings);
        var standing = await org.ReadAsync(order.Settings, scope.Reads, stop);
        var users = await org.UsersAsync(scope.UsersOf(standing), stop);
        return Undo.Plan(scope, standing, users, new AsOf(order.Now, identity.Zone), identity.Id);
    }

    private async Task<RunReport> RunAsync(RunOrder order, CancellationToken stop, Func<Running, Task> work, RecordId planned = default)
    {
        var number = await ledger.StartAsync(order.Kind, order.By, order.Effective, order.Reason);
        var run = new Running(number, org, ledger, journal, approvals, brakes, Calls, EarlierWork, order, progress, stop);
        var (failure, code, status) = ((string?)null, (string?)null, (RunStatus?)null);
        try
        {
            await run.BeginAsync(planned);
            await work(run);
            await run.BriefAsync(Briefs);
        }
        catch (OrgException e)
        {
            (failure, code, status) = (e.Message, e.Code, RunStatus.Failed);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            status = RunStatus.Stopped;
        }
        catch (Exception e) when (e is GiftException or AnswerException)
        {
            await EndInVainAsync(run.Report(e.Message, RunStatus.Partial, []));
            throw;
        }
        catch (Exception e)
        {
            await EndInVainAsync(run.Report($"It failed: {e.Message}", RunStatus.Failed, []));
            throw;
        }

        var report = run.Report(failure, status, [.. (await journal.UnfinishedAsync()).Select(b => b.CorrectionId)]) with { FailureCode = code };
        await ledger.EndAsync(report);
        return report;
    }

    /// <summary>What went wrong first is what is to be told, also where the ledger is what went wrong.</summary>
    private async Task EndInVainAsync(RunReport report)
    {
        try
        {
            await ledger.EndAsync(report);
        }
        catch (Exception)
        {
            // The next run finds this one without an end and gives it one.
        }
    }

    private sealed class Pulled(IProgress<RunNews> progress) : IProgress<string>
    {
        public void Report(string value) => progress.Report(new RunNews(value));
    }

    /// <summary>One run while it lasts.</summary>
    private sealed class Running(
        long number, IOrg org, ILedger ledger, IJournal journal, IApprovals approvals, IReadOnlyList<IBrake> brakes, ICallBudget? calls,
        Func<IProgress<string>, CancellationToken, Task> earlierWork, RunOrder order, IProgress<RunNews> progress, CancellationToken stop)
    {
        private readonly Applier _applier = new(org, journal, brakes, order, number, progress, stop);
        private Judged? _judged;
        private Snapshot? _pulled;
        private IReadOnlyList<Outcome> _ended = [];

        public long Number => number;

        public RunCalls Calls { get; } = new(calls, order.Settings, progress, stop);

        public OrgIdentity Org { get; private set; } = null!;

        public Memory Memory { get; private set; } = null!;

        public int Accounts { get; set; }

        public bool NeedsSecond { get; set; }

        /// <summary>What was approved for a day that has come.</summary>
        public IReadOnlyList<Correction> Due => [.. Memory.Approved.Where(c => c.IsDue(Today))];

        private DateOnly Today => new AsOf(order.Now, Org.Zone).Today;

        private AlertReport? Alerts { get; set; }

        private BriefReport? Briefs { get; set; }

        /// <summary>Before anything is written: the org, which must be the one that a plan was made for, and what earlier runs left.</summary>
        public async Task BeginAsync(RecordId planned)
        {
            Org = await org.IdentifyAsync(stop);
            if (!planned.IsNone && planned != Org.Id)
            {
                throw new OrgException($"The plan was made for the org {planned}, and this is {Org.Id}: make a plan of this org.");
            }

            await ledger.BelongAsync(Org);
            if (await _applier.IsPausedAsync())
            {
                progress.Report(new RunNews($"Nothing is written: {_applier.Paused}."));
            }

            await earlierWork(new Pulled(progress), stop);
            if (await journal.UnfinishedAsync() is { Count: > 0 } unfinished)
            {
                progress.Report(new RunNews($"An earlier run left {unfinished.Count} {(unfinished.Count == 1 ? "correction" : "corrections")} without an outcome: reading the org."));
                await _applier.FinishAsync(unfinished);
            }

            _ended = await approvals.ExpireAsync(number);
            var approved = await approvals.ApprovedAsync();
            await ApplyAsync([.. approved.Where(c => c.NotBefore is null)]);
            await AnnounceAsync(approved);
            await RecallAsync();
        }

        private async Task RecallAsync()
        {
            Memory = await ledger.RecallAsync();
            Memory = Memory with { Approved = [.. (await approvals.ApprovedAsync()).Where(c => c.NotBefore is not null)] };
        }

        /// <summary>
        /// Writes what was approved for a day that has come where it can still be done, and ends the approvals of the rest: much may have happened since. Of an org that
        /// answered with too little nothing is concluded. Gives whether the org is another one now.
        /// </summary>
        public async Task<bool> WriteDueAsync(Snapshot snapshot)
        {
            if (Due.Count == 0)
            {
                return false;
            }

            // To read the org takes minutes, in which somebody may have said no.
            await RecallAsync();
            var due = Due;
            if (due.Count == 0
                || Losses.Of(order.Limits, Compared(Measure.Of(snapshot), Memory, order.Settings, snapshot) with { IsLossAccepted = order.IsLossAccepted }).Count > 0)
            {
                return false;
            }

            var lapsed = Planner.LapsedOf(snapshot, order.Settings, InputOf(snapshot, Org, Memory with { Approved = due }));
            await WithdrawAsync(lapsed);
            var left = due.ExceptBy(lapsed.Select(l => l.Correction.Id), c => c.Id).ToDictionary(c => c.Id);
            await ApplyAsync([.. left.Values]);
            await RecallAsync();
            return _applier.Outcomes.Any(o => o.IsDone && left.ContainsKey(o.CorrectionId));
        }

        /// <summary>Opens the handoffs of what is approved for a day to come.</summary>
        public async Task AnnounceAsync(IReadOnlyList<Correction> approved)
        {
            List<(Correction, Correction)> announced = [.. approved.Select(c => (c, Announcement.Of(c, Today))).Where(a => a.Item2 is not null).Select(a => (a.c, a.Item2!))];
            if (announced.Count > 0)
            {
                await ApplyAsync(await approvals.AnnounceAsync(number, announced));
            }
        }

        /// <summary>Ends approvals for a day to come that hold no more.</summary>
        public async Task WithdrawAsync(IReadOnlyList<Lapsed> lapsed)
        {
            if (lapsed.Count == 0)
            {
                return;
            }

            Outcome[] outcomes = [.. lapsed.Select(l => new Outcome(l.Correction.Id, OutcomeKind.Withdrawn, null, l.Why))];
            await journal.SettleAsync(number, outcomes);
            _ended = [.. _ended, .. outcomes];
        }

        /// <summary>Writes what may be written today.</summary>
        public async Task ApplyAsync(IReadOnlyList<Correction> corrections)
        {
            corrections = corrections.All(c => c.IsDue(Today)) ? corrections : [.. corrections.Where(c => c.IsDue(Today))];
            _applier.Ask(corrections);
            var fitting = await Calls.FittingAsync(corrections);
            await _applier.ApplyAsync(fitting, Today);
            if (_applier.Paused is null && fitting.Count < corrections.Count)
            {
                throw await Calls.SpentAsync(fitting.Count, corrections.Count);
            }
        }

        /// <summary>What people said on alert rows holds from here on.</summary>
        public async Task HearAlertsAsync(AlertKeeper? alerts)
        {
            if (alerts is not null && await alerts.HearAsync(number, order.Settings, Today, Org.Worker, stop) is { IsNone: false } news)
            {
                Memory = Memory with { Marks = news.Onto(Memory.Marks) };
            }
        }

        /// <summary>Makes the alert rows say what is wrong once the corrections are made; nothing is concluded of an org that answered with too little.</summary>
        public async Task KeepAlertsAsync(
            AlertKeeper? alerts, Snapshot snapshot, IReadOnlyList<RuleResult> results, IReadOnlyList<Finding> findings, IReadOnlyList<Correction> ready)
        {
            if (alerts is null || _applier.Paused is not null || _judged is not { IsMeasure: true } judged)
            {
                return;
            }

            var draft = new Draft(snapshot);
            var done = _applier.Outcomes.Where(o => o.IsDone).Select(o => o.CorrectionId).ToHashSet();
            foreach (var correction in ready.Where(c => done.Contains(c.Id)))
            {
                DraftWriter.Apply(draft, snapshot.FindAccount(correction.Account)!, correction.Writes);
            }

            var revert = Reverts.Rule.Info.Id;
            var left = ready.Any(c => done.Contains(c.Id))
                ? [.. RuleBook.Judge(draft, order.Settings).SelectMany(r => r.Findings), .. findings.Where(f => f.Rule == revert)] : findings;
            var evaluated = results.Where(r => r.Reason is null).Select(r => r.Rule.Id)
                .Concat(order.Settings.Of(Reverts.Rule.Info).Enabled ? [revert] : []).ToHashSet();
            Alerts = await alerts.WriteAsync(
                number, new AlertInput(draft, order.Settings, left, evaluated, k => Memory.Baseline.ContainsKey((k.Rule, k.Code, k.Subject)), judged.Silent, Memory.FirstSeen, order.Hours),
                order.Limits, async () => !await _applier.IsPausedAsync(), await Calls.LeftAsync(), stop, order.Abandon);
        }

        /// <summary>Gives the handoffs that this run, or people, made their briefs.</summary>
        public async Task BriefAsync(BriefKeeper? briefs)
        {
            if (briefs is not null && _applier.Paused is null && order.Kind is not (RunKind.Undo or RunKind.Answer)
                && (_judged is { IsMeasure: true } || _applier.Outcomes.Any(o => o.IsDone)))
            {
                Briefs = await briefs.WriteAsync(number, order, Org, async () => !await _applier.IsPausedAsync(), Calls.LeftAsync, stop);
            }
        }

        public async Task RecordAsync(Judged judged, Snapshot? pulled = null)
        {
            await ledger.RecordAsync(number, judged);
            _judged = judged;
            _pulled = judged.IsMeasure ? pulled : null;
        }

        /// <param name="failure">Why it failed.</param>
        /// <param name="status">How it ended, where it did not come to its end.</param>
        /// <param name="unknown">Corrections that are begun and have no outcome.</param>
        public RunReport Report(string? failure, RunStatus? status, IReadOnlyCollection<string> unknown)
        {
            var asked = _applier.Asked;
            var report = new RunReport
            {
                Run = number,
                Status = RunStatus.Running,
                Accounts = Accounts,
                Judged = _judged,
                Pulled = _pulled,
                CallsNeeded = Calls.Needed,
                CallsUsed = Calls.Used,
                CallsToWrite = Calls.ToWrite,
                Outcomes = [.. _ended, .. _applier.Outcomes],
                Unknown = unknown.Count,
                Asked = asked.Count,
                NotBegun = asked.Except(_applier.Outcomes.Select(o => o.CorrectionId)).Except(unknown).Count(),
                Settled = _applier.Outcomes.Count(o => o.Kind != OutcomeKind.NotWritten && asked.Contains(o.CorrectionId)),
                Paused = _applier.Paused,
                NeedsSecond = NeedsSecond,
                Alerts = Alerts,
                Briefs = Briefs,
                Failure = failure,
            };
            return report with
            {
                Status = status
                    ?? (_applier.Paused is not null ? RunStatus.Paused : _judged?.Verdict.Refusals.Count > 0 ? RunStatus.Held
                    : report.NotApplied + unknown.Count + (Alerts is { } alerts ? alerts.Refused + alerts.Unknown : 0) + (Briefs is { } briefs ? briefs.Refused + (briefs.WhyNot is null ? 0 : 1) : 0) > 0 ? RunStatus.Partial : RunStatus.Done),
            };
        }
    }
}
