using System.Globalization;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Prints what a run took and under which settings it was made, and which findings began and ended with it.</summary>
internal static class RunFacts
{
    public static void Write(RunDetail run, TextWriter text)
    {
        if (RunWords.Took(run.Run) is { } took)
        {
            text.WriteLine(took);
        }

        var changed = run.Settings.Where(s => s.Before is not null || s.After is null).ToList();
        if (changed.Count < run.Settings.Count)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"From this run on the ledger keeps {run.Settings.Count - changed.Count:N0} {(run.Settings.Count - changed.Count == 1 ? "setting" : "settings")} that it had not kept before; --format json lists them."));
        }

        foreach (var setting in changed)
        {
            text.WriteLine(PlainText.Line(RunWords.Changed(setting)));
        }

        if (run.Findings.Count > 0)
        {
            text.WriteLine();
            text.WriteLine("Findings by rule: open after the run, new, resolved");
            foreach (var rule in run.Findings)
            {
                text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rule.Rule,-22} {rule.Open,7:N0} {rule.Opened,7:N0} {rule.Resolved,7:N0}{(rule.IsOff ? "  no longer judged: the rule is switched off" : "")}"));
            }
        }
    }

    public static void Write(RunDetail run, Utf8JsonWriter json)
    {
        json.WriteStartArray("settings");
        foreach (var setting in run.Settings)
        {
            json.WriteStartObject();
            json.WriteString("key", setting.Key);
            json.WriteString("before", setting.Before);
            json.WriteString("after", setting.After);
            json.WriteString("changedBy", setting.ChangedBy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rules");
        foreach (var rule in run.Findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Rule);
            json.WriteNumber("open", rule.Open);
            json.WriteNumber("new", rule.Opened);
            json.WriteNumber("resolved", rule.Resolved);
            json.WriteBoolean("off", rule.IsOff);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
