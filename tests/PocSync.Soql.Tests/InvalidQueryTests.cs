namespace PocSync.Soql.Tests;

public class InvalidQueryTests
{
    private readonly Org org = new();

    [Fact]
    public void An_unknown_object_is_refused_as_recorded() => Refusal("select count() from XYZZY").ShouldBe(("INVALID_TYPE",
        "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported. If you are attempting to use a custom object, "
        + "be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names."));

    [Fact]
    public void An_unknown_field_is_refused_as_recorded() => Refusal("SELECT Foo FROM Account").ShouldBe(("INVALID_FIELD",
        "\nSELECT Foo FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo' on entity 'Account'. If you are attempting to use a custom field, "
        + "be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."));

    /// <summary>As recorded in forcedotcom/SalesforceMobileSDK-ReactNative issue 82: columns of characters that begin no token count from 0.</summary>
    [Fact]
    public void Double_quotes_are_refused_as_recorded() =>
        Should.Throw<QueryException>(() => Query.Parse("SELECT FirstName, LastName FROM CampaignMember WHERE Id = \"00v3D000003BjNa\"")).Message.ShouldBe(
            "\nFROM CampaignMember WHERE Id = \"00v3D000003BjNa\"\n                              ^\nERROR at Row:1:Column:58\nline 1:58 no viable alternative at character '\"'");

    [Fact]
    public void A_text_without_its_closing_quote_is_refused_at_the_end() =>
        Refusal("SELECT Id FROM Account WHERE Name = 'x").Message.ShouldEndWith("ERROR at Row:1:Column:38\nline 1:38 mismatched character '<EOF>' expecting '''");

    [Fact]
    public void Only_the_surroundings_of_a_long_line_are_shown()
    {
        var (_, message) = Refusal("SELECT Id, Name, Industry, OwnerId, ParentId, AnnualRevenue, Foo, CreatedDate, LastActivityDate, Regions__c FROM Account");
        message.Split('\n')[1..4].ShouldBe(["ParentId, AnnualRevenue, Foo, CreatedDate, LastActivityDate,", new string(' ', 25) + "^", "ERROR at Row:1:Column:62"]);
    }

    [Theory]
    [InlineData("", 1, "MALFORMED_QUERY", "unexpected token: '<EOF>'")]
    [InlineData("UPDATE Account", 1, "MALFORMED_QUERY", "unexpected token: 'UPDATE'")]
    [InlineData("SELECT * FROM Account", 8, "MALFORMED_QUERY", "unexpected token: '*'")]
    [InlineData("SELECT FROM Account", 8, "MALFORMED_QUERY", "unexpected token: 'FROM'")]
    [InlineData("SELECT Id FROM", 15, "MALFORMED_QUERY", "unexpected token: '<EOF>'")]
    [InlineData("SELECT Id FROM Account WHERE", 29, "MALFORMED_QUERY", "unexpected token: '<EOF>'")]
    [InlineData("SELECT Id FROM Account LIMIT x", 30, "MALFORMED_QUERY", "unexpected token: 'x'")]
    [InlineData("SELECT Id FROM Account LIMIT -1", 30, "MALFORMED_QUERY", "unexpected token: '-1'")]
    [InlineData("SELECT Id FROM Account LIMIT 99999999999", 30, "MALFORMED_QUERY", "unexpected token: '99999999999'")]
    [InlineData("SELECT Id FROM Account LIMIT 5 WHERE Name = 'x'", 32, "MALFORMED_QUERY", "unexpected token: 'WHERE'")]
    [InlineData("SELECT Id FROM Account ALL ROWS", 24, "MALFORMED_QUERY", "unexpected token: 'ALL'")]
    [InlineData("SELECT Id, Name n FROM Account", 12, "MALFORMED_QUERY", "only aggregate expressions use field aliasing")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", 56, "MALFORMED_QUERY", "unexpected token: 'OR'")]
    [InlineData("SELECT Id FROM Account WHERE Name = :name", 37, "MALFORMED_QUERY", "Bind variables only allowed in Apex code")]
    [InlineData("SELECT Id FROM Account WHERE Name = 5", 30, "INVALID_FIELD", "value of filter criterion for field 'Name' must be of type string and should be enclosed in quotes")]
    [InlineData("SELECT Id FROM Account WHERE Owner.IsActive = 'true'", 30, "INVALID_FIELD", "value of filter criterion for field 'IsActive' must be of type boolean and should not be enclosed in quotes")]
    [InlineData("SELECT Id FROM Account WHERE CreatedDate > '2026'", 30, "INVALID_FIELD", "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes")]
    [InlineData("SELECT Id FROM Account WHERE Id = 'Edge'", 30, "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: Edge")]
    [InlineData("SELECT Id FROM Account WHERE Id LIKE '001%'", 30, "INVALID_QUERY_FILTER_OPERATOR", "invalid operator on id field")]
    [InlineData("SELECT Id FROM Account WHERE Description = 'x'", 30, "INVALID_FIELD", "field 'Description' can not be filtered in a query call")]
    [InlineData("SELECT Id FROM Account ORDER BY Regions__c", 33, "MALFORMED_QUERY", "field 'Regions__c' can not be sorted in a query call")]
    [InlineData("SELECT Owner FROM Account", 8, "INVALID_FIELD", "No such column 'Owner' on entity 'Account'")]
    [InlineData("SELECT Boss.Name FROM Account", 8, "INVALID_FIELD", "Didn't understand relationship 'Boss' in field path")]
    [InlineData("SELECT Owner.Manager.Foo FROM Account", 8, "INVALID_FIELD", "No such column 'Foo' on entity 'User'")]
    [InlineData("SELECT Owner.DeveloperName FROM Case", 8, "INVALID_FIELD", "No such column 'DeveloperName' on entity 'Name'")]
    [InlineData("SELECT Owner.Manager.Name FROM Case", 8, "INVALID_FIELD", "Didn't understand relationship 'Manager' in field path")]
    [InlineData("SELECT Id FROM Account WHERE Parent.Parent.Parent.Parent.Parent.Parent.Name = 'x'", 30, "MALFORMED_QUERY", "at most 5 parents")]
    [InlineData("SELECT Id, (SELECT Id FROM Foos) FROM Account", 28, "INVALID_TYPE", "Didn't understand relationship 'Foos' in FROM part of query call")]
    [InlineData("SELECT Id, (SELECT COUNT() FROM Contacts) FROM Account", 20, "MALFORMED_QUERY", "only root queries support aggregate expressions")]
    [InlineData("SELECT Id FROM Contacts", 16, "INVALID_TYPE", "sObject type 'Contacts' is not supported")]
    [InlineData("SELECT Name, COUNT(Id) FROM Account", 8, "MALFORMED_QUERY", "Field must be grouped or aggregated: Name")]
    [InlineData("SELECT Name FROM Account GROUP BY Name ORDER BY Industry", 49, "MALFORMED_QUERY", "Ordered field must be grouped or aggregated: Industry")]
    [InlineData("SELECT COUNT(Id) FROM Account LIMIT 1", 31, "MALFORMED_QUERY", "Non-grouped query that uses overall aggregate functions cannot also use LIMIT")]
    [InlineData("SELECT COUNT(), Name FROM Account", 8, "MALFORMED_QUERY", "COUNT() must be the only element")]
    [InlineData("SELECT COUNT() FROM Account ORDER BY Name", 38, "MALFORMED_QUERY", "COUNT() cannot be combined")]
    [InlineData("SELECT SUM(Name) FROM Account", 8, "MALFORMED_QUERY", "field Name does not support aggregate operator SUM")]
    [InlineData("SELECT Description FROM Account GROUP BY Description", 42, "MALFORMED_QUERY", "field 'Description' can not be grouped in a query call")]
    [InlineData("SELECT COUNT(Id) a, COUNT(Name) a FROM Account", 21, "MALFORMED_QUERY", "duplicate alias: a")]
    [InlineData("SELECT CALENDAR_YEAR(CreatedDate) FROM Account", 8, "MALFORMED_QUERY", "Field must be grouped or aggregated: CALENDAR_YEAR(CreatedDate)")]
    [InlineData("SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Account WHERE Name = 'x')", 52, "MALFORMED_QUERY", "should not be on the same object type")]
    [InlineData("SELECT Id FROM Account WHERE Id IN (SELECT OwnerId FROM Case)", 44, "MALFORMED_QUERY", "should point to the same object type")]
    [InlineData("SELECT Id FROM Account WHERE Name IN (SELECT LastName FROM Contact)", 46, "MALFORMED_QUERY", "should point to the same object type")]
    [InlineData("SELECT Id FROM Account WHERE Id IN (SELECT Account.Id FROM Contact)", 44, "MALFORMED_QUERY", "can not use a relationship")]
    [InlineData("SELECT Id FROM Contact WHERE Account.Id IN (SELECT AccountId FROM Case)", 30, "MALFORMED_QUERY", "can not use a relationship")]
    [InlineData("SELECT Id FROM Account WHERE Id IN (SELECT AccountId, Id FROM Contact)", 55, "MALFORMED_QUERY", "exactly one field")]
    [InlineData("SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact LIMIT 5)", 37, "MALFORMED_QUERY", "not allowed in semi join")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'x' OR Id IN (SELECT AccountId FROM Contact)", 51, "MALFORMED_QUERY", "Semi join sub-selects are not allowed with the 'OR' operator")]
    [InlineData("SELECT Id FROM Account WHERE NOT Id IN (SELECT AccountId FROM Contact)", 41, "MALFORMED_QUERY", "not allowed with the 'NOT' operator")]
    [InlineData("SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Id IN (SELECT ContactId FROM Case))", 80, "MALFORMED_QUERY", "Nesting of semi join sub-selects is not supported")]
    [InlineData("SELECT Id FROM Account WHERE Name IN (SELECT Id FROM Contact", 61, "MALFORMED_QUERY", "unexpected token: '<EOF>'")]
    public void A_wrong_query_is_refused_with_its_place(string soql, int column, string errorCode, string message)
    {
        var refusal = Refusal(soql);
        refusal.ErrorCode.ShouldBe(errorCode);
        refusal.Message.ShouldContain($"ERROR at Row:1:Column:{column}\n");
        refusal.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")]
    [InlineData("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY", "The SOQL FIELDS function must have a LIMIT of at most 200")]
    [InlineData("SELECT FIELDS(CUSTOM) FROM Account LIMIT 201", "MALFORMED_QUERY", "The SOQL FIELDS function must have a LIMIT of at most 200")]
    [InlineData("SELECT Id, FIELDS(ALL) FROM User LIMIT 200", "INVALID_FIELD", "duplicate field selected: Id")]
    [InlineData("SELECT Owner.Name, Owner.Name FROM Account", "INVALID_FIELD", "duplicate field selected: Owner.Name")]
    public void Limits_have_their_own_words(string soql, string errorCode, string message)
    {
        var refusal = Refusal(soql);
        refusal.ErrorCode.ShouldBe(errorCode);
        refusal.Message.ShouldEndWith(message);
    }

    [Fact]
    public void More_than_two_semi_joins_are_refused()
    {
        var one = "Id IN (SELECT AccountId FROM Contact)";
        org.Run($"SELECT Id FROM Account WHERE {one} AND ({one} AND Name != 'x')").TotalSize.ShouldBe(2);
        Refusal($"SELECT Id FROM Account WHERE {one} AND {one} AND {one}").Message.ShouldEndWith("Maximum 2 semi join sub-selects are allowed");
    }

    [Fact]
    public void Rows_and_columns_are_counted_over_lines() =>
        Refusal("SELECT Id\r\nFROM Account\r\nWHERE Foo = 'x'").Message.ShouldStartWith("\nWHERE Foo = 'x'\n      ^\nERROR at Row:3:Column:7\n");

    [Fact]
    public void A_query_has_at_most_100000_characters_and_bounded_nesting()
    {
        Refusal("SELECT Id FROM Account" + new string(' ', 100_000)).ErrorCode.ShouldBe("MALFORMED_QUERY");
        Refusal("SELECT Id FROM Account WHERE " + new string('(', 50_000)).ErrorCode.ShouldBe("MALFORMED_QUERY");
        Refusal(string.Concat(Enumerable.Repeat("SELECT (", 10_000))).ErrorCode.ShouldBe("MALFORMED_QUERY");
    }

    [Fact]
    public void Groups_beyond_2000_cannot_be_paged()
    {
        var many = new ManyRows(2_001);
        var refusal = Should.Throw<QueryException>(() => QueryEvaluator.Run(Query.Parse("SELECT Id FROM Row GROUP BY Id"), many, Row.Utc));
        refusal.ErrorCode.ShouldBe("EXCEEDED_ID_LIMIT");
        QueryEvaluator.Run(Query.Parse("SELECT Id FROM Row GROUP BY Id LIMIT 2000"), many, Row.Utc).TotalSize.ShouldBe(2_000);
    }

    private (string ErrorCode, string Message) Refusal(string soql)
    {
        var refusal = Should.Throw<QueryException>(() => org.Run(soql), soql);
        return (refusal.ErrorCode, refusal.Message);
    }

    private sealed class ManyRows(int count) : IObjectSource
    {
        private readonly QueryObject row = new("Row", [new("Id", FieldType.Id, row => Org.Id("a00", (int)row))], []);

        public QueryObject? Object(string name) => row;

        public IEnumerable<object> Rows(QueryObject @object) => Enumerable.Range(0, count).Cast<object>();

        public object? Row(QueryObject @object, string id) => null;
    }
}
