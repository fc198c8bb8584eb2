namespace PocSync.Core.Records;

/// <summary>A row of <c>AccountTeamMember</c>, with the access levels that an owner change would lose.</summary>
/// <param name="Id">The row; none for one that this plan makes.</param>
/// <param name="UserId">The member.</param>
/// <param name="Role"><c>TeamMemberRole</c>, trimmed; null where blank.</param>
public sealed record TeamMember(RecordId Id, RecordId UserId, string? Role);
