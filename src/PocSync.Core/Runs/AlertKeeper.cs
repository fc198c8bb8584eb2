using System.Globalization;
using PocSync.Core.Alerts;
using PocSync.Core.Calls;
using PocSync.Core.Guards;

namespace PocSync.Core.Runs;

/// <summary>What became of the alert rows in a run.</summary>
/// <param name="Done">How many rows each deed was done to.</param>
/// <param name="Refused">How many the org refused.</param>
/// <param name="Unknown">Of how many the org's answer was lost: the next run reads them again.</param>
/// <param name="WhyNot">Why some or all were left as they are, a sentence each.</param>
public sealed record AlertReport(IReadOnlyDictionary<AlertDeed, int> Done, int Refused, int Unknown, IReadOnlyList<string> WhyNot)
{
    /// <summary>The whole of it in words; null where there is nothing to say.</summary>
    public string? Sentence
    {
        get
        {
            var parts = Done.OrderBy(d => d.Key).Select(d => (d.Value, Word: d.Key.ToString().ToLowerInvariant()))
                .Append((Refused, "refused by the org")).Append((Unknown, "of which it is not known yet whether they were written"))
                .Where(p => p.Item1 > 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Item1:N0} {p.Item2}")).ToList();
            var all = (parts.Count == 0 ? [] : new[] { $"Alert records: {string.Join(", ", parts)}." }).Concat(WhyNot).ToList();
            return all.Count == 0 ? null : string.Join(' ', all);
        }
    }
}

/// <summary>
/// Keeps the org's alert rows as one run finds them: hears first what people did to them, and writes at the end. A run that dies in between leaves rows that the next one reads
/// and goes on from, since each is written by its key or as a whole.
/// </summary>
public sealed class AlertKeeper(IAlertRows org, IAlertLog log)
{
    /// <summary>Rows that are written together, unless there are many.</summary>
    private const int BatchSize = 200;

    private AlertsThere _there = AlertsThere.None("");

    /// <summary>What people did to the rows since the last time; kept by the ledger.</summary>
    internal async Task<AlertNews> HearAsync(long run, Rules.Settings settings, DateOnly today, Records.RecordId worker, CancellationToken stop)
    {
        _there = await org.ReadAsync(settings, stop);
        var news = AlertNews.Of(_there.Rows, await log.KnownAsync(), today, worker);
        if (!news.IsNone)
        {
            await log.HearAsync(run, news);
        }

        return news;
    }

    /// <summary>Makes the rows say what is wrong now.</summary>
    /// <param name="run">The run.</param>
    /// <param name="input">What is wrong now.</param>
    /// <param name="limits">How many rows may be made.</param>
    /// <param name="mayWrite">Asked before every batch.</param>
    /// <param name="calls">API calls that are left for it; null where nobody counts.</param>
    /// <param name="stop">Stops before the next batch.</param>
    /// <param name="abandon">Waits for no answer any more.</param>
    internal async Task<AlertReport> WriteAsync(
        long run, AlertInput input, GuardLimits limits, Func<Task<bool>> mayWrite, int? calls, CancellationToken stop, CancellationToken abandon)
    {
        if (_there.WhyNot is { } whyNot)
        {
            return new AlertReport(new Dictionary<AlertDeed, int>(), 0, 0, [$"No alert records are kept: {whyNot}."]);
        }

        await log.ResolveAsync(run, _there.Rows);
        var plan = AlertPlan.Of(input, _there, await log.KnownAsync());
        if (plan.Known.Count > 0)
        {
            await log.HearAsync(run, new AlertNews([], [], plan.Known));
        }

        var (writes, why) = Fitting(plan.Writes, limits, calls);
        var results = new List<(AlertWrite Write, RowTaken Result)>();
        foreach (var batch in writes.Chunk(writes.Count > Batches.Many ? Batches.Most : BatchSize))
        {
            stop.ThrowIfCancellationRequested();
            if (!await mayWrite())
            {
                break;
            }

            await log.IntendAsync(run, batch);
            var answers = await org.WriteAsync(input.Settings, batch, abandon);
            IReadOnlyList<(AlertWrite Write, RowTaken Result)> told = [.. batch.Zip(answers)];
            await log.SettleAsync(run, told);
            results.AddRange(told);
        }

        return new AlertReport(
            results.Where(r => r.Result.IsWritten == true).CountBy(r => r.Write.Deed).ToDictionary(), results.Count(r => r.Result.IsWritten == false),
            results.Count(r => r.Result.IsWritten is null), why);
    }

    /// <summary>Without what the limits keep from being written, and a sentence for each.</summary>
    private static (IReadOnlyList<AlertWrite> Writes, IReadOnlyList<string> WhyNot) Fitting(IReadOnlyList<AlertWrite> writes, GuardLimits limits, int? calls)
    {
        var why = new List<string>();
        if (writes.Count(w => w.Row.IsNone) is var made && made > limits.MaxCreated)
        {
            why.Add(string.Create(CultureInfo.InvariantCulture,
                $"{made:N0} alert records would be made, more than the {limits.MaxCreated:N0} that Guard:MaxCreated allows: none was. Accept what is known as the baseline, or raise the limit."));
            writes = [.. writes.Where(w => !w.Row.IsNone)];
        }

        // A batch may take a call, or where there are many a job, for rows that are there and one for others.
        var most = calls is { } left ? Math.Max(Math.Min(left / 2 * BatchSize, Batches.Many), left / (2 * CallEstimate.Job) * Batches.Most) : int.MaxValue;
        if (writes.Count > most)
        {
            why.Add(string.Create(CultureInfo.InvariantCulture, $"The budget of API calls reaches for {most:N0} of {writes.Count:N0} alert records: the next run goes on."));
            writes = [.. writes.Take(most)];
        }

        return (writes, why);
    }
}
