using System.Reflection;
using Microsoft.AspNetCore.Components;

namespace PocSync.Review;

/// <summary>The pages that this version has.</summary>
public sealed class ReviewRoutes
{
    private readonly List<string[]> _pages =
        [.. typeof(ReviewRoutes).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template.Split('/'))];

    /// <summary>Whether there is a page of a path.</summary>
    public bool Has(string path)
    {
        var parts = path.Split('/');
        return _pages.Any(p => p.Length == parts.Length && p.Zip(parts).All(s => s.First == s.Second || s.First.StartsWith('{')));
    }
}
