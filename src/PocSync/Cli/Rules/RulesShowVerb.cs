using System.CommandLine;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Ledger;

namespace PocSync.Cli.Rules;

/// <summary><c>rules show</c>: every effective setting, and where its value comes from.</summary>
internal static class RulesShowVerb
{
    /// <summary>One setting for whoever shows it; <paramref name="Source"/> in words.</summary>
    private sealed record Shown(string Key, string Value, bool IsSet, string Source)
    {
        public string Name => Key[(Key.StartsWith("rules.", StringComparison.Ordinal) ? Key.LastIndexOf('.') + 1 : 0)..];

        public string? Meaning => SettingMeaning.Of(Key);
    }

    public static Command Create(Surroundings around)
    {
        var (rules, format) = (VerbOptions.Rules(), VerbOptions.Format());
        var verb = new Command("show", "Shows every effective setting of the rules, and where each value comes from.") { rules, format };
        verb.SetAction(async (parsed, stop) =>
        {
            var home = RulesHome.Of(parsed.GetValue(rules), around);
            var reading = await home.LookAsync(null, stop);
            var settings = reading.Settings ?? throw new SettingsException(string.Join('\n', reading.Problems));
            Write(home, Of(home.File, reading, settings), OfProgram(around), await RatesAsync(around), parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    /// <summary>Where the ledger cannot be read, the settings are shown all the same.</summary>
    private static async Task<Dictionary<string, FalseRate>> RatesAsync(Surroundings around)
    {
        try
        {
            return await LedgerDatabase.OpenIfThereAsync(LedgerSettings.Read(around.Settings)) is { } ledger ? await new RuleQueries(ledger).FalseRatesAsync() : [];
        }
        catch (LedgerException wrong)
        {
            around.Error.WriteLine(PlainText.Line($"Without rates of false positives: {wrong.Message}"));
            return [];
        }
    }

    private static List<Shown> Of(string? file, SettingsReading reading, Settings settings) =>
    [
        .. SettingsText.Of(settings).Select(s => new Shown(s.Key, s.Value, reading.Places.ContainsKey(s.Key), reading.SourceOf(s.Key, file))),
    ];

    private static List<Shown> OfProgram(Surroundings around) =>
    [
        .. SettingsText.Of(GuardSettings.Read(around.Settings)).Select(s =>
            string.IsNullOrWhiteSpace(around.Settings[s.Key]) ? new Shown(s.Key, s.Value, false, "default") : new Shown(s.Key, s.Value, true, "the program's settings")),
    ];

    private static void Write(RulesHome home, List<Shown> settings, List<Shown> program, Dictionary<string, FalseRate> rates, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(home, settings, program, rates, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, "key", "value", "set", "source", "meaning");
            foreach (var setting in settings.Concat(program))
            {
                CsvText.Row(text, setting.Key, setting.Value, setting.IsSet ? "true" : "false", setting.Source, setting.Meaning);
            }

            return;
        }

        text.WriteLine(PlainText.Line(home.Sentence));
        foreach (var rule in RuleBook.All.Select(r => r.Info))
        {
            var own = OfRule(settings, rule);
            text.WriteLine();
            text.WriteLine($"{rule.Id}: {RuleWords.Of(rule.Id).Title} ({SettingMeaning.ModeOf(own[0].Value, own[1].Value)}){(rates.TryGetValue(rule.Id, out var rate) ? $", {rate.Words}" : "")}");
            WriteTable(own, text);
        }

        text.WriteLine();
        text.WriteLine("Settings of all rules, and the guard's");
        WriteTable([.. OfNoRule(settings), .. program], text);
    }

    private static void WriteTable(IReadOnlyList<Shown> settings, TextWriter text)
    {
        var (name, value) = (settings.Max(s => s.Name.Length), Math.Min(40, settings.Max(s => s.Value.Length)));
        foreach (var setting in settings)
        {
            text.WriteLine(PlainText.Line($"  {setting.Name.PadRight(name)}  {setting.Value.PadRight(value)}  {(setting.IsSet ? setting.Source : "(default)")}"));
        }
    }

    private static void WriteJson(RulesHome home, List<Shown> settings, List<Shown> program, Dictionary<string, FalseRate> rates, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteString("home", home.IsOrg ? "org" : "file");
        json.WriteString("file", home.File);
        json.WriteStartArray("rules");
        foreach (var rule in RuleBook.All.Select(r => r.Info))
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("title", RuleWords.Of(rule.Id).Title);
            json.WriteString("meaning", rule.Meaning);
            if (rates.TryGetValue(rule.Id, out var rate))
            {
                json.WriteNumber("markedFalse", rate.False);
                json.WriteNumber("found", rate.Found);
            }

            WriteJson(OfRule(settings, rule), json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteJson([.. OfNoRule(settings), .. program], json);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteJson(IReadOnlyList<Shown> settings, Utf8JsonWriter json)
    {
        json.WriteStartArray("settings");
        foreach (var setting in settings)
        {
            json.WriteStartObject();
            json.WriteString("key", setting.Key);
            json.WriteString("value", setting.Value);
            json.WriteBoolean("set", setting.IsSet);
            json.WriteString("source", setting.Source);
            json.WriteString("meaning", setting.Meaning);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What every rule has first, then its parameters.</summary>
    private static List<Shown> OfRule(List<Shown> settings, RuleInfo rule) =>
    [
        .. SettingMeaning.EveryRule.Concat(rule.Parameters.Select(p => p.Name)).Concat(RuleBook.TierKeys(rule).Count > 0 ? ["tiers"] : []).Select(name => settings.Single(s => s.Key == $"rules.{rule.Id}.{name}")),
    ];

    private static IEnumerable<Shown> OfNoRule(List<Shown> settings) => settings.Where(s => !s.Key.StartsWith("rules.", StringComparison.Ordinal));
}
