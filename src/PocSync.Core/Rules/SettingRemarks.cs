namespace PocSync.Core.Rules;

/// <summary>What is right in settings, and yet does nothing or cannot be meant: a sentence each.</summary>
public static class SettingRemarks
{
    /// <summary>Of the settings alone, in the order of the rule book.</summary>
    public static IEnumerable<string> Of(Settings settings) =>
        from rule in RuleBook.All.Select(r => r.Info)
        where !rule.HasCorrection
        from mode in settings.Of(rule).All.Select(s => s.Mode).Distinct()
        where mode != RuleMode.Alert
        select $"rules.{rule.Id}.mode: {mode.ToString().ToLowerInvariant()} does no more than alert here: the rule only tells what it finds, there is nothing that PocSync could correct.";

    /// <summary>Of values that nothing in the org has.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="userTypes">Of the allowed kinds of user those that no user is of.</param>
    /// <param name="hasDepartment">Whether the default department is there; null where there is none, or departments are not known.</param>
    public static IEnumerable<string> Of(Settings settings, IEnumerable<string> userTypes, bool? hasDepartment)
    {
        foreach (var type in userTypes.Order(StringComparer.Ordinal))
        {
            yield return $"allowedUserTypes: no user is of the type '{SettingsReader.Cut(type)}'; a user's type is the value of User.UserType.";
        }

        if (hasDepartment == false)
        {
            yield return $"defaultDepartment: there is no department with the id or name '{SettingsReader.Cut(settings.DefaultDepartment)}', so that nothing falls to it.";
        }
    }
}
