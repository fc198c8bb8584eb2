using PocSync.Core.Plans;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>
/// Finds out, by reading the org, what became of what was begun, and finishes what is half done from its intent: twice is as good as once. Not to be
/// stopped, since it ends what was begun.
/// </summary>
internal sealed class Finisher(IOrg org, Settings settings)
{
    /// <summary>What the org said no to.</summary>
    public static IReadOnlyList<Outcome> Refusals(IEnumerable<BundleResult> results) => [.. results.Where(r => r.Written == false).Select(Refusal)];

    /// <summary>What became of intents, whether the org said yes, or nothing is known.</summary>
    public async Task<IReadOnlyList<Outcome>> FinishAsync(IReadOnlyList<Intent> intents, IReadOnlyDictionary<string, BundleResult> results)
    {
        if (intents.Count == 0)
        {
            return [];
        }

        var outcomes = new List<Outcome>();
        var halves = new List<(Intent Intent, Bundle Remainder)>();
        var standing = await ReadAsync(intents);
        foreach (var intent in intents)
        {
            var (outcome, rest) = Judge(intent, standing, results.GetValueOrDefault(intent.Bundle.CorrectionId)?.Written == true);
            if (rest is not null)
            {
                halves.Add((intent, rest));
            }
            else
            {
                outcomes.Add(outcome!);
            }
        }

        if (halves.Count > 0)
        {
            outcomes.AddRange(await CompleteAsync(halves));
        }

        return outcomes;
    }

    /// <summary>What became of an intent, or what is left to write of it.</summary>
    private static (Outcome? Outcome, Bundle? Remainder) Judge(Intent intent, Standing standing, bool wasTaken)
    {
        var bundle = intent.Bundle;
        var places = PlacesOf(bundle, standing, wasTaken);
        var isOwnerWritten = places.Any(p => p.Write.Object == "Account" && p.At.Place == Place.After);
        var missing = isOwnerWritten ? Places.Missing(bundle, standing) : [];
        if (places.All(p => p.At.Place == Place.After) && missing.Count == 0)
        {
            return (new Outcome(bundle.CorrectionId, OutcomeKind.Written), null);
        }

        if (places.All(p => p.At.Place == Place.Before) && !wasTaken)
        {
            return (new Outcome(bundle.CorrectionId, OutcomeKind.NotWritten, null, "nothing of it had reached the org"), null);
        }

        if (places.FirstOrDefault(p => p.At.Place == Place.Elsewhere) is { Write: not null } moved)
        {
            // The team is our debt, whatever else was changed since.
            return missing.Count > 0
                ? (null, bundle with { Writes = [], Team = missing })
                : (Moved(bundle, wasTaken, moved.At.Moved!), null);
        }

        return wasTaken && missing.Count == 0
            ? (Moved(bundle, wasTaken, "the records say otherwise"), null)
            : (null, bundle with { Writes = [.. places.Where(p => p.At.Place == Place.Before).Select(p => p.Write)], Team = missing });
    }

    /// <summary>
    /// A row that the org said it made is there, also where it has no field for a key to find it by; a team member is looked for, since an owner
    /// change drops it.
    /// </summary>
    private static List<(RecordWrite Write, (Place Place, string? Moved) At)> PlacesOf(Bundle bundle, Standing standing, bool wasTaken) =>
    [
        .. bundle.Writes.Select(w =>
            (w, wasTaken && w.Action == WriteAction.Insert && w.Object != "AccountTeamMember" ? (Place.After, null) : Places.Of(w, standing))),
    ];

    private static Outcome Moved(Bundle bundle, bool wasTaken, string why) => wasTaken
        ? new Outcome(bundle.CorrectionId, OutcomeKind.Refused, "NOT_AS_WRITTEN", $"the org took the write, and yet {why}")
        : new Outcome(bundle.CorrectionId, OutcomeKind.Stale, null, why);

    private async Task<IReadOnlyList<Outcome>> CompleteAsync(IReadOnlyList<(Intent Intent, Bundle Remainder)> halves)
    {
        var results = (await org.WriteAsync(settings, [.. halves.Select(h => h.Remainder)], CancellationToken.None))
            .ToDictionary(r => r.CorrectionId);
        var standing = await ReadAsync([.. halves.Select(h => h.Intent)]);
        return
        [
            .. halves.Select(h =>
            {
                var bundle = h.Intent.Bundle;
                var places = PlacesOf(bundle, standing, results.GetValueOrDefault(bundle.CorrectionId)?.Written == true);
                var missing = Places.Missing(bundle, standing);
                var words = results.GetValueOrDefault(bundle.CorrectionId) is { Message: { } message } ? $": {message}" : "";
                return (places.FirstOrDefault(p => p.At.Place != Place.After), missing.Count) switch
                {
                    ({ Write: null }, 0) => new Outcome(bundle.CorrectionId, OutcomeKind.Written),
                    ({ Write: null }, _) => new Outcome(
                        bundle.CorrectionId, OutcomeKind.Written, null,
                        $"without {string.Join(", ", missing.Select(m => m.UserName))} on the account's team{words}"),
                    ({ At.Place: Place.Elsewhere } moved, _) =>
                        new Outcome(bundle.CorrectionId, OutcomeKind.Stale, null, $"written in part; then {moved.At.Moved}"),
                    _ when results.GetValueOrDefault(bundle.CorrectionId) is { Written: false } no =>
                        Refusal(no) with { Reason = $"written in part; the rest was refused{words}" },
                    _ => new Outcome(bundle.CorrectionId, OutcomeKind.NotWritten, null, "written in part"),
                };
            }),
        ];
    }

    private Task<Standing> ReadAsync(IReadOnlyList<Intent> intents) =>
        org.ReadAsync(settings, [.. intents.SelectMany(i => i.Bundle.Writes)], CancellationToken.None);

    private static Outcome Refusal(BundleResult no) =>
        new(no.CorrectionId, no.MayPass ? OutcomeKind.NotWritten : OutcomeKind.Refused, no.ErrorCode,
            no.Message ?? "the org refused it and did not say why");
}
