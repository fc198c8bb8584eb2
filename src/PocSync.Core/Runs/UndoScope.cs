using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>What is to be undone, found in all that was ever written on the accounts concerned.</summary>
public sealed class UndoScope
{
    private const string Team = "AccountTeamMember";
    private static readonly IReadOnlyDictionary<string, string?> Nothing = new Dictionary<string, string?>();

    /// <summary>What people write into a record that PocSync made and left blank: with it, the record is theirs.</summary>
    private static readonly Dictionary<string, string[]> OfPeople = new()
    {
        ["POC_Assignment__c"] = ["Ends_On__c", "Scope__c", "User__c", "Department__c"],
        ["POC_Handoff__c"] = ["Notes__c"],
    };

    private readonly IReadOnlyList<Writing> _later;
    private readonly IReadOnlySet<RecordId> _undone;

    private UndoScope(IReadOnlyList<Writing> targets, IReadOnlyList<Writing> later, IReadOnlySet<RecordId> undone) =>
        (Targets, _later, _undone) = (targets, later, undone);

    /// <summary>What is to be undone, the newest first. Where it was undone and done again, that which did it again.</summary>
    public IReadOnlyList<Writing> Targets { get; }

    /// <summary>Finds what a target means in the history of its accounts.</summary>
    public static UndoScope Of(IReadOnlyList<Writing> history)
    {
        var undoneBy = history.Where(w => w.Intent.Undoes is not null).GroupBy(w => w.Intent.Undoes!.Value).ToDictionary(g => g.Key, g => g.Last());
        Writing? InForce(Writing writing) => !undoneBy.TryGetValue(writing.Number, out var undo) ? writing
            : undoneBy.TryGetValue(undo.Number, out var again) ? InForce(again) : null;

        var ids = MadeAgain(history);
        var targets = history.Where(w => w.IsTarget).Select(InForce).OfType<Writing>().DistinctBy(w => w.Number).OrderByDescending(w => w.Number).ToList();
        var numbers = targets.Select(t => t.Number).ToHashSet();
        var later = history.Where(w => w.Intent.Undoes is null).Select(InForce).OfType<Writing>().Where(w => !numbers.Contains(w.Number));
        bool IsUndone(Writing writing) => undoneBy.TryGetValue(writing.Number, out var undo) && !numbers.Contains(undo.Number) && !IsUndone(undo);
        return new UndoScope(
            [.. targets.Select(t => Follow(t, ids))], [.. later.Select(l => Follow(l, ids)).OrderBy(l => l.Number)],
            history.Where(IsUndone).SelectMany(w => Follow(w, ids).Created).Where(id => !id.IsNone).ToHashSet());
    }

    /// <summary>What to read of the org before planning.</summary>
    public IReadOnlyList<RecordWrite> Reads =>
    [
        .. Targets.SelectMany(t => t.Writes).SelectMany(w => w switch
        {
            ({ Action: WriteAction.Insert, Object: not Team } made, var id) => [made with { Id = id, After = WithOfPeople(made) }],
            ({ Action: WriteAction.Delete, Object: not Team } gone, _) =>
                [gone, new RecordWrite(gone.Object, default, KeyOf(gone).On(default), WriteAction.Insert, Nothing, gone.Before)],
            _ => (RecordWrite[])[w.Write],
        }),
    ];

    /// <summary>The users who are spoken of: those who come back, and those who are there now.</summary>
    public IReadOnlyCollection<RecordId> UsersOf(Standing standing) =>
    [
        .. Targets.SelectMany(t => t.Intent.Bundle.Writes).SelectMany(w => w.Before.Values.Concat(w.After.Values))
            .Concat(standing.Records.Values.Concat(standing.Keys.Values.Select(k => k.Fields)).SelectMany(r => r.Values))
            .Select(t => RecordId.TryParse(t, out var id) ? id : default)
            .Concat(Targets.SelectMany(t => t.Intent.TeamBefore).Select(t => t.UserId))
            .Where(id => id.IsUser).Distinct().Order(),
    ];

    /// <summary>What wrote a record again after a writing, and was not undone itself.</summary>
    internal Writing? WroteAgain(Writing writing, (RecordWrite Write, RecordId Created) made) =>
        _later.FirstOrDefault(l => l.Number > writing.Number && l.Writes.Any(w => IsSame(w, made)));

    /// <summary>Whether an older writing can go back only after a newer one.</summary>
    internal static bool Meet(Writing newer, Writing older) => newer.Account == older.Account
        && (newer.Correction.BuildsOn.Contains(older.Correction.Id)
            || newer.Writes.Any(n => older.Writes.Any(o => IsSame(n, o) || (OfTeam(n.Write) && OfTeam(o.Write)))));

    /// <summary>Whether a record was made by something that is undone: gone since, it is not to come back.</summary>
    internal bool IsOfUndone(RecordId made) => _undone.Contains(made);

    /// <summary>What an insert wrote, with the fields that it left to people.</summary>
    internal static IReadOnlyDictionary<string, string?> WithOfPeople(RecordWrite write)
    {
        var fields = new Dictionary<string, string?>(write.After);
        foreach (var field in OfPeople.GetValueOrDefault(write.Object, []))
        {
            fields.TryAdd(field, null);
        }

        return fields;
    }

    /// <summary>The key of a record that is made again: the one that it would have by what it says.</summary>
    internal static ExternalKey KeyOf(RecordWrite gone) => gone.Object == "POC_Assignment__c"
        && RecordId.TryParse(gone.Before.GetValueOrDefault("Account__c"), out var account)
        && Enum.TryParse<PocRole>(gone.Before.GetValueOrDefault("Role__c")?.Trim(), true, out var role)
        && RecordId.TryParse(gone.Before.GetValueOrDefault("User__c") ?? gone.Before.GetValueOrDefault("Department__c"), out var who)
            ? ExternalKey.OfRow(account, role, new Assignee(who, !who.IsUser), PlannedValue.Of(gone.Before.GetValueOrDefault("Starts_On__c")))
            : OwnKeyOf(gone);

    /// <summary>A key that no other record has.</summary>
    internal static ExternalKey OwnKeyOf(RecordWrite gone) => new($"again|{gone.Id}", PlannedValue.None);

    /// <summary>The record that a write is about.</summary>
    internal static RecordId IdOf((RecordWrite Write, RecordId Created) made) => made.Write.Id.IsNone ? made.Created : made.Write.Id;

    private static bool OfTeam(RecordWrite write) => write.Object == Team || write.After.ContainsKey("OwnerId");

    private static bool IsSame((RecordWrite Write, RecordId Created) one, (RecordWrite Write, RecordId Created) other) =>
        one.Write.Object == other.Write.Object
        && ((IdOf(one) is { IsNone: false } id && id == IdOf(other)) || (one.Write.Key is { } key && key == other.Write.Key));

    /// <summary>Records that an undo made again, under the ids that they have now.</summary>
    private static Dictionary<RecordId, RecordId> MadeAgain(IReadOnlyList<Writing> history)
    {
        var byNumber = history.ToDictionary(w => w.Number);
        var ids = new Dictionary<RecordId, RecordId>();
        foreach (var undo in history.Where(w => w.Intent.Undoes is not null))
        {
            var gone = byNumber.GetValueOrDefault(undo.Intent.Undoes!.Value)?.Intent.Bundle.Writes.Where(w => w.Action == WriteAction.Delete).ToList() ?? [];
            foreach (var (write, created) in undo.Writes.Where(w => w.Write.Action == WriteAction.Insert && !w.Created.IsNone))
            {
                if (gone.FirstOrDefault(g => g.Object == write.Object && Places.Differs(write.After, g.Before) is null) is { } was)
                {
                    ids[was.Id] = created;
                    gone.Remove(was);
                }
            }
        }

        return ids;
    }

    private static Writing Follow(Writing writing, Dictionary<RecordId, RecordId> ids)
    {
        if (ids.Count == 0)
        {
            return writing;
        }

        RecordId Now(RecordId id)
        {
            while (ids.TryGetValue(id, out var next))
            {
                id = next;
            }

            return id;
        }

        var bundle = writing.Intent.Bundle;
        return writing with
        {
            Intent = writing.Intent with { Bundle = bundle with { Writes = [.. bundle.Writes.Select(w => w with { Id = Now(w.Id) })] } },
            Created = [.. writing.Created.Select(Now)],
        };
    }
}
