using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Guards;

/// <summary>Who gains and who loses an account by a correction, as Primary, owner or Backup; departments are no persons.</summary>
internal static class Hands
{
    /// <summary>Users; who gains and loses at once (a Backup who becomes Primary) gains.</summary>
    public static (IReadOnlySet<RecordId> Gain, IReadOnlySet<RecordId> Lose) Of(Correction correction)
    {
        var (gain, lose) = (new HashSet<RecordId>(), new HashSet<RecordId>());
        foreach (var write in correction.Writes)
        {
            switch (write)
            {
                case { Object: "Account" } when write.Fields.FirstOrDefault(f => f.Field == "OwnerId") is { } owner:
                    Add(gain, owner.After.Text);
                    Add(lose, owner.Before);
                    break;
                case { Object: "POC_Assignment__c" or "AccountTeamMember", Action: WriteAction.Insert }:
                    Add(gain, write["User__c"].Text ?? write["UserId"].Text);
                    break;
                case { Object: "POC_Assignment__c" or "AccountTeamMember", Action: WriteAction.Delete }:
                    Add(lose, write.Fields.FirstOrDefault(f => f.Field is "User__c" or "UserId")?.Before);
                    break;
                case { Object: "POC_Assignment__c", User.IsNone: false }:
                    // A row that is opened again gives the account back.
                    (write["Ends_On__c"] == PlannedValue.None ? gain : lose).Add(write.User);
                    break;
            }
        }

        lose.ExceptWith(gain);
        return (gain, lose);
    }

    private static void Add(HashSet<RecordId> people, string? id)
    {
        if (RecordId.TryParse(id, out var user) && user.IsUser)
        {
            people.Add(user);
        }
    }
}
