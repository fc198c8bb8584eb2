using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Notices;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps what a run saw of the org. Written is only what is not as an earlier run saw it.</summary>
internal static class BookKeeper
{
    private const int Together = 500;

    /// <summary>Keeps a book, within the transaction of its run.</summary>
    public static async Task KeepAsync(LedgerContext context, long run, long now, Book book, IReadOnlyList<Finding> findings, Proposal proposal)
    {
        var (f, isFirst) = (book.Figures, !await context.Figures.AnyAsync());
        context.Add(new FiguresRow
        {
            Run = run,
            At = now,
            InScope = f.InScope.Accounts,
            Worth = Whole(f.InScope.Worth),
            Exempt = f.Exempt,
            Primary = f.Primary?.Accounts,
            PrimaryWorth = f.Primary is { } primary ? Whole(primary.Worth) : null,
            Backup = f.Backup?.Accounts,
            BackupWorth = f.Backup is { } backup ? Whole(backup.Worth) : null,
            Handoffs = f.Handoffs?.Accounts,
            HandoffsWorth = f.Handoffs is { } handoffs ? Whole(handoffs.Worth) : null,
            Errors = findings.Count(x => x.Severity == Severity.Error),
            Warnings = findings.Count(x => x.Severity == Severity.Warning),
            Infos = findings.Count(x => x.Severity == Severity.Info),
        });
        await context.SaveChangesAsync();
        await KeepAsync(context, context.Accounts, book.Accounts.Select(Row));
        await context.Rules.ExecuteDeleteAsync();
        await BulkRows.InsertAsync(context, book.Rules.Select(r => new RuleRow { Rule = r.Rule, Run = run, WhyNot = r.WhyNot }));
        await KeepAsync(context, context.People, book.People.Select(Row));
        await KeepAsync(context, context.Absences, book.Absences.Select(Row));
        await TellAnswersAsync(context, run, now, book, proposal, isFirst);
        await KeepAsync(context, context.Handoffs, book.Handoffs.Select(Row));
        await Mail.FindOverAsync(context, now, context.Enclosures);
        await Mail.DropStaleAsync(context);
        await CoverBook.FollowAsync(context, run, now, book.Today, book.Covers);
    }

    /// <summary>Whom it concerns is told of what people did on handoffs since the last run; the first run of a ledger cannot know what is new.</summary>
    private static async Task TellAnswersAsync(LedgerContext context, long run, long now, Book book, Proposal proposal, bool isFirst)
    {
        if (isFirst)
        {
            return;
        }

        var known = await context.Handoffs.Select(h => new { h.Id, h.Status, h.ToId }).ToDictionaryAsync(h => RecordId.Parse(h.Id), h => ((string?, RecordId)?)(h.Status, Id(h.ToId)));
        var proposed = proposal.Plan.Corrections.Where(c => c.Code == Planner.Declined && c.MainPick is not null).DistinctBy(c => c.Account)
            .ToDictionary(c => c.Account, c => c.People.FirstOrDefault(p => p.Id == c.MainPick!.Who)?.Name);
        await NewsBook.AddAsync(context, run, now, book.Handoffs.SelectMany(h => HandoffAnswers.Of(h, known.GetValueOrDefault(h.Id), proposed.GetValueOrDefault(h.Account), book.Today)));
    }

    /// <summary>Makes a table say what the rows say, and what hangs on its rows with it.</summary>
    private static async Task KeepAsync<T>(LedgerContext context, DbSet<T> table, IEnumerable<T> rows) where T : SeenRow
    {
        var known = await table.Select(r => new { r.Id, r.Print }).ToDictionaryAsync(r => RecordId.Parse(r.Id), r => r.Print);
        var changed = new List<T>();
        foreach (var row in rows)
        {
            row.Print = PrintOf(row);
            var id = RecordId.Parse(row.Id);
            if (known.Remove(id, out var print) && print == row.Print)
            {
                continue;
            }

            changed.Add(row);
            if (changed.Count == Together)
            {
                await ReplaceAsync(context, table, changed);
            }
        }

        await ReplaceAsync(context, table, changed);
        foreach (var gone in known.Keys.Select(id => id.ToString()).Chunk(Together))
        {
            await DeleteAsync(context, table, gone);
        }
    }

    private static async Task ReplaceAsync<T>(LedgerContext context, DbSet<T> table, List<T> rows) where T : SeenRow
    {
        if (rows.Count == 0)
        {
            return;
        }

        var ids = rows.Select(r => r.Id).ToList();
        await DeleteAsync(context, table, ids);
        await BulkRows.InsertAsync(context, rows);
        await BulkRows.InsertAsync(context, rows.OfType<AccountRow>().SelectMany(RolesOf));
        rows.Clear();
    }

    private static async Task DeleteAsync<T>(LedgerContext context, DbSet<T> table, IReadOnlyCollection<string> ids) where T : SeenRow
    {
        await table.Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync();
        if (typeof(T) == typeof(AccountRow))
        {
            await context.Roles.Where(r => ids.Contains(r.Account)).ExecuteDeleteAsync();
        }
    }

    private static IEnumerable<RoleRow> RolesOf(AccountRow account) => LedgerJson.Read<List<BookRole>>(account.Roles).Select((r, i) => new RoleRow
    {
        Account = account.Id,
        Position = i,
        Role = r.Role.ToString(),
        Who = r.Who.ToString(),
        StartsOn = Day(r.StartsOn),
        EndsOn = Day(r.EndsOn),
    });

    private static AccountRow Row(BookAccount a) => new()
    {
        Id = a.Id.ToString(),
        Name = a.Name,
        Folded = $"{a.Name}\n{a.ConcernedName}".ToLowerInvariant(),
        Worth = a.Worth is { } worth ? Whole(worth) : null,
        Owner = a.Owner.ToString(),
        OwnerName = a.OwnerName,
        Person = a.Concerned.ToString(),
        PersonName = a.ConcernedName,
        HasPrimary = a.Coverage.Primary,
        HasBackup = a.Coverage.Backup,
        HasCleanHandoffs = a.Coverage.Handoffs,
        ExemptUntil = Day(a.ExemptUntil),
        Roles = LedgerJson.Text(a.Roles),
    };

    private static PersonRow Row(BookPerson p) => new()
    {
        Id = p.Id.ToString(),
        Name = p.Name,
        Folded = p.Name.ToLowerInvariant(),
        AsPrimary = p.AsPrimary,
        AsBackup = p.AsBackup,
        AsSpecialist = p.AsSpecialist,
        Capacity = p.Capacity is { } capacity ? (int)Math.Clamp(Math.Floor(capacity), 0, int.MaxValue) : null,
        WhyNotAble = p.WhyNotAble,
        Manager = p.Manager.ToString(),
        ManagerName = p.ManagerName,
        CertifiedUntil = Day(p.CertifiedUntil),
    };

    private static AbsenceRow Row(BookAbsence a) => new()
    {
        Id = a.Id.ToString(),
        Person = a.Person.ToString(),
        PersonName = a.PersonName,
        StartsOn = Day(a.StartsOn),
        EndsOn = Day(a.EndsOn),
        Cover = a.Cover.ToString(),
        CoverName = a.CoverName,
    };

    private static HandoffRow Row(BookHandoff h) => new()
    {
        Id = h.Id.ToString(),
        Account = h.Account.ToString(),
        AccountName = h.AccountName,
        Folded = $"{h.AccountName}\n{h.FromName}\n{h.ToName}".ToLowerInvariant(),
        FromId = h.From.ToString(),
        FromName = h.FromName,
        ToId = h.To.ToString(),
        ToName = h.ToName,
        EffectiveOn = Day(h.EffectiveOn),
        DueOn = Day(h.DueOn),
        Status = h.Status,
        Reason = h.Reason,
        Notes = h.Notes,
        FromIsGone = h.FromIsGone,
        AskName = h.AskName,
        EscalateDays = h.EscalateDays,
    };

    internal static BookHandoff Read(HandoffRow h) => new(
        RecordId.Parse(h.Id), RecordId.Parse(h.Account), h.AccountName, Id(h.FromId), h.FromName, Id(h.ToId), h.ToName, Day(h.EffectiveOn), Day(h.DueOn), h.Status, h.Reason,
        h.Notes, h.FromIsGone, h.AskName);

    /// <summary>Of a row whose print is not set yet.</summary>
    private static long PrintOf<T>(T row) where T : SeenRow =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(LedgerJson.Text(row))));

    private static long Whole(decimal amount) => (long)Math.Clamp(Math.Round(amount), long.MinValue, long.MaxValue);

    private static RecordId Id(string text) => text.Length == 0 ? default : RecordId.Parse(text);

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
