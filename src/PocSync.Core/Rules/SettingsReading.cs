namespace PocSync.Core.Rules;

/// <summary>Something wrong in a text of settings.</summary>
/// <param name="Part">What it concerns: a rule as <c>rules.in-touch</c>, <c>rules</c> for all of them, or another key of the text such as <c>pool</c>; null where that cannot be told.</param>
/// <param name="Sentence">What is wrong, where, and what to do.</param>
public sealed record SettingsProblem(string? Part, string Sentence)
{
    /// <summary>The text of the condition that the org refused; null where the text of the settings itself is wrong.</summary>
    public string? Refused { get; init; }
}

/// <summary>What came of reading a text of settings.</summary>
/// <param name="Settings">The settings; null where anything is wrong.</param>
/// <param name="Problems">Everything that is wrong, a sentence each.</param>
/// <param name="Places">Where each key stands that was set, in words, by the key of <see cref="SettingsText"/>.</param>
public sealed record SettingsReading(Settings? Settings, IReadOnlyList<string> Problems, IReadOnlyDictionary<string, string> Places)
{
    /// <summary>A text that says nothing: the defaults.</summary>
    public static SettingsReading Nothing { get; } = new(Settings.Default, [], new Dictionary<string, string>());

    /// <summary>Settings that nobody has read yet.</summary>
    public static SettingsReading Unread { get; } = new(null, [], new Dictionary<string, string>());

    /// <summary>What is right of the text, with the defaults in place of what is wrong; null where the text cannot be read at all.</summary>
    public Settings? Usable { get; init; } = Settings;

    /// <summary>The problems of <see cref="Problems"/> with the part that each concerns; empty where the text cannot be read at all.</summary>
    public IReadOnlyList<SettingsProblem> OfParts { get; init; } = [];

    /// <summary>What the nodes say.</summary>
    /// <param name="root">The nodes; null where there are none.</param>
    /// <param name="found">What was found wrong already on the way to the nodes.</param>
    public static SettingsReading Of(SettingNode? root, params IReadOnlyList<SettingsProblem> found)
    {
        var (usable, wrong) = SettingsReader.ReadParts(root);
        IReadOnlyList<SettingsProblem> problems = [.. found, .. wrong];
        var places = new Dictionary<string, string>();
        Find(root, "", places);
        return new SettingsReading(problems.Count == 0 ? usable : null, [.. problems.Select(p => p.Sentence)], places)
        {
            Usable = usable,
            OfParts = problems,
        };
    }

    /// <summary>Where the value of a setting comes from, in words: the place, within the file where it is kept in one, or that it is the default.</summary>
    public string SourceOf(string key, string? file) => !Places.TryGetValue(key, out var place) ? "default" : file is null ? place : $"{file}, {place}";

    /// <summary>
    /// The settings to go by, whatever is wrong: part by part those of the text, else the last good ones; a rule of which none are known is off. Null where there is nothing to go by.
    /// </summary>
    /// <param name="last">The last settings that a run went by; null where there are none.</param>
    /// <param name="refused">What else is wrong, as the org said.</param>
    public Settings? Else(Settings? last, IReadOnlyList<SettingsProblem> refused) =>
        Settings is not null && refused.Count == 0 ? Settings
        : Usable is not null ? Usable.Without([.. OfParts, .. refused], last)
        : last?.Without([.. Problems.Select(p => new SettingsProblem(null, p)), new(null, "All last good settings hold until then.")], last);

    private static void Find(SettingNode? node, string at, Dictionary<string, string> places)
    {
        foreach (var (key, value) in (node as SettingMap)?.Entries ?? [])
        {
            var name = at + (key.Text == "Paused" ? "paused" : key.Text);
            places[name] = string.Join(", ", ((string?[])[key.Record, key.Line > 0 ? $"line {key.Line}" : null]).OfType<string>());
            Find(value, name + ".", places);
        }
    }
}
