using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>What the org says of itself: versions, resources, limits, record counts.</summary>
internal sealed class ServiceRoutes(Org org, ApiUsage usage)
{
    private static readonly string[] Resources = ["actions", "chatter", "composite", "jobs", "limits", "query", "queryAll", "sobjects"];

    /// <summary>Needs no session. 67.0 is Summer '26.</summary>
    public static ApiAnswer Versions() =>
        ApiAnswer.Of(200, ApiPath.Versions.Select(v => new { label = Label((int)v), url = $"/services/data/v{v:0.0}", version = $"{v:0.0}" }));

    public static ApiAnswer ResourceList(ApiCall call, string organizationId) => ApiAnswer.Of(200,
        Resources.ToDictionary(r => r, call.DataPath).Append(new("identity", $"{call.BaseUrl}/id/{organizationId}/{call.UserId}")).ToDictionary());

    /// <summary>Only DailyApiRequests is counted; the others stand at their allocation.</summary>
    public ApiAnswer Limits(ApiCall call)
    {
        if (!call.IsGet)
            throw call.NotAllowed("GET", "HEAD");
        if (call.Segments.Count == 2 && call.Segments[1].Equals("recordCount", StringComparison.OrdinalIgnoreCase))
            return RecordCount(call);
        if (call.Segments.Count > 1)
            throw ApiException.NotFound();
        var limits = new Dictionary<string, (long Max, long Remaining)>
        {
            ["DailyApiRequests"] = (usage.Limit, Math.Max(0, usage.Limit - usage.Used)),
        };
        foreach (var (name, max) in (IEnumerable<(string, long)>)
            [("DailyAsyncApexExecutions", 250_000), ("DailyBulkApiBatches", 15_000), ("DailyBulkV2QueryFileStorageMB", 976_562),
                ("DailyBulkV2QueryJobs", 10_000),
                ("DailyDeliveredPlatformEvents", 10_000), ("DailyDurableStreamingApiEvents", 10_000), ("DailyWorkflowEmails", 100_000),
                    ("DataStorageMB", 1_024),
                ("FileStorageMB", 1_024), ("HourlyPublishedPlatformEvents", 50_000), ("MassEmail", 5_000), ("SingleEmail", 5_000)])
            limits[name] = (max, max);
        return ApiAnswer.Of(200, limits.ToDictionary(l => l.Key, l => new { l.Value.Max, l.Value.Remaining }));
    }

    private ApiAnswer RecordCount(ApiCall call)
    {
        var wanted = (call.Parameter("sObjects") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var counted = org.Schema.Objects.Where(o => wanted.Length == 0 || wanted.Contains(o.Name, StringComparer.OrdinalIgnoreCase))
            .Select(o => new { count = org[o].LiveCount, name = o.Name }).Where(c => c.count > 0);
        return ApiAnswer.Of(200, new { sObjects = counted });
    }

    private static string Label(int version) => $"{((string[])["Spring", "Summer", "Winter"])[version % 3]} '{(version + 1) / 3 + 4:00}";
}
