using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>Turns a correction into what is written on a day.</summary>
internal static class Bundling
{
    /// <summary>The writes of a correction, with the day in place of today and yesterday.</summary>
    public static IReadOnlyList<RecordWrite> WritesOf(Correction correction, DateOnly today) =>
    [
        .. correction.Writes.Select(w => new RecordWrite(
            w.Object,
            w.Id,
            w.Key?.On(today),
            w.Action,
            w.Action == WriteAction.Insert ? new Dictionary<string, string?>() : w.Fields.ToDictionary(f => f.Field, f => f.Before),
            w.Action == WriteAction.Delete ? new Dictionary<string, string?>() : w.Fields.ToDictionary(f => f.Field, f => f.After.On(today)))),
    ];

    /// <summary>
    /// What will be written, with the team that an owner change makes the org drop: all its members but the new owner, those who leave by the correction itself, and those
    /// whom the org would not take back.
    /// </summary>
    public static Intent IntentOf(Correction correction, IReadOnlyList<RecordWrite> writes, Standing standing)
    {
        var starting = Proposal.StartingPoint(correction);
        if (writes.FirstOrDefault(w => w.Object == "Account" && w.After.ContainsKey("OwnerId")) is not { } owner)
        {
            return new Intent(starting, new Bundle(correction.Id, correction.Account, writes, []), []);
        }

        RecordId.TryParse(owner.After["OwnerId"], out var newOwner);
        var leaving = writes.Where(w => w.Action == WriteAction.Delete && w.Object == "AccountTeamMember").Select(w => w.Id).ToHashSet();
        var team = standing.Teams.GetValueOrDefault(correction.Account, []).Where(t => t.UserId != newOwner && !leaving.Contains(t.Id)).ToList();
        return new Intent(starting, new Bundle(correction.Id, correction.Account, writes, [.. team.Where(t => t.IsUserActive)]), [.. team.Where(t => !t.IsUserActive)]);
    }
}
