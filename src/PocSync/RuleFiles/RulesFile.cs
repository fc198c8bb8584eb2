using System.Text;
using PocSync.Core.Rules;

namespace PocSync.RuleFiles;

/// <summary>The file in which an administrator keeps the rules' settings: JSON where its name ends so, else YAML.</summary>
public static class RulesFile
{
    private const int MaxBytes = 1_048_576;
    private const int MaxProblems = 50;

    /// <summary>
    /// The settings that a file holds. Throws <see cref="SettingsException"/> with everything that is wrong, one problem a line, each beginning with the file's name.
    /// </summary>
    public static Settings Read(string path)
    {
        var reading = Read(path, ReadBytes(path));
        return reading.Settings ?? throw new SettingsException(string.Join('\n', reading.Problems));
    }

    /// <summary>What a file says, and in which line; a file that cannot be read is a problem like any other.</summary>
    public static SettingsReading Look(string path)
    {
        try
        {
            return Read(Path.GetFileName(path), ReadBytes(path));
        }
        catch (SettingsException wrong)
        {
            return new SettingsReading(null, [wrong.Message], new Dictionary<string, string>());
        }
    }

    /// <summary>What a text says, and in which line. Each problem begins with the name, which also tells JSON from YAML.</summary>
    public static SettingsReading Read(string name, byte[] utf8)
    {
        try
        {
            var reading = SettingsReading.Of(
                name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? JsonSettings.Read(utf8) : YamlSettings.Read(Text(name, utf8)));
            var problems = reading.Problems.Take(MaxProblems).Select(p => $"{name}, {p}").ToList();
            if (reading.Problems.Count > MaxProblems)
            {
                problems.Add($"{name}: and {reading.Problems.Count - MaxProblems:N0} more problems.");
            }

            return reading with { Problems = problems, OfParts = [.. reading.OfParts.Select(p => p with { Sentence = $"{name}, {p.Sentence}" })] };
        }
        catch (SettingsException wrong)
        {
            return new SettingsReading(null, [wrong.Message.StartsWith("line ", StringComparison.Ordinal) ? $"{name}, {wrong.Message}" : wrong.Message], new Dictionary<string, string>());
        }
    }

    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw new SettingsException($"{path} is a folder; give the rules file itself.");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[MaxBytes + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count <= MaxBytes ? bytes[..count] : throw new SettingsException($"{path} is larger than {MaxBytes:N0} bytes; a rules file is a page of text.");
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingsException($"There is no rules file {path}.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new SettingsException($"{path} may not be read; ask for permission to read it.");
        }
        catch (IOException wrong)
        {
            throw new SettingsException($"{path} cannot be read: {wrong.Message}");
        }
    }

    private static string Text(string path, byte[] utf8)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            throw new SettingsException($"{path} is not UTF-8 text; save it as UTF-8.");
        }
    }
}
