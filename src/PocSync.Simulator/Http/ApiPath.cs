using System.Globalization;

namespace PocSync.Simulator.Http;

/// <summary>Reading paths, and which API versions there are: 51.0 to 68.0 answer, those below 31.0 are retired, others are unknown.</summary>
internal static class ApiPath
{
    private const decimal FirstKnown = 20, FirstNotRetired = 31, FirstServed = 51, Last = 68;

    public static IEnumerable<decimal> Versions => Enumerable.Range((int)FirstServed, (int)(Last - FirstServed) + 1).Select(v => (decimal)v);

    /// <summary>The path without doubled and trailing slashes, and the query string with its question mark.</summary>
    public static string Split(string target, out string query)
    {
        var mark = target.IndexOf('?');
        query = mark < 0 ? "" : target[mark..];
        var path = mark < 0 ? target : target[..mark];
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/");
        return path.Length > 1 ? path.TrimEnd('/') : path;
    }

    /// <summary>Version and the decoded rest of a path under /services/data/v…</summary>
    /// <exception cref="ApiException">404 for an unknown version, 410 for a retired one.</exception>
    public static (string Version, IReadOnlyList<string> Segments) Data(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3 || parts[0] != "services" || parts[1] != "data" || !parts[2].StartsWith('v')
            || !parts[2].EndsWith(".0", StringComparison.Ordinal)
            || !decimal.TryParse(parts[2].AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version)
            || version is < FirstKnown or > Last)
            throw ApiException.NotFound();
        if (version < FirstNotRetired)
            throw new ApiException(410, "UNSUPPORTED_API_VERSION", $"API version {version:0.0} is retired.");
        if (version < FirstServed)
            throw ApiException.NotFound();
        return (parts[2][1..], [.. parts.Skip(3).Select(Uri.UnescapeDataString)]);
    }
}
