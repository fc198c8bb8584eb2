using PocSync.Core.Plans;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>
/// Finds out, by reading the org, what became of what was begun, and finishes what is half done from its intent: twice is as good as once. What it
/// cannot finish now, because an answer was lost or a refusal passes, stays begun.
/// </summary>
internal sealed class Finisher(IOrg org, IJournal journal, Settings settings, long run)
{
    /// <summary>What the org said no to.</summary>
    public static IReadOnlyList<Outcome> Refusals(IEnumerable<BundleResult> results) => [.. results.Where(r => r.Written == false).Select(Refusal)];

    /// <summary>What became of what was begun; what is missing stays begun.</summary>
    /// <param name="begun">What was begun, whether the org said yes or nothing is known.</param>
    /// <param name="isLater">Whether an earlier run began it: then somebody else may have changed since what the org took.</param>
    /// <param name="isPaused">Whether nothing may be written: then what is half done stays begun.</param>
    public async Task<IReadOnlyList<Outcome>> FinishAsync(IReadOnlyList<Begun> begun, bool isLater, bool isPaused, CancellationToken stop, CancellationToken abandon)
    {
        if (begun.Count == 0)
        {
            return [];
        }

        var outcomes = new List<Outcome>();
        var halves = new List<(Begun Begun, Bundle Remainder)>();
        var standing = await ReadAsync(begun, isLater ? stop : abandon);
        foreach (var one in begun)
        {
            var (outcome, rest) = Judge(one, standing, isLater);
            if (rest is not null)
            {
                halves.Add((one, rest));
            }
            else if (outcome is not null)
            {
                outcomes.Add(outcome);
            }
        }

        if (halves.Count > 0 && !isPaused)
        {
            outcomes.AddRange(await CompleteAsync(halves, stop, abandon));
        }

        return outcomes;
    }

    /// <summary>What became of it, or what is left to write of it; neither where that cannot be told yet.</summary>
    private static (Outcome? Outcome, Bundle? Remainder) Judge(Begun begun, Standing standing, bool isLater)
    {
        var bundle = begun.Intent.Bundle;
        var wasTaken = begun.Created is not null;
        var places = PlacesOf(begun, standing);
        var isOwnerWritten = places.Any(p => p.Write.Object == "Account" && p.At.Place == Place.After);
        var missing = isOwnerWritten ? Places.Missing(bundle, standing) : [];
        var astray = isOwnerWritten ? Astray(begun, standing) : [];
        var isOwed = missing.Count + astray.Count > 0;
        if (places.All(p => p.At.Place == Place.After) && !isOwed)
        {
            return (new Outcome(bundle.CorrectionId, OutcomeKind.Written), null);
        }

        if (places.All(p => p.At.Place == Place.Before) && !wasTaken)
        {
            // The org may still be at work on what it did not answer: only a later run can tell.
            return (isLater ? new Outcome(bundle.CorrectionId, OutcomeKind.NotWritten, null, "nothing of it had reached the org") : null, null);
        }

        if (places.FirstOrDefault(p => p.At.Place == Place.Elsewhere) is { Write: not null } moved)
        {
            // The team is our debt, and what went astray, whatever else was changed since.
            return isOwed
                ? (null, bundle with { Writes = astray, Team = missing })
                : (Moved(bundle, wasTaken, isLater, moved.At.Moved!), null);
        }

        return wasTaken && !isOwed
            ? (Moved(bundle, wasTaken, isLater, "the records say otherwise"), null)
            : (null, bundle with { Writes = [.. places.Where(p => p.At.Place == Place.Before).Select(p => p.Write), .. astray], Team = missing });
    }

    /// <summary>What should have stayed with the owner before and went along, as it does in some orgs: the writes that give it back.</summary>
    private static IReadOnlyList<RecordWrite> Astray(Begun begun, Standing standing) =>
        [.. begun.Returns.Where(w => Places.Of(w, standing).Place == Place.Before)];

    /// <summary>
    /// A row that the org said it made is there, whatever became of it since; a team member is looked for, since an owner change drops it.
    /// </summary>
    private static List<(RecordWrite Write, (Place Place, string? Moved) At)> PlacesOf(Begun begun, Standing standing) =>
    [
        .. begun.Intent.Bundle.Writes.Select((w, i) =>
            (w, begun.Created?[i] is { IsNone: false } && w.Object != "AccountTeamMember" ? (Place.After, null) : Places.Of(w, standing))),
    ];

    private static Outcome Moved(Bundle bundle, bool wasTaken, bool isLater, string why) => (wasTaken, isLater) switch
    {
        (true, false) => new Outcome(bundle.CorrectionId, OutcomeKind.Refused, "NOT_AS_WRITTEN", $"the org took the write, and yet {why}"),
        (true, true) => new Outcome(bundle.CorrectionId, OutcomeKind.Written, null, $"the org took it; when it was read back later, {why}"),
        _ => new Outcome(bundle.CorrectionId, OutcomeKind.Stale, null, why),
    };

    private async Task<IReadOnlyList<Outcome>> CompleteAsync(
        IReadOnlyList<(Begun Begun, Bundle Remainder)> halves, CancellationToken stop, CancellationToken abandon)
    {
        var results = (await org.WriteAsync(settings, [.. halves.Select(h => h.Remainder)], stop, abandon))
            .ToDictionary(r => r.CorrectionId);
        // What is put back is no yes to the records.
        var taken = halves
            .Where(h => h.Remainder.Writes.Any(w => h.Begun.Intent.Bundle.Writes.Contains(w, ReferenceEqualityComparer.Instance)) && results.GetValueOrDefault(h.Begun.CorrectionId)?.Written == true)
            .ToDictionary(h => h.Begun.CorrectionId, h => h.Begun.With(h.Remainder, results[h.Begun.CorrectionId]));
        await journal.TakenAsync(run, [.. taken.Values]);
        var standing = await ReadAsync([.. halves.Select(h => h.Begun)], abandon);
        return
        [
            .. halves
                .Select(h => Completed(taken.GetValueOrDefault(h.Begun.CorrectionId, h.Begun), results.GetValueOrDefault(h.Begun.CorrectionId), standing))
                .OfType<Outcome>(),
        ];
    }

    private static Outcome? Completed(Begun begun, BundleResult? result, Standing standing)
    {
        var bundle = begun.Intent.Bundle;
        var missing = Places.Missing(bundle, standing);
        var astray = Astray(begun, standing);
        var words = result?.Message is { } message ? $": {message}" : "";
        return PlacesOf(begun, standing).FirstOrDefault(p => p.At.Place != Place.After) switch
        {
            { Write: null } when missing.Count + astray.Count == 0 => new Outcome(bundle.CorrectionId, OutcomeKind.Written),
            _ when result is null or { Written: null } or { MayPass: true } => null,
            { Write: null } => new Outcome(bundle.CorrectionId, OutcomeKind.Written, null,
                string.Join("; ", new[]
                {
                    missing.Count > 0 ? $"without {string.Join(", ", missing.Select(m => m.UserName))} on the account's team" : null,
                    astray.Count > 0 ? $"with {string.Join(", ", astray.Select(w => $"{w.Object} {w.Id}"))}, which the org gave to the new owner" : null,
                }.OfType<string>()) + words),
            { At.Place: Place.Elsewhere } moved =>
                new Outcome(bundle.CorrectionId, OutcomeKind.Stale, null, $"written in part; then {moved.At.Moved}"),
            _ when result.Written == false => Refusal(result) with { Reason = $"written in part; the rest was refused{words}" },
            _ => new Outcome(bundle.CorrectionId, OutcomeKind.Refused, "NOT_AS_WRITTEN", "the org took the write, and yet the records say otherwise"),
        };
    }

    private Task<Standing> ReadAsync(IReadOnlyList<Begun> begun, CancellationToken stop) =>
        org.ReadAsync(settings, [.. begun.SelectMany(b => b.Reads)], stop);

    private static Outcome Refusal(BundleResult no) =>
        new(no.CorrectionId, no.MayPass ? OutcomeKind.NotWritten : OutcomeKind.Refused, no.ErrorCode,
            no.Message ?? "the org refused it and did not say why");
}
