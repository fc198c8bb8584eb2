using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>
/// Writes corrections: reads what they touch, leaves alone what moved, keeps the intent, writes, keeps the org's yes, reads back. Told to stop it begins
/// nothing more and ends what is on the way, until it is told to abandon that too. A batch has at most one correction of an account, since a later one
/// starts from what an earlier one wrote.
/// </summary>
internal sealed class Applier(
    IOrg org, IJournal journal, IReadOnlyList<IBrake> brakes, RunOrder order, long run, IProgress<RunNews> progress, CancellationToken stop)
{
    private readonly Settings _settings = order.Settings;
    private readonly Dictionary<string, Outcome> _outcomes = [];
    private readonly Dictionary<string, Correction> _asked = [];
    private readonly Finisher _finisher = new(org, journal, order.Settings, run);

    /// <summary>What is begun and has no outcome yet, with its account: what comes after it on the account waits for it.</summary>
    private readonly Dictionary<string, RecordId> _open = [];

    /// <summary>What became of what was taken up so far.</summary>
    public IReadOnlyCollection<Outcome> Outcomes => _outcomes.Values;

    /// <summary>The corrections that were to be written, whether or not they were taken up.</summary>
    public IReadOnlyCollection<string> Asked => _asked.Keys;

    /// <summary>Why nothing more is written, once somebody paused it; a run that is paused stays so.</summary>
    public string? Paused { get; private set; }

    /// <summary>These are to be written, as far as it comes to that.</summary>
    public void Ask(IReadOnlyList<Correction> corrections)
    {
        foreach (var correction in corrections)
        {
            _asked[correction.Id] = correction;
        }
    }

    /// <summary>Writes corrections in their order, with a day for today.</summary>
    public async Task ApplyAsync(IReadOnlyList<Correction> corrections, DateOnly today)
    {
        var done = 0;
        foreach (var batch in Batches.Of(corrections))
        {
            stop.ThrowIfCancellationRequested();
            if (await IsPausedAsync())
            {
                return;
            }

            await ApplyBatchAsync(batch, today);
            done += batch.Length;
            progress.Report(new RunNews($"Took up {done} of {corrections.Count} {(corrections.Count == 1 ? "correction" : "corrections")}.", done, corrections.Count));
        }
    }

    /// <summary>
    /// Finds out what became of what an earlier run began, and finishes what it left half done: that is this run's work then. What had not reached
    /// the org is no outcome of this run, which judges it anew.
    /// </summary>
    public async Task FinishAsync(IReadOnlyList<Begun> unfinished)
    {
        foreach (var batch in unfinished.Chunk(unfinished.Count > Batches.Many ? Batches.Most : Batches.Size))
        {
            stop.ThrowIfCancellationRequested();
            await IsPausedAsync();
            await FinishBatchAsync(batch, isLater: true);
        }

        foreach (var id in _outcomes.Values.Where(o => o.Kind == OutcomeKind.NotWritten).Select(o => o.CorrectionId).ToList())
        {
            _outcomes.Remove(id);
        }
    }

    /// <summary>Whether somebody paused writing, before or now.</summary>
    public async Task<bool> IsPausedAsync()
    {
        foreach (var brake in brakes)
        {
            Paused ??= await brake.WhyAsync(stop);
        }

        return Paused is not null;
    }

    private async Task ApplyBatchAsync(IReadOnlyList<Correction> batch, DateOnly today)
    {
        var outcomes = new List<Outcome>();
        var taken = new List<(Correction Correction, IReadOnlyList<RecordWrite> Writes)>();
        // What is begun keeps its own intent, which is settled when the org tells: an outcome of now would close it.
        foreach (var correction in batch.Where(c => !_open.ContainsKey(c.Id)))
        {
            if (correction.BuildsOn.Where(id => _outcomes.GetValueOrDefault(id) is not { IsDone: true }).ToList() is { Count: > 0 } open)
            {
                // What passes for the ground passes for what is built on it.
                var passes = open.All(id => _open.ContainsKey(id) || _outcomes.GetValueOrDefault(id)?.Kind == OutcomeKind.NotWritten);
                outcomes.Add(new Outcome(correction.Id, passes ? OutcomeKind.NotWritten : OutcomeKind.Skipped, null,
                    $"builds on {string.Join(" and ", open.Select(id => _asked.GetValueOrDefault(id)?.Named() ?? id))}, which {(open.Count == 1 ? "was" : "were")} not written"));
            }
            else if (_open.ContainsValue(correction.Account))
            {
                outcomes.Add(new Outcome(correction.Id, OutcomeKind.NotWritten, null, "what was begun on the account before is not finished yet"));
            }
            else
            {
                taken.Add((correction, Bundling.WritesOf(correction, today, order.Hours)));
            }
        }

        var standing = await org.ReadAsync(_settings, [.. taken.SelectMany(t => t.Writes)], stop);
        var intents = new List<Intent>();
        foreach (var (correction, planned) in taken)
        {
            var writes = Bundling.Meet(planned, standing);
            foreach (var (_, met) in planned.Zip(writes).Where(w => w.First.Action != w.Second.Action && w.First.Object == "AccountTeamMember"))
            {
                progress.Report(new RunNews(
                    $"{correction.AccountName} ({correction.Account}): {Bundling.NameOf(met, standing)} is on the account team already and becomes {met.After["TeamMemberRole"]} there, no longer {met.Before["TeamMemberRole"] ?? "without a role"}."));
            }

            var places = writes.Select(w => (Write: w, At: Places.Of(w, standing))).ToList();
            // A row that is there already, or gone already, is no sign that the account moved; a field that somebody else wrote is.
            var moved = places.FirstOrDefault(
                p => p.At.Place == Place.Elsewhere || (p.At.Place == Place.After && p.Write.Action == WriteAction.Update));
            if (places.All(p => p.At.Place == Place.After))
            {
                outcomes.Add(new Outcome(correction.Id, OutcomeKind.AlreadyDone));
            }
            else if (moved.Write is not null)
            {
                outcomes.Add(new Outcome(correction.Id, OutcomeKind.Stale, null,
                    moved.At.Moved ?? Places.WrittenByOthers(moved.Write, standing)));
            }
            else
            {
                // What is there or gone already is nobody's but the one's who did it, and no undo's to take back.
                var intent = Bundling.IntentOf(correction, [.. places.Where(p => p.At.Place == Place.Before).Select(p => p.Write)], standing, _settings.OwnerChange);
                intents.Add(intent);
                foreach (var lost in intent.Lost)
                {
                    progress.Report(new RunNews(
                        $"{correction.AccountName} ({correction.Account}): {lost.UserName}, {lost.Role ?? "without a role"}, leaves the account team with the change of owner, because the org takes no inactive member."));
                }
            }
        }

        await SettleAsync(outcomes);
        await WriteAsync(intents);
    }

    private async Task WriteAsync(IReadOnlyList<Intent> intents)
    {
        if (intents.Count == 0)
        {
            return;
        }

        await journal.IntendAsync(run, intents);
        var results = (await org.WriteAsync(_settings, [.. intents.Select(i => i.Bundle)], stop, order.Abandon)).ToDictionary(r => r.CorrectionId);
        // A no is certain without the org; a yes is kept before it is read back, which the org may not live to answer.
        await SettleAsync(Finisher.Refusals(results.Values));
        var begun = intents
            .Select(i => (Result: results.GetValueOrDefault(i.Bundle.CorrectionId), Begun: new Begun(i, null)))
            .Where(i => i.Result?.Written != false)
            .Select(i => i.Result?.Written == true ? i.Begun.With(i.Begun.Intent.Bundle, i.Result) : i.Begun)
            .ToList();
        await journal.TakenAsync(run, [.. begun.Where(b => b.Created is not null)]);
        await FinishBatchAsync(begun, isLater: false);
        if (results.Values.Any(r => r is { Written: false, MayPass: true }))
        {
            stop.ThrowIfCancellationRequested();
        }
    }

    private async Task FinishBatchAsync(IReadOnlyList<Begun> begun, bool isLater)
    {
        var outcomes = await _finisher.FinishAsync(begun, isLater, Paused is not null, stop, order.Abandon);
        await SettleAsync(outcomes);
        foreach (var left in begun.ExceptBy(outcomes.Select(o => o.CorrectionId), b => b.CorrectionId))
        {
            _open[left.CorrectionId] = left.Intent.Bundle.Account;
        }
    }

    private async Task SettleAsync(IReadOnlyList<Outcome> outcomes)
    {
        if (outcomes.Count == 0)
        {
            return;
        }

        await journal.SettleAsync(run, outcomes);
        foreach (var outcome in outcomes)
        {
            _outcomes[outcome.CorrectionId] = outcome;
        }
    }
}
