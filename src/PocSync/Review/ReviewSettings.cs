using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using PocSync.Core.Rules;

namespace PocSync.Review;

/// <summary>How people get into the console, from the section <c>Review</c> of the program's settings. Prints no secret.</summary>
public sealed record ReviewSettings
{
    /// <summary>The section's keys.</summary>
    public static IReadOnlyList<string> Known { get; } = ["SignIn", "ClientId", "ClientSecret", "PublicUrl"];

    /// <summary>The address that people use; where a proxy speaks https in front, its address.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>The consumer key of the external client app by which people sign in with Salesforce; null: by the one-time link alone.</summary>
    public string? ClientId { get; init; }

    /// <summary>The external client app's secret.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The org's address, to which the form of the sign-in leads; null where people enter by the link.</summary>
    public string? SignInOrigin { get; init; }

    /// <summary>Whether only this machine can reach the console.</summary>
    public bool IsLocal => IsLoopback(PublicUrl);

    /// <summary>Whether people sign in with Salesforce.</summary>
    public bool IsSalesforce => ClientId is not null;

    /// <summary>Reads the section. Throws <see cref="SettingsException"/>.</summary>
    /// <param name="configuration">The program's settings.</param>
    /// <param name="served">The address that the program serves.</param>
    public static ReviewSettings Read(IConfiguration configuration, Uri served)
    {
        var section = configuration.GetSection("Review");
        string? Text(string key) => section[key]?.Trim() is { Length: > 0 } text ? text : null;
        var isSalesforce = (Text("SignIn") ?? "Link").ToLowerInvariant() switch
        {
            "link" => false,
            "salesforce" => true,
            _ => throw new SettingsException($"Review:SignIn must be Link or Salesforce, not '{section["SignIn"]}'."),
        };
        var url = Text("PublicUrl") is not { } text ? served
            : Uri.TryCreate(text, UriKind.Absolute, out var given) && given is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", UserInfo: "" } ? given
            : throw new SettingsException($"Review:PublicUrl must be the address that people use, such as https://pocsync.example.com, not '{text}'.");
        if (!isSalesforce && !(IsLoopback(url) && IsLoopback(served)))
        {
            throw new SettingsException(
                $"The console at {url} can be reached from other machines, and the one-time link is for this machine alone: set Review:SignIn to Salesforce with Review:ClientId, or serve 127.0.0.1.");
        }

        if (isSalesforce && url.Scheme != "https" && !IsLoopback(url))
        {
            throw new SettingsException(
                $"Signing in at {url} would send cookies in the clear: let a proxy speak https in front, and set Review:PublicUrl to its address.");
        }

        var secret = Text("ClientSecret");
        if (isSalesforce && (Text("ClientId") is null || secret is null))
        {
            throw new SettingsException(
                $"Review:SignIn is Salesforce and Review:{(secret is null ? "ClientSecret" : "ClientId")} is missing: set the consumer key and the secret of the external client app by which people sign in.");
        }

        return new ReviewSettings
        {
            PublicUrl = url,
            ClientId = isSalesforce ? Text("ClientId") : null,
            ClientSecret = secret,
        };
    }

    /// <summary>Whether a request asked for a host that the console is reached by; another one would be a page that plays a trick with names.</summary>
    public bool IsOurs(HostString host) =>
        host.Port is null or (> 0 and <= ushort.MaxValue)
        && (host.Host.Equals(PublicUrl.Host, StringComparison.OrdinalIgnoreCase) || (IsLocal && host.Host is "localhost" or "127.0.0.1" or "[::1]"));

    private static bool IsLoopback(Uri url) => url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("PublicUrl = ").Append(PublicUrl);
        return true;
    }
}
