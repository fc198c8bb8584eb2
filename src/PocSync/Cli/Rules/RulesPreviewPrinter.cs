using System.Globalization;
using System.Text.Json;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Ledger;

namespace PocSync.Cli.Rules;

/// <summary>Prints what other settings would change: for people by rule with some examples, for machines all of it.</summary>
internal sealed class RulesPreviewPrinter(RulesPreview preview)
{
    /// <summary>Of each kind, for people.</summary>
    private const int Examples = 10;

    /// <summary>Fields that are named of a correction whose sentence stays.</summary>
    private const int Fewest = 3;

    public void Write(OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            WriteCsv(text);
        }
        else
        {
            WriteTable(text);
        }
    }

    private void WriteTable(TextWriter text)
    {
        text.WriteLine(preview.Settings.Count switch { 0 => "No setting differs.", 1 => "1 setting differs:", var count => $"{count} settings differ:" });
        foreach (var (key, before, after) in preview.Settings)
        {
            text.WriteLine(PlainText.Line($"  {key}: {before} → {after}"));
        }

        var changed = preview.Rules.Where(r => !r.IsSame).ToList();
        text.WriteLine();
        text.WriteLine(changed.Count == 0 ? "Nothing would be found or corrected otherwise." : $"{"Rule",-22}  {"findings",16}   +new   -gone  ~other  {"corrections",16}   +new   -gone  ~other");
        foreach (var rule in changed)
        {
            text.WriteLine($"{rule.Before.Rule.Id,-22}  {Totals(rule.Before.Findings.Count, rule.After.Findings.Count),16} {Counts(rule.Findings)}  {Totals(rule.CorrectionsBefore, rule.CorrectionsAfter),16} {Counts(rule.Corrections)}");
        }

        if (changed.Count > 0)
        {
            var (findings, corrections) = (changed.SelectMany(r => r.Findings).ToList(), changed.SelectMany(r => r.Corrections).ToList());
            text.WriteLine($"{"all rules",-22}  {Totals(preview.Rules.Sum(r => r.Before.Findings.Count), preview.Rules.Sum(r => r.After.Findings.Count)),16} {Counts(findings)}  {Totals(preview.Rules.Sum(r => r.CorrectionsBefore), preview.Rules.Sum(r => r.CorrectionsAfter)),16} {Counts(corrections)}");
        }

        foreach (var rule in changed)
        {
            text.WriteLine();
            text.WriteLine($"{rule.Before.Rule.Id}: {RuleWords.Of(rule.Before.Rule.Id).Title}");
            if (rule.Before.Reason != rule.After.Reason)
            {
                text.WriteLine(PlainText.Line($"  {Judged(rule.Before.Reason)}; would be {Judged(rule.After.Reason)}"));
            }

            WriteExamples(rule.Findings, "finding", f => f.Sentence, f => JsonText.Word(f.Severity), Changed, text);
            WriteExamples(rule.Corrections, "correction", c => c.Sentence, c => JsonText.Word(c.State), Changed, text);
        }
    }

    private static void WriteExamples<T>(IReadOnlyList<Difference<T>> all, string what, Func<T, string> sentence, Func<T, string> kind, Func<T, T, IEnumerable<string>> changed, TextWriter text)
        where T : class
    {
        foreach (var (sign, some) in new[]
        {
            ('+', all.Where(d => d.Before is null).ToList()), ('-', all.Where(d => d.After is null).ToList()), ('~', all.Where(d => d is { Before: not null, After: not null }).ToList()),
        })
        {
            foreach (var one in some.Take(Examples))
            {
                text.WriteLine(PlainText.Line(one switch
                {
                    { Before: null, After: { } now } => $"  {sign} {what} ({kind(now)}): {sentence(now)}",
                    { Before: { } was, After: null } => $"  {sign} {what} ({kind(was)}): {sentence(was)}",
                    { Before: { } was, After: { } now } =>
                        $"  {sign} {what} ({FromTo(kind(was), kind(now))}): {FromTo(sentence(was), sentence(now))}{(string.Join("; ", changed(was, now)) is { Length: > 0 } more ? $" [{more}]" : "")}",
                    _ => throw new InvalidOperationException("A difference of nothing."),
                }));
            }

            if (some.Count > Examples)
            {
                text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {sign} and {some.Count - Examples:N0} more: --format json has them all"));
            }
        }
    }

    private static string FromTo(string before, string after) => before == after ? after : $"{before} → {after}";

    /// <summary>What of a finding differs beside its severity and its sentence.</summary>
    private static IEnumerable<string> Changed(Finding before, Finding after)
    {
        if (before.Sentence == after.Sentence && before.Seen != after.Seen)
        {
            yield return $"seen: {before.Seen} → {after.Seen}";
        }

        if (before.Sentence == after.Sentence && before.Expected != after.Expected)
        {
            yield return $"expected: {before.Expected} → {after.Expected}";
        }
    }

    /// <summary>What of a correction differs beside its state and its sentence: how it may be written, why it waits, and what it writes.</summary>
    private static IEnumerable<string> Changed(Correction before, Correction after)
    {
        if (before.Mode != after.Mode)
        {
            yield return $"mode: {JsonText.Word(before.Mode)} → {JsonText.Word(after.Mode)}";
        }

        if (!before.Reasons.SequenceEqual(after.Reasons))
        {
            yield return $"why: {Or(string.Join(' ', before.Reasons))} → {Or(string.Join(' ', after.Reasons))}";
        }

        if (before.Id == after.Id || before.Sentence != after.Sentence)
        {
            yield break;
        }

        var (were, are) = (Fields(before), Fields(after));
        var fields = were.Keys.Union(are.Keys).Where(k => were.GetValueOrDefault(k) != are.GetValueOrDefault(k)).ToList();
        foreach (var field in fields.Take(Fewest))
        {
            yield return $"{field}: {Or(were.GetValueOrDefault(field))} → {Or(are.GetValueOrDefault(field))}";
        }

        if (fields.Count != 0 && fields.Count <= Fewest)
        {
            yield break;
        }

        yield return fields.Count == 0 ? "which records it writes" : $"and {fields.Count - Fewest} more fields";
    }

    /// <summary>What a correction writes: values by object and field, users by name.</summary>
    private static Dictionary<string, string> Fields(Correction correction)
    {
        var names = KnownNames.OfPlan(correction).DistinctBy(n => n.Id).ToDictionary(n => n.Id, n => n.Name);
        return correction.Writes.SelectMany(w => w.Fields.Select(f => (Field: $"{w.Object}.{f.Field}", Value: f.After.ToString())))
            .GroupBy(f => f.Field).ToDictionary(g => g.Key, g => string.Join(", ", g.Select(f => names.GetValueOrDefault(f.Value, f.Value))));
    }

    private static string Or(string? text) => text is { Length: > 0 } ? text : "nothing";

    private static string Judged(string? reason) => reason switch { null => "judged", "disabled" => "switched off", _ => $"not judged ({reason})" };

    private static string Totals(int before, int after) => string.Create(CultureInfo.InvariantCulture, $"{before:N0} → {after:N0}");

    private static string Counts<T>(IReadOnlyList<Difference<T>> all) where T : class => string.Create(CultureInfo.InvariantCulture,
        $"{all.Count(d => d.Before is null),6:N0} {all.Count(d => d.After is null),7:N0} {all.Count(d => d is { Before: not null, After: not null }),7:N0}");

    private static string ChangeOf<T>(Difference<T> one) where T : class => one switch { { Before: null } => "appears", { After: null } => "disappears", _ => "changes" };

    private void WriteCsv(TextWriter text)
    {
        CsvText.Row(text, "kind", "change", "rule", "code", "subject", "before", "after", "beforeState", "afterState");
        foreach (var rule in preview.Rules)
        {
            foreach (var one in rule.Findings)
            {
                var any = one.After ?? one.Before!;
                CsvText.Row(text, "finding", ChangeOf(one), any.Rule, any.Code, any.Subject.ToString(), one.Before?.Sentence, one.After?.Sentence,
                    one.Before is { } was ? JsonText.Word(was.Severity) : null, one.After is { } now ? JsonText.Word(now.Severity) : null);
            }

            foreach (var one in rule.Corrections)
            {
                var any = one.After ?? one.Before!;
                CsvText.Row(text, "correction", ChangeOf(one), any.Rule, any.Code, any.Account.ToString(), one.Before?.Sentence, one.After?.Sentence,
                    one.Before is { } was ? JsonText.Word(was.State) : null, one.After is { } now ? JsonText.Word(now.State) : null);
            }
        }
    }

    private void WriteJson(Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteString("asOf", JsonText.Instant(preview.Snapshot.AsOf.Now));
        json.WriteString("binding", JsonText.Word(preview.Snapshot.Binding));
        json.WriteStartArray("settings");
        foreach (var (key, before, after) in preview.Settings)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteString("before", before);
            json.WriteString("after", after);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rules");
        foreach (var rule in preview.Rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Before.Rule.Id);
            Write("before", rule.Before, rule.CorrectionsBefore, json);
            Write("after", rule.After, rule.CorrectionsAfter, json);
            json.WriteStartArray("findings");
            foreach (var one in rule.Findings)
            {
                Write(one, json, Write);
            }

            json.WriteEndArray();
            json.WriteStartArray("corrections");
            foreach (var one in rule.Corrections)
            {
                Write(one, json, Write);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Write(string name, RuleResult result, int corrections, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("evaluated", result.Reason is null);
        json.WriteString("reason", result.Reason);
        json.WriteNumber("findings", result.Findings.Count);
        json.WriteNumber("corrections", corrections);
        json.WriteEndObject();
    }

    private static void Write<T>(Difference<T> one, Utf8JsonWriter json, Action<T, Utf8JsonWriter> write) where T : class
    {
        json.WriteStartObject();
        json.WriteString("change", ChangeOf(one));
        foreach (var (name, side) in new[] { ("before", one.Before), ("after", one.After) })
        {
            if (side is null)
            {
                json.WriteNull(name);
                continue;
            }

            json.WriteStartObject(name);
            write(side, json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Finding finding, Utf8JsonWriter json)
    {
        json.WriteString("code", finding.Code);
        json.WriteString("subject", finding.Subject.ToString());
        json.WriteString("severity", JsonText.Word(finding.Severity));
        json.WriteString("seen", finding.Seen);
        json.WriteString("expected", finding.Expected);
        json.WriteString("sentence", finding.Sentence);
    }

    private static void Write(Correction correction, Utf8JsonWriter json)
    {
        json.WriteString("id", correction.Id);
        json.WriteString("code", correction.Code);
        json.WriteString("account", correction.Account.ToString());
        json.WriteString("mode", JsonText.Word(correction.Mode));
        json.WriteString("state", JsonText.Word(correction.State));
        json.WriteString("sentence", correction.Sentence);
        JsonText.Write("trace", correction.Trace, json);
    }
}
