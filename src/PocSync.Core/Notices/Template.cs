using System.Text.RegularExpressions;

namespace PocSync.Core.Notices;

/// <summary>A text with variables in braces; a part in square brackets is left out where one of its variables is blank.</summary>
public sealed partial class Template
{
    /// <summary>What a title may name: the account, or how many there are; how many.</summary>
    public static IReadOnlyList<string> InTitles { get; } = ["accounts", "count"];

    /// <summary>What a line may name.</summary>
    public static IReadOnlyList<string> InLines { get; } = ["account", "from", "to", "reason", "open", "due", "link"];

    private readonly string _text;

    private Template(string text) => _text = text;

    /// <summary>Reads a text; says what is wrong with it where it names a variable that there is not.</summary>
    public static (Template? Template, string? Problem) Read(string text, IReadOnlyList<string> variables)
    {
        var unknown = Variable().Matches(text).Select(m => m.Groups[1].Value).FirstOrDefault(v => !variables.Contains(v));
        return unknown is null ? (new Template(text), null)
            : (null, $"names the variable {{{unknown}}}, which there is not; there are {string.Join(", ", variables.Select(v => $"{{{v}}}"))}");
    }

    /// <summary>The text with values in place of its variables, on one line.</summary>
    public string With(IReadOnlyDictionary<string, string> values)
    {
        var filled = Optional().Replace(_text, part => Variable().Matches(part.Groups[1].Value).Any(v => Value(v) == "") ? "" : part.Groups[1].Value);
        return Spaces().Replace(Variable().Replace(filled, Value), " ").Trim();

        // What a value says is never read as a variable, since all are filled in at once.
        string Value(Match variable) => values.GetValueOrDefault(variable.Groups[1].Value, "");
    }

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\[([^\[\]]*)\]")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
