using Microsoft.EntityFrameworkCore.Migrations;

namespace PocSync.Ledger;

/// <summary>A handoff's brief as it was written into its record, for the page of the handoff.</summary>
public sealed class BriefRow
{
    /// <summary>The handoff.</summary>
    public required string Handoff { get; init; }
    public required string Account { get; init; }
    public long Run { get; init; }
    public long At { get; init; }

    /// <summary>A <see cref="Core.Handoffs.Brief"/> as JSON.</summary>
    public required string Json { get; init; }

    /// <summary>The beginning of the handoff's notes as the last run before it saw them; null where there were none.</summary>
    public string? Notes { get; init; }

    /// <summary><c>Written</c>, <c>Refused</c>, <c>Later</c> (refused for what passes by itself) or <c>Unknown</c>; null until the org has answered.</summary>
    public string? Outcome { get; init; }
    public string? Reason { get; init; }
}

/// <summary>The part of the schema that keeps briefs.</summary>
internal static class BriefTables
{
    public static void Create(MigrationBuilder schema) => schema.CreateTable(
        "briefs",
        t => new
        {
            Handoff = t.Column<string>(),
            Account = t.Column<string>(),
            Run = t.Column<long>(),
            At = t.Column<long>(),
            Json = t.Column<string>(),
            Notes = t.Column<string>(nullable: true),
            Outcome = t.Column<string>(nullable: true),
            Reason = t.Column<string>(nullable: true),
        },
        constraints: t => t.PrimaryKey("pk_briefs", x => x.Handoff));
}
