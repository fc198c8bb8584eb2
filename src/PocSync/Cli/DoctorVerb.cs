using System.CommandLine;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary><c>doctor</c>: what of the org works, what is missing and what to do about it.</summary>
internal static class DoctorVerb
{
    public static Command Create(Surroundings around)
    {
        var (rules, format) = (VerbOptions.Rules(), VerbOptions.Format());
        var verb = new Command("doctor", "Asks the org for everything that PocSync needs, and says what works, what is missing and what to do. Writes nothing.") { rules, format };
        verb.SetAction(async (parsed, stop) =>
        {
            ProgramSettings.CheckValues(around.Settings, around.Time);
            await using var connection = OrgConnection.Of(around.Settings, around.Time);
            var settings = await SettingsAsync(parsed.GetValue(rules), around, stop);
            var found = await connection.Org.ExamineAsync(settings, around.Time, stop);
            Write(found, parsed.GetValue(format), around);
            return (int)(found.Any(c => c.State == CheckState.Missing) ? ExitStatus.OrgRefused : ExitStatus.Done);
        });
        return verb;
    }

    /// <summary>What can be used of the settings: what is wrong with them is for <c>rules check</c> to say, and in an org that does not answer there are none.</summary>
    private static async Task<Settings> SettingsAsync(string? rules, Surroundings around, CancellationToken stop)
    {
        var home = RulesHome.Of(rules, around);
        return home.IsOrg ? Settings.Default : (await home.LookAsync(null, stop)).Usable ?? Settings.Default;
    }

    private static void Write(IReadOnlyList<OrgCheck> found, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(found, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, "what", "state", "sentence", "do");
            foreach (var check in found)
            {
                CsvText.Row(text, check.What, JsonText.Word(check.State), string.Join(' ', check.More.Prepend(check.Sentence)), check.Do);
            }

            return;
        }

        foreach (var check in found)
        {
            text.WriteLine(PlainText.Line($"{JsonText.Word(check.State),-7}  {check.What}: {check.Sentence}{(check.Do is null ? "" : $" {check.Do}")}"));
            foreach (var more in check.More)
            {
                text.WriteLine(PlainText.Line($"           {more}"));
            }
        }

        text.WriteLine();
        text.WriteLine((found.Count(c => c.State == CheckState.Missing), found.Count(c => c.State == CheckState.Look)) switch
        {
            (0, 0) => "Nothing is missing.",
            (0, var look) => $"Nothing is missing that PocSync cannot go without; {NumberText.Count(look, "line")} to look at.",
            (var missing, _) => $"{NumberText.Count(missing, "thing")} missing.",
        });
    }

    private static void WriteJson(IReadOnlyList<OrgCheck> found, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartArray();
        foreach (var check in found)
        {
            json.WriteStartObject();
            json.WriteString("what", check.What);
            json.WriteString("state", JsonText.Word(check.State));
            json.WriteString("sentence", check.Sentence);
            json.WriteString("do", check.Do);
            JsonText.Write("more", check.More, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
