namespace PocSync.Core.Rules;

/// <summary>A piece of settings as it was read, whatever its home: JSON, YAML and the org's records give the same nodes. Line and column begin at 1; where a field has no lines they are 0.</summary>
public abstract record SettingNode(int Line, int Column)
{
    /// <summary>The org's record and field that it stands in; null in a file.</summary>
    public string? Record { get; init; }

    /// <summary>Where a person finds it, such as <c>line 3, column 5</c>.</summary>
    public string Place => string.Join(", ", ((string?[])[Record, Line > 0 ? $"line {Line}" : null, Line > 0 ? $"column {Column}" : null]).OfType<string>());
}

/// <summary>A mapping; keys in the order of the text, none twice.</summary>
public sealed record SettingMap(int Line, int Column, IReadOnlyList<(SettingScalar Key, SettingNode Value)> Entries) : SettingNode(Line, Column);

/// <summary>A list.</summary>
public sealed record SettingList(int Line, int Column, IReadOnlyList<SettingNode> Items) : SettingNode(Line, Column);

/// <summary>A single value. <paramref name="IsQuoted"/>: written as a string, so that it is never a number, a boolean or null. Null text is null.</summary>
public sealed record SettingScalar(int Line, int Column, string? Text, bool IsQuoted) : SettingNode(Line, Column);

/// <summary>Settings that cannot be used, in one sentence that says what, where and what to do.</summary>
public class SettingsException(string message) : Exception(message);
