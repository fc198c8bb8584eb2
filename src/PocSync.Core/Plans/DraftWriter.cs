using PocSync.Core.Records;

namespace PocSync.Core.Plans;

/// <summary>Tries writes out on a draft, from their data alone: what the org will say afterwards.</summary>
internal static class DraftWriter
{
    public static void Apply(Draft draft, Account account, IEnumerable<Write> writes)
    {
        var today = draft.Snapshot.AsOf.Today;
        foreach (var write in writes)
        {
            switch (write.Object)
            {
                case "Account":
                    draft.SetOwner(account, Id(write["OwnerId"]));
                    break;
                case "AccountTeamMember" when write.Action == WriteAction.Delete:
                    draft.RemoveTeamMember(account, write.Id);
                    break;
                case "AccountTeamMember":
                    draft.AddTeamMember(account, new TeamMember(default, Id(write["UserId"]), write["TeamMemberRole"].Text));
                    break;
                case "POC_Assignment__c" when write.Action == WriteAction.Insert:
                    draft.AddRow(account, new PocRow(
                        default, write.Key!.On(today), Enum.Parse<PocRole>(write["Role__c"].Text!), Who(write, "User__c", "Department__c"), write["Scope__c"].Text,
                        Day(write["Starts_On__c"], today), Day(write["Ends_On__c"], today), RowSource.Assignment));
                    break;
                case "POC_Assignment__c":
                    var row = Find(draft, account, write.Id);
                    draft.ReplaceRow(account, row, write.Action == WriteAction.Delete ? null : row with { EndsOn = Day(write["Ends_On__c"], today) });
                    break;
                case "POC_Handoff__c" when write.Action == WriteAction.Update:
                    draft.ReplaceHandoff(account, write.Id, write["Status__c"].Text);
                    break;
                case "POC_Handoff__c":
                    draft.AddHandoff(account, new Handoff(
                        default, Who(write, "From_User__c", "From_Department__c"), Who(write, "To_User__c", "To_Department__c"),
                        Day(write["Effective_On__c"], today), Day(write["Due_On__c"], today), write["Status__c"].Text, write["Reason__c"].Text is not null, false)
                    { Reason = write["Reason__c"].Text });
                    break;
                case "Contact":
                    draft.SetCustomerPrimary(account, write.Id, write["POC_Customer_Primary__c"].Text == "true");
                    break;
                case "AccountContactRole":
                    draft.SetCustomerPrimary(account, draft.Snapshot.CustomerRoles[account.Index].ToArray().First(r => r.Id == write.Id).ContactId, write["IsPrimary"].Text == "true");
                    break;
                case "Task":
                    break;
                default:
                    throw new InvalidOperationException($"No draft takes writes to {write.Object}.");
            }
        }
    }

    private static PocRow Find(Draft draft, Account account, RecordId id)
    {
        foreach (var row in draft.RowsOf(account))
        {
            if (row.Id == id)
            {
                return row;
            }
        }

        throw new InvalidOperationException($"The account {account.Id} has no POC row {id}.");
    }

    private static RecordId Id(PlannedValue value) => value.Text is { } text ? RecordId.Parse(text) : default;

    private static Assignee Who(Write write, string userField, string departmentField) =>
        Id(write[userField]) is { IsNone: false } user ? Assignee.User(user)
        : Id(write[departmentField]) is { IsNone: false } department ? Assignee.Department(department) : Assignee.Unknown;

    private static DateOnly? Day(PlannedValue value, DateOnly today) =>
        value.On(today) is { } text && CellText.TryDate(text, out var day) ? day : null;
}
