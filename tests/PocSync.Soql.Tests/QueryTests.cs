namespace PocSync.Soql.Tests;

public class QueryTests
{
    private readonly Org org = new();

    [Fact]
    public void Fields_come_in_the_order_and_parents_at_the_place_of_their_first_mention() =>
        org.Print("select owner.name, NAME, Owner.isactive, Industry from account order by name").ShouldBe(
        [
            "Owner=User{Name=Ann IsActive=True} Name=Acme Industry=Energy",
            "Owner=User{Name=Bob IsActive=False} Name=beta Industry=Retail",
            "Owner=null Name=Zeta Industry=ENERGY",
        ]);

    [Fact]
    public void Columns_carry_the_canonical_name_and_the_path_as_written()
    {
        var columns = org.Run("SELECT a.owner.Manager.NAME, id FROM Account a").Columns;
        columns.Select(c => (c.Name, c.Written, c.Kind)).ShouldBe([("Owner", "owner", ColumnKind.Parent), ("Id", "id", ColumnKind.Field)]);
        columns[0].Columns[0].Columns.Select(c => (c.Name, c.Written)).ShouldBe([("Name", "owner.Manager.NAME")]);
    }

    [Fact]
    public void Cells_stand_in_the_order_of_the_query_under_the_paths_as_written()
    {
        var result = org.Run("SELECT owner.name, Id, Owner.Manager.Name, Owner.Email FROM Account ORDER BY Name");
        result.Cells.Select(cell => cell.Heading).ShouldBe(["owner.name", "Id", "Owner.Manager.Name", "Owner.Email"]);
        result.Records().Select(record => string.Join(",", result.Cells.Select(cell => cell.Read(record) ?? "-")))
            .ShouldBe([$"Ann,{Org.Acme},Bob,ann@x.example", $"Bob,{Org.Beta},-,-", $"-,{Org.Zeta},-,-"]);
    }

    [Fact]
    public void A_record_knows_its_object_and_id()
    {
        var record = org.Run($"SELECT Owner.Name FROM Account WHERE Id = '{Org.Acme[..15]}'").Records().Single();
        (record.Type, record.Object!.Name, record.Id).ShouldBe(("Account", "Account", Org.Acme));
        var owner = (QueryRecord)record.Values[0]!;
        (owner.Type, owner.Id).ShouldBe(("User", Org.Ann));
    }

    [Theory]
    [InlineData("SELECT Name FROM Account a WHERE a.Owner.Name = 'Ann'", "Acme")]
    [InlineData("SELECT Name FROM Account WHERE Account.Owner.Manager.Name = 'bob'", "Acme")]
    [InlineData("SELECT LastName FROM Contact c, c.Account a WHERE a.Name = 'BETA'", "Quarry")]
    [InlineData("SELECT Name FROM Account WHERE Owner.Name = null", "Zeta")]
    [InlineData("SELECT Name FROM Account WHERE Parent.Name = null ORDER BY Name", "Acme,Zeta")]
    [InlineData("SELECT Name FROM Account WHERE Owner.IsActive = false ORDER BY Name DESC", "Zeta,beta")]
    [InlineData("SELECT LastName FROM Contact WHERE LastName = 'Young' OR Account.Name = 'Beta'", "Young,Young,Quarry")]
    [InlineData("SELECT Name FROM Account WHERE Regions__c INCLUDES ('North;South', 'West')", "Acme")]
    [InlineData("SELECT Name FROM Account WHERE CreatedDate > 2026-01-15T00:00:00+01:00 AND (NOT Name LIKE 'z%')", "beta")]
    [InlineData("SELECT Name FROM Account WHERE LastActivityDate = LAST_N_DAYS:5", "Acme")]
    [InlineData("SELECT Name FROM Account USING SCOPE everything WHERE Name = 'Acme' WITH SECURITY_ENFORCED LIMIT 1 FOR VIEW", "Acme")]
    [InlineData("SELECT Name FROM Account WHERE Name != null ORDER BY Name LIMIT 1 OFFSET 1 FOR REFERENCE UPDATE TRACKING, VIEWSTAT", "beta")]
    [InlineData("SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE StageName = 'Closed Lost')", "Acme")]
    [InlineData("SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Opportunity WHERE IsClosed = false)", "Zeta")]
    [InlineData("SELECT StageName FROM Opportunity WHERE AccountId IN (SELECT AccountId FROM Contact WHERE LastName LIKE 'quar%') AND IsClosed = false", "open")]
    [InlineData("SELECT LastName FROM Contact WHERE AccountId NOT IN (SELECT Id FROM Account) AND LastName != 'x'", "Young")]
    [InlineData("SELECT Subject FROM Case WHERE Owner.Type = 'Queue'", "")]
    [InlineData("SELECT Subject FROM Case WHERE Owner.Type = 'Group'", "Broken")]
    [InlineData("SELECT Subject FROM Case WHERE Owner.Name = 'ann'", "Late")]
    [InlineData("SELECT GroupId FROM GroupMember WHERE Group.Type = 'Queue'", "00G000000000001EAA")]
    [InlineData("SELECT Name FROM Group", "Support")]
    public void A_query_chooses_rows(string soql, string firstValues) =>
        string.Join(",", org.Run(soql).Records().Select(record => record.Values[0])).ShouldBe(firstValues);

    [Fact]
    public void A_polymorphic_parent_is_a_Name_with_the_row_behind_it()
    {
        org.Print("SELECT Subject, Owner.Type, Owner.Name, Owner.Email FROM Case").ShouldBe(
        [
            "Subject=Broken Owner=Name{Type=Group Name=Support Email=null}",
            "Subject=Late Owner=Name{Type=User Name=Ann Email=ann@x.example}",
        ]);
        var owner = (QueryRecord)org.Run("SELECT Owner.Name FROM Case LIMIT 1").Records().Single().Values[0]!;
        (owner.Object!.Name, owner.Id).ShouldBe(("Group", Org.Support));
    }

    [Theory]
    [InlineData("AnnualRevenue", "null 100 300")]
    [InlineData("AnnualRevenue ASC", "null 100 300")]
    [InlineData("AnnualRevenue DESC", "null 300 100")]
    [InlineData("AnnualRevenue NULLS LAST", "100 300 null")]
    [InlineData("AnnualRevenue DESC NULLS LAST", "300 100 null")]
    [InlineData("Owner.Name DESC NULLS LAST, Name", "300 100 null")]
    public void Nulls_come_first_unless_told_otherwise(string order, string revenues) =>
        string.Join(" ", org.Run($"SELECT AnnualRevenue FROM Account ORDER BY {order}").Records().Select(record => record.Values[0] ?? "null")).ShouldBe(revenues);

    [Fact]
    public void Children_stand_in_their_parent_and_are_null_when_there_are_none()
    {
        org.Print("SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE LastName != 'x' ORDER BY LastName LIMIT 5) FROM Account").ShouldBe(
        [
            "Name=Acme Contacts=[LastName=Old Account=Account{Name=Acme}, LastName=Young Account=Account{Name=Acme}]",
            "Name=beta Contacts=[LastName=Quarry Account=Account{Name=beta}]",
            "Name=Zeta Contacts=null",
        ]);
        org.Print("SELECT Name, (SELECT LastName FROM account.contacts WHERE Email = null) FROM Account WHERE Name = 'Acme'").ShouldBe(["Name=Acme Contacts=[LastName=Old]"]);
        org.Print("SELECT (SELECT LastName, (SELECT Subject FROM Cases) FROM Contacts LIMIT 1) FROM Account LIMIT 1")
            .ShouldBe(["Contacts=[LastName=Young Cases=[Subject=Broken]]"]);
    }

    [Fact]
    public void Count_alone_counts_and_gives_no_records()
    {
        var result = org.Run("SELECT COUNT() FROM Account WHERE Industry = 'energy'");
        (result.TotalSize, result.Count, result.Records().Count()).ShouldBe((2, 0, 0));
        org.Run("SELECT count() FROM Account LIMIT 2").TotalSize.ShouldBe(2);
    }

    [Theory]
    [InlineData("SELECT COUNT(Id), COUNT(AnnualRevenue) n, SUM(AnnualRevenue), AVG(AnnualRevenue), MIN(Name), MAX(LastActivityDate), COUNT_DISTINCT(Industry) FROM Account",
        "expr0=3 n=2 expr1=400 expr2=200 expr3=Acme expr4=2026-11-20 expr5=2")]
    [InlineData("SELECT COUNT(Id), SUM(AnnualRevenue) FROM Account WHERE Name = 'none'", "expr0=0 expr1=null")]
    [InlineData("SELECT Industry, COUNT(Id) cnt FROM Account GROUP BY Industry ORDER BY COUNT(Id) DESC", "Industry=Energy cnt=2|Industry=Retail cnt=1")]
    [InlineData("SELECT Industry, COUNT(Id) cnt FROM Account GROUP BY Industry ORDER BY cnt", "Industry=Retail cnt=1|Industry=Energy cnt=2")]
    [InlineData("SELECT Industry i FROM Account GROUP BY Industry HAVING COUNT(Id) > 1 AND Industry LIKE 'e%'", "i=Energy")]
    [InlineData("SELECT Account.Name, MAX(Amount) FROM Opportunity GROUP BY Account.Name ORDER BY Account.Name DESC LIMIT 1", "Name=beta expr0=null")]
    [InlineData("SELECT Owner.Name FROM Account GROUP BY Owner.Name ORDER BY Owner.Name NULLS LAST", "Name=Ann|Name=Bob|Name=null")]
    public void Groups_and_aggregates(string soql, string records) => org.Print(soql).ShouldBe(records.Split('|'));

    [Fact]
    public void Fields_of_a_kind_are_listed_for_one()
    {
        org.Run("SELECT FIELDS(CUSTOM) FROM Account LIMIT 200").Columns.Select(c => c.Name).ShouldBe(["Regions__c", "Tier__c"]);
        org.Run("SELECT fields(standard) FROM Group").Columns.Select(c => c.Name).ShouldBe(["Id", "Name", "Type", "DeveloperName"]);
        org.Run("SELECT FIELDS(ALL), Owner.Name FROM Account LIMIT 5").Columns.Count.ShouldBe(12);
    }

    [Fact]
    public void A_page_of_records_can_be_read_on_its_own()
    {
        var result = org.Run("SELECT LastName FROM Contact ORDER BY Id");
        (result.TotalSize, result.Count).ShouldBe((4, 4));
        result.Records(1, 2).Select(r => r.Values[0]).ShouldBe(["Old", "Young"]);
        result.Records(3, 2).Count().ShouldBe(1);
        result.Records(9, 2).ShouldBeEmpty();
    }

    [Fact]
    public void Ids_and_references_are_looked_up_rather_than_scanned()
    {
        var indexed = new Org { OffersLookup = true };
        indexed.Run($"SELECT Id FROM Account WHERE Id IN ('{Org.Zeta}', '{Org.Acme}', '{Org.Acme[..15]}') AND Name != 'x'").TotalSize.ShouldBe(2);
        indexed.Run($"SELECT Id FROM Contact WHERE AccountId = '{Org.Acme}' AND LastName = 'old'").TotalSize.ShouldBe(1);
        indexed.Run($"SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Id = '{Org.Acme}'").Records().Single().Values[1].ShouldNotBeNull();
        (indexed.Scans, indexed.Lookups).ShouldBe((0, 2));
        indexed.Run($"SELECT Id FROM Contact WHERE AccountId != '{Org.Acme}'").TotalSize.ShouldBe(2);
        indexed.Run($"SELECT Id FROM Contact WHERE AccountId = '{Org.Acme}' OR LastName = 'Quarry'").TotalSize.ShouldBe(3);
        indexed.Scans.ShouldBe(2);
    }

    [Fact]
    public void A_query_tells_what_it_is()
    {
        var query = Query.Parse("SELECT Id, (SELECT Id FROM Contacts) FROM account ORDER BY Id LIMIT 7 OFFSET 2000");
        (query.From, query.Limit, query.Offset, query.HasOrder, query.HasChildren, query.IsGrouped, query.IsCount).ShouldBe(("account", 7, 2000, true, true, false, false));
        Query.Parse("SELECT COUNT() FROM Account").IsCount.ShouldBeTrue();
        Query.Parse("SELECT Name FROM Account GROUP BY Name").IsGrouped.ShouldBeTrue();
    }
}
