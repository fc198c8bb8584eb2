using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace PocSync.Cli;

/// <summary>What a command has around it: where it writes, the clock, and the program's settings.</summary>
public sealed class Surroundings(Stream output, TextWriter error, TimeProvider time, IConfiguration settings)
{
    private const string Prefix = "POCSYNC_";

    /// <summary>Standard output: what machines read, and nothing else.</summary>
    public Stream Output { get; } = output;

    /// <summary>Standard error: everything else.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The settings of files and environment; a command's options come before them.</summary>
    public IConfiguration Settings { get; } = settings;

    /// <summary>Whether a person watches standard error on a terminal.</summary>
    public bool IsWatched { get; init; }

    /// <summary>
    /// The process's own. Settings come from <c>appsettings.json</c> beside the program, then the one in the current folder, then secrets that are files,
    /// then the environment.
    /// Throws
    /// <see cref="UsageException"/> where such a file cannot be read.
    /// </summary>
    public static Surroundings OfProcess() => new(Console.OpenStandardOutput(), Console.Error, TimeProvider.System, ReadSettings())
    {
        IsWatched = !Console.IsErrorRedirected,
    };

    /// <summary>A writer of UTF-8 text to <see cref="Output"/>, to be disposed of when the text is complete.</summary>
    public StreamWriter OpenText() => new(Output, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" };

    /// <summary>
    /// Settings that are files of their own, as container and service managers hand out secrets: named as their environment variables, in the folder
    /// that <c>POCSYNC_SECRETS</c> names, by default <c>/run/secrets</c>.
    /// </summary>
    private static Dictionary<string, string?> ReadSecrets()
    {
        var folder = new DirectoryInfo(Environment.GetEnvironmentVariable(Prefix + "SECRETS") is { Length: > 0 } named ? named : "/run/secrets");
        return folder.Exists
            ? folder.EnumerateFiles(Prefix + "*").ToDictionary(
                f => f.Name[Prefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal),
                f => (string?)File.ReadAllText(f.FullName).TrimEnd('\r', '\n'))
            : [];
    }

    private static IConfigurationRoot ReadSettings()
    {
        var builder = new ConfigurationBuilder();
        foreach (var folder in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            builder.AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true, reloadOnChange: false);
        }

        try
        {
            return builder.AddInMemoryCollection(ReadSecrets()).AddEnvironmentVariables(Prefix).Build();
        }
        catch (Exception wrong) when (wrong is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(wrong.GetBaseException() is JsonException json
                ? $"{wrong.Message.TrimEnd('.')}, line {json.LineNumber + 1}, column {json.BytePositionInLine + 1}: {json.Message.Split(" LineNumber:")[0]}"
                : wrong.Message);
        }
    }
}
