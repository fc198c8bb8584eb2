using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>
/// Plans how to put back what was written: the newest first, each record only where it still is as it was written. Looks at what the org says now,
/// and follows in memory what each step back makes of it, so that an older correction is compared with what it will find.
/// </summary>
internal sealed class Undo
{
    private const string Team = "AccountTeamMember", Row = "POC_Assignment__c", Owner = "OwnerId";

    private readonly UndoScope _scope;
    private readonly IReadOnlyDictionary<RecordId, OrgUser> _users;
    private readonly Standing _standing;
    private readonly Dictionary<(string Object, RecordId Id), Dictionary<string, string?>> _records;
    private readonly Dictionary<(string Object, string Key), (RecordId Id, IReadOnlyDictionary<string, string?> Fields)> _keys;
    private readonly Dictionary<RecordId, List<TeamRow>> _teams;

    /// <summary>Records that the undo makes again, whose ids are not known yet.</summary>
    private readonly Dictionary<(string Object, RecordId Id), Again> _again = [];
    private readonly List<Stays> _stays = [];

    /// <param name="Write">The write that makes it again.</param>
    /// <param name="Fields">What it will say: the write's own list.</param>
    /// <param name="Among">The writes that it is one of.</param>
    private sealed record Again(Write Write, List<FieldWrite> Fields, List<Write> Among);

    private Undo(UndoScope scope, Standing standing, IReadOnlyDictionary<RecordId, OrgUser> users)
    {
        (_scope, _users) = (scope, users);
        _standing = standing with { NameOf = id => users.GetValueOrDefault(id)?.Name };
        _records = standing.Records.ToDictionary(r => r.Key, r => new Dictionary<string, string?>(r.Value));
        _keys = new(standing.Keys);
        _teams = standing.Teams.ToDictionary(t => t.Key, t => t.Value.ToList());
    }

    /// <summary>How to put back what is to be undone.</summary>
    /// <param name="scope">What is to be undone.</param>
    /// <param name="standing">What the org says of <see cref="UndoScope.Reads"/>.</param>
    /// <param name="users">The <see cref="UndoScope.UsersOf"/>; who is missing is not there any more.</param>
    /// <param name="asOf">Now.</param>
    /// <param name="org">The org.</param>
    public static UndoPlan Plan(
        UndoScope scope, Standing standing, IReadOnlyDictionary<RecordId, OrgUser> users, AsOf asOf, RecordId org)
    {
        var undo = new Undo(scope, standing, users);
        var steps = scope.Targets.Select(w => (Writing: w, Writes: undo.Back(w))).ToList().Where(s => s.Writes.Count > 0);
        var back = new List<(Writing Writing, Correction Correction)>();
        foreach (var (writing, writes) in steps)
        {
            var correction = writing.Correction;
            back.Add((writing, new Correction
            {
                Rule = correction.Rule,
                Code = correction.Code,
                Account = correction.Account,
                AccountName = correction.AccountName,
                Mode = correction.Mode,
                State = CorrectionState.Ready,
                Reasons = [],
                Sentence = $"Takes back what run {writing.Run} did: {correction.Sentence}",
                Trace = [],
                BuildsOn = [.. back.Where(b => UndoScope.Meet(b.Writing, writing)).Select(b => b.Correction.Id)],
                People = correction.People,
                Writes = writes,
                Undoes = writing.Number,
            }));
        }

        var binding = scope.Targets.FirstOrDefault()?.Binding ?? Binding.Package;
        return new UndoPlan(new Plan(asOf.Now, asOf.Today, binding, org, [.. back.Select(b => b.Correction)], []), undo._stays);
    }

    /// <summary>The steps back of one correction; what stays is noted.</summary>
    private List<Write> Back(Writing writing)
    {
        var writes = new List<Write>();
        if (writing.Binding != Binding.Package && writing.Writes.Select(w => w.Write).FirstOrDefault(IsKeptOwner) is { } owner)
        {
            // The owner is the primary: the rest goes with the change, and without it would only be done again.
            StayOwner(writing, owner);
            return writes;
        }

        // What somebody made of a row that took another's place keeps the place: with the other back there would be two.
        var taken = writing.Writes.Where(w => w.Write is { Action: WriteAction.Insert, Object: Row } && Find(w) is { } row && IsChanged(w.Write, row.Fields))
            .Select(w => (RecordId?)Find(w)!.Value.Id).FirstOrDefault();
        foreach (var made in writing.Writes.Reverse())
        {
            var write = made.Write;
            switch (write)
            {
                case { Object: Team }:
                    BackOnTeam(writing, write, writes);
                    break;
                case { Action: WriteAction.Insert }:
                    BackFromNew(writing, made, writes);
                    break;
                case { Object: Row } when taken is { } place && !IsBack(write):
                    Stay(writing, $"{_standing.Words(Row, write.Id)} stays as it is, since the row {place} that took its place was changed by somebody and stays");
                    break;
                case { Action: WriteAction.Delete }:
                    BackFromGone(write, writes);
                    break;
                default:
                    BackFromUpdate(writing, write, writes);
                    break;
            }
        }

        return writes;
    }

    /// <summary>An account's owner who is still as it was written and stays so.</summary>
    private bool IsKeptOwner(RecordWrite write) => write.Object == "Account" && IsInactiveOwner(write)
        && _records.TryGetValue((write.Object, write.Id), out var now) && Places.Differs(write.After, now) is null;

    private bool IsInactiveOwner(RecordWrite write) => write.After.ContainsKey(Owner) && !IsActive(write.Before.GetValueOrDefault(Owner));

    private void StayOwner(Writing writing, RecordWrite write)
    {
        var what = write.Object == "Account" ? "the owner" : $"the owner of the {write.Object} {write.Id}";
        Stay(writing, $"{what} stays {Shown(write.After[Owner])}: {Shown(write.Before.GetValueOrDefault(Owner))}, who was the owner before, is not active, and the org gives nothing to such a user");
        if (write.Object != "Account")
        {
            return;
        }

        var team = TeamOf(writing.Account).Select(t => t.UserId).ToHashSet();
        foreach (var row in writing.Intent.TeamBefore.Where(t => !team.Contains(t.UserId)
            && (t.UserId.ToString() == write.After[Owner] || writing.Intent.Lost.Any(l => l.UserId == t.UserId))))
        {
            Stay(writing, $"{Shown(row.UserId.ToString())}, {row.Role ?? "without a role"}, left the account team with the change of owner and does not come back, since the owner stays");
        }
    }

    private bool IsBack(RecordWrite write) => write.Action == WriteAction.Delete ? _records.ContainsKey((write.Object, write.Id))
        : _records.TryGetValue((write.Object, write.Id), out var now) && Places.Differs(write.Before, now) is null;

    private void BackFromNew(Writing writing, (RecordWrite Write, RecordId Created) made, List<Write> writes)
    {
        var write = made.Write;
        var wrote = UndoScope.WithOfPeople(write);
        if ((_again.GetValueOrDefault((write.Object, made.Created))
            ?? _again.Values.FirstOrDefault(a => a.Write.Object == write.Object && write.Key is not null && a.Write.Key!.On(default) == write.Key)) is { } again)
        {
            // Made, gone, and now both undone: it need not come first to go then.
            var says = again.Fields.ToDictionary(f => f.Field, f => f.After.Text);
            if (Places.Differs(wrote, says) is { } moved)
            {
                StayMoved(writing, made, moved, wrote[moved], says.GetValueOrDefault(moved));
            }
            else
            {
                again.Among.RemoveAll(w => ReferenceEquals(w, again.Write));
            }

            return;
        }

        if (Find(made) is not { } row)
        {
            return;
        }

        if (IsChanged(write, row.Fields))
        {
            var field = Places.Differs(Known(wrote, row.Fields), row.Fields)!;
            StayMoved(writing, made with { Created = row.Id }, field, wrote.GetValueOrDefault(field), row.Fields.GetValueOrDefault(field));
            return;
        }

        writes.Add(new Write(write.Object, row.Id, null, WriteAction.Delete,
            [.. Known(wrote, row.Fields).Select(f => new FieldWrite(f.Key, f.Value, PlannedValue.None))]));
        _records.Remove((write.Object, row.Id));
        if (write.Key is not null)
        {
            _keys.Remove((write.Object, write.Key));
        }
    }

    private void BackFromGone(RecordWrite write, List<Write> writes)
    {
        if (_records.ContainsKey((write.Object, write.Id)) || _scope.IsOfUndone(write.Id))
        {
            return;
        }

        // Another row may have the key that this one would have.
        var key = UndoScope.KeyOf(write);
        if (_keys.ContainsKey((write.Object, key.On(default))))
        {
            key = UndoScope.OwnKeyOf(write);
        }

        var fields = write.Before.Where(f => f.Value is not null).Select(f => new FieldWrite(f.Key, null, PlannedValue.Of(f.Value))).ToList();
        var insert = new Write(write.Object, default, key, WriteAction.Insert, fields);
        _again[(write.Object, write.Id)] = new Again(insert, fields, writes);
        _keys[(write.Object, key.On(default))] = (default, write.Before);
        writes.Add(insert);
    }

    private void BackFromUpdate(Writing writing, RecordWrite write, List<Write> writes)
    {
        if (_again.TryGetValue((write.Object, write.Id), out var again))
        {
            again.Fields.RemoveAll(f => write.Before.ContainsKey(f.Field));
            again.Fields.AddRange(write.Before.Where(f => f.Value is not null).Select(f => new FieldWrite(f.Key, null, PlannedValue.Of(f.Value))));
        }
        else if (!_records.TryGetValue((write.Object, write.Id), out var now))
        {
            Stay(writing, $"{_standing.Words(write.Object, write.Id)}, which run {writing.Run} changed, is no longer there");
        }
        else if (Places.Differs(write.After, now) is { } field)
        {
            if (Places.Differs(write.Before, now) is not null)
            {
                StayMoved(writing, (write, default), field, write.After[field], now.GetValueOrDefault(field));
            }
        }
        else if (IsInactiveOwner(write))
        {
            StayOwner(writing, write);
        }
        else
        {
            writes.Add(new Write(write.Object, write.Id, null, WriteAction.Update,
                [.. write.After.Select(f => new FieldWrite(f.Key, f.Value, PlannedValue.Of(write.Before.GetValueOrDefault(f.Key))))])
            {
                User = writing.Correction.Writes.FirstOrDefault(w => w.Id == write.Id)?.User ?? default,
            });
            foreach (var (name, value) in write.Before)
            {
                now[name] = value;
            }

            if (write.Object == "Account" && write.After.ContainsKey(Owner))
            {
                BackOfOwner(writing, write, writes);
            }
        }
    }

    /// <summary>
    /// An owner change puts the team back as it is now. What it does not know of: the place that the one had who became the owner, and the members whom
    /// the change dropped for good.
    /// </summary>
    private void BackOfOwner(Writing writing, RecordWrite write, List<Write> writes)
    {
        var team = TeamOf(writing.Account).Select(t => t.UserId).ToHashSet();
        foreach (var row in writing.Intent.TeamBefore.Where(t => !team.Contains(t.UserId)
            && (t.UserId.ToString() == write.After[Owner] || writing.Intent.Lost.Any(l => l.UserId == t.UserId))))
        {
            Join(writing, row, writes);
        }
    }

    private void BackOnTeam(Writing writing, RecordWrite write, List<Write> writes)
    {
        var before = writing.Intent.TeamBefore.FirstOrDefault(t => write.Id.IsNone
            ? t.UserId.ToString() == write.After.GetValueOrDefault("UserId") : t.Id == write.Id);
        var user = write.Before.GetValueOrDefault("UserId") ?? write.After.GetValueOrDefault("UserId") ?? before?.UserId.ToString();
        var now = TeamOf(writing.Account).FirstOrDefault(t => t.UserId.ToString() == user);
        var wrote = write.After.GetValueOrDefault("TeamMemberRole");
        if (write.Action == WriteAction.Delete)
        {
            if (now is null)
            {
                Join(writing, before ?? new TeamRow(write.Id, RecordId.Parse(user!), Shown(user), null, null, null, null, null, true), writes);
            }
            else if (!IsRole(now.Role, before?.Role))
            {
                Stay(writing, $"{Shown(user)} is on the account team again, as {now.Role ?? "a member without a role"}, and stays so");
            }
        }
        else if (now is null || !IsRole(now.Role, wrote))
        {
            if (before is null ? now is not null : !IsRole(now?.Role, before.Role) || now is null)
            {
                Stay(writing, $"{Shown(user)} is {(now is null ? "no longer on the account team" : $"{now.Role ?? "without a role"} on the account team")}, not {wrote} as run {writing.Run} wrote: the team stays so");
            }
        }
        else if (before is not null)
        {
            Join(writing, before, writes);
        }
        else
        {
            writes.Add(new Write(Team, now.Id, null, WriteAction.Delete,
            [
                new("AccountId", writing.Account.ToString(), PlannedValue.None), new("UserId", user, PlannedValue.None),
                new("TeamMemberRole", now.Role, PlannedValue.None),
            ]));
            _teams[writing.Account].Remove(now);
        }
    }

    /// <summary>A member gets the place on the team that it had.</summary>
    private void Join(Writing writing, TeamRow row, List<Write> writes)
    {
        if (!IsActive(row.UserId.ToString()))
        {
            Stay(writing, $"{Shown(row.UserId.ToString())}, {row.Role ?? "without a role"}, does not come back on the account team: the org takes no inactive member");
            return;
        }

        var levels = new[]
        {
            ("AccountAccessLevel", row.AccountAccess), ("OpportunityAccessLevel", row.OpportunityAccess), ("CaseAccessLevel", row.CaseAccess),
            ("ContactAccessLevel", row.ContactAccess),
        };
        writes.Add(new Write(Team, default, null, WriteAction.Insert,
        [
            new("AccountId", null, PlannedValue.Of(writing.Account)), new("UserId", null, PlannedValue.Of(row.UserId)),
            new("TeamMemberRole", null, PlannedValue.Of(row.Role)),
            .. levels.Where(l => l.Item2 is not null).Select(l => new FieldWrite(l.Item1, null, PlannedValue.Of(l.Item2))),
        ]));
        var team = TeamOf(writing.Account);
        team.RemoveAll(t => t.UserId == row.UserId);
        team.Add(row);
    }

    private List<TeamRow> TeamOf(RecordId account) => _teams.TryGetValue(account, out var team) ? team : _teams[account] = [];

    /// <summary>The record that a write made, by its id or its key; null where it is gone.</summary>
    private (RecordId Id, IReadOnlyDictionary<string, string?> Fields)? Find((RecordWrite Write, RecordId Created) made) =>
        !made.Created.IsNone ? _records.TryGetValue((made.Write.Object, made.Created), out var now) ? (made.Created, now) : null
        : made.Write.Key is { } key && _keys.TryGetValue((made.Write.Object, key), out var keyed) ? keyed : null;

    private static bool IsChanged(RecordWrite write, IReadOnlyDictionary<string, string?> now) =>
        Places.Differs(Known(UndoScope.WithOfPeople(write), now), now) is not null;

    /// <summary>Only what the org has: a field that is not there says nothing.</summary>
    private static Dictionary<string, string?> Known(IReadOnlyDictionary<string, string?> fields, IReadOnlyDictionary<string, string?> now) =>
        fields.Where(f => now.ContainsKey(f.Key)).ToDictionary();

    private bool IsActive(string? user) => RecordId.TryParse(user, out var id) && _users.TryGetValue(id, out var found) && found.IsActive;

    private static bool IsRole(string? one, string? other) => string.Equals(one?.Trim() ?? "", other?.Trim() ?? "", StringComparison.OrdinalIgnoreCase);

    private void StayMoved(Writing writing, (RecordWrite Write, RecordId Created) made, string field, string? wrote, string? now)
    {
        var what = $"{_standing.Names.Field(made.Write.Object, field)} of {_standing.Words(made.Write.Object, UndoScope.IdOf(made))}";
        Stay(writing, _scope.WroteAgain(writing, made) is { } again
            ? $"{what} was written again by run {again.Run}: undo that first"
            : $"{what} is {Shown(now)} now, not {Shown(wrote)} as run {writing.Run} wrote it, and stays so");
    }

    private void Stay(Writing writing, string sentence) => _stays.Add(new Stays(writing.Account, writing.Correction.AccountName, sentence));

    private string Shown(string? value) => _standing.Words(value);
}
