using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>Each code of each rule, and the edges that the rules reference names. Today is 2026-03-10.</summary>
public class RuleTests
{
    private static Tables Org(params string[] rows) => new Tables()
        .With("Account", "Id Name OwnerId CreatedDate LastActivityDate POC_Exempt_Until__c IsDeleted",
            "a1|Acme|u1|2025-01-01T08:00:00.000Z|2026-03-01||false", "a8|Exempt|||2020-01-01|2026-03-10|false", "a9|Gone|||2020-01-01||true")
        .With("User", "Id Name IsActive UserType ManagerId Email Phone POC_Capacity__c POC_Certified_Until__c",
            "u1|Ann|true|Standard|u9|ann@x.example|1||", "u2|Ben|true|standard|u9|||0|2026-03-09", "u3|Left|false|Standard|u9|l@x.example|1||",
            "u4|Partner|true|PowerPartner|u9|p@x.example|1||", "u5|Frozen|true|Standard|u6|f@x.example|1||", "u6|Loop|true|Standard|u5|o@x.example|1||", "u9|Max|true|||m@x.example|1||")
        .With("UserLogin", "UserId IsFrozen", "u5|1")
        .With("POC_Assignment__c", "Id Account__c Role__c User__c Department__c Scope__c Starts_On__c Ends_On__c", rows)
        .With("POC_Department__c", "Id Name Queue_Id__c Accountable_User__c Minimum_Staff__c", "d1|Desk|q1|u1|2", "d2|Nested|q2|u1|", "d3|Headless|q1|u3|0")
        .With("GroupMember", "GroupId UserOrGroupId", "q1|u1", "q1|q2", "q2|q1", "q2|u3", "q2|u1");

    [Theory]
    [InlineData("", "missing a1")]
    [InlineData("p1|a1|PRIMARY|u1||||", "")]
    [InlineData("p1|a1|Primary|u1|||2026-03-10|2026-03-10", "")]
    [InlineData("p1|a1|Primary|u1|||2026-03-11|", "missing a1")]
    [InlineData("p1|a1|Primary|u1||||2026-03-09", "missing a1")]
    [InlineData("p1|a1|Primary|u1|||2026-03-10|2026-03-09", "missing a1")]
    [InlineData("p1|a1|Primary|||||", "")]
    [InlineData("p1|a1|Primary|u1||||;p2|a1|Primary|u1||||", "several a1")]
    [InlineData("p1|a1|Owner|u1||||", "missing a1")]
    public void One_primary(string rows, string expected) => Judge("one-primary", rows, expected);

    [Theory]
    [InlineData("p1|a1|Primary|||||", "unknown a1")]
    [InlineData("p1|a1|Primary|u77||||", "unknown a1")]
    [InlineData("p1|a1|Primary|u3||||", "inactive a1")]
    [InlineData("p1|a1|Primary|u5||||", "frozen a1")]
    [InlineData("p1|a1|Primary|u4||||", "not-standard a1")]
    [InlineData("p1|a1|Primary||d2|||", "")]
    [InlineData("p1|a1|Primary||d3|||", "department-unable a1")]
    [InlineData("p1|a1|Primary||d77|||", "department-unable a1")]
    [InlineData("p1|a1|Primary|u2|d3|||", "")]
    [InlineData("p1|a1|Primary|u3||||;p2|a1|Primary|u3||||", "inactive a1")]
    [InlineData("p1|a8|Primary|u3||||;p2|a9|Primary|u3||||", "")]
    public void Primary_able(string rows, string expected) => Judge("primary-able", rows, expected);

    [Fact]
    public void A_department_needs_its_staff_today()
    {
        Org("p1|a1|Primary||d1|||").Findings("primary-able").ShouldBe(["department-unable a1"]);
        Org("p1|a1|Primary||d1|||").Findings("department-staffed").ShouldBe(["unstaffed d1"]);
        Org("p1|a1|Backup||d3|||", "p2|a1|Backup||d77|||").Findings("department-staffed").ShouldBe(["no-accountable-user d3", "no-accountable-user d77"]);
    }

    [Theory]
    [InlineData("p1|a1|Primary|u2||||", "differs a1")]
    [InlineData("p1|a1|Primary|u1||||", "")]
    [InlineData("p1|a1|Primary||d1|||", "")]
    [InlineData("p1|a1|Primary||d3|||", "differs a1")]
    [InlineData("p1|a1|Primary|u2||||;p2|a1|Primary|u3||||", "")]
    public void Owner_is_primary(string rows, string expected) => Judge("owner-is-primary", rows, expected);

    [Theory]
    [InlineData("p1|a1|Primary|u1||||", 1, "missing a1")]
    [InlineData("p1|a1|Primary|u1||||;p2|a1|Backup|u1||||", 1, "same-as-primary a1")]
    [InlineData("p1|a1|Primary|u1||||;p2|a1|Backup|u3||||", 1, "not-able a1")]
    [InlineData("p1|a1|Primary|u1||||;p2|a1|Backup|u2||||", 1, "")]
    [InlineData("p1|a1|Primary|u1||||;p2|a1|Backup|u2||||;p3|a1|Backup|u2||||", 2, "too-few a1")]
    [InlineData("p1|a1|Primary|u1||||", 0, "")]
    public void Backup_present(string rows, int minimum, string expected) =>
        Judge("backup-present", rows, expected, Tables.Rules(("backup-present", "minimum", $"{minimum}")));

    [Theory]
    [InlineData("2026-03-25||", "", "")]
    [InlineData("2026-03-24|2026-03-30|", "", "uncovered a1")]
    [InlineData("2026-03-01|2026-03-09|", "", "")]
    [InlineData("2026-03-01|2026-03-10|", "", "uncovered a1")]
    [InlineData("2026-03-01|2026-03-20|u2", "", "")]
    [InlineData("2026-03-01|2026-03-20|u3", "", "uncovered a1")]
    [InlineData("2026-03-20|2026-03-15|", "", "")]
    [InlineData("2026-03-12|2026-03-20|", "p2|a1|Backup|u2|||2026-03-12|2026-03-20", "")]
    [InlineData("2026-03-12|2026-03-20|", "p2|a1|Backup|u2|||2026-03-13|2026-03-20", "uncovered a1")]
    [InlineData("2026-03-12||", "p2|a1|Backup|u2|||2026-03-12|2027-03-09", "uncovered a1")]
    [InlineData("2026-03-12||", "p2|a1|Backup|u2|||2026-03-12|2027-03-10", "")]
    public void Backup_covers_absence(string absence, string backup, string expected)
    {
        var rows = backup.Length == 0 ? "p1|a1|Primary|u1||||" : $"p1|a1|Primary|u1||||;{backup}";
        Org(rows.Split(';')).With("POC_Absence__c", "Id User__c Starts_On__c Ends_On__c Cover__c", $"x1|u1|{absence}").Findings("backup-covers-absence")
            .ShouldBe(expected.Length == 0 ? [] : [expected]);
    }

    [Theory]
    [InlineData("p1|a1|Primary|u1||||;p2|a1|Backup|u1||||", "duplicate a1")]
    [InlineData("p1|a1|Backup|u1||||;p2|a1|Backup|u1||||2026-03-09", "")]
    [InlineData("p1|a1|Specialist|u1||||;p2|a1|Specialist|u1|| ||", "duplicate a1")]
    [InlineData("p1|a1|Specialist|u1||East||;p2|a1|Specialist|u1||West||", "")]
    [InlineData("p1|a1|Backup||d1|||;p2|a1|Backup||d1|||", "")]
    public void One_role_each(string rows, string expected) => Judge("one-role-each", rows, expected);

    [Fact]
    public void Scopes_bounded()
    {
        Org("p1|a1|Specialist|u1||||").Findings("scopes-bounded").ShouldBeEmpty();
        Org("p1|a1|Specialist|u1||||", "p2|a1|Specialist|u2|| ||", "p3|a1|Specialist|u2||east||", "p4|a1|Specialist|u3|| East||").Findings("scopes-bounded")
            .ShouldBe(["overlap a1", "unscoped a1", "unscoped a1"]);
    }

    [Theory]
    [InlineData("p1|a1|Primary|u1||||2026-03-01;p2|a1|Primary|u2|||2026-03-08|", "", "missing a1")]
    [InlineData("p1|a1|Primary|u1||||2026-03-01;p2|a1|Primary|u2|||2026-03-09|", "", "")]
    [InlineData("p1|a1|Primary|u1||||2026-02-08;p2|a1|Primary|u2|||2026-02-08|", "", "missing a1")]
    [InlineData("p1|a1|Primary|u1||||2026-02-07;p2|a1|Primary|u2|||2026-02-07|", "", "")]
    [InlineData("p1|a1|Primary|u1||||2026-03-01;p2|a1|Primary|u1|||2026-03-02|", "", "")]
    [InlineData("p1|a1|Primary|u1||||2026-03-01;p2|a1|Primary|u2|||2026-03-02|", "h1|a1|u1|u2|Left|Call them|2026-02-23", "")]
    [InlineData("p1|a1|Primary|u1||||2026-03-01;p2|a1|Primary|u2|||2026-03-02|", "h1|a1|u1|u2|Left| |2026-03-09", "incomplete a1")]
    [InlineData("p1|a1|Primary|u1||||2026-03-01;p2|a1|Primary|u2|||2026-03-02|", "h1|a1|u1|u2|Left|Call|2026-03-10", "missing a1")]
    [InlineData("p1|a1|Primary|u1||||2026-03-01;p2|a1|Primary|u2|||2026-03-02|", "h1|a1|u2|u1|Left|Call|2026-03-02", "missing a1")]
    public void Handoff_documented(string rows, string handoff, string expected) =>
        Org(rows.Split(';')).With("POC_Handoff__c", "Id Account__c From_User__c To_User__c Reason__c Notes__c Effective_On__c", handoff.Length == 0 ? [] : [handoff])
            .Findings("handoff-documented").ShouldBe(expected.Length == 0 ? [] : [expected]);

    [Fact]
    public void Handoff_acknowledged() => Org()
        .With("POC_Handoff__c", "Id Account__c Status__c Due_On__c", "h1|a1|Documenting|2026-03-09", "h2|a1|Awaiting Acknowledgement|2026-03-10", "h3|a1|Documenting|",
            "h4|a1|Acknowledged|2026-01-01")
        .Findings("handoff-acknowledged").ShouldBe(["overdue a1"]);

    [Fact]
    public void No_mid_stream_switch()
    {
        string[] rows = ["p1|a1|Primary|u1||||2026-01-31", "p2|a1|Primary|u2|||2026-02-01|2026-02-28", "p3|a1|Primary|u1|||2026-03-01|"];
        Org(rows).Findings("no-mid-stream-switch").ShouldBe(["churn a1"]);
        Org(rows).Findings("no-mid-stream-switch", Tables.Rules(("no-mid-stream-switch", "windowDays", "30"))).ShouldBeEmpty();
    }

    [Fact]
    public void In_the_team_changes_of_owner_come_from_the_history() => new Tables()
        .With("Account", "Id OwnerId", "a1|u1")
        .With("AccountHistory", "Id AccountId Field OldValue NewValue CreatedDate", "s1|a1|Owner|Ann|Ben|2026-03-01T00:00:00.000Z",
            "s2|a1|Owner|u1|u2|2026-03-01T00:00:00.000Z", "s3|a1|Owner|u2|u1|2026-03-10 09:00:00", "s4|a1|Owner|u1|u2|2026-03-10 09:00:01", "s5|a1|Name|u1|u2|2026-03-01T00:00:00.000Z")
        .Findings("no-mid-stream-switch").ShouldBe(["churn a1"]);

    [Fact]
    public void Load_skew_reach_certification_and_escalation_look_at_people()
    {
        var org = Org("p1|a1|Primary|u2||||", "p2|a1|Backup|u3||||", "p3|a8|Primary|u2||||");
        org.Findings("load-within-capacity").ShouldBe(["over u2"]);
        org.Findings("reachable").ShouldBe(["no-email u2", "no-phone u2"]);
        org.Findings("certified").ShouldBe(["expired u2"]);
        org.Findings("ownership-skew", Tables.Rules(("ownership-skew", "limit", "0"))).ShouldBe(["skewed u1"]);
        Org("p1|a1|Primary|u5||||").Findings("escalation-path").ShouldBe(["cycle u5"]);
        Org("p1|a1|Primary|u9||||").Findings("escalation-path").ShouldBe(["no-manager u9"]);
        new Tables().With("Account", "Id OwnerId", "a1|u1").With("User", "Id IsActive ManagerId", "u1|true|u2", "u2|false|u3").Findings("escalation-path").ShouldBe(["manager-unable u1"]);
    }

    [Theory]
    [InlineData("2026-02-08", "")]
    [InlineData("2026-02-07", "silent a1")]
    [InlineData("", "silent a1")]
    [InlineData("31.12.2025", "silent a1")]
    public void In_touch(string lastActivity, string expected) => new Tables()
        .With("Account", "Id LastActivityDate CreatedDate", $"a1|{lastActivity}|2025-01-01T08:00:00.000+0000").Findings("in-touch")
        .ShouldBe(expected.Length == 0 ? [] : [expected]);

    [Fact]
    public void The_customers_side_comes_from_the_flag_or_else_from_contact_roles()
    {
        var accounts = new Tables().With("Account", "Id", "a1", "a2", "a3");
        accounts.With("Contact", "Id AccountId Email EmailBouncedDate POC_Customer_Primary__c", "c1|a1|x@y.example||true", "c2|a2|x@y.example|2026-01-01T00:00:00.000Z|true")
            .Findings("customer-primary").ShouldBe(["missing a3", "unreachable a2"]);
        new Tables().With("Account", "Id", "a1", "a2")
            .With("AccountContactRole", "AccountId ContactId IsPrimary", "a1|c1|true", "a1|c1|true", "a2|c1|true", "a2|c2|true", "a2|c3|true")
            .With("Contact", "Id AccountId Phone", "c1|a2|1", "c2|a2|1").Findings("customer-primary").ShouldBe(["several a2"]);
    }

    [Fact]
    public void A_rule_whose_data_is_missing_is_not_evaluated_and_names_it()
    {
        var bare = new Tables().With("Account", "Id OwnerId", "a1|u1");
        bare.Reason("primary-able").ShouldBe("the data has no User.IsActive");
        bare.Reason("reachable").ShouldBe("the data has no User.IsActive");
        bare.Reason("one-primary").ShouldBeNull();
        bare.Reason("customer-primary").ShouldBe("the data has no Contact");
        bare.Reason("one-primary", Tables.Rules(("one-primary", "scope", "Region__c = 'x'"))).ShouldBe("the data has no Account.Region__c, which the rule's scope names");
        bare.Reason("one-primary", Tables.Rules(("one-primary", "enabled", "false"))).ShouldBe("disabled");
    }

    [Fact]
    public void A_scope_follows_parents_and_a_parent_that_is_not_there_is_null()
    {
        var org = new Tables().With("Account", "Id OwnerId ParentId Region__c", "a1|u1||North", "a2|u2|a1|", "a3||a2|")
            .With("User", "Id Department ManagerId", "u1|Sales|", "u2|Support|u1");
        List<string> Of(string scope) => org.Findings("ownership-skew", Tables.Rules(("ownership-skew", "limit", "0"), ("ownership-skew", "scope", scope)));
        Of("Owner.Department = 'sales'").ShouldBe(["skewed u1"]);
        Of("Owner.Manager.Department = 'Sales'").ShouldBe(["skewed u2"]);
        Of("Parent.Region__c = 'NORTH'").ShouldBe(["skewed u2"]);
        Of("Parent.Region__c = null").ShouldBe(["skewed u1"]);
        Of("Region__c != 'North'").ShouldBe(["skewed u2"]);
    }

    [Fact]
    public void Days_are_those_of_the_orgs_time_zone()
    {
        var rows = new Tables().With("Organization", "Id Name TimeZoneSidKey", "00D000000000001|Org|Pacific/Auckland").With("Account", "Id", "a1")
            .With("POC_Assignment__c", "Id Account__c Role__c User__c Starts_On__c", "p1|a1|Primary|u1|2026-03-11");
        RuleBook.Judge(rows.Build(now: new DateTimeOffset(2026, 3, 10, 10, 59, 0, TimeSpan.Zero)), Settings.Default)[0].Findings.Count.ShouldBe(1);
        RuleBook.Judge(rows.Build(now: new DateTimeOffset(2026, 3, 10, 11, 0, 0, TimeSpan.Zero)), Settings.Default)[0].Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Renamed_objects_and_fields_are_read_under_the_orgs_names()
    {
        var settings = Tables.Rules(("one-primary", "mode", "alert"));
        var names = new SettingMap(1, 1, [(new SettingScalar(1, 1, "names", false), new SettingMap(1, 1, [(new SettingScalar(1, 1, "POC_Assignment__c.User__c", false), new SettingScalar(1, 1, "Person__c", false))]))]);
        settings = SettingsReader.Read(names).Settings!;
        new Tables().With("Account", "Id", "a1").With("User", "Id IsActive", "u1|true", "u2|false")
            .With("POC_Assignment__c", "Id Account__c Role__c User__c Person__c", "p1|a1|Primary|u2|u1").Findings("primary-able", settings).ShouldBeEmpty();
    }

    private static void Judge(string rule, string rows, string expected, Settings? settings = null) =>
        Org(rows.Length == 0 ? [] : rows.Split(';')).Findings(rule, settings).ShouldBe(expected.Length == 0 ? [] : [expected]);
}
