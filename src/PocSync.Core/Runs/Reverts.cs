using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>Something that PocSync wrote and somebody else changed back.</summary>
/// <param name="Writing">The writing in the ledger.</param>
/// <param name="Run">The run that wrote it.</param>
/// <param name="Starting">What its correction started from; see <see cref="Proposal.StartingPoint"/>.</param>
/// <param name="Account">The account.</param>
/// <param name="Object">The object.</param>
/// <param name="Record">The record: its id; its key where the id is not known; account and user for a place on an account team.</param>
/// <param name="Field">The field; empty where the record itself was made or deleted.</param>
/// <param name="Before">What it said before PocSync wrote, and says again.</param>
/// <param name="After">What PocSync wrote.</param>
/// <param name="Words">What was changed back, in words.</param>
public sealed record Revert(
    long Writing, long Run, string Starting, RecordId Account, string Object, string Record, string Field, string? Before, string? After, string Words);

/// <summary>
/// Finds what somebody changed back: of each field the newest writing alone counts, an undo included, so that what PocSync itself put back is none.
/// </summary>
internal sealed class Reverts
{
    private const string Team = "AccountTeamMember";
    internal static readonly NotJudgedHere Rule = (NotJudgedHere)RuleBook.Find("no-revert-war")!;

    private readonly List<One> _newest;

    private Reverts(List<One> newest) => _newest = newest;

    /// <param name="Record">See <see cref="Revert.Record"/>.</param>
    private sealed record One(Writing Writing, RecordWrite Write, RecordId Created, string Record, string Field)
    {
        public Revert As(string? before, string? after, Standing standing) => new(
            Writing.Number, Writing.Run, Writing.Intent.Starting, Writing.Account, Write.Object, Record, Field, before, after,
            Write.Object == Team ? OfMember(before, after, standing) : Field.Length > 0
                ? $"{standing.Names.Field(Write.Object, Field)} of {standing.Words(Write.Object, Write.Id)} was changed back from {standing.Words(after)} to {standing.Words(before)} after run {Writing.Run} had written it"
                : $"{standing.Words(Write.Object, Created.IsNone ? Write.Id.IsNone ? null : Write.Id : Created).TrimEnd()}{Says(standing)}, which run {Writing.Run} {(after is null ? "took away, is there again" : "made, is gone again")}");

        private string OfMember(string? before, string? after, Standing standing)
        {
            var user = standing.Words(UserOf(Writing, Write));
            return after is null ? $"{user} is on the account team again, where run {Writing.Run} had ended it"
                : before is null ? $"{user} is no longer on the account team, where run {Writing.Run} had put them"
                : $"{user} is {before} on the account team again, not {after} as run {Writing.Run} wrote";
        }

        private string Says(Standing standing)
        {
            var fields = Write.Action == WriteAction.Delete ? Write.Before : Write.After;
            var said = new[] { "Role__c", "User__c", "From_User__c", "To_User__c" }.Select(fields.GetValueOrDefault).OfType<string>()
                .Select(v => RecordId.TryParse(v, out _) ? standing.Words(v) : v).ToList();
            return said.Count == 0 ? "" : $" ({string.Join(", ", said)})";
        }
    }

    /// <summary>Whether the rule is on, and the earliest instant of writing that it looks at.</summary>
    public static DateTimeOffset? Since(Settings settings, DateTimeOffset now) =>
        settings.Of(Rule.Info) is { Enabled: true } own ? now.AddDays(-Math.Min(own.Number("windowDays"), 36_500)) : null;

    /// <summary>What to look at.</summary>
    /// <param name="history">All that was written on some accounts, in order; the recent part is marked.</param>
    /// <param name="known">What was found before.</param>
    public static Reverts Of(IReadOnlyList<Writing> history, IEnumerable<Revert> known)
    {
        var newest = new Dictionary<(string, string, string), One>();
        // What people themselves said they may take back.
        foreach (var writing in history.Where(w => w.Correction.Code != HandoffAnswer.Code))
        {
            foreach (var (write, created) in writing.Writes.Where(w => w.Write.Object != "Task"))
            {
                var record = RecordOf(writing, write, created);
                foreach (var field in write is { Action: WriteAction.Update, Object: not Team } ? write.After.Keys : [""])
                {
                    newest[(write.Object, record, field)] = new One(writing, write, created, record, field);
                }
            }
        }

        var seen = known.Select(k => (k.Writing, k.Object, k.Record, k.Field)).ToHashSet();
        return new Reverts([.. newest.Values
            .Where(n => n.Writing.IsTarget && !seen.Contains((n.Writing.Number, n.Write.Object, n.Record, n.Field)))
            .OrderBy(n => n.Writing.Number)]);
    }

    /// <summary>What to read of the org.</summary>
    public IReadOnlyList<RecordWrite> Reads => [.. _newest.Select(n => n.Created.IsNone ? n.Write : n.Write with { Id = n.Created })];

    /// <summary>What stands where it stood before it was written.</summary>
    public IReadOnlyList<Revert> Found(Standing standing) => [.. _newest.Select(n => Judge(n, standing)).OfType<Revert>()];

    /// <summary>One finding an account.</summary>
    public static IEnumerable<Finding> FindingsOf(IReadOnlyList<Revert> open, Snapshot snapshot, Settings settings)
    {
        var own = settings.Of(Rule.Info);
        if (open.Count == 0 || !own.Enabled
            || (own.Scope is { } scope && RecordConditions.MissingField(scope, "Account", snapshot.Presence) is not null))
        {
            return [];
        }

        var byAccount = open.ToLookup(r => r.Account);
        var scene = new Scene(Rule.Info, new Draft(snapshot), settings, new Ability(snapshot, settings));
        return scene.Accounts.Where(a => byAccount.Contains(a.Id)).Select(a => new Finding(
            Rule.Info.Id, "reverted", a.Id, a.Id, own.Severity,
            string.Join("; ", byAccount[a.Id].Select(r => r.Words)), "nobody changes back what PocSync corrected",
            $"On {a.Name} ({a.Id}), {string.Join("; ", byAccount[a.Id].Select(r => r.Words))}: PocSync leaves it alone until somebody clears it."));
    }

    private static string RecordOf(Writing writing, RecordWrite write, RecordId created)
    {
        if (write.Object != Team)
        {
            return !write.Id.IsNone ? write.Id.ToString() : created.IsNone ? write.Key ?? "" : created.ToString();
        }

        return $"{writing.Account}|{UserOf(writing, write)}";
    }

    private static string? UserOf(Writing writing, RecordWrite write) => write.After.GetValueOrDefault("UserId") ?? write.Before.GetValueOrDefault("UserId")
        ?? writing.Intent.TeamBefore.FirstOrDefault(t => t.Id == write.Id)?.UserId.ToString();

    private static Revert? Judge(One one, Standing standing)
    {
        var write = one.Write;
        if (write.Object == Team)
        {
            return JudgeMember(one, standing);
        }

        standing.Records.TryGetValue((write.Object, one.Created.IsNone ? write.Id : one.Created), out var now);
        switch (write.Action)
        {
            case WriteAction.Update:
                var (before, after) = (write.Before.GetValueOrDefault(one.Field), write.After.GetValueOrDefault(one.Field));
                return now is not null && Same(now.GetValueOrDefault(one.Field), before) && !Same(before, after) ? one.As(before, after, standing) : null;
            case WriteAction.Delete:
                return now is not null ? one.As("there", null, standing) : null;
            default:
                var isFound = now is not null || (write.Key is not null && standing.Keys.ContainsKey((write.Object, write.Key)));
                return isFound || (one.Created.IsNone && write.Key is null) ? null : one.As(null, "there", standing);
        }
    }

    private static Revert? JudgeMember(One one, Standing standing)
    {
        var (write, writing) = (one.Write, one.Writing);
        var user = UserOf(writing, write);
        var team = standing.Teams.GetValueOrDefault(writing.Account, []);
        var before = writing.Intent.TeamBefore.FirstOrDefault(t => t.UserId.ToString() == user);
        var now = team.FirstOrDefault(t => t.UserId.ToString() == user);
        var after = write.Action == WriteAction.Delete ? null : write.After.GetValueOrDefault("TeamMemberRole") ?? "";
        if (before is null && now is null)
        {
            // Salesforce drops the whole team with another owner: nobody meant this row.
            var others = writing.Intent.TeamBefore.Select(t => t.Id).ToHashSet();
            return after is null || (others.Count > 0 && !team.Any(t => others.Contains(t.Id))) ? null : one.As(null, after, standing);
        }

        return before is not null && now is not null && Same(now.Role, before.Role) && !Same(before.Role, after ?? "-")
            ? one.As(before.Role, after, standing) : null;
    }

    private static bool Same(string? one, string? other) => (one?.Trim() ?? "") == (other?.Trim() ?? "");
}
