using System.Text;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.RuleFiles;

/// <summary>The JSON schema (draft 7) of a rules file, by which editors complete and check it. Conditions are checked by the program alone.</summary>
public static class SettingsSchema
{
    /// <summary>The schema as text.</summary>
    public static string Text()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, JsonText.Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
            json.WriteString("title", "PocSync's rules");
            Map(json, "What administrators decide: rules, and where contacts are kept.", Properties);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void Properties(Utf8JsonWriter json)
    {
        Property(json, "rules", () => Map(json, "Each rule's settings.", inner =>
        {
            foreach (var rule in RuleBook.All.Select(r => r.Info))
            {
                Property(inner, rule.Id, () => Rule(inner, rule));
            }
        }, mayBeEmpty: true));
        Property(json, "binding", () => Words(json, SettingMeaning.Of("binding"), ["owner", "team", "package"], null));
        Property(json, "teamRoles", () =>
        {
            json.WriteString("description", SettingMeaning.Of("teamRoles"));
            json.WriteString("type", "object");
            json.WriteStartObject("additionalProperties");
            Words(json, null, ["Primary", "Backup", "Specialist"], null);
            json.WriteEndObject();
        });
        Property(json, "pool", () => Typed(json, SettingMeaning.Of("pool"), "string"));
        Property(json, "defaultDepartment", () => Typed(json, SettingMeaning.Of("defaultDepartment"), "string"));
        Property(json, "allowedUserTypes", () => Texts(json, SettingMeaning.Of("allowedUserTypes"), Settings.Default.AllowedUserTypes));
        Property(json, "freeze", () => Map(json, "When an optional change of contact waits.", inner =>
        {
            var defaults = new FreezeSettings();
            Property(inner, "closeDays", () => Number(inner, SettingMeaning.Of("freeze.closeDays"), defaults.CloseDays));
            Property(inner, "probability", () => Number(inner, SettingMeaning.Of("freeze.probability"), defaults.Probability, "number", 100));
            Property(inner, "minTenureDays", () => Number(inner, SettingMeaning.Of("freeze.minTenureDays"), defaults.MinTenureDays));
        }));
        Property(json, "ownerChange", () => Map(json, "What goes with an account to its new owner.", inner =>
        {
            Property(inner, "openOpportunities", () => Words(inner, SettingMeaning.Of("ownerChange.openOpportunities"), ["keep", "follow"], "keep"));
            Property(inner, "openCases", () => Words(inner, SettingMeaning.Of("ownerChange.openCases"), ["keep", "follow"], "keep"));
        }));
        Property(json, "ownerAssignedBy", () => Words(json, SettingMeaning.Of("ownerAssignedBy"), ["pocsync", "other"], null));
        Property(json, "hierarchy", () => Words(json, SettingMeaning.Of("hierarchy"), ["none", "one-owner"], "none"));
        Property(json, "absences", () => Map(json, "What counts as an absence beside POC Absence records.", inner =>
        {
            Property(inner, "calendarEvents", () => Boolean(inner, SettingMeaning.Of("absences.calendarEvents"), isDefault: false));
            Property(inner, "resourceAbsences", () => Boolean(inner, SettingMeaning.Of("absences.resourceAbsences"), isDefault: false));
        }));
        Property(json, "names", () => Map(json, SettingMeaning.Of("names"), inner =>
        {
            foreach (var name in Names.Package.Order(StringComparer.Ordinal))
            {
                Property(inner, name, () =>
                {
                    Typed(inner, null, "string");
                    inner.WriteString("pattern", "^[A-Za-z][A-Za-z0-9_]*$");
                });
            }
        }));
        Property(json, "paused", () =>
        {
            json.WriteString("description", SettingMeaning.Of("paused"));
            JsonText.Write("type", ["boolean", "string"], json);
        });
    }

    private static void Rule(Utf8JsonWriter json, RuleInfo rule) => Map(json, $"{rule.Meaning} Finds: {string.Join(", ", rule.Codes)}.", inner =>
    {
        Property(inner, "enabled", () => Boolean(inner, Of("enabled"), isDefault: true));
        Property(inner, "mode", () => Words(inner, Of("mode"), ["alert", "propose", "auto"], JsonText.Word(rule.Mode)));
        Property(inner, "severity", () => Words(inner, Of("severity"), ["info", "warning", "error"], JsonText.Word(rule.Severity)));
        Property(inner, "scope", () => Typed(inner, Of("scope"), "string", mayBeNull: true));
        Property(inner, "alertRows", () => Boolean(inner, Of("alertRows"), isDefault: null));
        Parameters(inner, rule.Parameters);
        if (RuleBook.TierKeys(rule) is { Count: > 0 } keys)
        {
            Property(inner, "tiers", () =>
            {
                Typed(inner, Of("tiers"), "array");
                Property(inner, "items", () =>
                {
                    Map(inner, null, tier =>
                    {
                        Property(tier, "when", () => Typed(tier, "the accounts that it is about: a SOQL condition over Account", "string"));
                        if (keys.Contains("mode"))
                        {
                            Property(tier, "mode", () => Words(tier, Of("mode"), ["alert", "propose", "auto"], null));
                            Property(tier, "severity", () => Words(tier, Of("severity"), ["info", "warning", "error"], null));
                        }

                        Parameters(tier, rule.Parameters.Where(p => keys.Contains(p.Name)));
                    });
                    JsonText.Write("required", ["when"], inner);
                });
            });
        }

        string? Of(string name) => SettingMeaning.Of($"rules.{rule.Id}.{name}");
    }, mayBeEmpty: true);

    private static void Parameters(Utf8JsonWriter json, IEnumerable<ParameterInfo> parameters)
    {
        foreach (var parameter in parameters)
        {
            Property(json, parameter.Name, () =>
            {
                switch (parameter.Default)
                {
                    case int number:
                        Number(json, parameter.Meaning, number);
                        break;
                    case string word:
                        Words(json, parameter.Meaning, parameter.Words!, word);
                        break;
                    default:
                        Texts(json, parameter.Meaning, (IReadOnlyList<string>)parameter.Default);
                        break;
                }
            });
        }
    }

    private static void Property(Utf8JsonWriter json, string name, Action write)
    {
        json.WriteStartObject(name);
        write();
        json.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter json, string? meaning, Action<Utf8JsonWriter> properties, bool mayBeEmpty = false)
    {
        Typed(json, meaning, "object", mayBeEmpty);
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        properties(json);
        json.WriteEndObject();
    }

    private static void Typed(Utf8JsonWriter json, string? meaning, string type, bool mayBeNull = false)
    {
        if (meaning is not null)
        {
            json.WriteString("description", meaning);
        }

        if (mayBeNull)
        {
            JsonText.Write("type", [type, "null"], json);
        }
        else
        {
            json.WriteString("type", type);
        }
    }

    private static void Words(Utf8JsonWriter json, string? meaning, IReadOnlyList<string> words, string? isDefault)
    {
        Typed(json, meaning, "string");
        JsonText.Write("enum", words, json);
        if (isDefault is not null)
        {
            json.WriteString("default", isDefault);
        }
    }

    private static void Number(Utf8JsonWriter json, string? meaning, decimal isDefault, string type = "integer", int most = 1_000_000)
    {
        Typed(json, meaning, type);
        json.WriteNumber("minimum", 0);
        json.WriteNumber("maximum", most);
        json.WriteNumber("default", isDefault);
    }

    private static void Boolean(Utf8JsonWriter json, string? meaning, bool? isDefault)
    {
        Typed(json, meaning, "boolean");
        if (isDefault is { } value)
        {
            json.WriteBoolean("default", value);
        }
    }

    private static void Texts(Utf8JsonWriter json, string? meaning, IEnumerable<string> isDefault)
    {
        Typed(json, meaning, "array");
        json.WriteStartObject("items");
        json.WriteString("type", "string");
        json.WriteEndObject();
        JsonText.Write("default", [.. isDefault], json);
    }
}
