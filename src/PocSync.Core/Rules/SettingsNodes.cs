using System.Globalization;
using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Settings as the nodes of a text: what <see cref="SettingsReader"/> reads back to the same settings.</summary>
public static class SettingsNodes
{
    /// <summary>The settings that differ from the defaults; with <paramref name="all"/> every one that has a value. Keys are in the order of the rule book.</summary>
    public static SettingMap Of(Settings settings, bool all)
    {
        var defaults = Settings.Default;
        var top = new List<(SettingScalar, SettingNode)>();
        Add("rules", Map(RuleBook.All.Select(r => (r.Info.Id, (SettingNode)Rule(r.Info, settings.Of(r.Info), all)))), isDefault: false);
        Add("binding", settings.Binding is { } binding ? Word(binding) : null, isDefault: false);
        Add("teamRoles", Map(settings.TeamRoles.All.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => (r.Key, (SettingNode)Text(r.Value.ToString())))),
            settings.TeamRoles.IsSameAs(defaults.TeamRoles));
        Add("pool", settings.Pool is { } pool ? Text(pool.Text) : null, isDefault: false);
        Add("defaultDepartment", settings.DefaultDepartment is { } department ? Text(department) : null, isDefault: false);
        Add("allowedUserTypes", List(settings.AllowedUserTypes.Order(StringComparer.Ordinal)), settings.AllowedUserTypes.SetEquals(defaults.AllowedUserTypes));
        Add("freeze", Map(
        [
            ("closeDays", Plain(settings.Freeze.CloseDays)), ("probability", Plain(settings.Freeze.Probability)),
            ("minTenureDays", Plain(settings.Freeze.MinTenureDays)),
        ]), settings.Freeze == defaults.Freeze);
        Add("ownerChange", Map([("openOpportunities", Word(settings.OwnerChange.OpenOpportunities)), ("openCases", Word(settings.OwnerChange.OpenCases))]),
            settings.OwnerChange == defaults.OwnerChange);
        Add("ownerAssignedBy", settings.OwnerAssignedBy is { } assigner ? Word(assigner) : null, isDefault: false);
        Add("hierarchy", Text(settings.IsFamilyOfOne ? "one-owner" : "none"), !settings.IsFamilyOfOne);
        Add("absences", Map([("calendarEvents", Plain(settings.Absences.CalendarEvents)), ("resourceAbsences", Plain(settings.Absences.ResourceAbsences))]), settings.Absences == defaults.Absences);
        Add("names", Map(settings.Names.Renamed.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => (n.Key, (SettingNode)Text(n.Value)))), isDefault: settings.Names.Renamed.Count == 0);
        Add("paused", settings.Paused is { } paused ? Text(paused) : null, isDefault: false);
        return new SettingMap(0, 0, top);

        void Add(string key, SettingNode? value, bool isDefault)
        {
            if (value is not null && (all || !isDefault) && !(key is "rules" or "names" && value is SettingMap { Entries.Count: 0 }))
            {
                top.Add((Text(key), value));
            }
        }
    }

    private static SettingMap Rule(RuleInfo rule, RuleSettings own, bool all)
    {
        var entries = Rule(rule, own, new RuleSettings(rule), all).Entries.Select(e => (e.Key.Text!, e.Value)).ToList();
        if (own.Tiers.Count > 0)
        {
            entries.Add(("tiers", new SettingList(0, 0,
                [.. own.Tiers.Select(t => Map([("when", Text(t.When.Text)), .. Rule(rule, t.Settings, own, all: false).Entries.Select(e => (e.Key.Text!, e.Value))]))])));
        }

        return Map(entries);
    }

    /// <summary>What differs from other settings of the rule; tiers apart.</summary>
    private static SettingMap Rule(RuleInfo rule, RuleSettings own, RuleSettings defaults, bool all)
    {
        var entries = new List<(string, SettingNode)>();
        Add("enabled", Plain(own.Enabled), own.Enabled == defaults.Enabled);
        Add("mode", Word(own.Mode), own.Mode == defaults.Mode);
        Add("severity", Word(own.Severity), own.Severity == defaults.Severity);
        if (own.Scope is { } scope && scope != defaults.Scope)
        {
            Add("scope", Text(scope.Text), isDefault: false);
        }

        if (own.AlertRows is { } alertRows && alertRows != defaults.AlertRows)
        {
            Add("alertRows", Plain(alertRows), isDefault: false);
        }

        foreach (var parameter in rule.Parameters)
        {
            switch (parameter.Default)
            {
                case int:
                    Add(parameter.Name, Plain(own.Number(parameter.Name)), own.Number(parameter.Name) == defaults.Number(parameter.Name));
                    break;
                case string:
                    Add(parameter.Name, Text(own.Word(parameter.Name)), own.Word(parameter.Name) == defaults.Word(parameter.Name));
                    break;
                default:
                    Add(parameter.Name, List(own.Texts(parameter.Name)), own.Texts(parameter.Name).SequenceEqual(defaults.Texts(parameter.Name)));
                    break;
            }
        }

        return Map(entries);

        void Add(string key, SettingNode value, bool isDefault)
        {
            if (all || !isDefault)
            {
                entries.Add((key, value));
            }
        }
    }

    private static SettingMap Map(IEnumerable<(string Key, SettingNode Value)> entries) =>
        new(0, 0, [.. entries.Where(e => e.Value is not SettingMap { Entries.Count: 0 }).Select(e => (Text(e.Key), e.Value))]);

    private static SettingList List(IEnumerable<string> texts) => new(0, 0, [.. texts.Select(Text)]);

    private static SettingScalar Text(string text) => new(0, 0, text, true);

    private static SettingScalar Word<T>(T word) where T : struct, Enum => Text(word.ToString().ToLowerInvariant());

    private static SettingScalar Plain(bool value) => new(0, 0, value ? "true" : "false", false);

    private static SettingScalar Plain(decimal number) => new(0, 0, number.ToString(CultureInfo.InvariantCulture), false);
}
