using System.Globalization;
using PocSync.Core.Notices;
using PocSync.Core.Runs;
using PocSync.Health;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Tells administrators and approvers in the morning what waits for them, what is newly wrong and what was changed since the last time; nothing where there is nothing.</summary>
internal sealed class DigestJob(DueTimes due, Surroundings around, NoticeSettings notices, WorkerHealth health) : DueJob("digest", due, around, health)
{
    /// <inheritdoc/>
    protected override async Task<Work> DoAsync(RunDesk desk, string? asked, Telemetry.RunTrace? trace, CancellationToken stop)
    {
        var now = Around.Time.GetUtcNow();
        var since = (await desk.Jobs.FindAsync(Name)).DoneThrough is { } done ? new DateTimeOffset(done, TimeSpan.Zero) : now.AddDays(-1);
        var lines = await LinesAsync(desk, since, now);
        if (lines.Count == 0)
        {
            return new Work("There was nothing for a digest.");
        }

        var receivers = await desk.Directory.AdministratorsAsync(notices.Administrators, stop);
        var added = await new NewsBook(desk.Ledger, Around.Time).AddAsync(
        [
            .. receivers.Select(r => new News(string.Create(CultureInfo.InvariantCulture, $"digest|{Due.Last.UtcDateTime:yyyy-MM-dd'T'HH:mm}|{r}"), NewsKind.Digest, r)
            { Reason = string.Join('\n', lines) }),
        ]);
        return new Work(receivers.Count == 0 ? "Nobody gets the digest: name people in Notices:Administrators, or give them the permission set POC_Administrator or POC_Approver."
            : $"The digest is for {NumberText.Count(added, "person").Replace("persons", "people", StringComparison.Ordinal)}.");
    }

    private async Task<List<string>> LinesAsync(RunDesk desk, DateTimeOffset since, DateTimeOffset now)
    {
        var pending = await new LedgerQueries(desk.Ledger).PendingAsync(desk.Terms, now);
        var waiting = pending?.Open.Count(o => o.IsToDecide) ?? 0;
        var changes = await new BookQueries(desk.Ledger).ChangesAsync(since);
        var wrong = (await new RuleQueries(desk.Ledger).SettingsAsync()).GetValueOrDefault("wrong");
        var failing = (await desk.Jobs.AllAsync()).Where(j => j.Failures > 0).Select(j => j.Name).ToList();
        var console = desk.PublicUrl is { } url ? $" {new Uri(url, "/approvals")}" : "";
        return
        [
            .. new[]
            {
                waiting > 0 ? $"{NumberText.Count(waiting, "correction")} {(waiting == 1 ? "waits" : "wait")} for somebody's yes.{console}" : null,
                changes.Opened > 0 ? $"{NumberText.Count(changes.Opened, "finding")} {(changes.Opened == 1 ? "is" : "are")} new; {changes.Resolved.ToString("N0", CultureInfo.InvariantCulture)} gone." : null,
                changes.Written > 0 ? $"{NumberText.Count(changes.Written, "correction")} {(changes.Written == 1 ? "was" : "were")} written." : null,
                changes.NotWritten > 0 ? $"{NumberText.Count(changes.NotWritten, "correction")} {(changes.NotWritten == 1 ? "was" : "were")} not taken by the org." : null,
                wrong is null or "nothing" ? null : $"The rules' settings are wrong: {wrong.ReplaceLineEndings(" ")}",
                failing.Count > 0 ? $"{string.Join(" and ", failing)} {(failing.Count == 1 ? "fails" : "fail")}; the worker tries again." : null,
            }.OfType<string>(),
        ];
    }
}
