using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>
/// What a rule needs of the data before it can be judged. The rule itself is asked, with one object or field after the other taken away, so that this can never say anything else
/// than what the rule does.
/// </summary>
/// <param name="Names">Objects and fields, by package or standard name; two of which either is enough as <c>User.Phone or User.MobilePhone</c>.</param>
/// <param name="Never">Why no data at all is enough; null where some is.</param>
public sealed record RuleNeeds(IReadOnlyList<string> Names, string? Never)
{
    /// <summary>With the rule's default settings; with <paramref name="numbers"/> as if each number among its parameters were that.</summary>
    public static RuleNeeds Of(IRule rule, Binding binding, int? numbers = null)
    {
        var settings = new RuleSettings(rule.Info, numbers is not { } number ? null
            : rule.Info.Parameters.Where(p => p.Default is int).ToDictionary(p => p.Name, object (_) => number));
        var all = SnapshotBuilder.Objects.SelectMany(name => SnapshotBuilder.FieldsOf(name, Settings.Default).Select(f => $"{name}.{f}").Prepend(name)).ToList();
        var there = new HashSet<string>(all, StringComparer.OrdinalIgnoreCase);
        var presence = new Presence(there);
        bool IsMissed() => rule.Missing(presence, binding, settings) is not null;
        if (rule.Missing(presence, binding, settings) is { } never)
        {
            return new RuleNeeds([], never);
        }

        var needs = all.Where(name => Without(name, IsMissed)).ToList();
        var rest = all.Except(needs).ToList();
        var either = rest.SelectMany((a, i) => Without(a, () => rest.Skip(i + 1).Where(b => Without(b, IsMissed)).ToList()).Select(b => $"{a} or {b}"));
        return new RuleNeeds([.. needs.Where(n => n.Contains('.') || !needs.Any(f => f.StartsWith(n + ".", StringComparison.Ordinal))), .. either], null);

        T Without<T>(string name, Func<T> ask)
        {
            there.Remove(name);
            var answer = ask();
            there.Add(name);
            return answer;
        }
    }
}
