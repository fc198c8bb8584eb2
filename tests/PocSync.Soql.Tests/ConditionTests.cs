namespace PocSync.Soql.Tests;

public class ConditionTests
{
    private const string Id15 = "0015500001QdQWa";
    private const string Id18 = "0015500001QdQWaAAN";

    private static readonly Row Acme = new()
    {
        ["Id"] = Id18,
        ["Name"] = "Acme Ltd",
        ["Industry"] = "Energy",
        ["IsActive"] = true,
        ["AnnualRevenue"] = 1000m,
        ["Since"] = Row.Day("2026-11-22"),
        ["CreatedDate"] = Row.Instant("2026-11-21T16:00:00Z"),
        ["Opens"] = new TimeOnly(8, 30),
        ["Regions"] = "North;South",
        ["Owner.Name"] = "Zoë",
    };

    private static readonly Row Blank = [];

    [Theory]
    [InlineData("Name = 'ACME ltd'", true)]
    [InlineData("name = 'acme LTD'", true)]
    [InlineData("Owner.Name = 'ZOË'", true)]
    [InlineData("Name = 'Acme'", false)]
    [InlineData("Name != 'Acme'", true)]
    [InlineData("Name <> 'acme ltd'", false)]
    [InlineData("Name > 'acme'", true)]
    [InlineData("Name < 'B'", true)]
    [InlineData("Name >= 'acme ltd' AND Name <= 'ACME LTD'", true)]
    [InlineData("AnnualRevenue = 1000.00", true)]
    [InlineData("AnnualRevenue > -5", true)]
    [InlineData("AnnualRevenue < 999.99", false)]
    [InlineData("AnnualRevenue IN (1, 1E3)", true)]
    [InlineData("IsActive = true", true)]
    [InlineData("IsActive != TRUE", false)]
    [InlineData("Since = 2026-11-22", true)]
    [InlineData("Since < 2026-11-22", false)]
    [InlineData("CreatedDate = 2026-11-22T01:00:00+09:00", true)]
    [InlineData("CreatedDate > 2026-11-21T15:59:59.999Z", true)]
    [InlineData("Opens >= 08:30:00.000Z", true)]
    [InlineData("Opens < 08:30:00Z", false)]
    [InlineData("Industry IN ('retail', 'ENERGY')", true)]
    [InlineData("Industry NOT IN ('Retail','Media')", true)]
    [InlineData("NOT Industry = 'Energy'", false)]
    [InlineData("NOT NOT Industry = 'Energy'", true)]
    [InlineData("NOT (Industry = 'Energy' AND IsActive = false)", true)]
    [InlineData("Industry = 'Retail' OR (IsActive = true AND AnnualRevenue > 10)", true)]
    [InlineData("(((Industry = 'Retail')) OR Name LIKE 'x%')", false)]
    [InlineData("Name = 'Acme\\u0020Ltd'", true)]
    [InlineData("\tName\r\n=\n'Acme Ltd'\u00a0", true)]
    public void A_value_compares_as_its_type(string condition, bool matches) => Acme.Matches(condition).ShouldBe(matches);

    [Theory]
    [InlineData("Name = 'x'", false)]
    [InlineData("Name != 'x'", true)]
    [InlineData("Name = null", true)]
    [InlineData("Name = ''", true)]
    [InlineData("Name != null", false)]
    [InlineData("Name != ''", false)]
    [InlineData("Name > ''", false)]
    [InlineData("Name LIKE '%'", false)]
    [InlineData("Name LIKE ''", false)]
    [InlineData("Name IN ('x', '')", true)]
    [InlineData("Name IN ('x', null)", true)]
    [InlineData("Name IN ('x')", false)]
    [InlineData("Name NOT IN ('x', 'y')", true)]
    [InlineData("Name NOT IN ('x', null)", false)]
    [InlineData("NOT Name = 'x'", true)]
    [InlineData("NOT Name > 'x'", true)]
    [InlineData("AnnualRevenue < 5", false)]
    [InlineData("AnnualRevenue >= 0", false)]
    [InlineData("AnnualRevenue != 0", true)]
    [InlineData("IsActive = false", true)]
    [InlineData("IsActive != true", true)]
    [InlineData("IsActive = true", false)]
    [InlineData("IsActive = null", true)]
    [InlineData("IsActive != null", false)]
    [InlineData("Owner.IsActive = false", true)]
    [InlineData("Since = TODAY", false)]
    [InlineData("Since != TODAY", true)]
    [InlineData("Since < TODAY", false)]
    [InlineData("Id = ''", true)]
    [InlineData("Regions INCLUDES ('North')", false)]
    [InlineData("Regions EXCLUDES ('North')", true)]
    [InlineData("Regions INCLUDES ('North', '')", true)]
    public void A_null_matches_nothing_but_its_own_and_the_negatives(string condition, bool matches) => Blank.Matches(condition).ShouldBe(matches);

    [Theory]
    [InlineData("IsActive = null", false)]
    [InlineData("IsActive != null", true)]
    [InlineData("Name = null", false)]
    [InlineData("Name != ''", true)]
    public void A_value_is_not_null(string condition, bool matches) => Acme.Matches(condition).ShouldBe(matches);

    [Theory]
    [InlineData($"Id = '{Id15}'", true)]
    [InlineData($"Id = '{Id18}'", true)]
    [InlineData("Id = '0015500001qdqwaaan'", true)]
    [InlineData("Id = '0015500001qdqwa'", false)]
    [InlineData($"Id != '{Id15}'", false)]
    [InlineData($"Id IN ('001000000000000', '{Id15}')", true)]
    [InlineData("Id > '001000000000000'", true)]
    public void Ids_compare_as_18_characters(string condition, bool matches) => Acme.Matches(condition).ShouldBe(matches);

    [Theory]
    [InlineData("Regions INCLUDES ('north')", true)]
    [InlineData("Regions INCLUDES ('South;North')", true)]
    [InlineData("Regions INCLUDES ('South;East')", false)]
    [InlineData("Regions INCLUDES ('South;East', 'North')", true)]
    [InlineData("Regions EXCLUDES ('South;East')", true)]
    [InlineData("Regions EXCLUDES ('South;East', 'North')", false)]
    [InlineData("Regions = 'South;North'", true)]
    [InlineData("Regions = 'North'", false)]
    [InlineData("Regions != 'North'", true)]
    [InlineData("NOT Regions INCLUDES ('North')", false)]
    public void A_multi_picklist_is_a_set_of_choices(string condition, bool matches) => Acme.Matches(condition).ShouldBe(matches);

    [Theory]
    [InlineData("Appleton", "appl%", true)]
    [InlineData("Appl", "appl%", true)]
    [InlineData("Bappl", "appl%", false)]
    [InlineData("Ter%", "Ter\\%", true)]
    [InlineData("Terra", "Ter\\%", false)]
    [InlineData("Ter%ritory", "Ter\\%%", true)]
    [InlineData("a_c", "a\\_c", true)]
    [InlineData("abc", "a\\_c", false)]
    [InlineData("abc", "a_c", true)]
    [InlineData("ac", "a_c", false)]
    [InlineData("a\\c", "a\\\\c", true)]
    [InlineData("a\\xyz", "a\\\\%", true)]
    [InlineData("it's", "%\\'%", true)]
    [InlineData("a😀c", "a_c", true)]
    [InlineData("ÉCOLE", "é%", true)]
    [InlineData("abcab", "%ab", true)]
    [InlineData("one\ntwo", "one%two", true)]
    public void Like_knows_two_wildcards_and_their_escapes(string name, string pattern, bool matches) =>
        new Row { ["Name"] = name }.Matches($"Name LIKE '{pattern}'").ShouldBe(matches);

    [Fact]
    public void Like_takes_no_exponential_time()
    {
        var pattern = string.Concat(Enumerable.Repeat("%a", 1_999)) + "%b";
        new Row { ["Name"] = new string('a', 100_000) }.Matches($"Name LIKE '{pattern}'").ShouldBeFalse();
        new Row { ["Name"] = new string('a', 100_000) + "b" }.Matches($"Name LIKE '{pattern}'").ShouldBeTrue();
    }

    [Theory]
    [InlineData("Tech", "Cell = 'tech'", true)]
    [InlineData("Tech", "Cell LIKE 't%'", true)]
    [InlineData("A;B", "Cell INCLUDES ('b;a')", true)]
    [InlineData("A;B", "Cell EXCLUDES ('b')", false)]
    [InlineData(" 12.50 ", "Cell = 12.5", true)]
    [InlineData("1.0E8", "Cell > 99999999", true)]
    [InlineData("twelve", "Cell = 12.5", false)]
    [InlineData("twelve", "Cell != 12.5", false)]
    [InlineData("twelve", "Cell NOT IN (12.5)", false)]
    [InlineData("twelve", "NOT Cell = 12.5", true)]
    [InlineData("1", "Cell = true", true)]
    [InlineData("FALSE", "Cell != true", true)]
    [InlineData("yes", "Cell != true", false)]
    [InlineData("2026-11-22", "Cell = TODAY", true)]
    [InlineData("2026-11-22T23:59:59.000+0000", "Cell = TODAY", true)]
    [InlineData("2026-11-22 23:59:59", "Cell = TODAY", true)]
    [InlineData("2026-11-22", "Cell = 2026-11-22", true)]
    [InlineData("2026-11-22T00:00:00Z", "Cell = 2026-11-22", false)]
    [InlineData("2026-11-22", "Cell != 2026-11-22T00:00:00Z", false)]
    [InlineData("2026-11-22T00:00:00.000Z", "Cell = 2026-11-22T00:00:00Z", true)]
    [InlineData("31.12.2026", "Cell != TODAY", false)]
    [InlineData(Id18, $"Cell = '{Id15}'", true)]
    [InlineData(Id15, $"Cell IN ('x', '{Id18}')", true)]
    [InlineData("x", "Cell = null", false)]
    [InlineData(null, "Cell = null", true)]
    [InlineData("", "Cell = 'x'", false)]
    [InlineData(null, "Cell != 5", true)]
    [InlineData(null, "Cell NOT IN (5, 6)", true)]
    [InlineData(null, "Cell = false", true)]
    [InlineData(null, "Cell < TODAY", false)]
    public void An_untyped_cell_takes_the_type_of_the_value(string? cell, string condition, bool matches) =>
        new Row { ["Cell"] = cell }.Matches(condition).ShouldBe(matches);

    [Theory]
    [InlineData("Industry = :Account.Industry", "Industry", "energy", true)]
    [InlineData("Industry != :Account.Industry", "Industry", "Energy", false)]
    [InlineData("Industry IN ('x', :Account.Industry)", "Industry", "Energy", true)]
    [InlineData("Name LIKE :Account.Name", "Name", "acme%", true)]
    [InlineData("Industry = :Account.Cell", "Cell", "ENERGY", true)]
    [InlineData("AnnualRevenue = :Account.Cell", "Cell", "1000.0", true)]
    [InlineData("AnnualRevenue != :Account.Cell", "Cell", "n/a", false)]
    [InlineData("AnnualRevenue NOT IN (5, :Account.Cell)", "Cell", "n/a", false)]
    [InlineData("Regions INCLUDES (:Account.Industry)", "Industry", "North", true)]
    [InlineData("Industry = :Account.Industry", "Industry", null, false)]
    [InlineData("Industry != :Account.Industry", "Industry", null, true)]
    [InlineData("Industry > :Account.Industry", "Industry", null, false)]
    [InlineData("IsActive = :Account.IsActive", "IsActive", null, false)]
    [InlineData("Cell = :Account.Industry", "Industry", null, true)]
    public void A_bind_reads_a_field_of_the_other_row(string condition, string field, string? value, bool matches) =>
        new Row(Acme) { [":Account." + field] = value }.Matches(condition).ShouldBe(matches);

    [Fact]
    public void Fields_and_binds_are_listed_as_written_with_their_positions()
    {
        var condition = Condition.Parse("Owner.Name = 'x' AND (name != :Account.Owner.Name OR Owner.Name = null)", binds: true);
        condition.Fields.Select(f => $"{f}@{f.Offset}").ShouldBe(["Owner.Name@0", "name@22", "Owner.Name@53"]);
        condition.Binds.Select(f => $"{f}@{f.Offset}").ShouldBe(["Account.Owner.Name@31"]);
    }

    [Fact]
    public void A_long_list_of_ids_is_looked_up()
    {
        var ids = Enumerable.Range(0, 4_000).Select(i => $"'0015500000{i:D5}'").Append($"'{Id15}'");
        Acme.Matches($"Id IN ({string.Join(",", ids)})").ShouldBeTrue();
        Blank.Matches($"Id NOT IN ({string.Join(",", ids)})").ShouldBeTrue();
    }
}
