using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>What rules need of the data, as the rules reference lists it.</summary>
internal static class Needs
{
    /// <summary>The first of some objects or fields that is missing.</summary>
    public static string? All(Presence presence, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!presence.Has(name))
            {
                return $"the data has no {name}";
            }
        }

        return null;
    }

    /// <summary>Of several ways one must be there.</summary>
    public static string? Any(Presence presence, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (presence.Has(name))
            {
                return null;
            }
        }

        return $"the data has neither {string.Join(" nor ", names.ToArray())}";
    }

    /// <summary>POC rows of any role.</summary>
    public static string? Rows(Presence presence, Binding binding) => binding == Binding.Package
        ? All(presence, "POC_Assignment__c", "POC_Assignment__c.Account__c", "POC_Assignment__c.Role__c")
        : All(presence, "Account.OwnerId");

    /// <summary>Rows of Backups and Specialists.</summary>
    public static string? RolesBesidePrimary(Presence presence, Binding binding) => binding switch
    {
        Binding.Owner => "the account's owner is the only contact in this binding, there are no Backups or Specialists",
        Binding.Team => Rows(presence, binding) ?? All(presence, "AccountTeamMember", "AccountTeamMember.AccountId", "AccountTeamMember.UserId"),
        _ => Rows(presence, binding),
    };

    /// <summary>Absences of any source; sources that are not switched on are never there.</summary>
    public static string? Absences(Presence presence) =>
        presence.Has("Event") || presence.Has("ResourceAbsence") ? null : All(presence, "POC_Absence__c");

    /// <summary>The source of changes of primary.</summary>
    public static string? Changes(Presence presence, Binding binding) => binding == Binding.Package
        ? Rows(presence, binding) ?? All(presence, "POC_Assignment__c.Starts_On__c", "POC_Assignment__c.Ends_On__c")
        : All(presence, "AccountHistory");
}
