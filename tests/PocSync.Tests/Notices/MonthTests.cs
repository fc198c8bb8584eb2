using System.Globalization;
using System.Text.RegularExpressions;
using PocSync.Core.Records;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;

namespace PocSync.Tests.Notices;

/// <summary>
/// A month of absences of every shape, a run each morning and, where anybody was told anything, each evening, held day by day against what a handful of lines say without the program: who stands in for whom, who is told what, whose gaps are alerted, and that
/// nobody's accounts move. P1 to P20 have an account each, with B1 to B20 as backups; C1 and C2 stand in where an absence names them. Today is 2026-11-22.
/// </summary>
public sealed partial class MonthTests : IAsyncDisposable
{
    private const int People = 20, Days = 33;

    private static readonly DateOnly First = new(2026, 11, 22);

    /// <summary>Whose account has no backup.</summary>
    private static readonly HashSet<string> Alone = ["P15"];

    private readonly Dictionary<string, Away> _away = [];
    private readonly HashSet<string> _gone = ["Gone"];
    private RunHost _host = null!;

    /// <summary>An absence as the month's table has it; days as in 1124.</summary>
    private sealed record Away(string Who, DateOnly From, DateOnly? To, string? Cover, string Object, string Id);

    private sealed record Standing(string For, string By, DateOnly? Until);

    /// <summary>What happens before the first run of a day.</summary>
    private Dictionary<int, Func<Task>> Month => new()
    {
        [1122] = async () =>
        {
            await AddAsync("grows", "P1", 1124, 1126);
            await AddAsync("shrinks", "P2", 1124, 1204);
            await AddAsync("overlaps, first", "P3", 1125, 1128, "C1");
            await AddAsync("overlaps, second", "P3", 1127, 1201, "C2");
            await AddAsync("deleted", "P4", 1124, 1210);
            await AddAsync("moved before it begins", "P5", 1201, 1203);
            await AddAsync("moved while it is on", "P6", 1126, 1130);
            await AddAsync("open", "P7", 1128, null, "C2");
            await AddAsync("reversed", "P8", 1205, 1201);
            await AddAsync("one day", "P9", 1202, 1202);
            await AddAsync("over the end of the month", "P10", 1127, 1203, "C1");
            await AddAsync("cover is away", "P11", 1124, 1201, "C1");
            await AddAsync("the cover's own", "C1", 1126, 1128);
            await AddAsync("the backup's own", "B11", 1128, 1128);
            await AddAsync("cover has left", "P12", 1124, 1126, "Gone");
            await AddAsync("back to back, first", "P13", 1201, 1203);
            await AddAsync("back to back, second", "P13", 1204, 1206);
            await AddAsync("a gap to come", "P15", 1215, 1218);
            await AddAsync("cover leaves", "P20", 1129, 1206, "C3");
        },
        [1125] = () => MoveAsync("grows", 1124, 1130),
        [1126] = () => MoveAsync("shrinks", 1124, 1127),
        [1127] = async () =>
        {
            await CalendarAsync("a calendar's days", "P14", 1214, 1216);
            await CalendarAsync("a calendar's other days", "P14", 1217, 1217);
            await CalendarAsync("a calendar's series", "P14", 1201, 1231, isSeries: true);
            await AddAsync("at once, the record", "P16", 1207, 1209, "C2");
            await CalendarAsync("at once, the calendar", "P16", 1208, 1211);
            await AddAsync("with the calendar in it, the record", "P17", 1207, 1211);
            await CalendarAsync("with the calendar in it", "P17", 1208, 1209);
            await ResourceAsync("a resource's", "P18", 1208, 1210);
            await AddAsync("of somebody whose account is somebody else's", "C2", 1220, 1221);
        },
        [1128] = () => MoveAsync("moved while it is on", 1208, 1209),
        [1129] = () => DeleteAsync("deleted"),
        [1130] = () => MoveAsync("moved before it begins", 1208, 1210),
        [1202] = () => AddAsync("told late", "P19", 1129, 1203),
        [1203] = async () =>
        {
            await LeaveAsync("C3");
            await MoveAsync("told late", 1129, null);
        },
        [1205] = async () =>
        {
            await MoveAsync("open", 1128, 1205);
            await MoveAsync("told late", 1129, 1206);
        },
        [1209] = () => DeleteAsync("a resource's"),
        [1210] = () => DeleteAsync("at once, the record"),
        [1215] = () => DeleteAsync("a calendar's days"),
    };

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_month_of_absences_goes_as_its_table_says_day_by_day()
    {
        _host = (await RunHost.StartAsync(LedgerProvider.Sqlite, new SimulatorOptions(),
            "absences: { calendarEvents: true, resourceAbsences: true }\nrules: { backup-present: { enabled: false }, backup-covers-absence: { mode: alert, alertRows: true } }", Users(), Accounts(), Rows(),
            new OrgTable("ServiceResource", ["Id", "Name", "RelatedRecordId"], [[Id("0Hn", 1), "P18", IdOf("P18")]]))).AtAllTimes();
        var owned = await OwnedAsync();
        IReadOnlyList<Standing> before = [];
        var ever = new HashSet<string>();

        for (var day = First; day < First.AddDays(Days); day = day.AddDays(1))
        {
            await (Month.GetValueOrDefault(day.Month * 100 + day.Day)?.Invoke() ?? Task.CompletedTask);
            var sent = (await _host.OutAsync()).Count;
            var first = await _host.RunAsync("sync");
            first.Status.ShouldBe(0, $"{day}: {first.Error}");
            var out1 = (await _host.OutAsync()).Skip(sent).Select(o => (To: Name(o.GetProperty("recipients").EnumerateArray().Single().GetString()!), Text: $"{LiveOrgHost.Text(o, "title")} {LiveOrgHost.Text(o, "body")}")).ToList();

            var now = StandingIn(day);
            out1.GroupBy(o => o.To).Where(g => g.Count() > 1).ShouldBeEmpty($"{day}");
            out1.GroupBy(o => o.To).ShouldAllBe(g => g.Count() == 1, $"{day}");
            (await AlertedAsync()).ShouldBe(Gaps(day), $"{day}");
            (await OwnedAsync()).ShouldBe(owned, $"{day}");
            ever.UnionWith(now.Select(s => s.For));

            _host.Clock.Advance(TimeSpan.FromHours(12));
            if (out1.Count > 0)
            {
                (await _host.RunAsync("sync")).Status.ShouldBe(0);
                (await _host.OutAsync()).Count.ShouldBe(sent + out1.Count, $"the evening of {day}");
            }
            _host.Clock.Advance(TimeSpan.FromHours(12));
            before = now;
        }

        before.ShouldBeEmpty();
        ever.Count.ShouldBe(18);
    }

    private bool IsAway(string who, DateOnly day) => _away.Values.Any(a => a.Who == who && a.From <= day && (a.To is null || a.To >= day));

    private bool IsThere(string who, DateOnly day) => !_gone.Contains(who) && !IsAway(who, day);

    private static string? BackupOf(string who) => Alone.Contains(who) ? null : "B" + who[1..];

    /// <summary>Whoever the first absence of the day names that is there, else the backup.</summary>
    private List<Standing> StandingIn(DateOnly day)
    {
        var standing = new List<Standing>();
        foreach (var who in Enumerable.Range(1, People).Select(i => $"P{i}").Where(p => IsAway(p, day)))
        {
            var named = _away.Values.Where(a => a.Who == who && a.From <= day && (a.To is null || a.To >= day)).OrderBy(a => a.Id, StringComparer.Ordinal).Select(a => a.Cover);
            if (named.Append(BackupOf(who)).FirstOrDefault(c => c is not null && IsThere(c, day)) is { } by)
            {
                var until = day;
                while (IsAway(who, until.AddDays(1)) && until < day.AddDays(400))
                    until = until.AddDays(1);
                standing.Add(new Standing(who, by, until == day.AddDays(400) ? null : until));
            }
        }
        return standing;
    }

    private static List<string> News(IReadOnlyList<Standing> before, IReadOnlyList<Standing> now)
    {
        var news = new List<string>();
        foreach (var s in now)
        {
            var until = s.Until is { } day ? $" until {day:yyyy-MM-dd}" : "";
            if (before.FirstOrDefault(b => b.For == s.For && b.By == s.By) is not { } was)
                news.AddRange([$"{s.By}: You stand in for {s.For}{until} on 1 account;", $"{s.For}: {s.By} stands in for you{until} on 1 account;"]);
            else if (was.Until != s.Until)
                news.AddRange([$"{s.By}: You stand in for {s.For}{until}, on 1 account{(s.Until is null ? ", with no end known" : "")}.",
                    $"{s.For}: {s.By} stands in for you{until}, on 1 account{(s.Until is null ? ", with no end known" : "")}."]);
        }
        foreach (var s in before.Where(b => !now.Any(n => n.For == b.For && n.By == b.By)))
        {
            // Who has left is told nothing.
            news.AddRange(new[] { $"{s.By}: You no longer stand in for {s.For} on 1 account:", $"{s.For}: {s.By} no longer stands in for you on 1 account," });
        }
        return [.. news.Where(n => !n.StartsWith("C3: You no", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whose absence, on or beginning within 14 days, has a day on which nobody is there for all that is left of it.</summary>
    private List<string> Gaps(DateOnly today)
    {
        var gaps = new HashSet<string>();
        foreach (var away in _away.Values.Where(a => a.Who[0] == 'P' && a.From <= today.AddDays(14) && !(a.To < today) && !(a.To < a.From)))
        {
            if (away.Object != "POC_Absence__c" && _away.Values.Any(r => r.Object == "POC_Absence__c" && r.Who == away.Who && r.From <= away.From && (r.To is null || r.To >= away.To)))
                continue;
            // Days of a calendar that follow each other are one absence.
            var (from, to) = (away.From > today ? away.From : today, away.To ?? today.AddDays(365));
            while (away.Object != "POC_Absence__c" && _away.Values.Any(c => c.Who == away.Who && c.Object != "POC_Absence__c" && c.From <= to.AddDays(1) && c.To > to))
                to = _away.Values.Where(c => c.Who == away.Who && c.Object != "POC_Absence__c" && c.From <= to.AddDays(1)).Max(c => c.To!.Value);
            var days = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays).ToList();
            if (!new[] { away.Cover, BackupOf(away.Who) }.Any(c => c is not null && days.All(d => IsThere(c, d))))
                gaps.Add(away.Who);
        }
        return [.. gaps.Order(StringComparer.Ordinal)];
    }

    private async Task<List<string>> AlertedAsync() =>
    [
        .. (await _host.Org.RowsAsync("POC_Alert__c")).Where(a => LiveOrgHost.Text(a, "Rule__c") == "backup-covers-absence" && LiveOrgHost.Text(a, "Status__c") == "Open")
            .Select(a => $"P{int.Parse(LiveOrgHost.Text(a, "Account__c")![5..15], CultureInfo.InvariantCulture)}").Order(StringComparer.Ordinal),
    ];

    private async Task<string> OwnedAsync() => string.Join('\n',
        (await _host.Org.RowsAsync("Account")).Select(a => $"{LiveOrgHost.Text(a, "Id")} {LiveOrgHost.Text(a, "OwnerId")}")
            .Concat((await _host.Org.RowsAsync("POC_Assignment__c")).Select(r => $"{LiveOrgHost.Text(r, "Account__c")} {LiveOrgHost.Text(r, "Role__c")} {LiveOrgHost.Text(r, "User__c")} {LiveOrgHost.Text(r, "Ends_On__c")}")).Order(StringComparer.Ordinal));

    private Task AddAsync(string key, string who, int from, int? to, string? cover = null) => MakeAsync(key, new Away(who, Day(from), to is null ? null : Day(to.Value), cover, "POC_Absence__c", ""),
        new { User__c = IdOf(who), Cover__c = cover is null ? null : IdOf(cover), Starts_On__c = Text(Day(from)), Ends_On__c = to is null ? null : Text(Day(to.Value)) });

    /// <summary>All day, but of P14 from the first morning to the last evening in Tokyo.</summary>
    private Task CalendarAsync(string key, string who, int from, int to, bool isSeries = false) => MakeAsync(isSeries ? null : key, new Away(who, Day(from), Day(to), null, "Event", ""), new
    {
        OwnerId = IdOf(who),
        Subject = "Away",
        ShowAs = "OutOfOffice",
        IsRecurrence = isSeries,
        IsAllDayEvent = who != "P14",
        StartDateTime = $"{Text(Day(from))}T00:00:00Z",
        EndDateTime = $"{Text(Day(to))}T{(who == "P14" ? "08" : "00")}:00:00Z",
    });

    private Task ResourceAsync(string key, string who, int from, int to) => MakeAsync(key, new Away(who, Day(from), Day(to), null, "ResourceAbsence", ""),
        new { ResourceId = Id("0Hn", 1), Start = $"{Text(Day(from))}T08:00:00Z", End = $"{Text(Day(to))}T18:00:00Z" });

    private async Task MakeAsync(string? key, Away away, object fields)
    {
        var there = (await _host.Org.RowsAsync(away.Object)).Select(r => LiveOrgHost.Text(r, "Id")!).ToHashSet();
        await _host.AddAsync(away.Object, fields);
        if (key is not null)
            _away[key] = away with { Id = (await _host.Org.RowsAsync(away.Object)).Select(r => LiveOrgHost.Text(r, "Id")!).Single(id => !there.Contains(id)) };
    }

    private async Task MoveAsync(string key, int from, int? to)
    {
        var moved = _away[key] = _away[key] with { From = Day(from), To = to is null ? null : Day(to.Value) };
        await _host.ChangeAsync(moved.Object, moved.Id, new { Starts_On__c = Text(moved.From), Ends_On__c = moved.To is { } day ? Text(day) : null });
    }

    private async Task DeleteAsync(string key)
    {
        _away.Remove(key, out var away);
        await _host.DeleteAsync(away!.Object, away.Id);
    }

    private async Task LeaveAsync(string who)
    {
        _gone.Add(who);
        await _host.ChangeAsync("User", IdOf(who), new { IsActive = false });
    }

    private static IEnumerable<string> Everybody => Enumerable.Range(1, People).SelectMany(i => new[] { $"P{i}", $"B{i}" }).Concat(["C1", "C2", "C3", "Gone"]);

    private static OrgTable Users() => new("User", ["Id", "Username", "Name", "IsActive", "Email", "TimeZoneSidKey"],
        [.. Everybody.Select(n => (string?[])[IdOf(n), $"{n}@x.example", n, n == "Gone" ? "false" : "true", $"{n}@x.example", n == "P14" ? "Asia/Tokyo" : "UTC"])]);

    private static OrgTable Accounts() => new("Account", ["Id", "Name", "OwnerId"], [.. Enumerable.Range(1, People).Select(i => (string?[])[Id("001", i), $"Account {i}", IdOf($"P{i}")])]);

    private static OrgTable Rows() => new("POC_Assignment__c", ["Id", "Account__c", "Role__c", "User__c", "Starts_On__c"],
    [
        .. Enumerable.Range(1, People).SelectMany(i => new[] { ("Primary", $"P{i}"), ("Backup", BackupOf($"P{i}")) }.Where(r => r.Item2 is not null)
            .Select((r, n) => (string?[])[Id("a00", 2 * i + n), Id("001", i), r.Item1, IdOf(r.Item2!), "2025-01-01"])),
    ]);

    private static string IdOf(string name) => Id("005", Everybody.ToList().IndexOf(name) + 1);

    private static string Name(string id) => Everybody.Single(n => IdOf(n) == id);

    private static string Id(string prefix, int serial) => RecordId.Parse($"{prefix}5f{serial:D10}").ToString();

    private static DateOnly Day(int day) => new(2026, day / 100, day % 100);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(You stand in for|\w+ stands in for you|You no longer stand in for|\w+ no longer stands in for you)[^;:.]*?( on 1 account;|, on 1 account\.|, on 1 account, with no end known\.| on 1 account[:,])")]
    private static partial Regex Told();
}
