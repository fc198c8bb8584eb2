using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>A plan without what is left alone.</summary>
/// <param name="Plan">What is left.</param>
/// <param name="LeftAlone">What is not proposed again.</param>
public sealed record Proposal(Plan Plan, IReadOnlyList<LeftAlone> LeftAlone)
{
    /// <summary>
    /// Leaves out what the org refused, or a person undid, rejected or (until its day) put off, as long as it would start from the same; and what writes a field
    /// that somebody changed back. What builds on something refused is left out with it; what builds on anything else that is left out waits with it.
    /// </summary>
    public static Proposal Of(Plan plan, Memory memory)
    {
        var alone = new List<LeftAlone>();
        var kept = new List<Correction>();
        var refused = new HashSet<string>();
        var waits = new Dictionary<string, string>();
        var named = plan.Corrections.ToDictionary(c => c.Id, c => c.Named());
        foreach (var correction in plan.Corrections)
        {
            if (WhyAlone(correction, memory, plan.Today) is { } why)
            {
                alone.Add(new LeftAlone(correction, why.Kind, why.Words));
                if (why.Kind == LeftAloneKind.Refused)
                {
                    refused.Add(correction.Id);
                }
                else
                {
                    waits[correction.Id] = why.Kind switch
                    {
                        LeftAloneKind.Baseline => "is in the baseline",
                        LeftAloneKind.FalsePositive => "answers a false positive",
                        _ => $"was {why.Kind.ToString().ToLowerInvariant()}",
                    };
                }
            }
            else if (correction.BuildsOn.FirstOrDefault(refused.Contains) is { } ground)
            {
                alone.Add(new LeftAlone(correction, LeftAloneKind.Refused, $"builds on {named[ground]}, which the org refused"));
                refused.Add(correction.Id);
            }
            else if (correction.BuildsOn.Where(waits.ContainsKey).ToList() is { Count: > 0 } grounds)
            {
                kept.Add(correction with
                {
                    State = correction.State == CorrectionState.Ready ? CorrectionState.Waits : correction.State,
                    Reasons = [.. correction.Reasons, .. grounds.Select(id => $"builds on {named[id]}, which {waits[id]}")],
                });
                waits[correction.Id] = "waits too";
            }
            else if (memory.OwnersWait is { } reason && correction.State == CorrectionState.Ready && StandBack.WritesOwner(correction))
            {
                kept.Add(correction with { State = CorrectionState.Waits, Reasons = [.. correction.Reasons, reason] });
                waits[correction.Id] = "waits for a person";
            }
            else
            {
                kept.Add(correction);
            }
        }

        return new Proposal(
            alone.Count == 0 && waits.Count == 0 ? plan : plan.With(kept), alone);
    }

    private static (LeftAloneKind Kind, string Words)? WhyAlone(Correction correction, Memory memory, DateOnly today)
    {
        if (correction.Rule == RuleBook.HandoffDocumented.Info.Id && correction.Code != Announcement.CalledOff && memory.OwnersPutBack.TryGetValue(correction.Account, out var back)
            && correction.Writes.SelectMany(w => w.Fields).All(f => !RecordId.TryParse(f.After.Text, out var id) || !id.IsUser || back.Owners.Contains(id)))
        {
            return (LeftAloneKind.Undone, back.Words);
        }

        var starting = StartingPoint(correction);
        if (memory.Reverts.FirstOrDefault(r => r.Account == correction.Account && (r.Starting == starting || correction.Writes.Any(w => Writes(w, r)))) is { } revert)
        {
            return (LeftAloneKind.Reverted, $"{revert.Words}; an approval, or clearing the account {revert.Account}, lets PocSync write it again");
        }

        return memory.Rejected.TryGetValue(starting, out var no) ? (LeftAloneKind.Rejected, no)
            : memory.Deferred.TryGetValue(starting, out var later) && today < later.Until ? (LeftAloneKind.Deferred, later.Why)
            : memory.Undone.TryGetValue((correction.Rule, correction.Code, correction.Account), out var undone) ? (LeftAloneKind.Undone, undone)
            : memory.Refused.TryGetValue(starting, out var words) ? (LeftAloneKind.Refused, words)
            : memory.Baseline.TryGetValue((correction.Rule, correction.Code, correction.Account), out var accepted) ? (LeftAloneKind.Baseline, accepted)
            : memory.Silent.TryGetValue((correction.Rule, correction.Code, correction.Account), out var mark) ? (mark.Kind, mark.Words)
            : null;
    }

    private static bool Writes(Write write, Revert revert) => write.Object == revert.Object
        && (write.Id.ToString() == revert.Record || write.Key?.ToString() == revert.Record)
        && (revert.Field.Length == 0 || write.Fields.Any(f => f.Field == revert.Field));

    /// <summary>
    /// What a correction starts from: its finding, and what the account and the first record that it changes said (where it only makes rows, what
    /// they say but for who was picked). Whatever else it changes depends on who is picked, and a no is not to be forgotten because somebody else would
    /// be.
    /// </summary>
    public static string StartingPoint(Correction correction)
    {
        var writes = correction.Writes.Where(w => w.Action != WriteAction.Insert).ToList();
        IReadOnlyList<Write> changes = [.. writes.Take(1), .. writes.Skip(1).Where(w => w.Object == "Account")];
        var text = new StringBuilder().Append(correction.Rule).Append('\u001f').Append(correction.Code).Append('\u001f').Append(correction.Account);
        if (correction.Undoes is { } writing)
        {
            text.Append(CultureInfo.InvariantCulture, $"\u001fundoes {writing}");
        }

        if (correction.NotBefore is { } day)
        {
            // A no to one day is none to another.
            text.Append(CultureInfo.InvariantCulture, $"\u001fnot before {day:yyyy-MM-dd}");
        }

        foreach (var write in changes)
        {
            // A record that goes is known by what it says: made again by an undo, it has another id.
            text.Append('\u001e').Append(write.Object).Append('\u001f').Append(write.Action == WriteAction.Delete ? default : write.Id);
            foreach (var field in write.Fields)
            {
                text.Append('\u001f').Append(field.Field).Append('=').Append(field.Before);
            }
        }

        if (changes.Count == 0)
        {
            // Nothing but new rows: what tells one finding of the account from another is all that they say, but for the person who is picked.
            foreach (var field in correction.Writes.SelectMany(w => w.Fields)
                .Where(f => correction.Picks.Count == 0 || f.Field is not ("User__c" or "Department__c" or "UserId" or "OwnerId")))
            {
                text.Append('\u001e').Append(field.Field).Append('=').Append(field.After);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
