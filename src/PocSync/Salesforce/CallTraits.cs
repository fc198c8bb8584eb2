namespace PocSync.Salesforce;

/// <summary>What sending a call twice would do; decides whether one whose answer was lost may be sent again.</summary>
internal enum CallEffect
{
    Read,

    /// <summary>A write that leaves the org the same if done twice: an update to fixed values, an upsert by external id, a delete by id.</summary>
    Repeatable,

    /// <summary>A write that must never be done twice, such as an insert.</summary>
    Once,
}

/// <summary>How the pipeline treats one request. <see cref="Streamed"/>: the caller reads the body of a success as it comes.</summary>
internal sealed record CallTraits(CallEffect Effect, bool Streamed = false, bool Counted = true)
{
    private static readonly HttpRequestOptionsKey<CallTraits> Key = new("PocSync.Call");

    public static void Set(HttpRequestMessage request, CallTraits traits) => request.Options.Set(Key, traits);

    /// <summary>A request that says nothing is treated with the most care.</summary>
    public static CallTraits Of(HttpRequestMessage request) => request.Options.TryGetValue(Key, out var traits) ? traits : new CallTraits(CallEffect.Once);
}
