using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Tests.Cli;

namespace PocSync.Tests.Runs;

/// <summary>
/// Random sequences of runs, edits by others, approvals, rejections, undos and faults on a small org with a real ledger. The same ones each time, unless
/// POCSYNC_SEQUENCES says how many others;
/// POCSYNC_STEPS (numbers with commas) runs one.
/// </summary>
public sealed class SequenceTests : IDisposable
{
    private const int Sequences = 100;
    private static readonly string Folder = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Folder, $"pocsync-{Guid.NewGuid():N}")).FullName;
    private int _count;

    [Fact]
    public async Task Every_writing_has_one_outcome_a_second_run_writes_nothing_and_undone_the_org_is_as_it_was()
    {
        var template = LedgerSettings.OfFile(Path.Combine(_folder, "template.db"));
        await using (var taken = await TakeAsync(template))
        {
            await LedgerDatabase.OpenForRunsAsync(taken);
        }

        SqliteConnection.ClearAllPools();
        if (Environment.GetEnvironmentVariable("POCSYNC_STEPS") is { Length: > 0 } given)
        {
            await PlayAsync([.. given.Split(',').Select(int.Parse)]);
            return;
        }

        var count = int.TryParse(Environment.GetEnvironmentVariable("POCSYNC_SEQUENCES"), out var asked) ? asked : Sequences;
        var sequences = Arb.From(Gen.Choose(0, (16 * 8 * 8) - 1).ArrayOf().Where(s => s.Length > 0), Smaller);
        Prop.ForAll(sequences, steps => PlayAsync(steps).GetAwaiter().GetResult()).Check(
            (asked == 0 ? Config.QuickThrowOnFailure.WithReplay(7, 9) : Config.QuickThrowOnFailure).WithMaxTest(count).WithStartSize(3).WithEndSize(12));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task<LedgerLock> TakeAsync(LedgerSettings ledger) => LedgerLock.TakeAsync(ledger, TimeProvider.System, _ => { }, CancellationToken.None);

    private static IEnumerable<int[]> Smaller(int[] steps) =>
        Enumerable.Range(0, steps.Length).Where(_ => steps.Length > 1).Select(i => (int[])[.. steps[..i], .. steps[(i + 1)..]]);

    private async Task PlayAsync(int[] steps)
    {
        var file = Path.Combine(_folder, $"{++_count}.db");
        File.Copy(Path.Combine(_folder, "template.db"), file);
        try
        {
            var play = new Play(LedgerSettings.OfFile(file), steps[0] % 2 == 0);
            await play.RunAsync(steps);
        }
        catch (Exception wrong)
        {
            throw new ShouldAssertException($"POCSYNC_STEPS={string.Join(',', steps)}: {wrong.Message}", wrong);
        }
        finally
        {
            foreach (var path in Directory.GetFiles(_folder, $"{_count}.db*"))
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>One sequence.</summary>
    private sealed class Play(LedgerSettings ledger, bool isTeam) : IProgress<RunNews>
    {
        private static readonly string[] Accounts = [.. Enumerable.Range(0, 3).Select(RunHost.Account)];
        private static readonly string[] Users = [.. Enumerable.Range(1, 5).Select(i => RecordId.Parse($"0055f{i:D10}").ToString())];

        private readonly Shell.StoppedClock _clock = new();
        private readonly Settings _settings = Read(isTeam);

        /// <summary>Accounts of which an undo left something as it was, or whose records cannot be followed any more.</summary>
        private readonly HashSet<string> _loose = [];
        private SmallOrg _org = new();

        /// <summary>The org as it would be without PocSync.</summary>
        private SmallOrg _without = new();
        private LedgerDatabase _database = null!;
        private long _lastRun;

        public void Report(RunNews value)
        {
        }

        public async Task RunAsync(int[] steps)
        {
            Fill();
            _without = _org.Copy();
            await using var taken = await TakeAsync(ledger);
            _database = await LedgerDatabase.OpenForRunsAsync(taken);
            foreach (var step in steps)
            {
                _clock.Advance(TimeSpan.FromMinutes(1));
                await StepAsync(step % 16, step / 16 % 8, step / 128);
            }

            await EndAsync();
        }

        private async Task EndAsync()
        {
            _org.Next = Fault.None;
            Both(org => org.Rows["User"].Values.ToList().ForEach(u => u["IsActive"] = "true"));
            await SyncAsync();
            await SyncAsync();
            var before = Texts(_org);
            await SyncAsync();
            Texts(_org).ShouldBe(before, "a run after a run writes nothing");

            foreach (var account in Accounts)
            {
                (await UndoAsync(new WritingsOf(Account: RecordId.Parse(account)))).NotApplied.ShouldBe(0);
                (await UndoAsync(new WritingsOf(Account: RecordId.Parse(account)))).Corrections.ShouldBe(0, "a second undo is empty");
                if (!_loose.Contains(account))
                {
                    _org.Of(account).ShouldBe(_without.Of(account), $"undone, the account {account} is as it would be without PocSync");
                }
            }

            // With everything undone there may be something else to correct, but nothing of what was undone, unless what was wrong was gone in between.
            var gone = GoneSinceUndone();
            var undone = Outcomes().Where(o => o.Kind == nameof(OutcomeKind.Written)).GroupBy(o => o.Starting).Where(g => !g.Any(o => gone.Contains(o.Intent)))
                .Select(g => g.Key).ToHashSet();
            await SyncAsync();
            Outcomes().Where(o => o.Run == _lastRun).Select(o => o.Starting).Where(undone.Contains).ShouldBeEmpty("what was undone is not done again");
            await ExplainAsync();
        }

        /// <summary>The intents of what was undone before a run found that nothing of the kind was wrong with the account any more.</summary>
        private HashSet<long> GoneSinceUndone() => [.. Read("""
            WITH RECURSIVE chain(Root, Id, Run) AS (
                SELECT "Id", "Id", "Run" FROM intents WHERE "Undoes" IS NULL
                UNION ALL SELECT c.Root, i."Id", i."Run" FROM chain c JOIN intents i ON i."Undoes" = c.Id)
            SELECT i."Id" FROM intents i JOIN planned p ON p."Correction" = i."Correction"
            JOIN findings f ON f."Rule" = p."Rule" AND f."Code" = p."Code" AND f."Subject" = p."Account"
            WHERE f."ResolvedRun" > (SELECT MAX(c.Run) FROM chain c WHERE c.Root = i."Id")
            """, row => row.GetInt64(0))];

        /// <summary>Each writing that the org took is one outcome of the ledger.</summary>
        private async Task ExplainAsync()
        {
            (await new Journal(_database, _clock).UnfinishedAsync()).ShouldBeEmpty();
            var outcomes = Outcomes();
            outcomes.GroupBy(o => o.Intent).ShouldAllBe(g => g.Count() == 1);
            outcomes.Where(o => o.Kind == nameof(OutcomeKind.Written)).GroupBy(o => o.Correction).Select(g => $"{g.Key} {g.Count()}").Order(StringComparer.Ordinal)
                .ShouldBe(_org.Written.Select(w => $"{w.Key} {w.Value}").Order(StringComparer.Ordinal));
        }

        private List<(string Correction, string Kind, long Intent, long Run, string Starting)> Outcomes() => Read(
            "SELECT \"Correction\", \"Kind\", \"Intent\", \"Run\", \"Starting\" FROM outcomes WHERE \"Intent\" IS NOT NULL",
            row => (row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4)));

        private List<T> Read<T>(string query, Func<SqliteDataReader, T> of)
        {
            using var connection = new SqliteConnection(ledger.ConnectionString);
            connection.Open();
            using var read = connection.CreateCommand();
            read.CommandText = query;
            using var rows = read.ExecuteReader();
            var found = new List<T>();
            while (rows.Read())
            {
                found.Add(of(rows));
            }

            return found;
        }

        private async Task StepAsync(int kind, int a, int b)
        {
            var (account, user) = (Accounts[a % Accounts.Length], Users[b % Users.Length]);
            switch (kind)
            {
                case 0 or 1 or 2:
                    await SyncAsync();
                    break;
                case 3 when _org.IsActive(user) && _org.Rows["Account"][account]["OwnerId"] != user:
                    Both(org => org.SetOwner(account, user));
                    if (_org.OwnersWritten.Contains((account, user)))
                    {
                        // Somebody wrote what PocSync had written: nobody can tell whose it is.
                        _loose.Add(account);
                    }

                    break;
                case 4 or 5 when Nth(isTeam ? SmallOrg.Team : SmallOrg.Row, a) is { } row:
                    Touch(row, org => org.Remove(row.Id));
                    break;
                case 6 when Nth(SmallOrg.Row, a) is { } row && _org.Rows[row.Object][row.Id]["User__c"] != user:
                    Touch(row, org => org[row.Id]["User__c"] = user);
                    break;
                case 7 when _org.IsActive(user):
                    Make(account, user, b % 2 == 0);
                    break;
                case 8:
                    Both(org => org.Rows["User"][user]["IsActive"] = org.IsActive(user) ? "false" : "true");
                    break;
                case 9 or 10:
                    await DecideAsync(kind == 9 ? DecisionKind.Approve : DecisionKind.Reject, a);
                    break;
                case 11 or 12 when _lastRun > 0:
                    await UndoAsync(new WritingsOf(Run: Math.Max(1, _lastRun - a % 4)));
                    break;
                case 13:
                    await UndoAsync(new WritingsOf(Account: RecordId.Parse(account)));
                    break;
                case 14:
                    _org.Next = (Fault)(1 + a % 5);
                    await SyncAsync();
                    _org.Next = Fault.None;
                    await SyncAsync();
                    break;
                case 15:
                    _clock.Advance(TimeSpan.FromDays(1 + b));
                    break;
            }
        }

        private async Task SyncAsync() => Note(await Runs.SyncAsync(Order(RunKind.Sync), CancellationToken.None));

        private async Task<RunReport> UndoAsync(WritingsOf what)
        {
            var report = Note(await Runs.UndoAsync(Order(RunKind.Undo) with { Reason = "a mistake" }, what, CancellationToken.None));
            _loose.UnionWith(report.Judged?.Stays.Select(s => s.Account.ToString()) ?? []);
            return report;
        }

        private async Task DecideAsync(DecisionKind kind, int which)
        {
            var pending = await new LedgerQueries(_database).PendingAsync(new ApprovalTerms(), _clock.GetUtcNow());
            if (pending is null || pending.Open.Count == 0 || _clock.GetUtcNow() >= pending.Expires)
            {
                return;
            }

            var one = pending.Open[which % pending.Open.Count].Correction;
            await new Decisions(_database, new ApprovalTerms(), _clock).DecideAsync(kind, new Selection([one.Id]), "Olga", "because");
            Note(await Runs.ApproveAsync(Order(RunKind.Approve), CancellationToken.None));
        }

        private Reconciler Runs => new(
            _org, new RunLedger(_database, _clock), new Journal(_database, _clock), new Approvals(_database, new ApprovalTerms(), _clock), this);

        private RunOrder Order(RunKind kind) =>
            new(kind, _settings, new GuardLimits { MaxChanged = 1000, MaxChangedShare = 1, MinAnswered = 0 }, _clock.GetUtcNow(), "test");

        private RunReport Note(RunReport report)
        {
            _lastRun = report.Run;
            return report;
        }

        private void Both(Action<SmallOrg> edit)
        {
            edit(_org);
            edit(_without);
        }

        private (string Object, string Id, string Account)? Nth(string objectName, int n) =>
            _org.Rows[objectName].ToList() is { Count: > 0 } rows && rows[n % rows.Count] is var row
                ? (objectName, row.Key, row.Value.GetValueOrDefault("Account__c") ?? row.Value["AccountId"]!) : null;

        /// <summary>Somebody changes a record; where it is one of PocSync's, what becomes of it is theirs.</summary>
        private void Touch((string Object, string Id, string Account) row, Action<SortedDictionary<string, Dictionary<string, string?>>> edit)
        {
            edit(_org.Rows[row.Object]);
            if (_without.Rows[row.Object].ContainsKey(row.Id))
            {
                edit(_without.Rows[row.Object]);
            }
            else
            {
                _loose.Add(row.Account);
            }
        }

        private void Make(string account, string user, bool isBackup)
        {
            if (isTeam && _org.Rows[SmallOrg.Team].Values.Any(t => t["AccountId"] == account && t["UserId"] == user))
            {
                return;
            }

            var id = isTeam ? _org.Add(SmallOrg.Team, null, ("AccountId", account), ("UserId", user), ("TeamMemberRole", isBackup ? "Backup POC" : "Sales Rep"))
                : _org.Add(SmallOrg.Row, null, ("Account__c", account), ("Role__c", isBackup ? "Backup" : "Primary"), ("User__c", user),
                    ("Starts_On__c", isBackup ? "2026-01-01" : "2026-11-22"));
            var name = isTeam ? SmallOrg.Team : SmallOrg.Row;
            _without.Rows[name][id] = new Dictionary<string, string?>(_org.Rows[name][id]);
        }

        private void Fill()
        {
            _org.Add("Organization", "00D5f0000000001EAA", ("Name", "Lark"));
            foreach (var (user, i) in Users.Select((u, i) => (u, i)))
            {
                _org.Add("User", user, ("Name", $"User {i}"), ("IsActive", i == 4 ? "false" : "true"));
            }

            foreach (var (account, i) in Accounts.Select((a, i) => (a, i)))
            {
                _org.Add("Account", account, ("Name", $"Account {i}"), ("OwnerId", Users[i == 0 ? 4 : i]));
                _org.Add(SmallOrg.Team, null, ("AccountId", account), ("UserId", Users[3]), ("TeamMemberRole", "Sales Rep"), ("AccountAccessLevel", "Edit"));
                _org.Add(SmallOrg.Team, null, ("AccountId", account), ("UserId", Users[4]), ("TeamMemberRole", "Sponsor"), ("AccountAccessLevel", "Read"));
                if (!isTeam)
                {
                    _org.Add(SmallOrg.Row, null, ("Account__c", account), ("Role__c", "Primary"), ("User__c", Users[i == 0 ? 4 : i + 1]), ("Starts_On__c", "2025-01-01"));
                    _org.Add(SmallOrg.Row, null, ("Account__c", account), ("Role__c", i == 2 ? "Primary" : "Backup"), ("User__c", Users[0]), ("Starts_On__c", "2026-11-22"));
                }
            }
        }

        private static string[] Texts(SmallOrg org) => [.. Accounts.SelectMany(org.Of)];

        private static Settings Read(bool isTeam)
        {
            var path = Path.GetTempFileName();
            try
            {
                File.WriteAllText(path, $"{(isTeam ? "binding: team\nteamRoles: { Backup POC: Backup }\n" : "")}{RunHost.Auto.Replace("backup-present: { mode: auto }", "backup-present: { mode: propose }", StringComparison.Ordinal)}");
                return RulesFile.Read(path);
            }
            finally
            {
                File.Delete(path);
            }
        }
    }
}
