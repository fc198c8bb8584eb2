using PocSync.Core.Rules;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PocSync.RuleFiles;

/// <summary>
/// Reads YAML into setting nodes: maps, lists and scalars, without anchors, aliases and tags, which a page of settings does not need and which hide what it says. Throws
/// <see cref="SettingsException"/> whose message begins with line and column.
/// </summary>
internal static class YamlSettings
{
    internal const int MaxDepth = 16;

    public static SettingNode? Read(string text)
    {
        // The parser takes it for the end of the text, and what follows would go unread.
        if (text.IndexOf('\0', StringComparison.Ordinal) is var nul && nul >= 0)
        {
            var before = text[..nul].Split('\n');
            throw new SettingsException($"line {before.Length}, column {before[^1].Length + 1}: the character U+0000 cannot stand here; take it out.");
        }

        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (Array.FindIndex(text.Split('\n'), l => l.StartsWith('%')) is var directive && directive >= 0 && (parser.Accept<StreamEnd>(out _) || parser.Current is DocumentStart { IsImplicit: false }))
            {
                throw new SettingsException($"line {directive + 1}, column 1: directives (%name) are not taken; quote a text that begins with %.");
            }

            if (parser.Accept<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<DocumentStart>(out var second) ? throw Wrong(second, "a second document begins; put all settings into one.") : root;
        }
        catch (YamlException wrong)
        {
            var (line, column) = wrong.Message.Contains("tab as indentation", StringComparison.Ordinal) ? FirstTab(text) : ((int)wrong.End.Line, (int)wrong.End.Column);
            throw new SettingsException($"line {line}, column {column}: this is not YAML: {OneLine(wrong.Message)}.");
        }
        catch (Exception wrong) when (wrong is not SettingsException)
        {
            // Some rubbish makes the parser itself stumble.
            throw new SettingsException($"line {parser.Current?.End.Line ?? 1}, column {parser.Current?.End.Column ?? 1}: this is not YAML.");
        }
    }

    private static SettingNode Node(Parser parser, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Wrong(parser.Current!, $"settings are nested at most {MaxDepth} deep.");
        }

        var next = parser.Consume<ParsingEvent>();
        var (line, column) = ((int)next.Start.Line, (int)next.Start.Column);
        switch (next)
        {
            case AnchorAlias:
                throw Wrong(next, "aliases (*name) are not followed; write the value out.");
            case NodeEvent { Anchor.IsEmpty: false }:
                throw Wrong(next, "anchors (&name) are not taken; write the value out where it is needed, and quote a text that begins with &.");
            case NodeEvent { Tag.IsEmpty: false }:
                throw Wrong(next, "tags (!name) are not taken; quote a text that begins with !.");
            case Scalar scalar:
                var isQuoted = scalar.Style != ScalarStyle.Plain;
                return new SettingScalar(line, column, !isQuoted && scalar.Value is "" or "~" or "null" or "Null" or "NULL" ? null : scalar.Value, isQuoted);
            case SequenceStart:
                var items = new List<SettingNode>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(Node(parser, depth + 1));
                }

                return new SettingList(line, column, items);
            default:
                return Map(parser, depth, line, column);
        }
    }

    private static SettingMap Map(Parser parser, int depth, int line, int column)
    {
        var entries = new List<(SettingScalar, SettingNode)>();
        var keys = new HashSet<string>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current!;
            if (Node(parser, depth + 1) is not SettingScalar { Text.Length: > 0 } key)
            {
                throw Wrong(at, "a key must be a text.");
            }

            if (!keys.Add(key.Text))
            {
                throw Wrong(at, $"the key '{SettingsReader.Cut(key.Text)}' is there twice; keep one of them.");
            }

            entries.Add((key, Node(parser, depth + 1)));
        }

        return new SettingMap(line, column, entries);
    }

    /// <summary>The parser gives the place of the map around it.</summary>
    private static (int Line, int Column) FirstTab(string text)
    {
        var lines = text.Split('\n');
        var line = Array.FindIndex(lines, l => l.TrimStart(' ').StartsWith('\t'));
        return line < 0 ? (1, 1) : (line + 1, lines[line].IndexOf('\t', StringComparison.Ordinal) + 1);
    }

    private static SettingsException Wrong(ParsingEvent at, string problem) => new($"line {at.Start.Line}, column {at.Start.Column}: {problem}");

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
