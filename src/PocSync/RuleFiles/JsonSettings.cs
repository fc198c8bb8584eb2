using System.Text;
using System.Text.Json;
using PocSync.Core.Rules;

namespace PocSync.RuleFiles;

/// <summary>Reads JSON into setting nodes. Throws <see cref="SettingsException"/> whose message begins with line and column.</summary>
internal static class JsonSettings
{
    public static SettingNode? Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[3..];
        }

        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(utf8);
        var place = new Place(utf8);
        try
        {
            reader.Read();
            var root = Node(ref reader, ref place);
            reader.Read();
            return root;
        }
        catch (JsonException wrong)
        {
            // Readers of a rules file have no reader options.
            var what = wrong.Message.Split(" LineNumber:")[0].Replace(" Change the reader options.", "", StringComparison.Ordinal).TrimEnd('.');
            throw new SettingsException($"line {wrong.LineNumber + 1}, column {wrong.BytePositionInLine + 1}: this is not JSON: {what}.");
        }
        catch (InvalidOperationException)
        {
            throw place.At(reader.TokenStartIndex, "this text is not valid Unicode.");
        }
    }

    private static SettingNode Node(ref Utf8JsonReader reader, ref Place place)
    {
        var (line, column) = place.Of(reader.TokenStartIndex);
        if (reader.CurrentDepth > YamlSettings.MaxDepth)
        {
            throw new SettingsException($"line {line}, column {column}: settings are nested at most {YamlSettings.MaxDepth} deep.");
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<(SettingScalar, SettingNode)>();
                var keys = new HashSet<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var at = place.Of(reader.TokenStartIndex);
                    var key = new SettingScalar(at.Line, at.Column, reader.GetString(), true);
                    if (!keys.Add(key.Text!))
                    {
                        throw new SettingsException($"line {at.Line}, column {at.Column}: the key '{SettingsReader.Cut(key.Text)}' is there twice; keep one of them.");
                    }

                    reader.Read();
                    entries.Add((key, Node(ref reader, ref place)));
                }

                return new SettingMap(line, column, entries);
            case JsonTokenType.StartArray:
                var items = new List<SettingNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Node(ref reader, ref place));
                }

                return new SettingList(line, column, items);
            case JsonTokenType.String:
                return new SettingScalar(line, column, reader.GetString(), true);
            case JsonTokenType.Null:
                return new SettingScalar(line, column, null, false);
            default:
                return new SettingScalar(line, column, Encoding.UTF8.GetString(reader.ValueSpan), false);
        }
    }

    /// <summary>Where tokens are: they come in order, so the text is gone through once.</summary>
    private ref struct Place(ReadOnlySpan<byte> utf8)
    {
        private readonly ReadOnlySpan<byte> _utf8 = utf8;
        private TextPlace _place = new();
        private int _at;

        public (int Line, int Column) Of(long offset)
        {
            _place.Pass(_utf8[_at..(int)offset]);
            _at = (int)offset;
            return (_place.Line, _place.Column);
        }

        public SettingsException At(long offset, string problem)
        {
            var (line, column) = Of(offset);
            return new SettingsException($"line {line}, column {column}: {problem}");
        }
    }
}
