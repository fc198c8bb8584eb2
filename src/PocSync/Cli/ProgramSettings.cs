using Microsoft.Extensions.Configuration;
using PocSync.Core.Guards;
using PocSync.Core.Rules;
using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Notices;
using PocSync.Review;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>Which settings the program has, so that a name that it has not is refused instead of having no effect.</summary>
internal static class ProgramSettings
{
    /// <summary>Keys by section.</summary>
    private static readonly Dictionary<string, IReadOnlyList<string>> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Salesforce"] = [.. typeof(SalesforceSettings).GetProperties().Select(p => p.Name)],
        ["Ledger"] = LedgerSettings.Known,
        ["Guard"] = [.. typeof(GuardLimits).GetProperties().Select(p => p.Name)],
        ["Approvals"] = [nameof(ApprovalTerms.ExpireDays), nameof(ApprovalTerms.TwoPersonsAbove)],
        ["Serve"] = ["Url"],
        ["Jobs"] = JobSettings.Known,
        ["Clock"] = ["Start", "Speed"],
        ["Review"] = ReviewSettings.Known,
        ["Rules"] = ["File", "Home"],
        ["Notices"] = NoticesSection.Known,
    };

    /// <summary>Throws <see cref="UsageException"/> with every name that is no setting, a line each.</summary>
    public static void Check(IConfiguration settings)
    {
        var problems = settings.GetChildren().SelectMany(Problems).Order(StringComparer.Ordinal).ToList();
        if (problems.Count > 0)
        {
            throw new UsageException(string.Join('\n', problems));
        }
    }

    /// <summary>Reads every section but the org's, as the worker does when it begins. Throws <see cref="UsageException"/> with everything that is wrong, a line each.</summary>
    public static void CheckValues(IConfiguration settings, TimeProvider time)
    {
        var problems = new List<string>();
        foreach (var read in new Action[]
        {
            () => LedgerSettings.Read(settings), () => GuardSettings.Read(settings), () => ApprovalSettings.Read(settings), () => JobSettings.Read(settings),
            () => WorkerClock.Read(settings, time), () => NoticesSection.Read(settings), () => ReviewSettings.Read(settings, new Uri(ServeSettings.ReadUrl(settings))),
        })
        {
            try
            {
                read();
            }
            catch (Exception wrong) when (wrong is UsageException or SettingsException or LedgerException)
            {
                problems.Add(wrong.Message);
            }
        }

        if (problems.Count > 0)
        {
            throw new UsageException(string.Join('\n', problems));
        }
    }

    private static IEnumerable<string> Problems(IConfigurationSection top)
    {
        if (Sections.TryGetValue(top.Key, out var keys))
        {
            return top.Value is { Length: > 0 }
                ? [$"{top.Key} is a section of settings and has no value of its own; there are {Listed(top.Key, keys)}."]
                : top.GetChildren().SelectMany(child => Problems(top.Key, child.Key, child, keys));
        }

        var near = Spelling.Nearest(top.Key, Sections.Keys.Append("Paused"));
        if (!top.GetChildren().Any())
        {
            // The environment holds names with this prefix that are not meant for the program, such as those of a service in a cluster.
            return near is null || near.Equals(top.Key, StringComparison.OrdinalIgnoreCase) ? [] : [$"There is no setting {top.Key}; did you mean {near}?"];
        }

        return near is not null && near.Equals(top.Key, StringComparison.OrdinalIgnoreCase)
            ? [$"{near} is a single value: true, false or a text that says why."]
            : top.GetChildren().Select(child => $"There is no setting {top.Key}:{child.Key}; "
                + (near is null ? $"the sections are {string.Join(", ", Sections.Keys)}." : $"did you mean {near}:{Spelling.Nearest(child.Key, Sections.GetValueOrDefault(near) ?? []) ?? child.Key}?"));
    }

    /// <param name="section">The section.</param>
    /// <param name="name">The name of the setting in it; below others with a colon between.</param>
    /// <param name="child">The setting.</param>
    /// <param name="keys">The settings that there are.</param>
    private static IEnumerable<string> Problems(string section, string name, IConfigurationSection child, IReadOnlyList<string> keys)
    {
        if (keys.Any(k => k.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            // A level that is misspelt: what stands below it tells which was meant.
            || (child.Value is null && name.Contains(':') && child.GetChildren().Any()))
        {
            return child.GetChildren().SelectMany(below => Problems(section, $"{name}:{below.Key}", below, keys));
        }

        return !keys.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? [$"There is no setting {section}:{name}; "
                    + (Spelling.Nearest(name, keys) is { } near ? $"did you mean {section}:{near}?" : $"there {(keys.Count == 1 ? "is" : "are")} {Listed(section, keys)}.")]
            : child.GetChildren().Any() ? [$"{section}:{name} is a single value, and holds others ({string.Join(", ", child.GetChildren().Select(c => c.Key))})."]
            : [];
    }

    private static string Listed(string section, IReadOnlyList<string> keys) => string.Join(", ",
        // Of the words for each kind of news there are too many to list.
        keys.GroupBy(k => k.Count(c => c == ':') < 2 ? k : k.Split(':')[0] + ":…").Select(g => $"{section}:{g.Key}"));
}
