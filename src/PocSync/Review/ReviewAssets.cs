using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace PocSync.Review;

/// <summary>The console's style, script and icon, out of the program itself. A path names what the file says, so that a browser asks once.</summary>
public sealed class ReviewAssets
{
    private static readonly (string Name, string Type)[] Files =
        [("console.css", "text/css; charset=utf-8"), ("console.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml")];

    private readonly Dictionary<string, (byte[] Content, string Type, string Version)> _files = Files.ToDictionary(f => f.Name, f =>
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("review/" + f.Name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return (content, f.Type, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
    });

    /// <summary>The path of a file.</summary>
    public string Path(string name) => $"/assets/{name}?v={_files[name].Version}";

    /// <summary>Serves the files to anybody.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, (content, type, _)) in _files)
        {
            routes.MapGet($"/assets/{name}", context =>
            {
                context.Response.ContentType = type;
                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                context.Response.ContentLength = content.Length;
                return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
            }).AllowAnonymous();
        }
    }
}
