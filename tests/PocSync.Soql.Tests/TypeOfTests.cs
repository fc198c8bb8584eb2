namespace PocSync.Soql.Tests;

/// <summary>TYPEOF as the SOQL reference describes it ("TYPEOF"; "Understanding Relationship Fields and Polymorphic Fields").</summary>
public class TypeOfTests
{
    private readonly Org org = new();

    [Theory]
    // The branch of the row's object, or null where none is for it.
    [InlineData("SELECT Subject, TYPEOF What WHEN Account THEN Name, Industry WHEN Opportunity THEN StageName END FROM Task",
        "Subject=Call What=Account{Name=Acme Industry=Energy}|Subject=Mail What=Opportunity{StageName=Open}|Subject=Fix What=null|Subject=Idle What=null")]
    // ELSE is for every other object, with the fields of Name.
    [InlineData("SELECT TYPEOF What WHEN Account THEN Industry ELSE Type, Name END FROM Task WHERE What.Type IN ('Account', 'Case')",
        "What=Account{Industry=Energy}|What=Name{Type=Case Name=null}")]
    // Paths to the parents of the object; the alias of FROM in front of the relationship; names in any case.
    [InlineData("SELECT typeof t.what when ACCOUNT then owner.name, Id end FROM Task t WHERE Subject = 'Call'", "What=Account{Owner=User{Name=Ann} Id=001000000000001AAA}")]
    // More than one in a query, and a plain polymorphic path of another relationship.
    [InlineData("SELECT TYPEOF What WHEN Account THEN Id END, TYPEOF Who WHEN Contact THEN LastName END FROM Task WHERE Subject = 'Call'",
        "What=Account{Id=001000000000001AAA} Who=Contact{LastName=Young}")]
    [InlineData("SELECT TYPEOF What WHEN Case THEN Subject END, Who.LastName FROM Task WHERE Subject = 'Fix'", "What=Case{Subject=Broken} Who=null")]
    // In a child sub-query, and beside semi-joins.
    [InlineData("SELECT Name, (SELECT TYPEOF Owner WHEN Group THEN DeveloperName WHEN User THEN Name END FROM Cases) FROM Account WHERE Name = 'Acme'",
        "Name=Acme Cases=[Owner=Group{DeveloperName=Support_Queue}, Owner=User{Name=Ann}]")]
    [InlineData("SELECT TYPEOF Owner WHEN User THEN Email END FROM Case WHERE AccountId IN (SELECT AccountId FROM Contact) AND Subject = 'Late'", "Owner=User{Email=ann@x.example}")]
    public void A_parent_has_the_fields_that_its_object_asks_for(string soql, string records) => org.Print(soql).ShouldBe(records.Split('|'));

    [Theory]
    [InlineData("SELECT TYPEOF Owner WHEN User THEN Id END FROM Account", 15, "MALFORMED_QUERY", "Owner")]
    [InlineData("SELECT TYPEOF Boss WHEN User THEN Id END FROM Task", 15, "INVALID_FIELD", "Didn't understand relationship 'Boss'")]
    [InlineData("SELECT TYPEOF What WHEN User THEN Id END FROM Task", 25, "MALFORMED_QUERY", "User")]
    [InlineData("SELECT TYPEOF What WHEN Nope THEN Id END FROM Task", 25, "INVALID_TYPE", "sObject type 'Nope' is not supported")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Foo END FROM Task", 38, "INVALID_FIELD", "No such column 'Foo' on entity 'Account'")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Id ELSE Industry END FROM Task", 46, "INVALID_FIELD", "No such column 'Industry' on entity 'Name'")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Id WHEN account THEN Name END FROM Task", 46, "MALFORMED_QUERY", "one WHEN")]
    [InlineData("SELECT What.Name, TYPEOF What WHEN Account THEN Id END FROM Task", 19, "MALFORMED_QUERY", "What")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Id END, What.Name FROM Task", 46, "MALFORMED_QUERY", "What.Name")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN TYPEOF Owner WHEN User THEN Id END END FROM Task", 38, "MALFORMED_QUERY", "unexpected token: 'TYPEOF'")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN FORMAT(CreatedDate) END FROM Task", 38, "MALFORMED_QUERY", "unexpected token: 'FORMAT'")]
    [InlineData("SELECT TYPEOF What ELSE Id END FROM Task", 20, "MALFORMED_QUERY", "unexpected token: 'ELSE'")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Id FROM Task", 41, "MALFORMED_QUERY", "unexpected token: 'FROM'")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Id END, COUNT(Id) FROM Task", 8, "MALFORMED_QUERY", "TYPEOF cannot be used")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Id END FROM Task GROUP BY Subject", 8, "MALFORMED_QUERY", "TYPEOF cannot be used")]
    [InlineData("SELECT Id FROM Account WHERE Id IN (SELECT TYPEOF Owner WHEN User THEN Id END FROM Case)", 44, "MALFORMED_QUERY", "exactly one field")]
    [InlineData("SELECT Id FROM Task WHERE TYPEOF What = 'x'", 34, "MALFORMED_QUERY", "unexpected token: 'What'")]
    public void What_TYPEOF_cannot_do_is_refused_with_its_place(string soql, int column, string errorCode, string message)
    {
        var refusal = Should.Throw<QueryException>(() => org.Run(soql), soql);
        refusal.ErrorCode.ShouldBe(errorCode);
        refusal.Message.ShouldContain($"ERROR at Row:1:Column:{column}\n");
        refusal.Message.ShouldContain(message);
    }
}
