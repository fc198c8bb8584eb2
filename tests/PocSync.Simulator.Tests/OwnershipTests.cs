using System.Net;

namespace PocSync.Simulator.Tests;

public sealed class OwnershipTests
{
    [Fact]
    public async Task A_new_owner_takes_the_team_and_the_manual_shares_away_for_good()
    {
        await using var org = await TestOrg.StartAsync();

        (await Give(org, TestOrg.Bob)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await org.QueryAsync("SELECT Id FROM AccountTeamMember", all: true)).ShouldBeEmpty();
        var share = (await org.QueryAsync("SELECT RowCause, UserOrGroupId FROM AccountShare")).ShouldHaveSingleItem();
        share.GetProperty("RowCause").GetString().ShouldBe("Owner");
        share.GetProperty("UserOrGroupId").GetString().ShouldBe(TestOrg.Bob);
        var history = await org.QueryAsync("SELECT OldValue, NewValue FROM AccountHistory WHERE Field = 'Owner' ORDER BY Id");
        history.Select(h => (h.GetProperty("OldValue").GetString(), h.GetProperty("NewValue").GetString()))
            .ShouldBe([("Ann Able", "Bob Back"), (TestOrg.Ann, TestOrg.Bob)]);
    }

    [Fact]
    public async Task Writing_the_owner_that_is_there_already_keeps_the_team()
    {
        await using var org = await TestOrg.StartAsync();

        (await Give(org, TestOrg.Ann)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await org.QueryAsync("SELECT Id FROM AccountTeamMember")).Count.ShouldBe(2);
        (await org.QueryAsync("SELECT Id FROM AccountHistory")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(TestOrg.Gone, "INACTIVE_OWNER_OR_USER", "operation performed with inactive user [0055f0000000004] as owner of account")]
    [InlineData(TestOrg.Partner, "OP_WITH_INVALID_USER_TYPE_EXCEPTION", "Operation not valid for this user type")]
    [InlineData(TestOrg.Queue, "FIELD_INTEGRITY_EXCEPTION", $"Owner ID: id value of incorrect type: {TestOrg.Queue}")]
    [InlineData("0055f0000000777AAA", "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")]
    [InlineData(null, "INVALID_CROSS_REFERENCE_KEY", "Owner ID: owner cannot be blank")]
    public async Task Who_cannot_own_is_refused_and_nothing_changes(string? owner, string code, string message)
    {
        await using var org = await TestOrg.StartAsync();

        var answer = await Give(org, owner);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        (answer.Code, answer.Message).ShouldBe((code, message));
        (await org.QueryAsync("SELECT OwnerId FROM Account WHERE Name = 'Acme'"))[0].GetProperty("OwnerId").GetString().ShouldBe(TestOrg.Ann);
        (await org.QueryAsync("SELECT Id FROM AccountTeamMember")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_frozen_user_can_own()
    {
        await using var org = await TestOrg.StartAsync();

        (await Give(org, TestOrg.Frozen)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Other_fields_of_an_account_with_an_inactive_owner_can_be_written()
    {
        await using var org = await TestOrg.StartAsync();
        await org.SendAsync("PATCH", $"sobjects/User/{TestOrg.Ann}", new { IsActive = false });

        (await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Acme}", new { Phone = "1" })).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(false, TestOrg.Ann, TestOrg.Ann)]
    [InlineData(true, TestOrg.Bob, TestOrg.Bob)]
    public async Task Contacts_and_open_opportunities_of_the_old_owner_follow_only_where_the_setting_says_so(bool cascade, string contact,
        string open)
    {
        await using var org = await TestOrg.StartAsync();
        await org.SendAsync("POST", "/_control/settings", new { cascadeChildren = cascade });

        await Give(org, TestOrg.Bob);

        (await Owner(org, "Contact WHERE LastName = 'Customer'")).ShouldBe(contact);
        (await Owner(org, "Contact WHERE LastName = 'Dot'")).ShouldBe(TestOrg.Bob);
        (await Owner(org, "Opportunity WHERE Name = 'Open'")).ShouldBe(open);
        (await Owner(org, "Opportunity WHERE Name = 'Won'")).ShouldBe(TestOrg.Ann);
    }

    [Fact]
    public async Task A_pending_approval_locks_its_account()
    {
        await using var org = await TestOrg.StartAsync(new()
        {
            Data = [.. TestOrg.SmallData,
                new("ProcessInstance", ["TargetObjectId", "Status"], [[TestOrg.Acme, "Pending"], [TestOrg.Beta, "Approved"]])],
        });

        (await Give(org, TestOrg.Bob)).Code.ShouldBe("ENTITY_IS_LOCKED");
        (await org.SendAsync("DELETE", $"sobjects/Account/{TestOrg.Acme}")).Code.ShouldBe("ENTITY_IS_LOCKED");
        (await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Beta}", new { OwnerId = TestOrg.Bob })).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_validation_rule_judges_the_row_as_it_would_be_saved()
    {
        await using var org = await TestOrg.StartAsync(new()
        {
            Data = [.. TestOrg.SmallData,
                new("ValidationRule", ["Object", "Condition", "Message", "Field"],
                [["Account", "Industry = 'Technology' AND Owner.Alias = 'bob'", "Not Bob.", "OwnerId"]])],
        });

        var refused = await Give(org, TestOrg.Bob);

        (refused.Code, refused.Message).ShouldBe(("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not Bob."));
        (await org.QueryAsync("SELECT Id FROM AccountTeamMember")).Count.ShouldBe(2);
        (await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Acme}", new { OwnerId = TestOrg.Bob, Industry = "Retail" })).Status
            .ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_team_member_is_active_and_on_the_team_once()
    {
        await using var org = await TestOrg.StartAsync();

        (await Join(org, TestOrg.Gone)).Code.ShouldBe("INACTIVE_OWNER_OR_USER");
        (await Join(org, TestOrg.Bob)).Code.ShouldBe("DUPLICATE_VALUE");
        (await Join(org, TestOrg.Frozen)).Status.ShouldBe(HttpStatusCode.Created);
        (await org.QueryAsync($"SELECT AccountAccessLevel FROM AccountTeamMember WHERE UserId = '{TestOrg.Frozen}'"))[0]
            .GetProperty("AccountAccessLevel").GetString().ShouldBe("Edit");
    }

    [Fact]
    public async Task Record_access_follows_owner_team_and_the_default()
    {
        await using var org = await TestOrg.StartAsync();
        async Task<string?> Access(string user, string account) =>
            (await org.QueryAsync($"SELECT RecordId, MaxAccessLevel FROM UserRecordAccess WHERE UserId = '{user}' AND RecordId IN ('{account}')"))[0]
                .GetProperty("MaxAccessLevel").GetString();

        (await Access(TestOrg.Ann, TestOrg.Acme)).ShouldBe("All");
        (await Access(TestOrg.Bob, TestOrg.Acme)).ShouldBe("Edit");
        (await Access(TestOrg.Bob, TestOrg.Beta)).ShouldBe("Read");
        (await Access(TestOrg.Gone, TestOrg.Acme)).ShouldBe("None");

        const string OfBob = "0035f0000000002AAA";
        (await Access(TestOrg.Ann, OfBob)).ShouldBe("Read", "of the account's owner");
        (await Access(TestOrg.Bob, OfBob)).ShouldBe("All");
        (await Access(TestOrg.Cid, OfBob)).ShouldBe("None", "of a member whose row says none");
    }

    private static Task<Answer> Give(TestOrg org, string? owner) =>
        org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Acme}", new { OwnerId = owner });

    private static Task<Answer> Join(TestOrg org, string user) =>
        org.SendAsync("POST", "sobjects/AccountTeamMember",
            new { AccountId = TestOrg.Acme, UserId = user, TeamMemberRole = "Sales Rep", AccountAccessLevel = "Edit" });

    private static async Task<string?> Owner(TestOrg org, string of) =>
        (await org.QueryAsync($"SELECT OwnerId FROM {of}"))[0].GetProperty("OwnerId").GetString();
}
