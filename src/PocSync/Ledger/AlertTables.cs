using Microsoft.EntityFrameworkCore.Migrations;

namespace PocSync.Ledger;

/// <summary>The part of the schema that keeps what is known of the org's alert rows.</summary>
internal static class AlertTables
{
    public static void Create(MigrationBuilder schema)
    {
        schema.CreateTable(
            "alerts",
            t => new
            {
                Key = t.Column<string>(),
                Status = t.Column<string>(),
                SnoozedUntil = t.Column<string>(nullable: true),
                Assigned = t.Column<string>(nullable: true),
                Refused = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_alerts", x => x.Key));
        schema.CreateTable(
            "alert_writes",
            t => new
            {
                Id = StartMigration.Counter(t),
                Run = t.Column<long>(),
                At = t.Column<long>(),
                Key = t.Column<string>(),
                Account = t.Column<string>(),
                Deed = t.Column<string>(),
                Name = t.Column<string>(),
                Sentence = t.Column<string>(),
                Assigned = t.Column<string>(),
                Outcome = t.Column<string>(nullable: true),
                Reason = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_alert_writes", x => x.Id));
        schema.CreateIndex("ix_alert_writes_run", "alert_writes", "Run");
    }
}
