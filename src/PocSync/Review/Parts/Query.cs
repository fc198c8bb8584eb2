using Microsoft.AspNetCore.Http.Extensions;

namespace PocSync.Review.Parts;

/// <summary>The address of a page whose state is in the address.</summary>
public static class Query
{
    /// <summary>A path with those values that are there.</summary>
    public static string Link(string path, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Add(name, value);
            }
        }

        return path + query.ToQueryString();
    }
}
