using System.Text.Json;

namespace PocSync.Salesforce;

public sealed partial class OrgWrites
{
    public const int MaxSteps = 25;
    public const int MaxCollections = 5;

    /// <summary>
    /// Mixed writes in one call, all or none of them where <paramref name="options"/> ask for it; such a one that failed only for want of a lock is sent again.
    /// A lost answer is a <see cref="WriteUnknownException"/> at once unless every step is an update.
    /// </summary>
    public async Task<CompositeResult> CompositeAsync(IReadOnlyList<CompositeStep> steps, WriteOptions options, CancellationToken cancellation)
    {
        var collections = steps.Count(s => s.Many);
        if (steps.Count is 0 or > MaxSteps || collections > MaxCollections)
            throw new ArgumentException(
                $"A composite takes 1 to {MaxSteps} steps, {MaxCollections} of them collections; here are {steps.Count} and {collections}.", nameof(steps));
        if (steps.Select(s => s.Reference).Distinct(StringComparer.Ordinal).Count() < steps.Count)
            throw new ArgumentException("Two steps of a composite have one name.", nameof(steps));
        for (var attempt = 1; ; attempt++)
        {
            var result = await SendAsync(steps, options, cancellation);
            if (!result.RolledBack || result.Cause?.Class != ErrorClass.RetryRow || attempt >= _settings.MaxAttempts)
                return result;
            await Task.Delay(LockPause(attempt), _time, cancellation);
        }
    }

    private async Task<CompositeResult> SendAsync(IReadOnlyList<CompositeStep> steps, WriteOptions options, CancellationToken cancellation)
    {
        var effect = steps.All(s => s.Repeatable) ? CallEffect.Repeatable : CallEffect.Once;
        using var answer = await _calls.JsonAsync(HttpMethod.Post, _calls.Data("composite"), effect, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("allOrNone", options.AllOrNone);
            // Steps are done in the order given, also where none names another.
            json.WriteBoolean("collateSubrequests", false);
            json.WriteStartArray("compositeRequest");
            foreach (var step in steps)
                step.Write(json, _calls.Data(step.Path), options);
            json.WriteEndArray();
            json.WriteEndObject();
        }, Headers(steps.SelectMany(s => s.Rows), options), cancellation);
        StepResult[] results;
        try
        {
            var answers = answer.RootElement.GetProperty("compositeResponse").EnumerateArray().ToDictionary(a => a.GetProperty("referenceId").GetString()!);
            results = [.. steps.Select(s => s.Read(answers[s.Reference].GetProperty("httpStatusCode").GetInt32(), answers[s.Reference].GetProperty("body")))];
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new WriteUnknownException(
                $"The answer to a write of {steps.Count} steps is not shaped as Salesforce's, so it may have been done: read the records back before writing them again.",
                inner: e);
        }
        var (to, cause) = results.SelectMany(s => s.Rows.Select(row => (s.Reference, Row: row))).FirstOrDefault(r => r.Row is { Success: false, IsConsequence: false });
        if (!options.AllOrNone || results.All(s => s.Success))
            return new CompositeResult(results, false, cause);

        // One failed row undoes all, also in a collection, whose status is 200 even then; other rows may still say otherwise.
        var because = cause is null
            ? "not written because another step failed"
            : $"not written because step {to} failed with {cause.ErrorCode}: {cause.Message}";
        RowResult Undone(RowResult row) => row.Success ? new RowResult(row.Id, false, null, "PROCESSING_HALTED", because, [])
            : row.IsConsequence ? row with { Message = because }
            : row;
        return new CompositeResult([.. results.Select(s => s with { Rows = [.. s.Rows.Select(Undone)] })], true, cause);
    }
}
