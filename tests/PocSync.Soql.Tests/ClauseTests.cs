namespace PocSync.Soql.Tests;

/// <summary>Scopes, data categories, FIELDS(), FROM and OFFSET in sub-queries, by the SOQL reference ("SELECT", "USING SCOPE", "WITH", "OFFSET").</summary>
public class ClauseTests
{
    private readonly Org org = new();

    [Theory]
    [InlineData("SELECT Name FROM Account USING SCOPE Mine", "Name=Acme")]
    [InlineData("SELECT Name FROM Account USING SCOPE everything WHERE Name != 'Zeta' ORDER BY Name", "Name=Acme|Name=beta")]
    [InlineData("SELECT COUNT(Id) n FROM Account USING SCOPE mine", "n=1")]
    [InlineData("SELECT FIELDS(ALL) FROM Group WHERE Id IN ('00G000000000001')", "Id=00G000000000001EAA Name=Support Type=Queue DeveloperName=Support_Queue")]
    [InlineData("SELECT FIELDS(ALL) FROM Group WHERE Id = '00G000000000001' OR Id = '00G000000000002'", "Id=00G000000000001EAA Name=Support Type=Queue DeveloperName=Support_Queue")]
    [InlineData("SELECT Name, FIELDS(CUSTOM) FROM User WHERE Name = 'Ann' LIMIT 200", "Name=Ann")]
    [InlineData("SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName LIMIT 10 OFFSET 1) FROM Account ORDER BY Name LIMIT 1", "Name=Acme Contacts=[LastName=Young]")]
    [InlineData("SELECT LastName FROM Contact, Contact.Account WHERE Account.Name = 'beta'", "LastName=Quarry")]
    [InlineData("SELECT g.Name FROM Group g", "Name=Support")]
    // Labels are the values; an alias is for the field that is selected twice.
    [InlineData("SELECT toLabel(Industry), Industry value, Name FROM Account WHERE Name = 'none' GROUP BY Industry, Name", "")]
    [InlineData("SELECT Industry, toLabel(Industry) shown, tolabel(Owner.Name) FROM Account WHERE toLabel(Industry) = 'retail'", "Industry=Retail shown=Retail Owner=User{Name=Bob}")]
    public void A_clause_means_what_it_says(string soql, string records) => org.Print(soql).ShouldBe(records.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("SELECT Name FROM Account USING SCOPE nobody", 38, "MALFORMED_QUERY", "nobody")]
    [InlineData("SELECT LastName FROM Contact USING SCOPE mine", 42, "MALFORMED_QUERY", "mine")]
    [InlineData("SELECT Name FROM Account USING mine", 32, "MALFORMED_QUERY", "unexpected token: 'mine'")]
    [InlineData("SELECT Name FROM Account WHERE Name = 'x' USING SCOPE mine", 43, "MALFORMED_QUERY", "unexpected token: 'USING'")]
    [InlineData("SELECT Id FROM Account WITH DATA CATEGORY Geo__c AT (usa__c, uk__c)", 29, "MALFORMED_QUERY", "WITH DATA CATEGORY")]
    [InlineData("SELECT Id FROM Question WITH DATA CATEGORY Geo__c ABOVE usa__c AND Product__c BELOW x__c", 16, "INVALID_TYPE", "sObject type 'Question' is not supported")]
    [InlineData("SELECT Id FROM Account WITH DATA CATEGORY Geo__c ABOVE usa__c OR Product__c AT x__c", 63, "MALFORMED_QUERY", "unexpected token: 'OR'")]
    [InlineData("SELECT Id FROM Account WITH DATA CATEGORY Geo__c ABOVE usa__c AND Geo__c AT x__c", 67, "MALFORMED_QUERY", "only once")]
    [InlineData("SELECT Id FROM Account WITH DATA CATEGORY A__c AT a AND B__c AT b AND C__c AT c AND D__c AT d", 85, "MALFORMED_QUERY", "at most 3")]
    [InlineData("SELECT Id FROM Account WITH DATA CATEGORY Geo__c AT usa__c AND france__c", 73, "MALFORMED_QUERY", "unexpected token: '<EOF>'")]
    [InlineData("SELECT Id FROM Account WITH UserId = 'x'", 29, "MALFORMED_QUERY", "unexpected token: 'UserId'")]
    [InlineData("SELECT Id FROM Account, Contact", 25, "MALFORMED_QUERY", "A driving SObject type has already been set")]
    [InlineData("SELECT Id FROM Account WHERE DISTANCE(Location__c, GEOLOCATION(37.775, -122.418), 'mi') < 20", 30, "MALFORMED_QUERY", "geolocation")]
    [InlineData("SELECT Name, (SELECT LastName FROM Contacts LIMIT 10 OFFSET 2) FROM Account", 54, "MALFORMED_QUERY", "LIMIT 1")]
    [InlineData("SELECT Id FROM Account WHERE Id IN (SELECT WhatId FROM Task)", 56, "MALFORMED_QUERY", "Entity 'Task' is not supported for semi join inner selects")]
    [InlineData("SELECT COUNT(Id) group FROM Account", 18, "MALFORMED_QUERY", "unexpected token: 'group'")]
    [InlineData("SELECT Id FROM Account like", 24, "MALFORMED_QUERY", "unexpected token: 'like'")]
    [InlineData("SELECT null FROM Account", 8, "MALFORMED_QUERY", "unexpected token: 'null'")]
    [InlineData("SELECT Id FROM Account ORDER BY Name, ASC", 39, "MALFORMED_QUERY", "unexpected token: 'ASC'")]
    [InlineData("SELECT Id FROM Account WHERE Name BETWEEN 'a' AND 'b'", 35, "MALFORMED_QUERY", "unexpected token: 'BETWEEN'")]
    [InlineData("SELECT Id FROM Account WHERE Name = Industry", 37, "MALFORMED_QUERY", "unexpected token: 'Industry'")]
    [InlineData("SELECT Id FROM Account OFFSET 10 LIMIT 10", 34, "MALFORMED_QUERY", "unexpected token: 'LIMIT'")]
    [InlineData("SELECT Name FROM Account ORDER BY toLabel(Industry)", 35, "MALFORMED_QUERY", "unexpected token: 'toLabel'")]
    [InlineData("SELECT FORMAT(CreatedDate) FROM Account", 8, "MALFORMED_QUERY", "unexpected token: 'FORMAT'")]
    [InlineData("SELECT convertCurrency(AnnualRevenue) FROM Account", 8, "MALFORMED_QUERY", "unexpected token: 'convertCurrency'")]
    [InlineData("SELECT DISTINCT(Name) FROM Account", 8, "MALFORMED_QUERY", "unexpected token: 'DISTINCT'")]
    public void A_wrong_clause_is_refused_with_its_place(string soql, int column, string errorCode, string message)
    {
        var refusal = Should.Throw<QueryException>(() => org.Run(soql), soql);
        refusal.ErrorCode.ShouldBe(errorCode);
        refusal.Message.ShouldContain($"ERROR at Row:1:Column:{column}\n");
        refusal.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("SELECT FIELDS(CUSTOM) FROM User LIMIT 200", "'FIELDS(...)' expansion function must result in at least one field being selected.")]
    [InlineData("SELECT FIELDS(ALL) FROM Account", "The SOQL FIELDS function must have a LIMIT of at most 200")]
    [InlineData("SELECT FIELDS(ALL) FROM Account WHERE Name = 'x' OR Id = '001000000000001'", "The SOQL FIELDS function must have a LIMIT of at most 200")]
    [InlineData("SELECT Name, (SELECT FIELDS(ALL) FROM Contacts) FROM Account LIMIT 1", "The SOQL FIELDS function must have a LIMIT of at most 200")]
    public void FIELDS_is_bounded(string soql, string message)
    {
        var refusal = Should.Throw<QueryException>(() => org.Run(soql), soql);
        (refusal.ErrorCode, refusal.Message).ShouldBe(("MALFORMED_QUERY", message));
    }
}
