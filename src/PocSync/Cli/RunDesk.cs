using System.Globalization;
using PocSync.Core.Guards;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Notices;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>The org and the ledger that the program's settings name, brought together for one run. Holds the ledger's lock.</summary>
internal sealed class RunDesk : IAsyncDisposable
{
    private readonly Surroundings _around;
    private readonly OrgConnection _connection;
    private readonly LedgerLock _lock;
    private readonly LedgerDatabase _database;
    private readonly GuardLimits _limits;
    private readonly ApprovalTerms _terms;
    private readonly string? _rules;
    private readonly RunProgress _progress;
    private readonly NoticesSection _notices;
    private readonly CancellationTokenSource _abandon;
    private readonly CancellationTokenRegistration _stopping;

    private RunDesk(
        Surroundings around, OrgConnection connection, LedgerLock @lock, LedgerDatabase database, GuardLimits limits, ApprovalTerms terms, NoticesSection notices,
        string? rules, CancellationToken stop)
    {
        (_around, _connection, _lock, _database, _limits, _terms, _notices, _rules) = (around, connection, @lock, database, limits, terms, notices, rules);
        // By the real clock, whatever clock the run has: others tell by it that this run lives.
        _progress = new RunProgress(database, new ProgressDisplay(around), TimeProvider.System);
        _abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, around.Time);
        _stopping = stop.Register(() => _abandon.CancelAfter(Shutdown.Grace));
    }

    /// <summary>What runs.</summary>
    public Reconciler Reconciler => new(
        _connection.Org, new RunLedger(_database, _around.Time, _progress), new Journal(_database, _around.Time), new Approvals(_database, _terms, _around.Time),
        _progress, new Pauses(_database, _around.Time), new SettingsBrake(_around.Settings, _rules), _connection.Org)
    {
        Calls = _connection.Org,
        Alerts = new AlertKeeper(_connection.Alerts, new AlertLog(_database, _around.Time)),
        Briefs = new BriefKeeper(_connection.Briefs, new BriefLog(_database, _around.Time)),
        TerritoryModel = _connection.Org.TerritoryModelAsync,
        EarlierWork = _connection.Org.AwaitAsync,
    };

    /// <summary>A reconciling run (see <see cref="Reconciler.SyncAsync"/>); where the settings are the org's, the ledger also keeps who changed them.</summary>
    public async Task<RunReport> SyncAsync(RunOrder order, CancellationToken stop, Snapshot? since = null)
    {
        var report = await Reconciler.SyncAsync(order, stop, since);
        if (_rules is null && RulesHome.IsInOrg(_around.Settings) && report.Status != RunStatus.Failed)
        {
            await new SettingAuthors(_database, Org).TellAsync(report.Run, stop);
        }

        return report;
    }

    /// <summary>The org, whose calls count with everyone's.</summary>
    public LiveOrg Org => _connection.Org;

    /// <summary>Who is who in the org.</summary>
    public LiveOrgDirectory Directory => _connection.Directory;

    /// <summary>The ledger, which is held.</summary>
    public LedgerDatabase Ledger => _database;

    /// <summary>How long approvals hold, and when it takes two.</summary>
    public ApprovalTerms Terms => _terms;

    /// <summary>What the worker's jobs have done.</summary>
    public JobBook Jobs => new(_database, _around.Time);

    /// <summary>The org's API calls, as far as this run was told.</summary>
    public ApiUsage? Usage => _connection.Org.Usage;

    /// <summary>Waits for another run on the ledger to end, and says so. Throws <see cref="UsageException"/> or <see cref="LedgerException"/>.</summary>
    /// <param name="around">The program's settings.</param>
    /// <param name="rules">The rules' file where one was given; else the settings name it.</param>
    /// <param name="stop">The word to stop.</param>
    public static async Task<RunDesk> OpenAsync(Surroundings around, string? rules, CancellationToken stop)
    {
        var limits = GuardSettings.Read(around.Settings);
        var terms = ApprovalSettings.Read(around.Settings);
        var notices = NoticesSection.Read(around.Settings);
        var ledger = LedgerSettings.Read(around.Settings);
        var connection = OrgConnection.Of(around.Settings, around.Time);
        LedgerLock? taken = null;
        try
        {
            taken = await LedgerLock.TakeAsync(ledger, around.Time, news => around.Error.WriteLine(PlainText.Line(news)), stop);
            var database = await LedgerDatabase.OpenForRunsAsync(taken);
            connection.CountIn(new CallCount(database, around.Time));
            connection.KeepIn(new OrgJobs(database, around.Time));
            return new RunDesk(around, connection, taken, database, limits, terms, notices, rules, stop);
        }
        catch
        {
            await (taken?.DisposeAsync() ?? default);
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a run is asked to do, now.</summary>
    public RunOrder Order(RunKind kind, Settings settings, string by, string? reason = null) =>
        WithTerms(new(kind, settings, _limits, VerbOptions.Now(_around), by, reason) { Abandon = _abandon.Token, Hours = _notices.Settings.Hours });

    private RunOrder WithTerms(RunOrder order) => order with
    {
        Effective = order.Effective.Concat(
        [
            new("Approvals:ExpireDays", _terms.ExpireDays.ToString(CultureInfo.InvariantCulture)),
            new("Approvals:TwoPersonsAbove", _terms.TwoPersonsAbove?.ToString(CultureInfo.InvariantCulture) ?? SettingsText.None),
        ]).ToDictionary(),
    };

    /// <summary>Tells people what concerns them and is due. Throws <see cref="OrgException"/> or <see cref="LedgerException"/>.</summary>
    public Task<CourierReport> TellAsync(Settings settings, CancellationToken stop)
    {
        var links = new NoticeLinks(_connection.Settings.LoginUrl, PublicUrl);
        return new Courier(
            _connection.Org, _connection.Directory, new Mail(_database, _around.Time), [.. _notices.Settings.Channels.Select(c => ChannelOf(c, settings, links))], _notices.Settings, links,
            new Pauses(_database, _around.Time), new SettingsBrake(_around.Settings, _rules), _connection.Org)
            .SendAsync(settings.Names, _around.Time.GetUtcNow(), stop);
    }

    /// <summary>The console's address, where other people reach it.</summary>
    public Uri? PublicUrl => Uri.TryCreate(_around.Settings["Review:PublicUrl"]?.Trim(), UriKind.Absolute, out var url) ? url : null;

    private IChannel ChannelOf(ChannelKind kind, Settings settings, NoticeLinks links) =>
        _connection.Channels.Of(kind, settings.Names, links) ?? _notices.ChannelOf(kind, _around.Time)!;

    /// <summary>After a run: tells people what concerns them, and prints what the run did, as the ledger has it. A run that was done is done, whatever becomes of the telling.</summary>
    public async Task<int> EndAsync(Settings settings, RunReport report, OutputFormat format, CancellationToken stop)
    {
        if (report.Status is not (RunStatus.Failed or RunStatus.Stopped))
        {
            try
            {
                if ((await TellAsync(settings, stop)).Sentence is { Length: > 0 } told)
                {
                    _around.Error.WriteLine(PlainText.Line(told));
                }
            }
            catch (Exception wrong) when (wrong is OrgException or LedgerException or OperationCanceledException)
            {
                _around.Error.WriteLine(PlainText.Line($"People are told later: {wrong.Message}"));
            }
        }

        RunPrinter.Write((await new LedgerQueries(_database).RunAsync(report.Run, RunPrinter.MostAlerts(format)))!, format, _around);
        return (int)StatusOf(report.Status);
    }

    /// <summary>The exit status of a run.</summary>
    public static ExitStatus StatusOf(RunStatus status) => status switch
    {
        RunStatus.Failed => ExitStatus.OrgRefused,
        RunStatus.Held or RunStatus.Paused => ExitStatus.Held,
        RunStatus.Partial => ExitStatus.DoneInPart,
        RunStatus.Stopped => ExitStatus.Stopped,
        _ => ExitStatus.Done,
    };

    /// <summary>For people who look before the next run.</summary>
    private async Task NoteCallsAsync()
    {
        if (Usage is null)
        {
            return;
        }

        try
        {
            await new Installation(_database).NoteAsync(await _connection.Org.LeftAsync(), _around.Time.GetUtcNow());
        }
        catch (LedgerException)
        {
            // The run has said what is wrong with the ledger.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stopping.DisposeAsync();
            _abandon.Dispose();
            await _progress.DisposeAsync();
            await NoteCallsAsync();
        }
        finally
        {
            // Whatever went wrong: nobody else gets at the ledger as long as this process has its lock.
            await _lock.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }
}
