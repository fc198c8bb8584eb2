namespace PocSync.Soql.Tests;

public class InvalidConditionTests
{
    [Theory]
    [InlineData("", 1, 1, "empty")]
    [InlineData(" \n ", 1, 1, "empty")]
    [InlineData("Name", 1, 5, "expected an operator")]
    [InlineData("Name =", 1, 7, "found the end")]
    [InlineData("Name = x", 1, 8, "expected a value")]
    [InlineData("Name = \"x\"", 1, 8, "single quotes")]
    [InlineData("Name == 'x'", 1, 7, "found “=”")]
    [InlineData("Name = 'x", 1, 8, "no closing quote")]
    [InlineData("Name = 'x\\'", 1, 8, "no closing quote")]
    [InlineData("Name = 'a\\qb'", 1, 10, "backslash")]
    [InlineData("Name = 'a\\%b'", 1, 10, "LIKE")]
    [InlineData("Name = '\\u12'", 1, 9, "backslash")]
    [InlineData("Name = 'x' Industry = 'y'", 1, 12, "AND, OR or the end")]
    [InlineData("Name = 'x' AND", 1, 15, "expected a field")]
    [InlineData("AND Name = 'x'", 1, 1, "expected a field")]
    [InlineData("Name = 'x' AND Name = 'y'\nOR Name = 'z'", 2, 1, "AND and OR are mixed")]
    [InlineData("(Name = 'x' OR Name = 'y' AND Name = 'z')", 1, 27, "AND and OR are mixed")]
    [InlineData("(Name = 'x'", 1, 12, "found the end")]
    [InlineData("Name = 'x')", 1, 11, "found “)”")]
    [InlineData("Name IN 'x'", 1, 9, "list of values")]
    [InlineData("Name IN ()", 1, 10, "expected a value")]
    [InlineData("Name IN ('x' 'y')", 1, 14, "“,” or “)”")]
    [InlineData("Name IN ('x',)", 1, 14, "expected a value")]
    [InlineData("Name NOT LIKE 'x'", 1, 6, "expected an operator")]
    [InlineData("Id IN (SELECT AccountId FROM Contact)", 1, 8, "sub-query")]
    [InlineData("CALENDAR_YEAR(CreatedDate) = 2026", 1, 1, "function “CALENDAR_YEAR”")]
    [InlineData("toLabel(Industry) = 'x'", 1, 1, "function “toLabel”")]
    [InlineData("COUNT(Id) > 1", 1, 1, "function “COUNT”")]
    [InlineData("DISTANCE(Loc__c, GEOLOCATION(1,2), 'km') < 20", 1, 1, "function “DISTANCE”")]
    [InlineData("Name. = 'x'", 1, 7, "expected a name")]
    [InlineData("a.b.c.d.e.f.g = 1", 1, 1, "5 parents")]
    [InlineData("Since = 2026-02-30", 1, 9, "“2026-02-30” is neither")]
    [InlineData("CreatedDate > 2026-01-01T00:00:00", 1, 15, "zone")]
    [InlineData("AnnualRevenue = 12abc", 1, 17, "neither a number")]
    [InlineData("AnnualRevenue = 79228162514264337593543950336", 1, 17, "neither a number")]
    [InlineData("Since = LAST_N_DAYS", 1, 20, "whole number after LAST_N_DAYS")]
    [InlineData("Since = LAST_N_DAYS:-1", 1, 21, "whole number")]
    [InlineData("Since = LAST_N_DAYS:99999999999", 1, 21, "whole number")]
    [InlineData("Name = 😀", 1, 8, "“😀”")]
    [InlineData("Name = \u0007", 1, 8, "U+0007")]
    [InlineData("Näme = 'x'", 1, 2, "found “ä”")]
    [InlineData("Foo = 'x'", 1, 1, "Foo is not a known field")]
    [InlineData("Name = 'x'\r\nAND Owner.Foo = 'x'", 2, 5, "Owner.Foo is not a known field")]
    [InlineData("Name = 5", 1, 8, "Name is a text and cannot be compared with a number")]
    [InlineData("Name = true", 1, 8, "cannot be compared with a checkbox")]
    [InlineData("AnnualRevenue = '5'", 1, 17, "cannot be compared with a text")]
    [InlineData("IsActive = 'true'", 1, 12, "cannot be compared with a text")]
    [InlineData("IsActive > false", 1, 10, "> does not go with IsActive")]
    [InlineData("IsActive IN (true)", 1, 10, "IN does not go with IsActive")]
    [InlineData("Since = 2026-01-01T00:00:00Z", 1, 9, "Since is a date and cannot be compared with a datetime")]
    [InlineData("CreatedDate > 2026-01-01", 1, 15, "CreatedDate is a datetime and cannot be compared with a date")]
    [InlineData("AnnualRevenue = TODAY", 1, 17, "cannot be compared with a date word")]
    [InlineData("AnnualRevenue LIKE '5%'", 1, 15, "LIKE does not go with AnnualRevenue")]
    [InlineData("Id LIKE '001%'", 1, 4, "LIKE does not go with Id")]
    [InlineData("Id = 'x'", 1, 6, "not an id")]
    [InlineData("Name INCLUDES ('x')", 1, 6, "INCLUDES does not go with Name")]
    [InlineData("Regions LIKE 'x'", 1, 9, "LIKE does not go with Regions")]
    [InlineData("Regions > 'x'", 1, 9, "> does not go with Regions")]
    [InlineData("Description = null", 1, 1, "long text")]
    [InlineData("Name > null", 1, 8, "null goes with = and != only")]
    [InlineData("Name LIKE null", 1, 11, "null goes with")]
    [InlineData("Name IN ('x', 5)", 1, 15, "cannot be compared with a number")]
    [InlineData("Cell IN ('x', 5)", 1, 15, "one type")]
    [InlineData("Cell > true", 1, 6, "does not go with")]
    [InlineData("Name = :Account.Foo", 1, 9, ":Account.Foo is not a known field")]
    [InlineData("Name = :Account.AnnualRevenue", 1, 9, "Name is a text and cannot be compared with a number")]
    [InlineData("Name = :", 1, 9, "expected a name")]
    public void A_wrong_condition_gets_one_sentence_with_its_position(string condition, int line, int column, string problem)
    {
        var wrong = Should.Throw<SoqlException>(() => new Row().Matches(condition));
        (wrong.Line, wrong.Column).ShouldBe((line, column), wrong.Message);
        wrong.Problem.ShouldContain(problem);
        wrong.Message.ShouldBe($"line {line}, column {column}: {wrong.Problem}");
        wrong.Problem.ShouldNotContain("\n");
    }

    [Fact]
    public void A_bind_stands_only_where_it_is_allowed() =>
        Should.Throw<SoqlException>(() => Condition.Parse("Name = :Account.Name")).Column.ShouldBe(8);

    [Fact]
    public void Nesting_is_bounded()
    {
        var parentheses = Should.Throw<SoqlException>(() => Condition.Parse(new string('(', 10_000) + "Name = 'x'" + new string(')', 10_000)));
        parentheses.Problem.ShouldContain("nested at most");
        Should.Throw<SoqlException>(() => Condition.Parse(string.Concat(Enumerable.Repeat("NOT ", 10_000)) + "Name = 'x'")).Problem.ShouldContain("nested at most");
        new Row { ["Name"] = "x" }.Matches(new string('(', 150) + "Name = 'x'" + new string(')', 150)).ShouldBeTrue();
    }

    [Fact]
    public void Long_chains_are_fine_and_endless_ones_are_refused()
    {
        var chain = string.Join(" OR ", Enumerable.Repeat("Name = 'x'", 6_000));
        new Row { ["Name"] = "x" }.Matches(chain).ShouldBeTrue();
        Should.Throw<SoqlException>(() => Condition.Parse(chain + chain)).Problem.ShouldContain("100,000");
    }

    [Fact]
    public void A_text_has_at_most_4000_characters()
    {
        new Row().Matches($"Name = '{new string('x', 4_000)}'").ShouldBeFalse();
        Should.Throw<SoqlException>(() => new Row().Matches($"Name = '{new string('x', 4_001)}'")).Problem.ShouldContain("4,001");
    }
}
