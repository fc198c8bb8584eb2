namespace PocSync.Simulator.Generation;

/// <summary>Makes a believable org from a seed: the data of an invented maker of instruments with customers in ten countries.</summary>
public static class OrgGenerator
{
    /// <summary>Fewer accounts than this have no room for the planted cases and a book that is too large.</summary>
    public const int SmallestDemo = 300;

    public static GeneratedOrg Generate(OrgPlan plan)
    {
        var smallest = plan.Flavor == OrgFlavor.Demo ? SmallestDemo : 1;
        if (plan.Accounts < smallest)
            throw new ArgumentOutOfRangeException(nameof(plan), plan.Accounts, $"An org of this kind needs {smallest} accounts or more.");

        var calendar = new Calendar(plan.AsOf);
        var org = new Org(calendar);
        var people = new People(plan.Seed);
        var uk = Region.All[0];
        people.Add("Integration", "PocSync", uk, "Integration User", "IT", null, p => p with { Phone = null, Mobile = null });
        var head = people.Add("Margaret", "Okafor", uk, "Chief Revenue Officer", "Sales Management", null);
        var demo = plan.Flavor == OrgFlavor.Demo ? new DemoCases(plan, org, people, head) : null;

        var count = plan.Accounts - (demo?.Accounts ?? 0);
        var staff = new Staff(plan, people, head, count, averageBook: demo is null ? 40 : 18, firstDesk: demo?.Desks ?? 0, demo?.LongTail);
        var accounts = new BaseAccounts(plan.Seed, staff, count);

        var planted = new Dictionary<string, IReadOnlyList<string?[]>>
        {
            ["Account"] = demo?.AccountRows() ?? [],
            ["Contact"] = demo?.ContactRows() ?? [],
            ["Opportunity"] = demo?.OpportunityRows ?? [],
            ["Case"] = demo?.CaseRows ?? [],
            ["AccountTeamMember"] = demo?.TeamRows ?? [],
            ["AccountHistory"] = demo?.HistoryRows ?? [],
            ["POC_Assignment__c"] = demo?.AssignmentRows() ?? [],
            ["POC_Handoff__c"] = demo?.HandoffRows ?? [],
        };
        var rows = new BaseRows(plan, org, accounts, staff, people, planted.ToDictionary(t => t.Key, t => t.Value.Count));
        OrgTable Large(string name, string[] columns, params (int, Func<int, string?[]>)[] made) => new(name, columns, new Rows(planted[name], made));

        var groups = demo?.GroupRows ?? [];
        var groupMembers = demo?.GroupMemberRows ?? [];
        var departments = demo?.DepartmentRows ?? [];
        foreach (var desk in staff.Desks)
        {
            departments.Add(org.Department(desk.Index, desk.Name, groups.Count, desk.Accountable, null));
            foreach (var member in desk.Members)
                groupMembers.Add(org.GroupMember(groupMembers.Count, groups.Count, IdSeries.User[member]));
            groups.Add(org.Group(groups.Count, desk.Name, "Queue"));
        }
        var absences = demo?.AbsenceRows ?? [];
        foreach (var (user, starts, ends, cover) in staff.Absences)
            absences.Add(org.Absence(absences.Count, user, starts, ends, cover));

        List<OrgTable> tables =
        [
            new("Organization", Org.OrganizationColumns, [org.Organization()]),
            new("User", Org.UserColumns, new Rows([], (people.Count, i => org.User(people[i])))),
            new("UserLogin", Org.UserLoginColumns, new Rows([], (people.Count, i => org.UserLogin(people[i])))),
            new("Group", Org.GroupColumns, groups),
            new("GroupMember", Org.GroupMemberColumns, groupMembers),
            Large("Account", Org.AccountColumns, rows.Accounts),
            Large("AccountTeamMember", Org.AccountTeamMemberColumns, rows.Team),
            Large("AccountHistory", Org.AccountHistoryColumns, rows.History),
            Large("Contact", Org.ContactColumns, rows.Contacts),
            Large("Opportunity", Org.OpportunityColumns, rows.Opportunities),
            Large("Case", Org.CaseColumns, rows.Cases),
            new("POC_Department__c", Org.DepartmentColumns, departments),
            Large("POC_Assignment__c", Org.AssignmentColumns, rows.Assignments),
            new("POC_Absence__c", Org.AbsenceColumns, absences),
            Large("POC_Handoff__c", Org.HandoffColumns, rows.Handoffs),
            new("POC_Alert__c", Org.AlertColumns, []),
        ];
        if (demo is not null)
        {
            tables.Add(new("ProcessInstance", Org.ProcessInstanceColumns, demo.ApprovalRows));
            tables.Add(new("ValidationRule", Org.ValidationRuleColumns, demo.ValidationRules));
        }
        return new(tables, demo?.Planted ?? []);
    }
}
