using System.IO.Compression;
using System.Net;
using System.Text;
using PocSync.Simulator.Generation;

namespace PocSync.Simulator.Tests;

public sealed class DataTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("simulator-data");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_export_is_served_with_fields_and_objects_that_no_schema_knows()
    {
        Write("Account.csv",
            "\uFEFF\"ID\",\"Name\",\"Region__c\",\"Since__c\",\"Main_Contact__c\",\"Big__c\"\r\n\"0015f0000000001\",\"Two\nlines, \"\"quoted\"\"\",\"007\",\"2020-01-31\",\"0035f0000000001AAA\",\"true\"\r\n");
        Write("Contact.csv", "Id,LastName\n0035f0000000001AAA,Known\n");
        Write("Widget__c.csv", "Id,Name,Weight__c\na1X5f0000000001,Bolt,1.5\n");
        await using var org = await TestOrg.StartAsync(new() { Data = CsvTables.Read(folder.FullName) });

        var account = (await org.QueryAsync("SELECT Id, Name, Region__c, Since__c, Main_Contact__r.LastName, Big__c FROM Account"))[0];
        var widget = (await org.QueryAsync("SELECT Id, Weight__c FROM Widget__c WHERE Weight__c > 1"))[0];

        (account.GetProperty("Id").GetString(), account.GetProperty("Name").GetString()).ShouldBe((TestOrg.Acme, "Two\nlines, \"quoted\""));
        (account.GetProperty("Region__c").GetString(), account.GetProperty("Since__c").GetString()).ShouldBe(("007", "2020-01-31"));
        account.GetProperty("Main_Contact__r").GetProperty("LastName").GetString().ShouldBe("Known");
        account.GetProperty("Big__c").GetBoolean().ShouldBeTrue();
        widget.GetProperty("Id").GetString().ShouldBe("a1X5f0000000001EAA");
    }

    [Fact]
    public async Task A_custom_object_has_the_key_prefix_of_its_rows_ids()
    {
        Write("Account.csv", "Id,Name\n0015f0000000001AAA,Acme\n");
        Write("POC_Department__c.csv", "Id,Name\na00000000000001AAA,Desk\n");
        Write("POC_Assignment__c.csv", "Id,Account__c,Role__c,Department__c\na7Q000000000001,0015f0000000001AAA,Primary,a00000000000001AAA\n");
        await using var org = await TestOrg.StartAsync(new() { Data = CsvTables.Read(folder.FullName) });

        var answer = await org.SendAsync("PATCH", $"{TestOrg.Data}/sobjects/POC_Assignment__c/a7Q000000000001", new { Ends_On__c = "2026-01-31" });

        answer.Status.ShouldBe(HttpStatusCode.NoContent, answer.Text);
    }

    [Fact]
    public async Task A_team_member_has_every_access_level_also_where_the_data_has_no_column_for_it()
    {
        Write("Account.csv", "Id,Name\n0015f0000000001AAA,Acme\n");
        Write("User.csv", "Id,Username,LastName,IsActive\n0055f0000000001AAA,ann@acme.example,Ann,true\n");
        Write("AccountTeamMember.csv", "Id,AccountId,UserId,AccountAccessLevel\n01M5f0000000001,0015f0000000001AAA,0055f0000000001AAA,Edit\n");
        await using var org = await TestOrg.StartAsync(new() { Data = CsvTables.Read(folder.FullName) });

        var member = (await org.QueryAsync("SELECT AccountAccessLevel, ContactAccessLevel FROM AccountTeamMember"))[0];

        (member.GetProperty("AccountAccessLevel").GetString(), member.GetProperty("ContactAccessLevel").GetString()).ShouldBe(("Edit", "None"));
    }

    [Fact]
    public async Task A_zip_is_read_like_a_folder()
    {
        var zip = Path.Combine(folder.FullName, "export.zip");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        using (var writer = new StreamWriter(archive.CreateEntry("data/Account.csv").Open(), Encoding.UTF8))
            writer.Write("Id,Name\n0015f0000000001AAA,Acme\n");
        await using var org = await TestOrg.StartAsync(new() { Data = CsvTables.Read(zip) });

        (await org.QueryAsync("SELECT Name FROM Account")).ShouldHaveSingleItem().GetProperty("Name").GetString().ShouldBe("Acme");
    }

    [Theory]
    [InlineData("Id,Name\nnonsense,x\n", "Account, row 1: 'nonsense' is not a record id of 15 or 18 characters.")]
    [InlineData("Id,Name\n0015f0000000001AAA,x\n0015f0000000001,y\n", "Account, row 2: the id 0015f0000000001AAA is there twice.")]
    [InlineData("Id,Name\n0015f0000000001AAA,\"x\n", "Account.csv, line ")]
    [InlineData("Id,id\n", "Account.csv has the column")]
    public async Task Data_that_no_org_can_hold_is_one_sentence(string csv, string sentence)
    {
        Write("Account.csv", csv);

        var error = await Should.ThrowAsync<InvalidDataException>(async () =>
            await (await TestOrg.StartAsync(new() { Data = CsvTables.Read(folder.FullName) })).DisposeAsync());

        error.Message.ShouldStartWith(sentence);
    }

    [Fact]
    public async Task What_every_org_has_is_added_and_unreadable_cells_are_noted()
    {
        await using var org = await TestOrg.StartAsync(new()
        {
            Data = [new("User", ["Id", "Username", "LastName"], [[TestOrg.Ann, "ann@x.example", "Able"]]),
                new("Opportunity", ["Name", "CloseDate"], [["O", "31.12.2026"]])],
        });

        org.Simulator.Notes.ShouldBe(["Opportunity.CloseDate: 1 cells are no date and were left blank."]);
        (await org.QueryAsync("SELECT TimeZoneSidKey FROM Organization")).ShouldHaveSingleItem();
        (await org.QueryAsync("SELECT Username, IsActive, UserType FROM User ORDER BY Username"))
            .Select(u => (u.GetProperty("Username").GetString(), u.GetProperty("IsActive").GetBoolean(), u.GetProperty("UserType").GetString()))
            .ShouldBe([("ann@x.example", true, "Standard"), (org.Simulator.Username, true, "Standard")]);
        (await org.QueryAsync("SELECT IsFrozen FROM UserLogin WHERE IsFrozen = false")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_generated_demo_org_is_served_with_its_locked_account_and_its_validation_rule()
    {
        var demo = OrgGenerator.Generate(new OrgPlan
        {
            Accounts = 400,
            Flavor = OrgFlavor.Demo,
            Seed = 7,
            AsOf = DateTimeOffset.Parse("2026-11-22T00:00:00Z")
        });
        await using var org = await TestOrg.StartAsync(new() { Data = demo.Tables });

        org.Simulator.Notes.ShouldBeEmpty();
        (await org.GetAsync("queryAll?q=SELECT+COUNT()+FROM+Account")).Json.GetProperty("totalSize").GetInt32().ShouldBe(400);
        var locked = (await org.QueryAsync("SELECT TargetObjectId FROM ProcessInstance WHERE Status = 'Pending'"))[0]
            .GetProperty("TargetObjectId").GetString();
        (await org.SendAsync("PATCH", $"sobjects/Account/{locked}", new { Phone = "1" })).Code.ShouldBe("ENTITY_IS_LOCKED");
        (await org.GetAsync("/_control/settings")).Json.GetProperty("validationRules").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_user_to_run_as_that_is_not_there_is_one_sentence()
    {
        (await Should.ThrowAsync<InvalidDataException>(() => TestOrg.StartAsync(new() { RunAs = "nobody" }))).Message
            .ShouldBe("No user has the username or id 'nobody' to run as.");
        await using var org = await TestOrg.StartAsync(new() { Data = TestOrg.SmallData, RunAs = "Bob@x.example" });
        (await org.GetAsync("/services/oauth2/userinfo")).Json.GetProperty("user_id").GetString().ShouldBe(TestOrg.Bob);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);
}
