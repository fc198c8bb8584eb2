using Microsoft.EntityFrameworkCore.Migrations;

namespace PocSync.Ledger;

/// <summary>The part of the schema that keeps how workers and runs get on.</summary>
internal static class WorkerTables
{
    public static void Create(MigrationBuilder schema)
    {
        schema.CreateTable(
            "progress",
            t => new
            {
                Run = t.Column<long>(),
                At = t.Column<long>(),
                Text = t.Column<string>(),
                Done = t.Column<int>(),
                Of = t.Column<int>(),
            },
            constraints: t => t.PrimaryKey("pk_progress", x => x.Run));
        schema.CreateTable(
            "workers",
            t => new
            {
                Name = t.Column<string>(),
                Engine = t.Column<string>(),
                Since = t.Column<long>(),
                SeenAt = t.Column<long>(),
            },
            constraints: t => t.PrimaryKey("pk_workers", x => x.Name));
        schema.CreateTable(
            "job_events",
            t => new
            {
                Id = StartMigration.Counter(t),
                At = t.Column<long>(),
                Job = t.Column<string>(),
                Kind = t.Column<string>(),
                Sentence = t.Column<string>(),
                BegunAt = t.Column<long>(nullable: true),
                Run = t.Column<long>(nullable: true),
                By = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_job_events", x => x.Id));
        schema.CreateIndex("ix_job_events_job", "job_events", "Job");
        schema.CreateIndex("ix_findings_opened", "findings", "OpenedRun");
    }
}
