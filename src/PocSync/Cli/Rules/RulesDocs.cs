using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.RuleFiles;
using PocSync.Simulator;
using PocSync.Simulator.Generation;

namespace PocSync.Cli.Rules;

/// <summary>
/// The rules reference, docs/rules.md: everything in it comes from the rule book, and its examples from judging the generated demo org, so that it says what the program does.
/// </summary>
internal static class RulesDocs
{
    /// <summary>The instant at which the demo org of the examples is judged.</summary>
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 8, 0, 0, TimeSpan.Zero);

    /// <summary>For what the demo org has nothing of by the defaults.</summary>
    private static Settings Stricter => RulesFile.Read("stricter", """
        rules:
          backup-present: { minimum: 3 }
          scopes-bounded: { requiredScopes: [EMEA] }
          ownership-skew: { limit: 50 }
        """u8.ToArray()).Settings!;

    private static readonly Binding[] Bindings = [Binding.Package, Binding.Team, Binding.Owner];

    public static void Write(TextWriter text)
    {
        var org = DemoOrg();
        var examples = RuleBook.Judge(org, Settings.Default).Concat(RuleBook.Judge(org, Stricter)).SelectMany(r => r.Findings)
            .GroupBy(f => (f.Rule, f.Code)).ToDictionary(g => g.Key, g => g.First().Sentence);
        text.Write($"""
            # The rules

            <!-- Written by `pocsync rules docs`. Do not edit: change the rule, and write it anew. -->

            {RuleBook.All.Count} rules judge every account at one instant. How to change what they ask for is in [admin.md](admin.md); [rules.schema.json](rules.schema.json) lets an editor
            complete and check the file.

            | rule | asks for | severity | mode |
            |---|---|---|---|

            """);
        foreach (var rule in RuleBook.All.Select(r => r.Info))
        {
            text.WriteLine($"| [{rule.Id}](#{rule.Id}) | {rule.Meaning} | {JsonText.Word(rule.Severity)} | {JsonText.Word(rule.Mode)} |");
        }

        foreach (var rule in RuleBook.All)
        {
            WriteRule(rule, examples, text);
        }

        WriteEveryRule(text);
        WriteNoRule(text);
    }

    private static void WriteRule(IRule rule, Dictionary<(string, string), string> examples, TextWriter text)
    {
        var (info, words) = (rule.Info, RuleWords.Of(rule.Info.Id));
        text.WriteLine();
        text.WriteLine($"## {info.Id}");
        text.WriteLine();
        text.WriteLine($"**{words.Title}.** {info.Meaning} {words.Why}");
        text.WriteLine();
        text.WriteLine("| finds | that is | such as |");
        text.WriteLine("|---|---|---|");
        foreach (var code in info.Codes)
        {
            text.WriteLine($"| `{code}` | {RuleWords.Of(info.Id, code)} | {examples.GetValueOrDefault((info.Id, code))?.Replace("|", "\\|", StringComparison.Ordinal) ?? "–"} |");
        }

        if (info.Own.Count > 0)
        {
            text.WriteLine();
            text.WriteLine("| parameter | means | default |");
            text.WriteLine("|---|---|---|");
            foreach (var parameter in info.Own)
            {
                text.WriteLine($"| `{parameter.Name}` | {parameter.Meaning}{(parameter.Words is { } choice ? $" ({string.Join(" or ", choice)})" : "")} | {DefaultOf(parameter)} |");
            }
        }

        text.WriteLine();
        text.WriteLine(NeedsOf(rule));
        text.WriteLine();
        text.WriteLine("```yaml");
        text.WriteLine("rules:");
        text.WriteLine($"  {info.Id}:");
        text.WriteLine($"    mode: {JsonText.Word(info.Mode)}");
        text.WriteLine($"    severity: {JsonText.Word(info.Severity)}");
        text.WriteLine("    scope: \"Type = 'Customer' AND AnnualRevenue > 1000000\"");
        foreach (var parameter in info.Own)
        {
            text.WriteLine($"    {parameter.Name}: {(parameter.Default is IReadOnlyList<string> ? "[EMEA, Americas]" : DefaultOf(parameter))}");
        }

        text.WriteLine("```");
    }

    private static string DefaultOf(ParameterInfo parameter) => parameter.Default switch
    {
        int number => number.ToString(CultureInfo.InvariantCulture),
        string word => word,
        var list => string.Join(", ", (IReadOnlyList<string>)list) is { Length: > 0 } all ? all : "none",
    };

    /// <summary>What a rule needs, said once where it is the same wherever contacts are kept.</summary>
    private static string NeedsOf(IRule rule)
    {
        var lines = Bindings.Select(b => (Binding: b, Text: NeedsOf(rule, b))).ToList();
        return lines.DistinctBy(l => l.Text).Count() == 1
            ? lines[0].Text
            : string.Join('\n', lines.GroupBy(l => l.Text).Select(g => $"- Binding {string.Join(" and ", g.Select(l => JsonText.Word(l.Binding)))}: {char.ToLowerInvariant(g.Key[0])}{g.Key[1..]}"));
    }

    private static string NeedsOf(IRule rule, Binding binding)
    {
        var needs = RuleNeeds.Of(rule, binding);
        if (needs.Never is { } never)
        {
            return $"Not judged: {never}.";
        }

        var more = RuleNeeds.Of(rule, binding, numbers: 1).Names.Except(needs.Names).ToList();
        return (needs.Names.Count == 0 ? "Needs nothing beside the accounts." : $"Needs {Listed(needs.Names)}.")
            + (more.Count == 0 ? "" : $" With {string.Join(" or ", rule.Info.Own.Where(p => p.Default is 0).Select(p => $"`{p.Name}`"))} above 0 also {Listed(more)}.");
    }

    private static string Listed(IReadOnlyList<string> names) => string.Join(", ", names.Select(n => $"`{n.Replace(" or ", "` or `", StringComparison.Ordinal)}`"));

    private static void WriteEveryRule(TextWriter text)
    {
        text.WriteLine();
        text.WriteLine("## Settings that every rule has");
        text.WriteLine();
        text.WriteLine("| key | means |");
        text.WriteLine("|---|---|");
        foreach (var name in SettingMeaning.EveryRule)
        {
            text.WriteLine($"| `{name}` | {SettingMeaning.Of($"rules.one-primary.{name}")} |");
        }

        foreach (var parameter in RuleInfo.OfEveryRule)
        {
            text.WriteLine($"| `{parameter.Name}` | {parameter.Meaning}; {DefaultOf(parameter)} by default |");
        }

        text.WriteLine($"| `tiers` | {SettingMeaning.Of("rules.one-primary.tiers")}. Not of {string.Join(", ", RuleBook.All.Select(r => r.Info).Where(r => RuleBook.TierKeys(r).Count == 0).Select(r => $"`{r.Id}`"))}, which do not look at one account at a time; of `load-within-capacity` for `capacity` alone |");
    }

    private static void WriteNoRule(TextWriter text)
    {
        var defaults = SettingsText.Of(Settings.Default);
        text.WriteLine();
        text.WriteLine("## Settings beside the rules");
        text.WriteLine();
        text.WriteLine("| key | means | default |");
        text.WriteLine("|---|---|---|");
        foreach (var key in SettingMeaning.NoRule.Where(k => !k.Contains(':')))
        {
            text.WriteLine($"| `{key}` | {SettingMeaning.Of(key)} | {defaults.GetValueOrDefault(key) ?? "–"} |");
        }
    }

    private static Snapshot DemoOrg()
    {
        var tables = OrgGenerator.Generate(new OrgPlan { AsOf = Then }).Tables.ToDictionary(t => t.Object);
        var builder = new SnapshotBuilder(Settings.Default, Then);
        foreach (var name in SnapshotBuilder.Objects.Where(tables.ContainsKey))
        {
            Take(builder.Begin(name, tables[name].Columns), tables[name]);
        }

        foreach (var (name, _) in builder.OpenCustomerSides().Count == 0 ? [] : builder.OpenFields)
        {
            Take(builder.BeginOpen(name, tables[name].Columns), tables[name]);
        }

        return builder.Build();
    }

    private static void Take(TableIntake intake, OrgTable table)
    {
        var cells = new string?[intake.Wanted.Count];
        foreach (var row in table.Rows)
        {
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = intake.Wanted[i] < row.Length ? row[intake.Wanted[i]] : null;
            }

            intake.Add(cells);
        }
    }
}
