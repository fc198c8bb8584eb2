using System.Net;

namespace PocSync.Simulator.Tests;

public sealed class ControlTests
{
    [Fact]
    public async Task The_request_log_has_paths_and_no_secrets()
    {
        await using var org = await TestOrg.StartAsync();
        await org.FormAsync("/services/oauth2/token", ("grant_type", "client_credentials"), ("client_id", org.Simulator.ClientId),
            ("client_secret", org.Simulator.ClientSecret));
        await org.GetAsync($"limits?oauth_token={org.Token}");

        var log = await org.GetAsync("/_control/requests");

        log.Json.EnumerateArray().Select(r => $"{r.GetProperty("method")} {r.GetProperty("path")} {r.GetProperty("status")}")
            .ShouldBe(["POST /services/oauth2/token 200", "GET /services/data/v66.0/limits?oauth_token=… 200"]);
        log.Text.ShouldNotContain(org.Simulator.ClientSecret);
        log.Text.ShouldNotContain(org.Token);
    }

    [Fact]
    public async Task What_is_hidden_is_neither_described_nor_queried_and_comes_back()
    {
        await using var org = await TestOrg.StartAsync();
        await org.SendAsync("POST", "/_control/settings", new { hidden = new[] { "Contact", "Account.OwnerId", TestOrg.Acme } });

        (await org.GetAsync("sobjects/Contact/describe")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await org.GetAsync("sobjects/Account/describe")).Text.ShouldNotContain("\"OwnerId\"");
        (await org.GetAsync("query?q=SELECT+Id+FROM+Contact")).Text.ShouldContain("INVALID_TYPE");
        (await org.GetAsync("query?q=SELECT+OwnerId+FROM+Account")).Text.ShouldContain("INVALID_FIELD");
        (await org.QueryAsync($"SELECT Id FROM Account WHERE Id = '{TestOrg.Acme}'")).Count().ShouldBe(0);

        await org.SendAsync("POST", "/_control/settings", new { hidden = Array.Empty<string>() });
        (await org.QueryAsync($"SELECT Id, OwnerId FROM Account WHERE Id = '{TestOrg.Acme}'")).Count().ShouldBe(1);
    }

    [Fact]
    public async Task What_leaves_the_org_is_in_the_outbox()
    {
        await using var org = await TestOrg.StartAsync();
        var bell = (await org.QueryAsync("SELECT Id FROM CustomNotificationType WHERE DeveloperName = 'PocSync_Notice'"))[0]
            .GetProperty("Id").GetString();

        var rung = await org.SendAsync("POST", "actions/standard/customNotificationAction",
            new
            {
                inputs = new[] { new { customNotifTypeId = bell, recipientIds = new[] { TestOrg.Ann, TestOrg.Gone }, title = "T", body = "B",
                targetId = TestOrg.Acme } }
            });
        var mailed = await org.SendAsync("POST", "actions/standard/emailSimple",
            new { inputs = new[] { new { emailAddresses = "a@x.example,b@x.example", emailSubject = "S", emailBody = "B" } } });
        var posted = await org.SendAsync("POST", "chatter/feed-elements", new
        {
            feedElementType = "FeedItem",
            subjectId = TestOrg.Acme,
            body = new { messageSegments = new object[] { new { type = "Mention", id = TestOrg.Ann }, new { type = "Text", text = " look" } } },
        });
        var bad = await org.SendAsync("POST", "actions/standard/customNotificationAction",
            new { inputs = new[] { new { customNotifTypeId = bell, recipientIds = new[] { TestOrg.Ann }, title = "T", body = "B" } } });

        rung.Text.ShouldBe("""[{"actionName":"customNotificationAction","errors":null,"isSuccess":true,"outputValues":{"SuccessMessage":"Your custom notification is processed successfully."}}]""");
        mailed.Json[0].GetProperty("isSuccess").GetBoolean().ShouldBeTrue();
        (posted.Status, posted.Json.GetProperty("body").GetProperty("text").GetString()).ShouldBe((HttpStatusCode.Created, "@Ann Able look"));
        (bad.Status, bad.Json[0].GetProperty("isSuccess").GetBoolean()).ShouldBe((HttpStatusCode.BadRequest, false));
        var outbox = (await org.GetAsync("/_control/outbox")).Json.EnumerateArray().ToList();
        outbox.Select(i => i.GetProperty("kind").GetString()).ShouldBe(["notification", "email", "post"]);
        outbox[0].GetProperty("recipients").EnumerateArray().Select(r => r.GetString()).ShouldBe([TestOrg.Ann]);
    }

    [Fact]
    public async Task The_clock_can_be_set_and_stopped()
    {
        await using var org = await TestOrg.StartAsync(new()
        {
            Data = TestOrg.SmallData,
            ClockStart = DateTimeOffset.Parse("2030-01-01T00:00:00Z"),
            ClockSpeed = 0
        });

        await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Acme}", new { Phone = "1" });
        await org.SendAsync("POST", "/_control/clock", new { now = "2031-06-07T08:09:10Z" });
        await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Beta}", new { Phone = "1" });

        (await org.QueryAsync("SELECT SystemModstamp FROM Account ORDER BY Name")).Select(r => r.GetProperty("SystemModstamp").GetString())
            .ShouldBe(["2030-01-01T00:00:00.000+0000", "2031-06-07T08:09:10.000+0000"]);
        (await org.QueryAsync("SELECT Id FROM Account WHERE SystemModstamp = TODAY")).Count.ShouldBe(1);
        (await org.SendAsync("POST", "/_control/clock", new { now = "soon" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        var unknown = await org.SendAsync("POST", "/_control/clock", new { advance = "3h" });
        unknown.Status.ShouldBe(HttpStatusCode.BadRequest);
        unknown.Json.GetProperty("error").GetString().ShouldBe("This control knows no 'advance'; it knows now, speed.");
    }

    [Fact]
    public async Task A_validation_rule_that_cannot_be_read_is_one_sentence()
    {
        await using var org = await TestOrg.StartAsync();

        var answer = await org.SendAsync("POST", "/_control/settings",
            new { validationRules = new[] { new { @object = "Account", condition = "Nope = 'x'", message = "m" } } });

        answer.Json.GetProperty("error").GetString()!.ShouldStartWith("The validation rule 'Nope = 'x'' on Account cannot be used: ");
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await using var org = await TestOrg.StartAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            if (i % 4 == 0)
                await org.QueryAsync("SELECT Id, (SELECT Id FROM POC_Handoffs__r) FROM Account");
            else
                (await org.SendAsync("PATCH", $"sobjects/POC_Handoff__c/Sync_Key__c/k{i % 10}",
                    new { Account__c = TestOrg.Acme, Notes__c = $"{i}" })).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
        });

        (await org.QueryAsync("SELECT Id FROM POC_Handoff__c")).Count.ShouldBe(10);
        (await org.GetAsync($"sobjects/Account/{TestOrg.Acme}")).Headers["Sforce-Limit-Info"].ShouldBe("api-usage=202/100000");
    }
}
