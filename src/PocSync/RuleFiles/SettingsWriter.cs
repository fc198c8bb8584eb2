using System.Text;
using System.Text.Json;
using PocSync.Core.Rules;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PocSync.RuleFiles;

/// <summary>Writes setting nodes as the text of a rules file, which reads back to the same nodes.</summary>
public static class SettingsWriter
{
    /// <summary>YAML. A text is quoted wherever it could be taken for something else.</summary>
    public static string Yaml(SettingMap settings)
    {
        if (settings.Entries.Count == 0)
        {
            return "{}\n";
        }

        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1000));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, settings);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <summary>JSON.</summary>
    public static string Json(SettingMap settings)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, JsonText.Options))
        {
            Write(json, settings);
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static void Emit(Emitter emitter, SettingNode node)
    {
        switch (node)
        {
            case SettingMap map:
                emitter.Emit(new MappingStart(null, null, isImplicit: true, map.Entries.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map.Entries)
                {
                    Emit(emitter, key);
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case SettingList list:
                emitter.Emit(new SequenceStart(null, null, isImplicit: true, list.Items.Any(i => i is SettingMap) ? SequenceStyle.Block : SequenceStyle.Flow));
                foreach (var item in list.Items)
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case SettingScalar { Text: var text, IsQuoted: var isText }:
                var isPlain = !isText || IsWord(text!);
                emitter.Emit(new Scalar(null, null, text ?? "null", isPlain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, isPlain, !isPlain));
                break;
        }
    }

    /// <summary>Whether a text says the same without quotes: letters first, and no word that YAML takes for a boolean or for nothing.</summary>
    private static bool IsWord(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
        && text.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");

    private static void Write(Utf8JsonWriter json, SettingNode node)
    {
        switch (node)
        {
            case SettingMap map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    json.WritePropertyName(key.Text!);
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case SettingList list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case SettingScalar { IsQuoted: true, Text: var text }:
                json.WriteStringValue(text);
                break;
            case SettingScalar { Text: var text }:
                json.WriteRawValue(text ?? "null");
                break;
        }
    }
}
