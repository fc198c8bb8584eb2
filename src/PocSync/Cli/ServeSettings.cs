using Microsoft.Extensions.Configuration;

namespace PocSync.Cli;

/// <summary>Reads the section <c>Serve</c> of the program's settings. Throws <see cref="UsageException"/>.</summary>
internal static class ServeSettings
{
    private const string Default = "http://127.0.0.1:5080";

    public static string ReadUrl(IConfiguration settings)
    {
        var section = settings.GetSection("Serve");
        var text = string.IsNullOrWhiteSpace(section["Url"]) ? Default : section["Url"]!.Trim();
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http", AbsolutePath: "/", UserInfo: "", Query: "" }
            ? text.TrimEnd('/')
            : throw new UsageException(
                $"Serve:Url must be an address such as {Default}, or http://0.0.0.0:5080 behind a proxy that speaks https, not '{text}'.");
    }
}
