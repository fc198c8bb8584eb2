namespace PocSync.Simulator.Generation;

/// <summary>
/// The rows of the accounts nobody planted anything on, and of their children, each made when it is read. Every part of a table takes every n-th
/// account, so that the i-th row of a part is known without those before it.
/// </summary>
/// <param name="first">For each table, the number of rows before the generated ones: theirs are the ids before.</param>
internal sealed class BaseRows(OrgPlan plan, Org org, BaseAccounts accounts, Staff staff, People people, IReadOnlyDictionary<string, int> first)
{
    private static readonly string[] ContactTitles =
        ["Head of Purchasing", "Operations Director", "IT Manager", "Finance Manager", "Plant Manager", "Office Manager", "Quality Lead"];
    private static readonly string[] Products =
        ["Calibration service", "Sensor renewal", "Metering upgrade", "Site licence", "Training days", "Pilot", "Spare parts contract"];
    private static readonly (string Name, int Probability)[] Stages =
        [("Prospecting", 10), ("Qualification", 20), ("Needs Analysis", 40), ("Proposal", 60), ("Negotiation", 80), ("Verbal Agreement", 90)];
    private static readonly string[] NextSteps =
        ["Send the revised quote", "Call about the timeline", "Demo on site", "Waiting for legal", "Meet the new plant manager"];
    private static readonly string[] Subjects =
        ["Reading drifts after restart", "Invoice address is wrong", "Portal login", "Delivery is late", "Warranty question", "Spare part unavailable"];
    private static readonly string[] Exemptions =
        ["Moving to a partner", "Under legal review", "Being merged with its parent", "Closing at the end of the year"];
    private static readonly string[] TeamRoles = ["Account Manager", "Sales Rep", "Executive Sponsor", "Technical Specialist"];

    private bool TwoBackups => plan.Flavor == OrgFlavor.Demo;

    public (int, Func<int, string?[]>)[] Accounts => [(accounts.Count, AccountRow)];

    public (int, Func<int, string?[]>)[] Contacts => [(accounts.Count, PrimaryContact), (Every(2, 0), SecondContact)];

    public (int, Func<int, string?[]>)[] Opportunities => [(Every(3, 1), OpenOpportunity), (Every(4, 2), PastOpportunity)];

    public (int, Func<int, string?[]>)[] Cases => [(Every(7, 4), CaseRow)];

    public (int, Func<int, string?[]>)[] Team =>
    [
        (Every(5, 0), i => Member(i, i * 5, 0)), (Every(5, 3), i => Member(i + Every(5, 0), i * 5 + 3, 1)),
        (Every(80, 41), i => FormerMember(i, i * 80 + 41)),
    ];

    public (int, Func<int, string?[]>)[] Assignments =>
    [
        (accounts.Count, PrimaryRow), (accounts.Count, i => BackupRow(i, last: false)),
        (TwoBackups ? accounts.Count : 0, i => BackupRow(i, last: true)), (Every(50, 7), FormerPrimary),
        (Every(64, 9), i => SpecialistRow(i, "Technical", 2)), (Every(64, 9), i => SpecialistRow(i, "Commercial", 3)),
    ];

    public (int, Func<int, string?[]>)[] Handoffs => [(Every(50, 7), HandoffRow)];

    public (int, Func<int, string?[]>)[] History => [(Every(50, 7), i => HistoryRow(i, ids: false)), (Every(50, 7), i => HistoryRow(i, ids: true))];

    /// <summary>How many of the accounts have number % n = rest.</summary>
    private int Every(int n, int rest) => (accounts.Count - rest + n - 1) / n;

    private int Account(int number) => first["Account"] + number;

    private string?[] AccountRow(int number)
    {
        var a = accounts[number];
        var draw = new Draw(plan.Seed, Purpose.AccountDetails, number);
        var region = a.Book.Region;
        var name = region.Company(number, out var industry);
        // A long tail: each doubling is less likely than the last.
        long revenue = draw.Between(120, 900) * 1000L;
        for (var doubling = 0; doubling < 14 && draw.Percent(62); doubling++)
            revenue *= 2;
        if (BaseAccounts.IsStrategic(number))
            revenue *= 30;
        var exempt = number % 200 == 101 ? draw.Between(20, 200) : number % 333 == 50 ? -draw.Between(5, 90) : (int?)null;
        return org.Account(Account(number), name,
            BaseAccounts.IsStrategic(number) ? "Strategic Customer" : draw.Percent(25) ? "Prospect" : "Customer", industry, revenue, region,
            draw.Of(region.Cities), region.PhoneNumber(ref draw), a.Owner, a.Created, a.Activity, exempt, exempt is null ? null : draw.Of(Exemptions));
    }

    private string?[] PrimaryContact(int number)
    {
        var a = accounts[number];
        var bounced = a.Condition == Condition.CustomerUnreachable;
        var draw = new Draw(plan.Seed, Purpose.Contact, number);
        return Contact(first["Contact"] + number, a, ref draw, primary: a.Condition != Condition.CustomerMissing, bounced);
    }

    private string?[] SecondContact(int i)
    {
        var a = accounts[i * 2];
        var draw = new Draw(plan.Seed, Purpose.SecondContact, a.Number);
        return Contact(first["Contact"] + accounts.Count + i, a, ref draw, primary: a.Condition == Condition.CustomerSeveral, bounced: false);
    }

    private string?[] Contact(int index, in BaseAccount a, ref Draw draw, bool primary, bool bounced)
    {
        var region = a.Book.Region;
        var (given, family) = (draw.Of(region.Given), draw.Of(region.Family));
        var phone = region.PhoneNumber(ref draw);
        var host = Region.Plain(region.Company(a.Number, out _));
        return org.Contact(index, Account(a.Number), given, family, draw.Of(ContactTitles),
            $"{Region.Plain(given)}.{Region.Plain(family)}@{(host.Length > 2 ? host : "customer" + a.Number)}.example",
            bounced ? -draw.Between(5, 200) : null, bounced ? null : phone, bounced ? null : draw.Percent(40) ? region.PhoneNumber(ref draw) : null,
            a.Owner, primary, a.Created);
    }

    private string?[] OpenOpportunity(int i)
    {
        var a = accounts[i * 3 + 1];
        var draw = new Draw(plan.Seed, Purpose.Opportunity, a.Number);
        var (stage, probability) = draw.Of(Stages);
        var product = draw.Of(Products);
        return org.Opportunity(first["Opportunity"] + i, Account(a.Number), a.Owner, product, stage, probability, draw.Between(2, 400) * 500L,
            draw.Between(-8, 160), draw.Percent(70) ? draw.Of(NextSteps) : null, -draw.Between(10, 200));
    }

    private string?[] PastOpportunity(int i)
    {
        var a = accounts[i * 4 + 2];
        var draw = new Draw(plan.Seed, Purpose.PastOpportunity, a.Number);
        var won = draw.Percent(55);
        var close = -draw.Between(20, 700);
        return org.Opportunity(first["Opportunity"] + Every(3, 1) + i, Account(a.Number), draw.Percent(30) ? a.Before : a.Owner, draw.Of(Products),
            won ? "Closed Won" : "Closed Lost", won ? 100 : 0, draw.Between(2, 400) * 500L, close, null, close - draw.Between(10, 120));
    }

    private string?[] CaseRow(int i)
    {
        var a = accounts[i * 7 + 4];
        var draw = new Draw(plan.Seed, Purpose.Case, a.Number);
        var status = draw.Percent(60) ? "Closed" : draw.Percent(50) ? "Working" : "New";
        return org.Case(first["Case"] + i, Account(a.Number), a.Owner, draw.Of(Subjects), status, draw.Percent(20) ? "High" : "Medium",
            draw.Percent(50) ? "Phone" : "Email", escalated: status != "Closed" && draw.Percent(6), -draw.Between(2, 300));
    }

    private string?[] Member(int index, int number, int colleague)
    {
        var a = accounts[number];
        var draw = new Draw(plan.Seed, Purpose.Team, number);
        // The owner is never a member of the team.
        var user = a.Colleague(colleague) == a.Owner ? a.Colleague(4) : a.Colleague(colleague);
        return org.TeamMember(first["AccountTeamMember"] + index, Account(number), user, colleague == 0 ? "Backup POC" : draw.Of(TeamRoles),
            draw.Percent(70), a.Created);
    }

    private string?[] FormerMember(int i, int number)
    {
        var a = accounts[number];
        return org.TeamMember(first["AccountTeamMember"] + Every(5, 0) + Every(5, 3) + i, Account(number), staff.Former[number % staff.Former.Count],
            "Sales Rep", false, a.Created);
    }

    private string?[] PrimaryRow(int number)
    {
        var a = accounts[number];
        var assignee = a.Primary is { } person ? Assignee.User(person) : Assignee.Department(staff.DeskOf(a.Book.Region).Index);
        return org.Assignment(first["POC_Assignment__c"] + number, Account(number), assignee, Role.Primary, a.Since,
            a.Condition == Condition.PrimaryEnded ? -31 : null);
    }

    private string?[] BackupRow(int number, bool last)
    {
        var a = accounts[number];
        var assignee = !last ? Assignee.User(a.Backup)
            : a.LastBackup is { } person ? Assignee.User(person)
            : Assignee.Department(staff.DeskOf(a.Book.Region).Index);
        var ended = a.Condition == Condition.BackupsEnded || (last && a.Condition == Condition.OneBackup);
        return org.Assignment(first["POC_Assignment__c"] + accounts.Count * (last ? 2 : 1) + number, Account(number), assignee, Role.Backup,
            -400 - number % 500, ended ? -20 - number % 40 : null);
    }

    private string?[] FormerPrimary(int i)
    {
        var a = accounts[i * 50 + 7];
        var starts = a.ChangedOn is { } day ? day - 500 : -60 - i % 300;
        return org.Assignment(AfterBackups + i, Account(a.Number), Assignee.User(a.Before), Role.Primary, starts, a.ChangedOn - 1);
    }

    private string?[] SpecialistRow(int i, string scope, int colleague)
    {
        var a = accounts[i * 64 + 9];
        return org.Assignment(AfterBackups + Every(50, 7) + (scope == "Technical" ? 0 : Every(64, 9)) + i, Account(a.Number),
            Assignee.User(a.Colleague(colleague)), Role.Specialist, -300, null, scope);
    }

    private int AfterBackups => first["POC_Assignment__c"] + accounts.Count * (TwoBackups ? 3 : 2);

    private string?[] HandoffRow(int i)
    {
        var a = accounts[i * 50 + 7];
        var day = a.ChangedOn ?? -700;
        return org.Handoff(first["POC_Handoff__c"] + i, Account(a.Number), a.Before, a.Book.Person, "Territories were redrawn",
            "Yearly contract; call before ordering, mail is not read.", day, day + 14, day > -9 ? "Awaiting Acknowledgement" : "Acknowledged");
    }

    private string?[] HistoryRow(int i, bool ids)
    {
        var a = accounts[i * 50 + 7];
        return org.OwnerChange(first["AccountHistory"] + i * 2 + (ids ? 1 : 0), Account(a.Number), people[a.Before], people[a.Book.Person],
            a.ChangedOn ?? -700, ids);
    }
}
