using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>Makes one contact the customer's one primary contact: by the flag on contacts, or where the org has no such field by the account's contact roles.</summary>
internal static class CustomerSideWrites
{
    /// <summary>The remedy; null where nothing would change. A person decides always: who speaks for a customer is not ours to say.</summary>
    public static Remedy? Of(Draft draft, Account account, string code)
    {
        var snapshot = draft.Snapshot;
        var primaries = draft.CustomerPrimariesOf(account).ToArray();
        if (CustomerPrimary.Of(snapshot, account) is not { } successor)
        {
            return Remedy.Nobody($"Nobody can be proposed as the customer's primary contact of {account.Name}: none of its contacts can be reached.", []);
        }

        if (primaries is [var only] && only.Id == successor.Id)
        {
            return null;
        }

        var leaving = primaries.Where(c => c.Id != successor.Id).OrderBy(c => c.Id).ToList();
        var isNew = leaving.Count == primaries.Length;
        List<Write> writes;
        if (snapshot.Presence.Has("Contact.POC_Customer_Primary__c"))
        {
            writes = [.. leaving.Select(c => Flag("Contact", c.Id, "POC_Customer_Primary__c", false)), .. isNew ? [Flag("Contact", successor.Id, "POC_Customer_Primary__c", true)] : Array.Empty<Write>()];
        }
        else
        {
            var roles = snapshot.CustomerRoles[account.Index].ToArray();
            if (isNew && !roles.Any(r => r.ContactId == successor.Id))
            {
                return Remedy.Nobody($"{successor.Words}, could be the customer's primary contact of {account.Name} and has no contact role there: give them one.", []);
            }

            writes = [.. roles.Where(r => r.IsPrimary && leaving.Any(c => c.Id == r.ContactId)).Select(r => Flag("AccountContactRole", r.Id, "IsPrimary", false)),
                .. isNew ? [Flag("AccountContactRole", roles.First(r => r.ContactId == successor.Id).Id, "IsPrimary", true)] : Array.Empty<Write>()];
        }

        var sentence = code switch
        {
            "missing" => $"Make {successor.Name} the customer's primary contact of {account.Name}, which has none",
            "several" => $"Keep {successor.Name} as the customer's one primary contact of {account.Name}, which has {primaries.Length}",
            _ => $"Make {successor.Name} the customer's primary contact of {account.Name} in place of {leaving.FirstOrDefault()?.Name ?? "one"}, who cannot be reached",
        };
        return new Remedy(writes, $"{sentence} ({successor.Evidence}).", [], [], IsForPeople: true);
    }

    private static Write Flag(string objectName, RecordId id, string field, bool value) =>
        new(objectName, id, null, WriteAction.Update, [new(field, value ? "false" : "true", PlannedValue.Of(value ? "true" : "false"))]);
}
