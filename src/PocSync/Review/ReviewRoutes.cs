using System.Reflection;
using Microsoft.AspNetCore.Components;

namespace PocSync.Review;

/// <summary>The pages that this version has.</summary>
public sealed class ReviewRoutes
{
    private readonly HashSet<string> _paths =
        [.. typeof(ReviewRoutes).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template)];

    /// <summary>Whether there is a page of a path.</summary>
    public bool Has(string path) => _paths.Contains(path);
}
