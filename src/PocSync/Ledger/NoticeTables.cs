using Microsoft.EntityFrameworkCore.Migrations;

namespace PocSync.Ledger;

/// <summary>The part of the schema that keeps what people are told.</summary>
internal static class NoticeTables
{
    public static void Create(MigrationBuilder schema)
    {
        schema.CreateTable(
            "news",
            t => new
            {
                Id = StartMigration.Counter(t),
                Key = t.Column<string>(),
                Kind = t.Column<string>(),
                Receiver = t.Column<string>(),
                Account = t.Column<string>(),
                AccountName = t.Column<string>(),
                FromId = t.Column<string>(),
                ToId = t.Column<string>(),
                Reason = t.Column<string>(),
                About = t.Column<string>(nullable: true),
                Due = t.Column<string>(nullable: true),
                HasTask = t.Column<bool>(),
                Correction = t.Column<string>(nullable: true),
                Run = t.Column<long>(nullable: true),
                At = t.Column<long>(),
                State = t.Column<string>(),
                Why = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_news", x => x.Id));
        schema.CreateIndex("ix_news_key", "news", "Key", unique: true, filter: "\"State\" <> 'Undone'");
        schema.CreateIndex("ix_news_state", "news", "State");
        schema.CreateIndex("ix_news_run", "news", "Run");
        schema.CreateIndex("ix_news_correction", "news", "Correction");
        schema.CreateTable(
            "covers",
            t => new
            {
                Id = StartMigration.Counter(t),
                Person = t.Column<string>(),
                By = t.Column<string>(),
                Since = t.Column<string>(),
                Until = t.Column<string>(nullable: true),
                Accounts = t.Column<int>(),
                Named = t.Column<string>(),
                Changes = t.Column<int>(),
                EndedOn = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_covers", x => x.Id));
        schema.CreateTable(
            "messages",
            t => new
            {
                Id = StartMigration.Counter(t),
                Receiver = t.Column<string>(),
                ReceiverName = t.Column<string>(),
                Channel = t.Column<string>(),
                State = t.Column<string>(),
                Reason = t.Column<string>(nullable: true),
                NotBefore = t.Column<long>(nullable: true),
                At = t.Column<long>(),
                SentAt = t.Column<long>(nullable: true),
                Attempts = t.Column<int>(),
                Title = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_messages", x => x.Id));
        schema.CreateIndex("ix_messages_state", "messages", ["State", "NotBefore"]);
        schema.CreateIndex("ix_messages_receiver", "messages", "Receiver");
        schema.CreateIndex("ix_messages_channel", "messages", ["Channel", "SentAt"]);
        schema.CreateTable(
            "enclosures",
            t => new
            {
                Message = t.Column<long>(),
                News = t.Column<long>(),
                For = t.Column<string>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_enclosures", x => new { x.Message, x.News }));
        schema.CreateIndex("ix_enclosures_news", "enclosures", "News");
    }
}
