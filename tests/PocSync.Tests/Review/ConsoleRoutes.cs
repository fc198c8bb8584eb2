using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Review;

/// <summary>Every address of the console as the server has it, so that what is added later is tried too.</summary>
internal sealed class ConsoleRoutes(ConsoleHost console)
{
    private static readonly Dictionary<string, string> Records = new(StringComparer.OrdinalIgnoreCase)
    {
        ["accounts"] = RunHost.Account(0),
        ["errands"] = "1",
        ["handoffs"] = PeopleTests.Handoff(0),
        ["people"] = RunHost.Ana,
        ["rules"] = "backup-present",
        ["runs"] = "1",
    };

    /// <summary>The pages, each of a record that <see cref="PeopleTests.Org"/> has.</summary>
    public IReadOnlyList<string> Pages => [.. Of("GET").Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(Path).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What is shown that is no page.</summary>
    public IReadOnlyList<string> Files => [.. Of("GET").Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is null).Select(Path).Distinct()];

    /// <summary>What is done.</summary>
    public IReadOnlyList<string> Actions => [.. Of("POST").Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is null).Select(Path).Distinct()];

    private IEnumerable<RouteEndpoint> Of(string method) => console.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>() is not { } methods || methods.HttpMethods.Contains(method));

    private static string Path(RouteEndpoint endpoint) => "/" + Regex.Replace(endpoint.RoutePattern.RawText!.Trim('/'), "([a-z]+)/{[^}]*}", part =>
        $"{part.Groups[1].Value}/{(Records.TryGetValue(part.Groups[1].Value, out var id) ? id : throw new InvalidOperationException($"Name a record of {part.Value} to try."))}");
}
