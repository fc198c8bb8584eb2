using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>
/// A Task for the receiver, by its key written once. It has no link to the account, since a completed one would pass for activity there; the link is in its text.
/// </summary>
internal sealed class TaskChannel(OrgReads reads, OrgWrites writes, Names names) : IChannel
{
    private const int LongestSubject = 255, LongestDescription = 32_000;

    private readonly string _key = names.Field("Task", "Sync_Key__c");

    public ChannelKind Kind => ChannelKind.Task;

    public int Together => OrgWrites.MaxRows;

    public async Task<string?> WhyNotAsync(CancellationToken stop)
    {
        try
        {
            return await reads.DescribeAsync("Task", stop) is not { Createable: true } task ? "the org does not let this login make Tasks"
                : task.Field(_key) is not { ExternalId: true } ? $"the org shows this login no external id Task.{_key}: deploy the package" : null;
        }
        catch (SalesforceException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    /// <summary>What has a key may be tried again whatever became of it.</summary>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop) =>
    [
        .. (await StandardAction.SafelyAsync(messages.Count, () => WriteAsync(messages, stop))).Select(d => d.Fate == Fate.Unknown ? d with { Fate = Fate.NotSent } : d),
    ];

    public Task<IReadOnlyList<Delivery>> CloseAsync(IReadOnlyList<string> keys, CancellationToken stop) => StandardAction.SafelyAsync(keys.Count, async () =>
    {
        // Which statuses are closed every org says for itself; a Task that its owner closed or deleted is done.
        string? closed = null;
        await foreach (var row in reads.Query(new TableQuery("TaskStatus", ["ApiName"], "IsClosed = true")).Rows.WithCancellation(stop))
            closed = closed is null || row[0] == "Completed" ? row[0] : closed;
        if (closed is null)
            return [.. keys.Select(_ => new Delivery(Fate.Refused, "the org has no status for closed Tasks"))];
        var open = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var row in reads.ReadIn(new TableQuery("Task", ["Id", _key], "IsClosed = false"), _key, keys).Rows.WithCancellation(stop))
            open[row[1]!] = row[0]!;
        var results = (await writes.UpdateAsync([.. open.Values.Select(id => new RowWrite("Task", id, new Dictionary<string, object?> { ["Status"] = closed }))], new WriteOptions(), stop))
            .Zip(open.Keys).ToDictionary(r => r.Second, r => r.First);
        return [.. keys.Select(k => results.TryGetValue(k, out var row) ? FateOf(row) : new Delivery(Fate.Sent))];
    });

    private async Task<IReadOnlyList<Delivery>> WriteAsync(IReadOnlyList<Message> messages, CancellationToken stop)
    {
        // One that was written before its answer was lost is the receiver's by now, and may be changed or done.
        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in reads.ReadIn(new TableQuery("Task", ["Id", _key]), _key, messages.Where(m => m.IsAgain).Select(m => m.Key)).Rows.WithCancellation(stop))
            there.Add(row[1]!);
        var missing = messages.Where(m => !there.Contains(m.Key)).ToList();
        var results = (await writes.UpsertAsync(_key, missing.ConvertAll(RowOf), new WriteOptions(), stop)).Zip(missing).ToDictionary(r => r.Second.Id, r => r.First);
        return
        [
            .. messages.Select(m => results.TryGetValue(m.Id, out var row) ? FateOf(row) : new Delivery(Fate.Sent)),
        ];
    }

    private static Delivery FateOf(RowResult row) => row.Success ? new Delivery(Fate.Sent)
        : new Delivery(row.Class is ErrorClass.Transient or ErrorClass.RetryRow or ErrorClass.Stop ? Fate.NotSent : Fate.Refused, OrgError.Why(row.ErrorCode, row.Message));

    private RowWrite RowOf(Message message) => new("Task", null, new Dictionary<string, object?>
    {
        [_key] = message.Key,
        ["OwnerId"] = message.Receiver!.Id.ToString(),
        ["Subject"] = PlainText.Cut(message.Letter.Title, LongestSubject),
        ["Description"] = PlainText.Cut(message.Letter.Body, LongestDescription),
        ["Status"] = "Not Started",
        ["Priority"] = "Normal",
        ["ActivityDate"] = message.Due,
    });
}
