using System.Net;
using System.Text.Json;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Invokes a standard action of the org, which is done at most once: an answer that is lost is not asked for again.</summary>
internal sealed class StandardAction(OrgCalls calls, string name)
{
    /// <summary>Inputs of one call.</summary>
    public const int Together = 25;

    /// <summary>How each input fared.</summary>
    public Task<IReadOnlyList<Delivery>> InvokeAsync(IReadOnlyList<Action<Utf8JsonWriter>> inputs, CancellationToken stop) => SafelyAsync(inputs.Count, async () =>
    {
        using var answer = await calls.JsonAsync(HttpMethod.Post, calls.Data($"actions/standard/{name}"), CallEffect.Once, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("inputs");
            foreach (var input in inputs)
            {
                json.WriteStartObject();
                input(json);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }, [], stop, also: HttpStatusCode.BadRequest);
        if (answer.RootElement is not { ValueKind: JsonValueKind.Array } results || results.GetArrayLength() != inputs.Count
            || results.EnumerateArray().Any(r => r.ValueKind != JsonValueKind.Object || !r.TryGetProperty("isSuccess", out _)))
        {
            // A refusal of the whole call has the shape of any other; whatever else this is, it may have been done.
            return OrgError.Parse(answer.RootElement) is [var error, ..]
                ? [.. inputs.Select(_ => new Delivery(Fate.NotSent, OrgError.Why(error.Code, error.Message)))]
                : [.. inputs.Select(_ => new Delivery(Fate.Unknown, "the org's answer is not shaped as Salesforce's"))];
        }
        return
        [
            .. results.EnumerateArray().Select(r => r.GetProperty("isSuccess").ValueKind == JsonValueKind.True ? new Delivery(Fate.Sent)
                : r.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && OrgError.Parse(errors) is [var error, ..]
                    ? new Delivery(Fate.NotSent, OrgError.Why(error.Code, error.Message)) : new Delivery(Fate.NotSent, "the org refused it and did not say why")),
        ];
    });

    /// <summary>What a call that fails as a whole means for each of its parts.</summary>
    public static async Task<IReadOnlyList<Delivery>> SafelyAsync(int count, Func<Task<IReadOnlyList<Delivery>>> send)
    {
        try
        {
            return await send();
        }
        catch (WriteUnknownException e)
        {
            return [.. Enumerable.Repeat(new Delivery(Fate.Unknown, e.Message), count)];
        }
        catch (OperationCanceledException)
        {
            return [.. Enumerable.Repeat(new Delivery(Fate.Unknown, "the program was told to stop before the org answered"), count)];
        }
        catch (SalesforceException e)
        {
            return [.. Enumerable.Repeat(new Delivery(Fate.NotSent, e.Message), count)];
        }
    }
}
