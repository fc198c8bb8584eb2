using System.CommandLine;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Cli.Rules;

/// <summary><c>rules check</c>: everything that is wrong with the settings at once, and what each rule would lack.</summary>
internal static class RulesCheckVerb
{
    /// <summary>What an org or an export says of the settings.</summary>
    private sealed record Look(IReadOnlyList<ConditionProblem> Problems, Snapshot Snapshot)
    {
        /// <summary>Objects and fields that the settings name and the org does not show.</summary>
        public IReadOnlyList<string> NotThere { get; init; } = [];

        /// <summary>What the settings name and nobody is.</summary>
        public IReadOnlyList<string> Remarks { get; init; } = [];
    }

    public static Command Create(Surroundings around)
    {
        var (rules, export, format) = (VerbOptions.Rules(), VerbOptions.Export(), VerbOptions.Format());
        var verb = new Command("check", "Says everything that is wrong with the rules' settings: the text, and on an org or export each field that they name.")
            { rules, export, format };
        verb.SetAction(async (parsed, stop) =>
        {
            var home = RulesHome.Of(parsed.GetValue(rules), around);
            var reading = await home.LookAsync(null, stop);
            var problems = reading.Problems.ToList();
            // What is right of the text is checked all the same, so that everything wrong is said at once.
            Look? look = null;
            try
            {
                look = reading.Usable is { } usable ? await LookAsync(parsed.GetValue(export), usable, around, stop) : null;
            }
            catch (OrgException wrong) when (problems.Count > 0)
            {
                around.Error.WriteLine(PlainText.Line($"Only the text is checked: {wrong.Message}"));
            }

            problems.AddRange(look?.NotThere ?? []);
            problems.AddRange((look?.Problems ?? []).Select(p => reading.Places.ContainsKey(p.Key) ? $"{reading.SourceOf(p.Key, home.File)}: {p.Sentence}" : p.Sentence));
            var lacks = look is null || problems.Count > 0 ? []
                : RuleBook.All.Select(r => (Rule: r.Info, WhyNot: RuleBook.WhyNotEvaluated(r, look.Snapshot, reading.Usable!))).ToList();
            List<string> remarks = problems.Count > 0 ? [] : [.. SettingRemarks.Of(reading.Usable!), .. look?.Remarks ?? []];
            Write(home, problems, remarks, look?.Snapshot, lacks, parsed.GetValue(format), around);
            return (int)(problems.Count > 0 ? ExitStatus.WrongUsage : ExitStatus.Done);
        });
        return verb;
    }

    /// <summary>Null where there is neither an export nor an org to ask.</summary>
    private static async Task<Look?> LookAsync(string? export, Settings settings, Surroundings around, CancellationToken stop)
    {
        var now = VerbOptions.Now(around);
        if (export is not null)
        {
            var snapshot = ExportReading.Read(export, settings, now, around, stop).Snapshot;
            var known = new[] { "Account", "User" }.ToDictionary(name => name, name => (IReadOnlyDictionary<string, ConditionField>)
                snapshot.Presence.ColumnsOf(name).ToDictionary(f => f, f => new ConditionField(snapshot.TypeOf(name, f)), StringComparer.OrdinalIgnoreCase));
            return new Look(ConditionCheck.Of(settings, name => known[name], "the export has"), snapshot)
            {
                Remarks =
                [
                    .. SettingRemarks.Of(
                        settings, settings.AllowedUserTypes.Where(t => !snapshot.Users.Values.Any(u => u.UserType.Equals(t, StringComparison.OrdinalIgnoreCase))),
                        settings.DefaultDepartment is { } wanted && snapshot.Presence.HasObject("POC_Department__c") ? snapshot.Departments.Values.Any(d => d.IsCalled(wanted)) : null),
                ],
            };
        }

        if (!OrgConnection.IsNamed(around.Settings))
        {
            around.Error.WriteLine("Only the text is checked: no org is named in the settings, and no export is given with --export.");
            return null;
        }

        await using var connection = OrgConnection.Of(around.Settings, around.Time);
        var (problems, bare) = await connection.Org.LookAsync(settings, now, stop);
        var (types, hasDepartment) = await connection.Org.NobodyAsync(settings, stop);
        return new Look(problems, bare) { NotThere = [.. NotThere(settings, bare.Presence)], Remarks = [.. SettingRemarks.Of(settings, types, hasDepartment)] };
    }

    private static IEnumerable<string> NotThere(Settings settings, Presence presence)
    {
        const string Instead = "the org does not show it to this login: correct the name, or give PocSync's user read access";
        foreach (var (package, name) in settings.Names.Renamed.Where(n => SnapshotBuilder.Objects.Contains(n.Key.Split('.')[0])).OrderBy(n => n.Key, StringComparer.Ordinal))
        {
            var parts = package.Split('.');
            if (parts.Length == 1 && !presence.HasObject(package))
            {
                yield return $"names.{package}: there is no object {name}, or {Instead}.";
            }
            else if (parts.Length == 2 && presence.HasObject(parts[0]) && !presence.Has(package) && SnapshotBuilder.FieldsOf(parts[0], settings).Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"names.{package}: {settings.Names.Object(parts[0])} has no field {name}, or {Instead}.";
            }
        }

        foreach (var (setting, name) in settings.Absences.Missing(presence))
        {
            yield return $"{setting}: there is no {(name.Contains('.', StringComparison.Ordinal) ? "field" : "object")} {name}, or the org does not show it to this login: give PocSync's user read access, or set it to false.";
        }

        if (settings.Binding == Binding.Package && !presence.HasObject("POC_Assignment__c"))
        {
            yield return $"binding: package keeps contacts in {settings.Names.Object("POC_Assignment__c")}, and {Instead}.";
        }
    }

    private static void Write(
        RulesHome home, List<string> problems, List<string> remarks, Snapshot? snapshot, IReadOnlyList<(RuleInfo Rule, string? WhyNot)> lacks, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(home, problems, remarks, snapshot, lacks, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, "kind", "rule", "sentence");
            foreach (var problem in problems)
            {
                CsvText.Row(text, "problem", null, problem);
            }

            foreach (var remark in remarks)
            {
                CsvText.Row(text, "remark", null, remark);
            }

            foreach (var (rule, whyNot) in lacks)
            {
                CsvText.Row(text, whyNot is null ? "judged" : "not judged", rule.Id, whyNot);
            }

            return;
        }

        foreach (var problem in problems)
        {
            text.WriteLine(PlainText.Line(problem));
        }

        text.WriteLine(problems.Count switch
        {
            0 when home.IsOrg => "Nothing is wrong with the org's records.",
            0 when home.File is null => "There is no rules file: every setting has its default, and nothing is wrong.",
            0 => PlainText.Line($"Nothing is wrong with {home.File}."),
            1 => "1 thing is wrong.",
            var count => $"{count} things are wrong.",
        });
        foreach (var remark in remarks)
        {
            text.WriteLine(PlainText.Line($"Remark: {remark}"));
        }

        if (lacks.Count > 0)
        {
            text.WriteLine();
            text.WriteLine($"Where contacts are kept: {JsonText.Word(snapshot!.Binding)}. What each rule would do there:");
            foreach (var (rule, whyNot) in lacks)
            {
                text.WriteLine(PlainText.Line($"  {rule.Id,-22}  {(whyNot switch { null => "judged", "disabled" => "switched off", _ => $"not judged: {whyNot}" })}"));
            }
        }
    }

    private static void WriteJson(
        RulesHome home, List<string> problems, List<string> remarks, Snapshot? snapshot, IReadOnlyList<(RuleInfo Rule, string? WhyNot)> lacks, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteString("home", home.IsOrg ? "org" : "file");
        json.WriteString("file", home.File);
        JsonText.Write("problems", problems, json);
        JsonText.Write("remarks", remarks, json);
        json.WriteString("binding", snapshot is null ? null : JsonText.Word(snapshot.Binding));
        json.WriteStartArray("rules");
        foreach (var (rule, whyNot) in lacks)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteBoolean("evaluated", whyNot is null);
            json.WriteString("reason", whyNot);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
