namespace PocSync.Core.Rules;

/// <summary>Something wrong in a text of settings.</summary>
/// <param name="Part">What it concerns: a rule as <c>rules.in-touch</c>, <c>rules</c> for all of them, or another key of the text such as <c>pool</c>; null where that cannot be told.</param>
/// <param name="Sentence">What is wrong, where, and what to do.</param>
public sealed record SettingsProblem(string? Part, string Sentence);

/// <summary>What came of reading a text of settings.</summary>
/// <param name="Settings">The settings; null where anything is wrong.</param>
/// <param name="Problems">Everything that is wrong, a sentence each.</param>
/// <param name="Lines">The line of each key that the text has, by the key of <see cref="SettingsText"/>.</param>
public sealed record SettingsReading(Settings? Settings, IReadOnlyList<string> Problems, IReadOnlyDictionary<string, int> Lines)
{
    /// <summary>A text that says nothing: the defaults.</summary>
    public static SettingsReading Nothing { get; } = new(Settings.Default, [], new Dictionary<string, int>());

    /// <summary>What is right of the text, with the defaults in place of what is wrong; null where the text cannot be read at all.</summary>
    public Settings? Usable { get; init; } = Settings;

    /// <summary>The parts that are wrong, as <see cref="SettingsProblem.Part"/> names them.</summary>
    public IReadOnlySet<string> WrongParts { get; init; } = new HashSet<string>();

    /// <summary>What the nodes of a text say.</summary>
    public static SettingsReading Of(SettingNode? root)
    {
        var (usable, problems) = SettingsReader.ReadParts(root);
        var lines = new Dictionary<string, int>();
        Find(root, "", lines);
        return new SettingsReading(problems.Count == 0 ? usable : null, [.. problems.Select(p => p.Sentence)], lines)
        {
            Usable = usable,
            WrongParts = problems.Select(p => p.Part).OfType<string>().ToHashSet(),
        };
    }

    /// <summary>Where the value of a setting comes from, in words: the file and the line, or that it is the default.</summary>
    public string SourceOf(string key, string? file) => Lines.TryGetValue(key, out var line) ? $"{file}, line {line}" : "default";

    private static void Find(SettingNode? node, string at, Dictionary<string, int> lines)
    {
        foreach (var (key, value) in (node as SettingMap)?.Entries ?? [])
        {
            var name = at + (key.Text == "Paused" ? "paused" : key.Text);
            lines[name] = key.Line;
            Find(value, name + ".", lines);
        }
    }
}
