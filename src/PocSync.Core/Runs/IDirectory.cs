using PocSync.Core.Notices;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>The port to who is who in the org. Every call may throw <see cref="OrgException"/>.</summary>
public interface IDirectory
{
    /// <summary>Users as they are now, by id, with the managers above them; who is not there is missing.</summary>
    Task<IReadOnlyDictionary<RecordId, Colleague>> ColleaguesAsync(IReadOnlyCollection<RecordId> ids, CancellationToken stop);

    /// <summary>Who answers for departments, and what they are called; what is no department is missing.</summary>
    Task<IReadOnlyDictionary<RecordId, (string Name, RecordId Accountable)>> DepartmentsAsync(
        Names names, IReadOnlyCollection<RecordId> ids, CancellationToken stop);

    /// <summary>What is open on accounts, as far as PocSync's own user sees it; an account without anything open is missing.</summary>
    Task<IReadOnlyDictionary<RecordId, OpenWork>> OpenWorkAsync(IReadOnlyCollection<RecordId> accounts, CancellationToken stop);

    /// <summary>The absences of users that include a day.</summary>
    Task<IReadOnlyList<Absence>> AbsencesAsync(Names names, IReadOnlyCollection<RecordId> users, DateOnly day, CancellationToken stop);
}
