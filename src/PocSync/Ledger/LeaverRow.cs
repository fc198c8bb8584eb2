using Microsoft.EntityFrameworkCore.Migrations;

namespace PocSync.Ledger;

/// <summary>Somebody who was announced to leave.</summary>
public sealed class LeaverRow
{
    public long Id { get; init; }

    /// <summary>The user, by 18 characters.</summary>
    public required string User { get; init; }
    public required string Name { get; init; }

    /// <summary>The first day on which others have the accounts.</summary>
    public required string On { get; init; }

    /// <summary>The user who is to have them; null where they are to be picked.</summary>
    public string? To { get; init; }
    public string? ToName { get; init; }
    public required string By { get; init; }
    public required string Reason { get; init; }
    public long At { get; init; }

    /// <summary>When it was taken back; null where it holds.</summary>
    public long? WithdrawnAt { get; init; }
    public string? WithdrawnBy { get; init; }
    public string? WithdrawnReason { get; init; }

    /// <summary>When it came true: the user was gone after the day; null where that is not so yet. From then on it says nothing of the user, who may come back.</summary>
    public long? EndedAt { get; init; }
}

/// <summary>The part of the schema that keeps who leaves.</summary>
internal static class LeaverTables
{
    public static void Create(MigrationBuilder schema)
    {
        schema.CreateTable(
            "leavers",
            t => new
            {
                Id = StartMigration.Counter(t),
                User = t.Column<string>(),
                Name = t.Column<string>(),
                On = t.Column<string>(),
                To = t.Column<string>(nullable: true),
                ToName = t.Column<string>(nullable: true),
                By = t.Column<string>(),
                Reason = t.Column<string>(),
                At = t.Column<long>(),
                WithdrawnAt = t.Column<long>(nullable: true),
                WithdrawnBy = t.Column<string>(nullable: true),
                WithdrawnReason = t.Column<string>(nullable: true),
                EndedAt = t.Column<long>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_leavers", x => x.Id));
        schema.CreateIndex("ix_leavers_standing", "leavers", "User", unique: true, filter: "\"WithdrawnAt\" IS NULL AND \"EndedAt\" IS NULL");
    }
}
