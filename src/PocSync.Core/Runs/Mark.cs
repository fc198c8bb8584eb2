using System.Text.RegularExpressions;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>What a person says of a finding so that it is counted apart and proposes nothing.</summary>
/// <param name="Kind">Snoozed: until a day. A false positive: as long as the rule sees the same.</param>
/// <param name="Rule">The finding's rule,</param>
/// <param name="Code">its code,</param>
/// <param name="Subject">and its subject.</param>
/// <param name="Sight">What the rule saw then; see <see cref="SightOf"/>.</param>
/// <param name="Until">Of one that is snoozed, the day from which it counts again.</param>
/// <param name="Words">Who said so and why.</param>
public sealed partial record Mark(LeftAloneKind Kind, string Rule, string Code, RecordId Subject, string Sight, DateOnly? Until, string Words)
{
    /// <summary>What a rule saw, of all its findings that share a key; how many days something lasts already is no part of it.</summary>
    public static string SightOf(IEnumerable<Finding> same) =>
        string.Join('\n', same.Select(f => Days().Replace(f.Seen, "days")).Order(StringComparer.Ordinal));

    /// <summary>Whether two texts say the same, but for how many days something lasts already and white space at the ends, which an org may cut.</summary>
    internal static bool IsSameSight(string? one, string? other) =>
        Days().Replace((one ?? "").ReplaceLineEndings("\n").Trim(), "days") == Days().Replace((other ?? "").ReplaceLineEndings("\n").Trim(), "days");

    /// <summary>The marks that hold on a day for what was found.</summary>
    public static IReadOnlyDictionary<(string Rule, string Code, RecordId Subject), Mark> Standing(IReadOnlyList<Mark> marks, IEnumerable<Finding> findings, DateOnly today)
    {
        var standing = new Dictionary<(string, string, RecordId), Mark>();
        if (marks.Count == 0)
        {
            return standing;
        }

        var found = findings.ToLookup(f => (f.Rule, f.Code, f.Subject));
        foreach (var mark in marks)
        {
            var key = (mark.Rule, mark.Code, mark.Subject);
            if (found.Contains(key) && (mark.Until is { } until ? today < until : mark.Sight == SightOf(found[key])))
            {
                standing[key] = mark;
            }
        }

        return standing;
    }

    [GeneratedRegex(@"\b\d+ days?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Days();
}
