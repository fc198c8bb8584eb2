namespace PocSync.Soql.Tests;

/// <summary>Subtotals and date functions: the examples and rules of the SOQL reference ("GROUP BY", "HAVING", "Date Functions", "GROUPING").</summary>
public class GroupingTests
{
    private readonly Org org = new();

    [Theory]
    // One rollup field: the groups and a row for the grand total, where the field is null.
    [InlineData("SELECT Industry, COUNT(Id) cnt FROM Account GROUP BY ROLLUP(Industry)", "Industry=Energy cnt=2|Industry=Retail cnt=1|Industry=null cnt=3")]
    // Two: subtotals from right to left. GROUPING tells a subtotal (1) from a value that is null (0).
    [InlineData("SELECT StageName s, CloseDate d, GROUPING(StageName) gs, GROUPING(CloseDate) gd, COUNT(Id) cnt FROM Opportunity GROUP BY ROLLUP(StageName, CloseDate)",
        "s=Closed Lost d=2026-11-01 gs=0 gd=0 cnt=1|s=Open d=2026-12-01 gs=0 gd=0 cnt=1|s=open d=null gs=0 gd=0 cnt=1|"
        + "s=Closed Lost d=null gs=0 gd=1 cnt=1|s=Open d=null gs=0 gd=1 cnt=2|s=null d=null gs=1 gd=1 cnt=3")]
    // CUBE adds the subtotals of every combination.
    [InlineData("SELECT Industry, Owner.Name, GROUPING(Industry) i, GROUPING(Owner.Name) o, SUM(AnnualRevenue) sum FROM Account GROUP BY CUBE(Industry, Owner.Name) "
        + "ORDER BY GROUPING(Industry), GROUPING(Owner.Name), Industry, Owner.Name",
        "Industry=ENERGY Name=null i=0 o=0 sum=null|Industry=Energy Name=Ann i=0 o=0 sum=100|Industry=Retail Name=Bob i=0 o=0 sum=300|"
        + "Industry=Energy Name=null i=0 o=1 sum=100|Industry=Retail Name=null i=0 o=1 sum=300|"
        + "Industry=null Name=null i=1 o=0 sum=null|Industry=null Name=Ann i=1 o=0 sum=100|Industry=null Name=Bob i=1 o=0 sum=300|Industry=null Name=null i=1 o=1 sum=400")]
    [InlineData("SELECT Industry, COUNT(Id) FROM Account GROUP BY ROLLUP(Industry) HAVING GROUPING(Industry) = 1", "Industry=null expr0=3")]
    [InlineData("SELECT COUNT(Id) FROM Account WHERE Name = 'none' GROUP BY Industry", "")]
    [InlineData("SELECT Industry, Tier__c t, COUNT(Id), MAX(Name) top FROM Account GROUP BY Industry, Tier__c ORDER BY Industry, Tier__c NULLS LAST",
        "Industry=Energy t=Gold expr0=1 top=Acme|Industry=ENERGY t=null expr0=1 top=Zeta|Industry=Retail t=null expr0=1 top=beta")]
    [InlineData("SELECT FIELDS(STANDARD) FROM Group GROUP BY Id, Name, Type, DeveloperName", "Id=00G000000000001EAA Name=Support Type=Queue DeveloperName=Support_Queue")]
    public void Subtotals_follow_the_groups(string soql, string records) => org.Print(soql).ShouldBe(records.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("CALENDAR_YEAR(CreatedDate)", "2025")]
    [InlineData("CALENDAR_QUARTER(CreatedDate)", "4")]
    [InlineData("CALENDAR_MONTH(CreatedDate)", "12")]
    [InlineData("FISCAL_YEAR(CreatedDate)", "2025")]
    [InlineData("FISCAL_QUARTER(CreatedDate)", "4")]
    [InlineData("FISCAL_MONTH(CreatedDate)", "12")]
    [InlineData("DAY_IN_YEAR(CreatedDate)", "365")]
    [InlineData("DAY_IN_MONTH(CreatedDate)", "31")]
    [InlineData("DAY_IN_WEEK(CreatedDate)", "4")] // a Wednesday; 1 is Sunday
    [InlineData("WEEK_IN_YEAR(CreatedDate)", "53")] // weeks of seven days from January 1
    [InlineData("WEEK_IN_MONTH(CreatedDate)", "5")] // weeks of seven days from the first
    [InlineData("HOUR_IN_DAY(CreatedDate)", "23")]
    [InlineData("DAY_ONLY(CreatedDate)", "2025-12-31")]
    [InlineData("DAY_ONLY(convertTimezone(CreatedDate))", "2026-01-01")]
    [InlineData("hour_in_day(converttimezone(CreatedDate))", "8")]
    [InlineData("CALENDAR_YEAR(convertTimezone(CreatedDate))", "2026")]
    public void A_date_function_reads_UTC_unless_it_is_told_the_users_zone(string function, string value)
    {
        var result = org.Run($"SELECT {function} FROM Task WHERE Subject = 'Call' GROUP BY {function}", Row.Tokyo);
        (result.Records().Single().Values[0] is DateOnly day ? $"{day:yyyy-MM-dd}" : $"{result.Records().Single().Values[0]}").ShouldBe(value);
        result.Columns[0].Name.ShouldBe("expr0");
    }

    [Theory]
    [InlineData("SELECT CALENDAR_MONTH(CreatedDate), COUNT(Id) FROM Task GROUP BY CALENDAR_MONTH(CreatedDate) ORDER BY CALENDAR_MONTH(CreatedDate) DESC NULLS LAST",
        "expr0=12 expr1=1|expr0=2 expr1=2|expr0=null expr1=1")]
    [InlineData("SELECT CALENDAR_YEAR(CreatedDate) y, COUNT(Id) n FROM Task GROUP BY CALENDAR_YEAR(CreatedDate) HAVING CALENDAR_YEAR(CreatedDate) >= 2026 AND COUNT(Id) > 1", "y=2026 n=2")]
    [InlineData("SELECT CALENDAR_YEAR(CreatedDate) y, Subject, COUNT(Id) n FROM Task WHERE CreatedDate < 2026-02-02T00:00:00Z GROUP BY ROLLUP(CALENDAR_YEAR(CreatedDate), Subject)",
        "y=2025 Subject=Call n=1|y=2026 Subject=Mail n=1|y=2025 Subject=null n=1|y=2026 Subject=null n=1|y=null Subject=null n=2")]
    // A date may be grouped itself, a function of it be selected.
    [InlineData("SELECT CALENDAR_MONTH(CloseDate) m, COUNT(Id) n FROM Opportunity GROUP BY CloseDate ORDER BY CloseDate", "m=null n=1|m=11 n=1|m=12 n=1")]
    [InlineData("SELECT Subject FROM Task WHERE CALENDAR_YEAR(CreatedDate) = 2026 ORDER BY Subject", "Subject=Fix|Subject=Mail")]
    [InlineData("SELECT Subject FROM Task WHERE CALENDAR_YEAR(CreatedDate) != 2026 ORDER BY Subject", "Subject=Call|Subject=Idle")]
    [InlineData("SELECT Subject FROM Task WHERE DAY_IN_MONTH(CreatedDate) IN (1, 31) ORDER BY Subject", "Subject=Call|Subject=Mail")]
    [InlineData("SELECT Subject FROM Task WHERE DAY_ONLY(CreatedDate) = 2026-02-28", "Subject=Fix")]
    [InlineData("SELECT Subject FROM Task WHERE HOUR_IN_DAY(CreatedDate) = null", "Subject=Idle")]
    [InlineData("SELECT StageName FROM Opportunity WHERE CALENDAR_MONTH(Account.CreatedDate) = 2", "StageName=open")]
    public void Date_functions_group_and_filter(string soql, string records) => org.Print(soql).ShouldBe(records.Split('|'));

    [Theory]
    [InlineData("SELECT Industry FROM Account GROUP BY ROLLUP(Industry), Name", 55, "unexpected token: ','")]
    [InlineData("SELECT Industry FROM Account GROUP BY Name, ROLLUP(Industry)", 45, "unexpected token: 'ROLLUP'")]
    [InlineData("SELECT Name FROM Account GROUP BY ROLLUP(Name, Industry, OwnerId, ParentId)", 67, "at most 3")]
    [InlineData("SELECT Name FROM Account GROUP BY ROLLUP()", 42, "unexpected token: ')'")]
    [InlineData("SELECT Name, GROUPING(Name) FROM Account GROUP BY Name", 14, "GROUPING")]
    [InlineData("SELECT GROUPING(Name) FROM Account GROUP BY ROLLUP(Industry)", 8, "GROUPING")]
    [InlineData("SELECT Name FROM Account GROUP BY ROLLUP(Industry)", 8, "Field must be grouped or aggregated: Name")]
    [InlineData("SELECT Industry, COUNT(Id) FROM Account GROUP BY Industry HAVING COUNT(Id) > 1 AND Name LIKE 'San%'", 84, "Field must be grouped or aggregated: Name")]
    [InlineData("SELECT COUNT(Id) FROM Account HAVING COUNT(Id) > 1", 31, "unexpected token: 'HAVING'")]
    [InlineData("SELECT Industry FROM Account GROUP BY Industry HAVING Industry IN (SELECT AccountId FROM Contact)", 68, "unexpected token: 'SELECT'")]
    [InlineData("SELECT FIELDS(ALL), MIN(AnnualRevenue) FROM Account GROUP BY Id LIMIT 200", 8, "Field must be grouped or aggregated: Name")]
    [InlineData("SELECT CALENDAR_YEAR(CreatedDate), AnnualRevenue FROM Account", 8, "Field must be grouped or aggregated")]
    [InlineData("SELECT CALENDAR_YEAR(CreatedDate) FROM Account GROUP BY CreatedDate", 57, "field 'CreatedDate' can not be grouped in a query call")]
    [InlineData("SELECT CALENDAR_YEAR(Name) FROM Account GROUP BY CALENDAR_YEAR(Name)", 50, "field Name does not support date function CALENDAR_YEAR")]
    [InlineData("SELECT Id FROM Account WHERE HOUR_IN_DAY(LastActivityDate) = 1", 30, "field LastActivityDate does not support date function HOUR_IN_DAY")]
    [InlineData("SELECT Id FROM Account WHERE DAY_ONLY(LastActivityDate) = 2026-01-01", 30, "field LastActivityDate does not support date function DAY_ONLY")]
    [InlineData("SELECT Id FROM Account WHERE DAY_IN_WEEK(convertTimezone(LastActivityDate)) = 1", 30, "field LastActivityDate does not support date function DAY_IN_WEEK")]
    [InlineData("SELECT convertTimezone(CreatedDate) FROM Account", 8, "unexpected token: 'convertTimezone'")]
    [InlineData("SELECT Id FROM Account WHERE COUNT(Id) > 1", 30, "unexpected token: 'COUNT'")]
    [InlineData("SELECT Id FROM Account WHERE FOO(Name) > 1", 30, "unexpected token: 'FOO'")]
    [InlineData("SELECT FOO(Name) FROM Account", 8, "unexpected token: 'FOO'")]
    [InlineData("SELECT Name FROM Account GROUP BY COUNT(Id)", 35, "unexpected token: 'COUNT'")]
    [InlineData("SELECT Name FROM Account ORDER BY COUNT(Id)", 35, "Ordered field must be grouped or aggregated: COUNT(Id)")]
    [InlineData("SELECT Name FROM Account ORDER BY CALENDAR_YEAR(CreatedDate)", 35, "Ordered field must be grouped or aggregated: CALENDAR_YEAR(CreatedDate)")]
    [InlineData("SELECT COUNT(IsActive) FROM User", 8, "field IsActive does not support aggregate operator COUNT")]
    [InlineData("SELECT COUNT_DISTINCT(Regions__c) FROM Account", 8, "field Regions__c does not support aggregate operator COUNT_DISTINCT")]
    [InlineData("SELECT SUM(CreatedDate) FROM Account", 8, "field CreatedDate does not support aggregate operator SUM")]
    public void What_cannot_be_grouped_is_refused_with_its_place(string soql, int column, string message)
    {
        var refusal = Should.Throw<QueryException>(() => org.Run(soql), soql);
        refusal.ErrorCode.ShouldBe("MALFORMED_QUERY");
        refusal.Message.ShouldContain($"ERROR at Row:1:Column:{column}\n");
        refusal.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("SELECT Id FROM Account WHERE CALENDAR_YEAR(CreatedDate) = THIS_YEAR")]
    [InlineData("SELECT Id FROM Account WHERE DAY_ONLY(CreatedDate) = TODAY")]
    public void A_date_function_cannot_be_compared_with_a_date_word(string soql) =>
        Should.Throw<QueryException>(() => org.Run(soql)).Message.ShouldContain("ERROR at Row:1:Column:30\n");
}
