using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Simulator.Generation;

namespace PocSync.Benchmarks.Week;

/// <summary>
/// A worker that runs unattended for a week of simulated time, in which people go on editing the org: whether it does each thing once, ends up knowing what is
/// wrong as a fresh audit does, and needs no more memory at the end than at the beginning.
/// </summary>
internal sealed class WeekOfWork(WeekOptions options)
{
    /// <summary>More at the end than this many times what it was when a tenth had passed is a leak.</summary>
    private const double MostGrowth = 1.35;

    /// <summary>A Saturday: in the night after it the clocks of the zone go forward, over the hour of the full run.</summary>
    private static readonly DateTimeOffset Start = new(2026, 3, 28, 6, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    private const string NoRevertWar = "no-revert-war";

    private const string Zone = "Europe/Berlin";

    private const string Rules = """
        rules:
          one-primary: { mode: auto }
          primary-able: { mode: auto, graceHours: 4 }
          owner-is-primary: { mode: auto }
          backup-present: { mode: auto }
          backup-covers-absence: { mode: auto }
          one-role-each: { mode: auto }
          handoff-documented: { mode: auto }
        """;

    private readonly List<(double Share, long Bytes)> _memory = [];
    private readonly List<string> _broken = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pocsync-week-");

    /// <summary>Runs it, tells how it goes, and gives 0 where nothing is broken, else 1.</summary>
    public async Task<int> RunAsync()
    {
        Console.Error.WriteLine(Words($"{options.Hours} hours at {options.Speed:0} times real time: about {options.Hours * 60 / options.Speed:0.#} minutes. What is kept is in {_folder}."));
        var plan = new OrgPlan { Accounts = options.Accounts, AsOf = Start, Flavor = OrgFlavor.Plain };
        await using var org = await Simulator.Simulator.StartAsync(new SimulatorOptions { Data = OrgGenerator.Generate(plan).Tables, ClockStart = Start, ClockSpeed = 0 });
        var settings = SettingsFor(org);
        await using var worker = WorkerProcess.Serve(settings, PathOf("worker.log"));
        await worker.FirstRun.WaitAsync(TimeSpan.FromMinutes(5), TimeProvider.System);

        var ledger = await LedgerDatabase.OpenAsync(LedgerSettings.OfFile(PathOf("ledger.db")));
        var jobs = new JobBook(ledger, TimeProvider.System);
        // The org's clock is set to the worker's: the end of the first run is known by both.
        var begun = new DateTimeOffset((await jobs.EventsAsync("full", 0, 1))[0].At, TimeSpan.Zero);
        await ControlAsync(org, "clock", new { now = begun, speed = options.Speed });

        using var edits = new OutsideEdits(org, plan.Seed);
        await edits.LookAsync();
        var clock = Stopwatch.StartNew();
        await WorkAsync(worker, ledger, edits, begun, clock);
        var end = Now(begun, clock);
        await SettleAsync(worker, ledger, end);
        var took = clock.Elapsed;
        Check(await worker.StopAsync(), "The worker did not end as it should.");

        Console.WriteLine(Words($"{(end - begun).TotalHours:0} hours in {took.TotalMinutes:0.0} minutes: {edits.Made:N0} edits ({edits.Made / (end - begun).TotalHours:N0} an hour, {edits.Refused:N0} refused)"));
        Check(edits.Made / (end - begun).TotalHours > options.Changes * 0.9, "The machine did not keep up with the edits: take a lower --speed.");
        await CheckRunsAsync(jobs, begun, end);
        await CheckDriftAsync(org, settings, ledger);
        CheckMemory();
        await CheckLedgerAsync(ledger, begun);
        CheckLog(worker, edits);
        _broken.ForEach(b => Console.WriteLine("BROKEN: " + b));
        if (_broken.Count == 0)
        {
            _folder.Delete(recursive: true);
        }

        return _broken.Count == 0 ? 0 : 1;
    }

    private Dictionary<string, string> SettingsFor(RunningSimulator org)
    {
        File.WriteAllText(PathOf("rules.yaml"), Rules);
        return new()
        {
            ["Salesforce:LoginUrl"] = org.Url.ToString(),
            ["Salesforce:ClientId"] = org.ClientId,
            ["Salesforce:ClientSecret"] = org.ClientSecret,
            ["Ledger:ConnectionString"] = $"Data Source={PathOf("ledger.db")}",
            ["Rules:File"] = PathOf("rules.yaml"),
            // Nobody is there to approve what is held.
            ["Guard:MaxChanged"] = "1000000",
            ["Guard:MaxChangedShare"] = "1",
            ["Jobs:TimeZone"] = Zone,
            ["Jobs:Engine"] = "Quartz",
            ["Serve:Url"] = "http://127.0.0.1:0",
            ["Clock:Start"] = Start.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["Clock:Speed"] = options.Speed.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>People edit, and what the worker takes is looked at.</summary>
    private async Task WorkAsync(WorkerProcess worker, LedgerDatabase ledger, OutsideEdits edits, DateTimeOffset begun, Stopwatch clock)
    {
        var (told, looked) = (0, 0);
        while (Now(begun, clock) - begun is var passed && passed < TimeSpan.FromHours(options.Hours))
        {
            if (!worker.IsAlive)
            {
                throw new InvalidOperationException($"The worker has ended; its log is in {_folder}.");
            }

            await edits.MakeAsync((int)(passed.TotalHours * options.Changes) - edits.Made, begun + passed);
            var share = passed / TimeSpan.FromHours(options.Hours);
            _memory.Add((share, worker.Memory));
            if ((int)(passed.TotalHours / 6) is var six && six > looked)
            {
                looked = six;
                await edits.LookAsync();
            }

            if ((int)(share * 20) is var twentieth && twentieth > told)
            {
                told = twentieth;
                var last = (await new LedgerQueries(ledger).RunsAsync(2)).First(r => r.EndedAt is not null);
                Console.Error.WriteLine(Words($"{passed.TotalHours,4:0} h: {edits.Made:N0} edits, {last.Number:N0} runs, {worker.Memory / 1e6:0} MB, {edits.Rows:N0} rows, {last.Findings:N0} findings, {worker.Problems.Count} problems"));
            }

            await Task.Delay(Tick, TimeProvider.System);
        }
    }

    /// <summary>Waits for runs after the last edit, until one has nothing left to write.</summary>
    private static async Task SettleAsync(WorkerProcess worker, LedgerDatabase ledger, DateTimeOffset end)
    {
        for (var patience = 300; patience > 0 && worker.IsAlive; patience--)
        {
            var last = (await new LedgerQueries(ledger).RunsAsync(2)).FirstOrDefault(r => r.EndedAt is not null);
            if (last is { Applied: 0 } && last.StartedAt > end.UtcTicks)
            {
                return;
            }

            await Task.Delay(Tick, TimeProvider.System);
        }
    }

    /// <summary>Each time at which a job was due was done once.</summary>
    private async Task CheckRunsAsync(JobBook book, DateTimeOffset begun, DateTimeOffset end)
    {
        var events = await book.EventsAsync(null, 0, int.MaxValue);
        var jobs = JobSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Jobs:TimeZone", Zone)]).Build());
        // A second of real time for the engine to look, and one for a busy machine.
        var late = TimeSpan.FromSeconds(2) * options.Speed;
        foreach (var (name, schedule) in new[] { ("full", jobs.Full!), ("delta", jobs.Delta!), ("retention", jobs.Retention!) })
        {
            var check = DueCheck.Of(name, schedule, jobs.Zone, events, begun, end - late, late);
            Console.WriteLine(Words($"{name}: due {check.Due:N0}, done {check.Done:N0}, while a run was under way {check.Covered:N0}, lost {check.Lost}, doubled {check.Doubled}, failed {check.Failed}"));
            Check(check is { Lost: 0, Doubled: 0, Failed: 0 }, $"{name} was not done once each time.");
            Check(name == "delta" || check.Covered == 0, $"{name} was not done each time.");
        }
    }

    /// <summary>
    /// What the ledger has as wrong is what a fresh audit of the whole org finds, at the same instant; but for what others changed back, of which only the ledger knows.
    /// </summary>
    private async Task CheckDriftAsync(RunningSimulator org, Dictionary<string, string> settings, LedgerDatabase ledger)
    {
        await ControlAsync(org, "clock", new { speed = 0 });
        var last = (await new LedgerQueries(ledger).RunsAsync(10)).First(r => r.EndedAt is not null && r.Kind == "Sync");
        var at = new DateTimeOffset(last.StartedAt, TimeSpan.Zero).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var audit = (await WorkerProcess.AskAsync(settings, "audit", "--as-of", at)).GetProperty("findings").EnumerateArray()
            .GroupBy(Key).ToDictionary(g => g.Key, g => g.Count());
        var seen = (await WorkerProcess.AskAsync(settings, "findings")).GetProperty("findings").EnumerateArray()
            .Where(f => f.GetProperty("rule").GetString() != NoRevertWar).GroupBy(Key).ToDictionary(g => g.Key, g => g.Sum(f => f.GetProperty("count").GetInt32()));
        var apart = audit.Keys.Union(seen.Keys).Where(k => audit.GetValueOrDefault(k) != seen.GetValueOrDefault(k)).ToList();
        Console.WriteLine(Words($"a fresh audit finds {audit.Values.Sum():N0}, the ledger has {seen.Values.Sum():N0} open: {apart.Count:N0} differ"));
        Check(apart.Count == 0, $"The ledger has drifted: {string.Join("; ", apart.Take(5).Select(k => $"{k}: {audit.GetValueOrDefault(k)} and {seen.GetValueOrDefault(k)}"))}");

        static string Key(JsonElement f) => $"{f.GetProperty("rule")} {f.GetProperty("code")} {f.GetProperty("subject")}";
    }

    private void CheckMemory()
    {
        var (tenth, half, end) = (Around(0.10), Around(0.50), Around(0.97));
        Console.WriteLine(Words($"memory {tenth / 1e6:0} MB at 10 %, {half / 1e6:0} MB at 50 %, {end / 1e6:0} MB at the end: {end / tenth:0.00} times; most {_memory.Max(m => m.Bytes) / 1e6:0} MB"));
        Check(end / tenth < MostGrowth, "The worker's memory grows.");

        double Around(double share) => _memory.Where(m => Math.Abs(m.Share - share) < 0.03).Average(m => m.Bytes);
    }

    private async Task CheckLedgerAsync(LedgerDatabase ledger, DateTimeOffset begun)
    {
        var runs = await new LedgerQueries(ledger).RunsAsync(int.MaxValue);
        var days = (new DateTimeOffset(runs[0].StartedAt, TimeSpan.Zero) - begun).TotalDays;
        var bytes = _folder.EnumerateFiles("ledger.db*").Sum(f => f.Length);
        var wrong = runs.Where(r => r.Status is not ("Done" or "Stopped")).GroupBy(r => r.Status).Select(g => $"{g.Count()} {g.Key}");
        Console.WriteLine(Words($"{runs.Count:N0} runs, {runs.Sum(r => r.Applied):N0} corrections written, {runs.Sum(r => r.CallsUsed) / days:N0} calls a day, {bytes / 1e6:0.0} MB of ledger ({bytes / 1e6 / days:0.0} a day); not done: {string.Join(", ", wrong.DefaultIfEmpty("none"))}"));
    }

    private void CheckLog(WorkerProcess worker, OutsideEdits edits)
    {
        var named = WorkerProcess.CountNames(PathOf("worker.log"), edits.Names);
        Console.WriteLine(Words($"{worker.Lines:N0} lines of log, {worker.Problems.Count} warnings and errors, {named} with one of {edits.Names.Count:N0} names"));
        Check(worker.Problems.Count == 0, $"The log tells of problems, such as {worker.Problems.FirstOrDefault()}");
        Check(named == 0, "The log names people or accounts.");
    }

    private DateTimeOffset Now(DateTimeOffset begun, Stopwatch clock) => begun + clock.Elapsed * options.Speed;

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private void Check(bool isWell, string otherwise)
    {
        if (!isWell)
        {
            _broken.Add(otherwise);
        }
    }

    private static string Words(FormattableString words) => FormattableString.Invariant(words);

    private static async Task ControlAsync(RunningSimulator org, string what, object body)
    {
        using var http = new HttpClient { BaseAddress = org.Url };
        using var answer = await http.PostAsJsonAsync($"/_control/{what}", body);
        answer.EnsureSuccessStatusCode();
    }
}
