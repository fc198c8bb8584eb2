namespace PocSync.Simulator.Generation;

/// <summary>The invented company whose org this is, and the shape of each table: its columns, and how a row of it is written.</summary>
internal sealed class Org(Calendar calendar)
{
    public const string Company = "Larkfield Instruments";
    public const string Domain = "larkfield.example";

    public static readonly string[] OrganizationColumns =
    [
        "Id", "Name", "OrganizationType", "IsSandbox", "InstanceName", "TimeZoneSidKey", "LanguageLocaleKey", "DefaultLocaleSidKey", "CreatedDate",
        "SystemModstamp",
    ];

    public string?[] Organization() =>
    [
        IdSeries.Organization[0], Company, "Enterprise Edition", "false", "GBR42", Calendar.TimeZone, "en_US", "en_GB", calendar.Instant(-3900, 0),
        calendar.Instant(-90, 0),
    ];

    public static readonly string[] UserColumns =
    [
        "Id", "Username", "FirstName", "LastName", "Name", "Email", "Phone", "MobilePhone", "Title", "Department", "Division", "Country",
        "CompanyName", "IsActive", "UserType", "ManagerId", "TimeZoneSidKey", "LanguageLocaleKey", "LastLoginDate", "POC_Capacity__c",
        "POC_Certified_Until__c", "CreatedDate", "SystemModstamp",
    ];

    public string?[] User(Person p) =>
    [
        p.Id, p.Username, p.Given, p.Family, p.Name, p.Email, p.Phone, p.Mobile, p.Title, p.Department, p.Region.Division, p.Region.Country,
        p.Company, Flag(p.Active), p.UserType, p.Manager is { } m ? IdSeries.User[m] : null, p.Region.TimeZone, p.Region.Language,
        calendar.Instant(p.LastLogin, p.Index), p.Capacity?.ToString(), calendar.Day(p.CertifiedUntil), calendar.Instant(p.Joined, p.Index),
        calendar.Instant(p.Joined / 2, p.Index),
    ];

    public static readonly string[] UserLoginColumns = ["Id", "UserId", "IsFrozen", "IsPasswordLocked", "LastModifiedDate"];

    public string?[] UserLogin(Person p) =>
        [IdSeries.UserLogin[p.Index], p.Id, Flag(p.Frozen), "false", calendar.Instant(p.Frozen ? -4 : p.Joined, p.Index)];

    public static readonly string[] AccountColumns =
    [
        "Id", "IsDeleted", "Name", "Type", "Industry", "AnnualRevenue", "NumberOfEmployees", "BillingCity", "BillingCountry", "Phone", "Site",
        "OwnerId", "LastActivityDate", "POC_Exempt_Until__c", "POC_Exempt_Reason__c", "CreatedDate", "SystemModstamp",
    ];

    public string?[] Account(
        int index, string name, string type, string industry, long revenue, Region region, string city, string phone, int owner, int created,
        int? activity, int? exemptUntil = null, string? exemptReason = null, string? site = null, bool deleted = false) =>
    [
        IdSeries.Account[index], Flag(deleted), name, type, industry, revenue.ToString(), (revenue / 180_000 + 3).ToString(), city, region.Country,
        phone, site, IdSeries.User[owner], calendar.Day(activity), calendar.Day(exemptUntil), exemptReason, calendar.Instant(created, index),
        calendar.Instant(activity ?? created, index + 7),
    ];

    public static readonly string[] ContactColumns =
    [
        "Id", "IsDeleted", "AccountId", "FirstName", "LastName", "Name", "Title", "Email", "EmailBouncedDate", "Phone", "MobilePhone", "OwnerId",
        "POC_Customer_Primary__c", "CreatedDate", "SystemModstamp",
    ];

    public string?[] Contact(
        int index, int account, string given, string family, string? title, string? email, int? bounced, string? phone, string? mobile, int owner,
        bool primary, int created) =>
    [
        IdSeries.Contact[index], "false", IdSeries.Account[account], given, family, $"{given} {family}", title, email,
        bounced is { } day ? calendar.Instant(day, index) : null, phone, mobile, IdSeries.User[owner], Flag(primary),
        calendar.Instant(created, index), calendar.Instant(created / 2, index),
    ];

    public static readonly string[] OpportunityColumns =
    [
        "Id", "IsDeleted", "AccountId", "OwnerId", "Name", "StageName", "Probability", "Amount", "CloseDate", "IsClosed", "IsWon", "NextStep",
        "CreatedDate", "SystemModstamp",
    ];

    public string?[] Opportunity(int index, int account, int owner, string name, string stage, int probability, long amount, int close,
        string? nextStep, int created)
    {
        var won = stage == "Closed Won";
        var closed = won || stage == "Closed Lost";
        return
        [
            IdSeries.Opportunity[index], "false", IdSeries.Account[account], IdSeries.User[owner], name, stage, probability.ToString(),
            amount.ToString(), calendar.Day(close), Flag(closed), Flag(won), nextStep, calendar.Instant(created, index),
            calendar.Instant(closed ? close : created / 3, index),
        ];
    }

    public static readonly string[] CaseColumns =
    [
        "Id", "IsDeleted", "CaseNumber", "AccountId", "OwnerId", "Subject", "Status", "Priority", "Origin", "IsClosed", "IsEscalated", "CreatedDate",
        "SystemModstamp",
    ];

    public string?[] Case(int index, int account, int owner, string subject, string status, string priority, string origin, bool escalated,
        int created) =>
    [
        IdSeries.Case[index], "false", (index + 1001).ToString("00000000"), IdSeries.Account[account], IdSeries.User[owner], subject, status,
        priority, origin, Flag(status == "Closed"), Flag(escalated), calendar.Instant(created, index), calendar.Instant(created / 2, index),
    ];

    public static readonly string[] AccountTeamMemberColumns =
    [
        "Id", "AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel", "ContactAccessLevel",
        "CreatedDate", "SystemModstamp",
    ];

    public string?[] TeamMember(int index, int account, int user, string role, bool edits, int created) =>
    [
        IdSeries.AccountTeamMember[index], IdSeries.Account[account], IdSeries.User[user], role, edits ? "Edit" : "Read", edits ? "Edit" : "Read",
        edits ? "Read" : "None", "Read", calendar.Instant(created, index), calendar.Instant(created, index),
    ];

    public static readonly string[] AccountHistoryColumns =
        ["Id", "AccountId", "Field", "DataType", "OldValue", "NewValue", "CreatedById", "CreatedDate", "IsDeleted"];

    /// <summary>An owner change is two rows, one with names and one with ids.</summary>
    public string?[] OwnerChange(int index, int account, Person from, Person to, int day, bool ids) =>
    [
        IdSeries.AccountHistory[index], IdSeries.Account[account], "Owner", ids ? "EntityId" : "Text", ids ? from.Id : from.Name,
        ids ? to.Id : to.Name, to.Manager is { } m ? IdSeries.User[m] : to.Id, calendar.Instant(day, account), "false",
    ];

    public static readonly string[] GroupColumns = ["Id", "Name", "DeveloperName", "Type", "Email", "CreatedDate", "SystemModstamp"];

    public string?[] Group(int index, string name, string type) =>
    [
        IdSeries.Group[index], name, new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]), type, null, calendar.Instant(-900,
        index),
        calendar.Instant(-900, index),
    ];

    public static readonly string[] GroupMemberColumns = ["Id", "GroupId", "UserOrGroupId", "SystemModstamp"];

    public string?[] GroupMember(int index, int group, string member) =>
        [IdSeries.GroupMember[index], IdSeries.Group[group], member, calendar.Instant(-400, index)];

    public static readonly string[] AssignmentColumns =
    [
        "Id", "IsDeleted", "Name", "Account__c", "Role__c", "User__c", "Department__c", "Scope__c", "Starts_On__c", "Ends_On__c", "Sync_Key__c",
        "CreatedDate", "SystemModstamp",
    ];

    public string?[] Assignment(int index, int account, Assignee assignee, Role role, int? starts, int? ends, string? scope = null,
        bool deleted = false) =>
    [
        IdSeries.Assignment[index], Flag(deleted), "POC-" + (index + 1).ToString("0000000"), IdSeries.Account[account], role.ToString(),
        assignee.UserId, assignee.DepartmentId, scope, calendar.Day(starts), calendar.Day(ends), null, calendar.Instant(starts ?? -900, index),
        calendar.Instant(ends ?? starts ?? -900, index),
    ];

    public static readonly string[] DepartmentColumns =
        ["Id", "IsDeleted", "Name", "Queue_Id__c", "Accountable_User__c", "Minimum_Staff__c", "CreatedDate", "SystemModstamp"];

    public string?[] Department(int index, string name, int? queue, int? accountable, int? minimumStaff) =>
    [
        IdSeries.Department[index], "false", name, queue is { } q ? IdSeries.Group[q] : null, accountable is { } a ? IdSeries.User[a] : null,
        minimumStaff?.ToString(), calendar.Instant(-900, index), calendar.Instant(-900, index),
    ];

    public static readonly string[] AbsenceColumns =
        ["Id", "IsDeleted", "Name", "User__c", "Starts_On__c", "Ends_On__c", "Cover__c", "CreatedDate", "SystemModstamp"];

    public string?[] Absence(int index, int user, int? starts, int? ends, int? cover) =>
    [
        IdSeries.Absence[index], "false", "ABS-" + (index + 1).ToString("0000000"), IdSeries.User[user], calendar.Day(starts), calendar.Day(ends),
        cover is { } c ? IdSeries.User[c] : null, calendar.Instant((starts ?? -30) - 10, index), calendar.Instant((starts ?? -30) - 10, index),
    ];

    public static readonly string[] HandoffColumns =
    [
        "Id", "IsDeleted", "Name", "Account__c", "From_User__c", "From_Department__c", "To_User__c", "To_Department__c", "Reason__c", "Notes__c",
        "Effective_On__c", "Due_On__c", "Status__c", "Sync_Key__c", "OwnerId", "CreatedDate", "SystemModstamp",
    ];

    public string?[] Handoff(int index, int account, int from, int to, string? reason, string? notes, int effective, int? due, string status) =>
    [
        IdSeries.Handoff[index], "false", "HO-" + (index + 1).ToString("0000000"), IdSeries.Account[account], IdSeries.User[from], null,
        IdSeries.User[to], null, reason, notes, calendar.Day(effective), calendar.Day(due), status, null, IdSeries.User[to],
        calendar.Instant(effective, index), calendar.Instant(effective, index),
    ];

    public static readonly string[] AlertColumns =
    [
        "Id", "IsDeleted", "Name", "Account__c", "User__c", "Department__c", "Rule__c", "Code__c", "Sentence__c", "Severity__c", "Status__c",
        "First_Seen__c", "Last_Seen__c", "Count__c", "Sync_Key__c", "CreatedDate", "SystemModstamp",
    ];

    public static readonly string[] ProcessInstanceColumns = ["Id", "TargetObjectId", "Status", "SubmittedById", "CreatedDate", "SystemModstamp"];

    public string?[] ProcessInstance(int index, int account, string status, int submitter, int day) =>
    [
        IdSeries.ProcessInstance[index], IdSeries.Account[account], status, IdSeries.User[submitter], calendar.Instant(day, index),
        calendar.Instant(day, index),
    ];

    /// <summary>Not an object of the platform: the rules by which the org refuses to save a row.</summary>
    public static readonly string[] ValidationRuleColumns = ["Object", "Condition", "Message", "Field"];

    private static string Flag(bool value) => value ? "true" : "false";
}

internal enum Role { Primary, Backup, Specialist }

/// <summary>A user, a department, or neither.</summary>
internal readonly record struct Assignee(string? UserId, string? DepartmentId)
{
    public static Assignee User(int person) => new(IdSeries.User[person], null);

    public static Assignee Department(int department) => new(null, IdSeries.Department[department]);
}
