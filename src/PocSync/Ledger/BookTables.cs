using Microsoft.EntityFrameworkCore.Migrations;

namespace PocSync.Ledger;

/// <summary>The part of the schema that keeps what runs saw of the org, and the console's keys.</summary>
internal static class BookTables
{
    public static void Create(MigrationBuilder schema)
    {
        schema.CreateTable(
            "figures",
            t => new
            {
                Run = t.Column<long>(),
                At = t.Column<long>(),
                InScope = t.Column<int>(),
                Worth = t.Column<long>(),
                Exempt = t.Column<int>(),
                Primary = t.Column<int>(nullable: true),
                PrimaryWorth = t.Column<long>(nullable: true),
                Backup = t.Column<int>(nullable: true),
                BackupWorth = t.Column<long>(nullable: true),
                Handoffs = t.Column<int>(nullable: true),
                HandoffsWorth = t.Column<long>(nullable: true),
                Errors = t.Column<int>(),
                Warnings = t.Column<int>(),
                Infos = t.Column<int>(),
            },
            constraints: t => t.PrimaryKey("pk_figures", x => x.Run));
        schema.CreateIndex("ix_figures_at", "figures", "At");
        schema.CreateTable(
            "book_accounts",
            t => new
            {
                Id = t.Column<string>(),
                Print = t.Column<long>(),
                Name = t.Column<string>(),
                Folded = t.Column<string>(),
                Worth = t.Column<long>(nullable: true),
                Owner = t.Column<string>(),
                OwnerName = t.Column<string>(),
                Person = t.Column<string>(),
                PersonName = t.Column<string>(),
                HasPrimary = t.Column<bool>(nullable: true),
                HasBackup = t.Column<bool>(nullable: true),
                HasCleanHandoffs = t.Column<bool>(nullable: true),
                ExemptUntil = t.Column<string>(nullable: true),
                Roles = t.Column<string>(),
            },
            constraints: t => t.PrimaryKey("pk_book_accounts", x => x.Id));
        schema.CreateIndex("ix_book_accounts_person", "book_accounts", "Person");
        schema.CreateIndex("ix_book_accounts_covered", "book_accounts", ["HasPrimary", "HasBackup", "Worth"]);
        schema.CreateTable(
            "book_people",
            t => new
            {
                Id = t.Column<string>(),
                Print = t.Column<long>(),
                Name = t.Column<string>(),
                Folded = t.Column<string>(),
                AsPrimary = t.Column<int>(),
                AsBackup = t.Column<int>(),
                AsSpecialist = t.Column<int>(),
                Capacity = t.Column<int>(nullable: true),
                WhyNotAble = t.Column<string>(nullable: true),
                Manager = t.Column<string>(),
                ManagerName = t.Column<string>(nullable: true),
                CertifiedUntil = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_book_people", x => x.Id));
        schema.CreateTable(
            "book_absences",
            t => new
            {
                Id = t.Column<string>(),
                Print = t.Column<long>(),
                Person = t.Column<string>(),
                PersonName = t.Column<string>(),
                StartsOn = t.Column<string>(nullable: true),
                EndsOn = t.Column<string>(nullable: true),
                Cover = t.Column<string>(),
                CoverName = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_book_absences", x => x.Id));
        schema.CreateTable(
            "book_handoffs",
            t => new
            {
                Id = t.Column<string>(),
                Print = t.Column<long>(),
                Account = t.Column<string>(),
                AccountName = t.Column<string>(),
                Folded = t.Column<string>(),
                FromId = t.Column<string>(),
                FromName = t.Column<string>(),
                ToId = t.Column<string>(),
                ToName = t.Column<string>(),
                EffectiveOn = t.Column<string>(nullable: true),
                DueOn = t.Column<string>(nullable: true),
                Status = t.Column<string>(nullable: true),
                Reason = t.Column<string>(nullable: true),
                Notes = t.Column<string>(nullable: true),
                FromIsGone = t.Column<bool>(),
                AskName = t.Column<string>(nullable: true),
                EscalateDays = t.Column<int>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_book_handoffs", x => x.Id));
        schema.CreateIndex("ix_book_handoffs_account", "book_handoffs", "Account");
        schema.CreateTable(
            "book_roles",
            t => new
            {
                Account = t.Column<string>(),
                Position = t.Column<int>(),
                Role = t.Column<string>(),
                Who = t.Column<string>(),
                StartsOn = t.Column<string>(nullable: true),
                EndsOn = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_book_roles", x => new { x.Account, x.Position }));
        schema.CreateIndex("ix_book_roles_who", "book_roles", ["Who", "Role"]);
        schema.CreateTable(
            "book_rules",
            t => new { Rule = t.Column<string>(), Run = t.Column<long>(), WhyNot = t.Column<string>(nullable: true) },
            constraints: t => t.PrimaryKey("pk_book_rules", x => x.Rule));
        schema.CreateTable("keys", t => new { Id = t.Column<string>(), Xml = t.Column<string>() }, constraints: t => t.PrimaryKey("pk_keys", x => x.Id));
        schema.CreateTable(
            "sign_outs", t => new { Session = t.Column<string>(), Until = t.Column<long>() }, constraints: t => t.PrimaryKey("pk_sign_outs", x => x.Session));
    }
}
