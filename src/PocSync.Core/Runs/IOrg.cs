using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>The org behind a login.</summary>
/// <param name="Id">The organization id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Worker">The user that PocSync is logged in as.</param>
/// <param name="Zone">The time zone of its days; UTC where it is not known.</param>
public sealed record OrgIdentity(RecordId Id, string Name, RecordId Worker, TimeZoneInfo Zone)
{
    /// <summary>Whether it is a sandbox; null where it does not say.</summary>
    public bool? IsSandbox { get; init; }
}

/// <summary>
/// A record to write on a certain day: no relative days any more. Objects and fields by package or standard name, values as text (see <see
/// cref="PlannedValue"/>).
/// </summary>
/// <param name="Object">The object.</param>
/// <param name="Id">The record; none for an insert.</param>
/// <param name="Key">The value of <c>Sync_Key__c</c> for an insert of an object that has it, else null.</param>
/// <param name="Action">What is done.</param>
/// <param name="Before">What each field said when it was planned; for an insert nothing.</param>
/// <param name="After">What each field becomes; for a delete nothing.</param>
public sealed record RecordWrite(
    string Object, RecordId Id, string? Key, WriteAction Action, IReadOnlyDictionary<string, string?> Before,
        IReadOnlyDictionary<string, string?> After);

/// <summary>A member of an account's team with everything that an owner change loses. Access levels are Salesforce's words or null.</summary>
/// <param name="Id">The row; an owner change and what follows make another of it.</param>
/// <param name="UserId">The member.</param>
/// <param name="UserName">The member's name.</param>
/// <param name="Role">The role on the team.</param>
/// <param name="AccountAccess">Access to the account.</param>
/// <param name="OpportunityAccess">Access to its opportunities.</param>
/// <param name="CaseAccess">Access to its cases.</param>
/// <param name="ContactAccess">Access to its contacts.</param>
/// <param name="IsUserActive">Whether the member is active: only then can the row be written again.</param>
public sealed record TeamRow(
    RecordId Id, RecordId UserId, string UserName, string? Role, string? AccountAccess, string? OpportunityAccess, string? CaseAccess,
    string? ContactAccess, bool IsUserActive);

/// <summary>Something that belongs to an account and to its owner.</summary>
/// <param name="Object">A contact, an opportunity or a case.</param>
/// <param name="Id">The record.</param>
/// <param name="Owner">Its owner, who is the account's too.</param>
/// <param name="IsOwnerActive">Whether the org would give it back to that owner.</param>
public sealed record ChildRow(string Object, RecordId Id, RecordId Owner, bool IsOwnerActive)
{
    /// <summary>Gives it from one owner to another.</summary>
    public RecordWrite Give(RecordId from, RecordId to) => new(Object, Id, null, WriteAction.Update,
        new Dictionary<string, string?> { ["OwnerId"] = from.ToString() }, new Dictionary<string, string?> { ["OwnerId"] = to.ToString() });
}

/// <summary>One correction as it is written: whole or not at all. Without writes it only puts members back on the team.</summary>
/// <param name="CorrectionId">Which correction.</param>
/// <param name="Account">Its account.</param>
/// <param name="Writes">Its records, in order.</param>
/// <param name="Team">Members whom Salesforce drops with the owner change and who are written back after it, where they are not there; empty without
/// an owner change.</param>
public sealed record Bundle(string CorrectionId, RecordId Account, IReadOnlyList<RecordWrite> Writes, IReadOnlyList<TeamRow> Team);

/// <summary>How the org took a bundle.</summary>
/// <param name="CorrectionId">Which correction.</param>
/// <param name="Written">Whether all of it was written; null where the answer was lost and only reading back can tell.</param>
/// <param name="ErrorCode">Salesforce's code where it refused.</param>
/// <param name="Message">Salesforce's words where it refused.</param>
/// <param name="MayPass">Whether the refusal passes by itself (a lock, a time-out of the org's): the next run tries again. Any other is tried again
/// only when a person says so.</param>
public sealed record BundleResult(string CorrectionId, bool? Written, string? ErrorCode = null, string? Message = null, bool MayPass = false)
{
    /// <summary>Where it was written: for each write of the bundle the record that it made, none where it made none.</summary>
    public IReadOnlyList<RecordId> Created { get; init; } = [];
}

/// <summary>What the org says right now about records that are to be written.</summary>
/// <param name="Records">By object and id: the fields that were asked for, of what is named by its id or key; a record that is not there is missing here.</param>
/// <param name="Keys">By object and external key: the id of the record that has it, and its fields; where the org's object has no field for keys, the
/// record that says what the insert with this key says.</param>
/// <param name="Teams">By account: its team, for the accounts whose owner or team is written.</param>
public sealed record Standing(
    IReadOnlyDictionary<(string Object, RecordId Id), IReadOnlyDictionary<string, string?>> Records,
    IReadOnlyDictionary<(string Object, string Key), (RecordId Id, IReadOnlyDictionary<string, string?> Fields)> Keys,
    IReadOnlyDictionary<RecordId, IReadOnlyList<TeamRow>> Teams)
{
    /// <summary>For the accounts whose owner is to be written and is not yet: the contacts, open opportunities and open cases of the owner.</summary>
    public IReadOnlyDictionary<RecordId, IReadOnlyList<ChildRow>> Children { get; init; } = new Dictionary<RecordId, IReadOnlyList<ChildRow>>();

    /// <summary>The org's own names, for sentences.</summary>
    public Names Names { get; init; } = Names.None;

    /// <summary>The names of users, as far as they are known: of those who stand where a write expects neither what was nor what is to be.</summary>
    public Func<RecordId, string?> NameOf { get; init; } = _ => null;

    private Dictionary<RecordId, (RecordId Account, TeamRow Row)>? _members;

    /// <summary>A row of a team with its account; null where it is in none of <see cref="Teams"/>.</summary>
    internal (RecordId Account, TeamRow Row)? MemberOf(RecordId row)
    {
        _members ??= Teams.SelectMany(t => t.Value, (team, member) => (Account: team.Key, Row: member)).DistinctBy(m => m.Row.Id).ToDictionary(m => m.Row.Id);
        return _members.TryGetValue(row, out var found) ? found : null;
    }

    /// <summary>A record in a sentence.</summary>
    internal string Words(string objectName, object? record) => $"the {Names.Object(objectName)} {record}";

    /// <summary>A value in a sentence: users by name and id.</summary>
    internal string Words(string? value) => string.IsNullOrWhiteSpace(value) ? "blank"
        : RecordId.TryParse(value, out var id) && NameOf(id) is { } name && name != value ? $"{name} ({id})" : $"'{value}'";
}

/// <summary>The port to an org. Every call may throw <see cref="OrgException"/>.</summary>
public interface IOrg
{
    /// <summary>Logs in and says which org it is.</summary>
    Task<OrgIdentity> IdentifyAsync(CancellationToken stop);

    /// <summary>
    /// Everything that rules need, judged at <paramref name="now"/>. Reads only. Where an earlier pull is given, only what changed since is asked
    /// for, unless that cannot tell everything: then all of it is read, and said why.
    /// </summary>
    Task<Snapshot> PullAsync(Settings settings, DateTimeOffset now, Snapshot? since, IProgress<string> progress, CancellationToken stop);

    /// <summary>
    /// Right before writing, or after: the records of some writes, records with their keys, and the teams of the accounts whose owner or team is
    /// written. Fields are those of the writes' before and after; ids of 18 characters, days as <c>2026-01-31</c>, blank is null.
    /// </summary>
    Task<Standing> ReadAsync(Settings settings, IReadOnlyList<RecordWrite> writes, CancellationToken stop);

    /// <summary>Users as they are now, by id; who is not there is missing.</summary>
    Task<IReadOnlyDictionary<RecordId, OrgUser>> UsersAsync(IReadOnlyCollection<RecordId> ids, CancellationToken stop);

    /// <summary>
    /// Writes bundles, each whole or not at all; a bundle that the org refuses keeps no other from being written. Once told to stop it sends nothing
    /// more: what is not sent comes back as not written and may pass. Once told to abandon it waits for no answer: what is on the way comes back as not
    /// known.
    /// </summary>
    Task<IReadOnlyList<BundleResult>> WriteAsync(
        Settings settings, IReadOnlyList<Bundle> bundles, CancellationToken stop, CancellationToken abandon);
}

/// <summary>The org cannot be reached, refuses the login, or the budget of calls is spent: one sentence, fit to be shown.</summary>
public class OrgException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The org's code for it, which is no personal data; null where it gave none.</summary>
    public string? Code { get; init; }
}
