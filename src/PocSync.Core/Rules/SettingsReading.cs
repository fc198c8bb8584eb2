namespace PocSync.Core.Rules;

/// <summary>What came of reading a text of settings.</summary>
/// <param name="Settings">The settings; null where anything is wrong.</param>
/// <param name="Problems">Everything that is wrong, a sentence each.</param>
/// <param name="Lines">The line of each key that the text has, by the key of <see cref="SettingsText"/>.</param>
public sealed record SettingsReading(Settings? Settings, IReadOnlyList<string> Problems, IReadOnlyDictionary<string, int> Lines)
{
    /// <summary>A text that says nothing: the defaults.</summary>
    public static SettingsReading Nothing { get; } = new(Settings.Default, [], new Dictionary<string, int>());

    /// <summary>What the nodes of a text say.</summary>
    public static SettingsReading Of(SettingNode? root)
    {
        var (settings, problems) = SettingsReader.Read(root);
        var lines = new Dictionary<string, int>();
        Find(root, "", lines);
        return new SettingsReading(settings, problems, lines);
    }

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
