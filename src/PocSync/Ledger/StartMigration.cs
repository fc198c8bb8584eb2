using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace PocSync.Ledger;

/// <summary>The first schema. Written by hand, for SQLite and PostgreSQL alike: text, whole numbers and booleans only.</summary>
[DbContext(typeof(LedgerContext))]
[Migration("20261122000000_Start")]
public sealed class StartMigration : Migration
{
    protected override void Up(MigrationBuilder schema)
    {
        schema.CreateTable("org", t => new
        {
            Id = t.Column<string>(),
            Name = t.Column<string>(),
            Since = t.Column<long>(),
            Worker = t.Column<string>(nullable: true),
            IsSandbox = t.Column<bool>(nullable: true),
            CallsLeft = t.Column<int>(nullable: true),
            CallsLeftWords = t.Column<string>(nullable: true),
            CallsAt = t.Column<long>(nullable: true),
            SweptAt = t.Column<long>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_org", x => x.Id));
        schema.CreateTable(
            "runs",
            t => new
            {
                Number = Counter(t),
                Kind = t.Column<string>(),
                By = t.Column<string>(),
                Reason = t.Column<string>(nullable: true),
                StartedAt = t.Column<long>(),
                EndedAt = t.Column<long>(nullable: true),
                Status = t.Column<string>(),
                Sentence = t.Column<string>(),
                Plan = t.Column<long>(nullable: true),
                Accounts = t.Column<int>(),
                Findings = t.Column<int>(),
                Baseline = t.Column<int>(),
                Silent = t.Column<int>(),
                Corrections = t.Column<int>(),
                Applied = t.Column<int>(),
                Held = t.Column<int>(),
                Waiting = t.Column<int>(),
                Failed = t.Column<int>(),
                CallsNeeded = t.Column<int>(nullable: true),
                CallsUsed = t.Column<int>(),
                CallsToWrite = t.Column<int>(),
                Measure = t.Column<string>(nullable: true),
                IsMeasure = t.Column<bool>(),
            },
            constraints: t => t.PrimaryKey("pk_runs", x => x.Number));
        schema.CreateTable(
            "settings",
            t => new
            {
                Id = Counter(t),
                At = t.Column<long>(),
                Run = t.Column<long>(),
                Key = t.Column<string>(),
                Before = t.Column<string>(nullable: true),
                After = t.Column<string>(nullable: true),
                By = t.Column<string>(),
                ChangedBy = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_settings", x => x.Id));
        schema.CreateIndex("ix_settings_key", "settings", "Key");
        schema.CreateIndex("ix_settings_run", "settings", "Run");
        schema.CreateTable(
            "calls", t => new { Slot = t.Column<long>(), Count = t.Column<int>() }, constraints: t => t.PrimaryKey("pk_calls", x => x.Slot));
        schema.CreateTable(
            "org_jobs", t => new { Id = t.Column<string>(), At = t.Column<long>() }, constraints: t => t.PrimaryKey("pk_org_jobs", x => x.Id));
        schema.CreateTable(
            "plans",
            t => new
            {
                Id = Counter(t),
                Run = t.Column<long>(),
                Digest = t.Column<string>(),
                Fingerprint = t.Column<string>(),
                AsOf = t.Column<long>(),
                Today = t.Column<string>(),
                Binding = t.Column<string>(),
                Refusals = t.Column<string>(),
                Unpicked = t.Column<string>(),
                Stays = t.Column<string>(),
                Held = t.Column<string>(),
            },
            constraints: t => t.PrimaryKey("pk_plans", x => x.Id));
        schema.CreateTable(
            "planned",
            t => new
            {
                Plan = t.Column<long>(),
                Position = t.Column<int>(),
                Correction = t.Column<string>(),
                Rule = t.Column<string>(),
                Code = t.Column<string>(),
                Account = t.Column<string>(),
                AccountName = t.Column<string>(),
                State = t.Column<string>(),
                Reasons = t.Column<string>(),
                Sentence = t.Column<string>(),
                Json = t.Column<string>(),
                Since = t.Column<long>(),
                SinceRun = t.Column<long>(),
            },
            constraints: t => t.PrimaryKey("pk_planned", x => new { x.Plan, x.Position }));
        schema.CreateIndex("ix_planned_correction", "planned", "Correction");
        schema.CreateIndex("ix_planned_account", "planned", "Account");
        schema.CreateTable(
            "decisions",
            t => new
            {
                Id = Counter(t),
                At = t.Column<long>(),
                Plan = t.Column<long>(),
                Correction = t.Column<string>(),
                Rule = t.Column<string>(),
                Code = t.Column<string>(),
                Account = t.Column<string>(),
                Starting = t.Column<string>(),
                Since = t.Column<long>(),
                Kind = t.Column<string>(),
                Until = t.Column<string>(nullable: true),
                HoldsFrom = t.Column<long>(),
                By = t.Column<string>(),
                Reason = t.Column<string>(),
                Settled = t.Column<long>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_decisions", x => x.Id));
        schema.CreateIndex("ix_decisions_correction", "decisions", "Correction");
        schema.CreateIndex("ix_decisions_starting", "decisions", "Starting");
        schema.CreateTable(
            "intents",
            t => new
            {
                Id = Counter(t),
                Run = t.Column<long>(),
                At = t.Column<long>(),
                Correction = t.Column<string>(),
                Account = t.Column<string>(),
                Undoes = t.Column<long>(nullable: true),
                Json = t.Column<string>(),
                TakenAt = t.Column<long>(nullable: true),
                Created = t.Column<string>(nullable: true),
                Settled = t.Column<long>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_intents", x => x.Id));
        schema.CreateIndex("ix_intents_settled", "intents", "Settled");
        schema.CreateIndex("ix_intents_run", "intents", "Run");
        schema.CreateIndex("ix_intents_account", "intents", "Account");
        schema.CreateIndex("ix_intents_undoes", "intents", "Undoes");
        schema.CreateTable(
            "outcomes",
            t => new
            {
                Id = Counter(t),
                Run = t.Column<long>(),
                At = t.Column<long>(),
                Correction = t.Column<string>(),
                Kind = t.Column<string>(),
                Code = t.Column<string>(nullable: true),
                Reason = t.Column<string>(nullable: true),
                Intent = t.Column<long>(nullable: true),
                Starting = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_outcomes", x => x.Id));
        schema.CreateIndex("ix_outcomes_correction", "outcomes", "Correction");
        schema.CreateIndex("ix_outcomes_run", "outcomes", "Run");
        schema.CreateIndex("ix_outcomes_intent", "outcomes", "Intent");
        schema.CreateIndex("ix_outcomes_kind", "outcomes", "Kind");
        schema.CreateTable(
            "pauses",
            t => new
            {
                Id = Counter(t),
                At = t.Column<long>(),
                IsPause = t.Column<bool>(),
                By = t.Column<string>(),
                Reason = t.Column<string>(),
            },
            constraints: t => t.PrimaryKey("pk_pauses", x => x.Id));
        schema.CreateTable(
            "findings",
            t => new
            {
                Id = Counter(t),
                Rule = t.Column<string>(),
                Code = t.Column<string>(),
                Subject = t.Column<string>(),
                Account = t.Column<string>(),
                Severity = t.Column<string>(),
                Sentence = t.Column<string>(),
                Count = t.Column<int>(),
                OpenedAt = t.Column<long>(),
                OpenedRun = t.Column<long>(),
                SeenAt = t.Column<long>(),
                SeenRun = t.Column<long>(),
                BaselineAt = t.Column<long>(nullable: true),
                BaselineBy = t.Column<string>(nullable: true),
                BaselineReason = t.Column<string>(nullable: true),
                Sight = t.Column<string>(),
                Silent = t.Column<string>(nullable: true),
                SilentWords = t.Column<string>(nullable: true),
                ResolvedAt = t.Column<long>(nullable: true),
                ResolvedRun = t.Column<long>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_findings", x => x.Id));
        schema.CreateIndex("ix_findings_open", "findings", ["Rule", "Code", "Subject"], unique: true, filter: "\"ResolvedRun\" IS NULL");
        schema.CreateIndex("ix_findings_resolved", "findings", "ResolvedAt");
        schema.CreateTable(
            "watermarks", t => new { Object = t.Column<string>(), At = t.Column<long>(), Run = t.Column<long>() }, constraints: t =>
                t.PrimaryKey("pk_watermarks", x => x.Object));
        schema.CreateTable(
            "marks",
            t => new
            {
                Id = Counter(t),
                At = t.Column<long>(),
                Kind = t.Column<string>(),
                Rule = t.Column<string>(),
                Code = t.Column<string>(),
                Subject = t.Column<string>(),
                Account = t.Column<string>(),
                Sight = t.Column<string>(),
                Until = t.Column<string>(nullable: true),
                By = t.Column<string>(),
                Reason = t.Column<string>(),
                ClearedAt = t.Column<long>(nullable: true),
                ClearedBy = t.Column<string>(nullable: true),
                ClearedReason = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_marks", x => x.Id));
        schema.CreateIndex("ix_marks_standing", "marks", ["Rule", "Code", "Subject"], unique: true, filter: "\"ClearedAt\" IS NULL");
        schema.CreateTable(
            "baselines",
            t => new
            {
                Id = Counter(t),
                At = t.Column<long>(),
                By = t.Column<string>(),
                Reason = t.Column<string>(),
                Rule = t.Column<string>(nullable: true),
                IsCleared = t.Column<bool>(),
                Findings = t.Column<int>(),
            },
            constraints: t => t.PrimaryKey("pk_baselines", x => x.Id));
        schema.CreateTable(
            "reverts",
            t => new
            {
                Id = Counter(t),
                Account = t.Column<string>(),
                Json = t.Column<string>(),
                FoundAt = t.Column<long>(),
                FoundRun = t.Column<long>(),
                ClearedAt = t.Column<long>(nullable: true),
                ClearedBy = t.Column<string>(nullable: true),
                ClearedReason = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_reverts", x => x.Id));
        schema.CreateIndex("ix_reverts_account", "reverts", "Account");
        schema.CreateTable(
            "jobs",
            t => new
            {
                Name = t.Column<string>(),
                DoneThrough = t.Column<long>(nullable: true),
                BegunAt = t.Column<long>(nullable: true),
                EndedAt = t.Column<long>(nullable: true),
                Failures = t.Column<int>(),
                Sentence = t.Column<string>(),
                RetryAt = t.Column<long>(nullable: true),
                AskedBy = t.Column<string>(nullable: true),
                PausedBy = t.Column<string>(nullable: true),
                PausedAt = t.Column<long>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_jobs", x => x.Name));
        schema.CreateTable(
            "errands",
            t => new
            {
                Id = Counter(t),
                At = t.Column<long>(),
                Kind = t.Column<string>(),
                By = t.Column<string>(),
                Reason = t.Column<string>(),
                Subject = t.Column<string>(nullable: true),
                Details = t.Column<string>(),
                TakenAt = t.Column<long>(nullable: true),
                DoneAt = t.Column<long>(nullable: true),
                FailedSince = t.Column<long>(nullable: true),
                RetryAt = t.Column<long>(nullable: true),
                Run = t.Column<long>(nullable: true),
                Sentence = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_errands", x => x.Id));
        schema.CreateIndex("ix_errands_done", "errands", "DoneAt");
        schema.CreateIndex("ix_errands_subject", "errands", "Subject");
        schema.CreateIndex("ix_findings_account", "findings", "Account");
        schema.CreateIndex("ix_findings_counted", "findings", ["ResolvedRun", "Rule", "Severity", "BaselineAt", "Silent", "OpenedAt"]);
        BookTables.Create(schema);
        WorkerTables.Create(schema);
        NoticeTables.Create(schema);
        AlertTables.Create(schema);
        BriefTables.Create(schema);
        LeaverTables.Create(schema);
    }

    internal static Microsoft.EntityFrameworkCore.Migrations.Operations.Builders.OperationBuilder<Microsoft.EntityFrameworkCore.Migrations.Operations.AddColumnOperation> Counter(
        Microsoft.EntityFrameworkCore.Migrations.Operations.Builders.ColumnsBuilder table) =>
        table.Column<long>().Annotation("Sqlite:Autoincrement", true)
            .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
}
