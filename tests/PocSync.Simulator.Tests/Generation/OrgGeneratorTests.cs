using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using PocSync.Simulator.Generation;

namespace PocSync.Simulator.Tests.Generation;

public class OrgGeneratorTests
{
    private static readonly DateTimeOffset AsOf = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly GeneratedOrg Demo = OrgGenerator.Generate(new() { AsOf = AsOf });

    [Fact]
    public void The_same_plan_gives_the_same_bytes_on_every_machine()
    {
        var org = OrgGenerator.Generate(new() { Accounts = 400, Seed = 7, AsOf = AsOf });
        // Changes with the generator, and only with it: put the new value here when the data is meant to differ.
        Digest(org).ShouldBe("58ff2970b57ba1447ff7b4c08c2a48678760798fe4f9be17a2f607d86b828c04");
    }

    [Fact]
    public void Another_seed_gives_another_org_with_the_same_cases()
    {
        var other = OrgGenerator.Generate(new() { AsOf = AsOf, Seed = 8 });
        Digest(other).ShouldNotBe(Digest(Demo));
        other.Planted.ShouldBe(Demo.Planted);
    }

    [Fact]
    public void Every_date_moves_with_the_day_on_which_the_org_is_alive()
    {
        var later = OrgGenerator.Generate(new() { AsOf = AsOf.AddDays(10) });
        foreach (var (before, after) in Cells(Demo, "POC_Assignment__c", "Starts_On__c").Zip(Cells(later, "POC_Assignment__c", "Starts_On__c")))
            after.ShouldBe(before is null ? null : Shifted(before, 10));
        Cells(Demo, "Account", "CreatedDate").ShouldAllBe(created => DateTimeOffset.Parse(created!, CultureInfo.InvariantCulture) < AsOf);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(2000)]
    public void An_org_has_as_many_accounts_as_the_plan_says(int accounts) =>
        Table(OrgGenerator.Generate(new() { Accounts = accounts, AsOf = AsOf }), "Account").Rows.Count.ShouldBe(accounts);

    [Fact]
    public void A_demo_too_small_for_its_cases_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => OrgGenerator.Generate(new() { Accounts = OrgGenerator.SmallestDemo - 1, AsOf = AsOf }))
            .Message.ShouldContain("needs 300 accounts");

    [Fact]
    public void Every_code_that_an_export_can_show_is_planted()
    {
        string[] codes =
        [
            "backup-covers-absence/uncovered", "backup-present/missing", "backup-present/not-able", "backup-present/same-as-primary",
            "backup-present/too-few", "certified/expired", "customer-primary/missing", "customer-primary/several", "customer-primary/unreachable",
            "department-staffed/no-accountable-user", "department-staffed/unstaffed", "escalation-path/cycle", "escalation-path/manager-unable",
            "escalation-path/no-manager", "handoff-acknowledged/overdue", "handoff-documented/incomplete", "handoff-documented/missing",
            "in-touch/silent", "load-within-capacity/over", "no-mid-stream-switch/churn", "one-primary/missing", "one-primary/several",
            "one-role-each/duplicate", "owner-is-primary/differs", "ownership-skew/skewed", "primary-able/department-unable", "primary-able/frozen",
            "primary-able/inactive", "primary-able/not-standard", "primary-able/unknown", "reachable/no-email", "reachable/no-phone",
            "scopes-bounded/overlap", "scopes-bounded/uncovered", "scopes-bounded/unscoped",
        ];
        Demo.Planted.Select(p => $"{p.Rule}/{p.Code}").Distinct().Order(StringComparer.Ordinal).ShouldBe(codes);
        var there = new[] { "Account", "User", "POC_Department__c" }.SelectMany(o => Cells(Demo, o, "Id")).ToHashSet();
        Demo.Planted.ShouldAllBe(p => there.Contains(p.SubjectId));
    }

    [Fact]
    public void Ids_are_unique_and_carry_the_right_check_characters()
    {
        foreach (var table in Demo.Tables.Where(t => t.Columns.Contains("Id")))
        {
            var ids = Cells(Demo, table.Object, "Id").ToList();
            ids.Distinct().Count().ShouldBe(ids.Count, table.Object);
            ids.Select(id => id![..3]).Distinct().Count().ShouldBeLessThanOrEqualTo(1, table.Object);
        }
        foreach (var cell in Demo.Tables.SelectMany(IdCells).Distinct())
            cell.ShouldBe(cell[..15] + Checks(cell));
    }

    [Fact]
    public void Every_reference_leads_to_a_row_except_that_of_the_ghostwriter()
    {
        var there = Demo.Tables.Where(t => t.Columns.Contains("Id")).SelectMany(t => Cells(Demo, t.Object, "Id")).ToHashSet();
        var astray = Demo.Tables.SelectMany(IdCells).Where(id => !there.Contains(id)).Distinct().ToList();
        astray.ShouldHaveSingleItem();
        var ghost = Demo.Planted.First(p => p is { Rule: "primary-able", Code: "unknown" }).SubjectId;
        Records("POC_Assignment__c").Single(r => r["User__c"] == astray[0])["Account__c"].ShouldBe(ghost);
    }

    [Fact]
    public void A_row_is_the_same_by_its_number_and_in_its_turn()
    {
        foreach (var table in Demo.Tables)
        {
            table.Rows.Count().ShouldBe(table.Rows.Count, table.Object);
            table.Rows.ShouldAllBe(row => row.Length == table.Columns.Count, table.Object);
            for (var i = 0; i < table.Rows.Count; i += 97)
                table.Rows[i].ShouldBe(table.Rows.ElementAt(i));
        }
    }

    [Fact]
    public void Nobody_but_the_long_tail_owns_more_accounts_than_the_demo_allows()
    {
        var owners = Cells(Demo, "Account", "OwnerId").CountBy(id => id!).OrderByDescending(o => o.Value).ToList();
        owners[0].Value.ShouldBeGreaterThan(75);
        owners[0].Key.ShouldBe(Demo.Planted.Single(p => p.Rule == "ownership-skew").SubjectId);
        owners[1].Value.ShouldBeLessThan(60);
    }

    [Fact]
    public void The_org_refuses_one_account_by_an_approval_and_another_by_a_validation_rule()
    {
        var locked = Records("ProcessInstance").Single(r => r["Status"] == "Pending")["TargetObjectId"];
        Records("Account").Single(r => r["Id"] == locked)["Name"].ShouldBe("Pending Approval Partners LLP");
        var rule = Records("ValidationRule").ShouldHaveSingleItem();
        rule["Condition"].ShouldBe("Type = 'Government' AND Site = null");
        Records("Account").Single(r => r["Type"] == "Government" && r["Site"] is null)["Name"].ShouldBe("Red Tape Holdings plc");
    }

    [Fact]
    public void A_plain_org_has_the_same_objects_and_nothing_planted()
    {
        var plain = OrgGenerator.Generate(new() { Accounts = 1_000_000, AsOf = AsOf, Flavor = OrgFlavor.Plain });
        plain.Planted.ShouldBeEmpty();
        plain.Tables.Select(t => t.Object).ShouldBe(Demo.Tables.Select(t => t.Object).Except(["ProcessInstance", "ValidationRule"]));
        Table(plain, "POC_Assignment__c").Rows.Count.ShouldBeGreaterThan(2_000_000);
        Table(plain, "User").Rows.Count.ShouldBeInRange(5_000, 7_000);
        Table(plain, "Account").Rows[999_999][0].ShouldNotBeNull();
    }

    [Fact]
    public async Task An_export_folder_reads_back_as_it_was_made()
    {
        var folder = Directory.CreateTempSubdirectory("pocsync-org-");
        try
        {
            await Demo.WriteCsvAsync(folder.FullName);
            folder.GetFiles().Select(f => f.Name).Order().ShouldBe(Demo.Tables.Select(t => t.Object + ".csv").Order());
            foreach (var table in Demo.Tables)
            {
                var file = File.OpenRead(Path.Combine(folder.FullName, table.Object + ".csv"));
                using var csv = CsvReader.Create(file, new() { Separator = ',', TrimWhitespace = false }, leaveOpen: false);
                csv.ReadHeader();
                csv.Headers.ShouldBe(table.Columns);
                foreach (var row in table.Rows)
                {
                    csv.Read().ShouldBeTrue();
                    csv.Current.ToArray().ShouldBe(row.Select(cell => cell ?? ""));
                }
                csv.Read().ShouldBeFalse();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static OrgTable Table(GeneratedOrg org, string name) => org.Tables.Single(t => t.Object == name);

    private static IEnumerable<string?> Cells(GeneratedOrg org, string table, string column)
    {
        var found = Table(org, table);
        var at = found.Columns.ToList().IndexOf(column);
        return found.Rows.Select(row => row[at]);
    }

    private static IEnumerable<Dictionary<string, string?>> Records(string table)
    {
        var found = Table(Demo, table);
        return found.Rows.Select(row => found.Columns.Zip(row).ToDictionary(c => c.First, c => c.Second));
    }

    /// <summary>Cells that hold ids: of columns named for one, in a table with records of the platform.</summary>
    private static IEnumerable<string> IdCells(OrgTable table)
    {
        string[] lookups =
        [
            "Account__c", "User__c", "Department__c", "Accountable_User__c", "Cover__c", "From_User__c", "To_User__c", "Queue_Id__c",
        ];
        var at = table.Columns.Index().Where(c => c.Item.EndsWith("Id", StringComparison.Ordinal) || lookups.Contains(c.Item))
            .Select(c => c.Index).ToList();
        return table.Rows.SelectMany(row => at.Select(i => row[i])).OfType<string>();
    }

    private static string Checks(string id)
    {
        var checks = "";
        for (var group = 0; group < 3; group++)
        {
            var capitals = Enumerable.Range(0, 5).Sum(bit => char.IsAsciiLetterUpper(id[group * 5 + bit]) ? 1 << bit : 0);
            checks += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[capitals];
        }
        return checks;
    }

    private static string Shifted(string date, int days) =>
        DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Digest(GeneratedOrg org)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var table in org.Tables)
            foreach (var row in table.Rows.Prepend([table.Object, .. table.Columns]))
                hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\u001f', row) + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
