using PocSync.Core.Records;
using PocSync.Soql;

namespace PocSync.Core.Rules;

/// <summary>What is known of a field that a condition names.</summary>
/// <param name="Type">What its values compare as.</param>
/// <param name="WhyNotFiltered">Why Salesforce lets no condition name it, such as <c>a long text</c>; null where it does.</param>
public readonly record struct ConditionField(FieldType Type, string? WhyNotFiltered = null);

/// <summary>Something wrong with a condition, seen from the data that it is about.</summary>
/// <param name="Key">The setting, as <see cref="SettingsText"/> has it: <c>rules.in-touch.scope</c>, <c>pool</c>.</param>
/// <param name="Condition">The condition's text.</param>
/// <param name="Sentence">What is wrong and where in the condition, beginning with the key.</param>
public sealed record ConditionProblem(string Key, string Condition, string Sentence)
{
    /// <summary>The part of the settings that it concerns, as <see cref="SettingsProblem.Part"/> has it.</summary>
    public string Part => Key.StartsWith("rules.", StringComparison.Ordinal) ? Key[..Key.LastIndexOf('.')] : Key;
}

/// <summary>Scopes or pools that do not fit the fields that the org has.</summary>
public sealed class ConditionsException(IReadOnlyList<ConditionProblem> problems) : SettingsException(string.Join('\n', problems.Select(p => p.Sentence)))
{
    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<ConditionProblem> Problems => problems;
}

/// <summary>Checks every scope and pool against the fields that an org or an export has.</summary>
public static class ConditionCheck
{
    /// <summary>Everything that is wrong, in the order of the rule book.</summary>
    /// <param name="settings">The conditions of rules that are on, and the pool.</param>
    /// <param name="fields">The fields of Account or User by the org's names.</param>
    /// <param name="whose">Who lacks a field, as the begin of a sentence: <c>the org shows</c>, <c>the export has</c>.</param>
    public static IReadOnlyList<ConditionProblem> Of(
        Settings settings, Func<string, IReadOnlyDictionary<string, ConditionField>> fields, string whose)
    {
        var problems = new List<ConditionProblem>();
        foreach (var (key, objectName, condition) in settings.Conditions)
        {
            var before = problems.Count;
            foreach (var (offset, on, parts) in PathsOf(objectName, condition))
            {
                foreach (var (at, field) in WantedFields.Steps(on, parts))
                {
                    if (!fields(at).TryGetValue(field, out var known))
                    {
                        Problem(offset, $"{whose} no field {at}.{field}{Spelling.Suggestion(field, fields(at).Keys)}");
                        break;
                    }

                    if (known.WhyNotFiltered is { } why)
                    {
                        Problem(offset, $"{at}.{field} is {why}, by which Salesforce does not filter; name another field.");
                    }
                }
            }

            if (problems.Count == before && WrongType(condition, objectName, fields) is { } wrong)
            {
                Problem(wrong.Offset, wrong.Problem.TrimEnd('.') + ".");
            }

            void Problem(int offset, string sentence)
            {
                var problem = new ConditionProblem(key, condition.Text, $"{key}: at character {offset + 1} of the condition: {sentence}");
                if (!problems.Contains(problem))
                {
                    problems.Add(problem);
                }
            }
        }

        return problems;
    }

    private static IEnumerable<(int Offset, string On, IReadOnlyList<string> Parts)> PathsOf(string objectName, Condition condition) =>
        condition.Fields.Select(f => (f.Offset, objectName, f.Parts))
            .Concat(condition.Binds.Select(b => (b.Offset, "Account", (IReadOnlyList<string>)[.. b.Parts.Skip(1)])));

    private static SoqlException? WrongType(Condition condition, string objectName, Func<string, IReadOnlyDictionary<string, ConditionField>> fields)
    {
        FieldAccess<object> Typed(string on, IReadOnlyList<string> parts)
        {
            var (last, field) = WantedFields.Steps(on, parts).Last();
            return new FieldAccess<object>(fields(last)[field].Type, _ => null);
        }

        try
        {
            condition.Compile<object>(
                path => Typed(objectName, path.Parts), new DateContext(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc), path => Typed("Account", [.. path.Parts.Skip(1)]));
            return null;
        }
        catch (SoqlException wrong)
        {
            return wrong;
        }
    }
}
