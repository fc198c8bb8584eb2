using PocSync.Cli;
using PocSync.Salesforce;
using PocSync.Tests.Salesforce;

namespace PocSync.Tests.Cli;

/// <summary>Who changed the org's records of settings, as far as the org's setup audit trail tells.</summary>
public sealed class SettingAuthorsTests
{
    private const string Trail = """
        {"attributes":{"type":"SetupAuditTrail"},"Id":"0Ymxx0000000001AAA","CreatedDate":"2026-11-21T08:00:00.000+0000","CreatedBy":{"attributes":{"type":"User"},"Name":"Olga"},"Display":"Changed custom metadata record: in_touch"},
        {"attributes":{"type":"SetupAuditTrail"},"Id":"0Ymxx0000000002AAA","CreatedDate":"2026-11-21T09:30:00.000+0000","CreatedBy":{"attributes":{"type":"User"},"Name":"Piet"},"Display":"Updated POC Rule: in-touch"},
        {"attributes":{"type":"SetupAuditTrail"},"Id":"0Ymxx0000000003AAA","CreatedDate":"2026-11-21T10:00:00.000+0000","CreatedBy":{"attributes":{"type":"User"},"Name":"Rosa"},"Display":"Changed pool of call center in_touch_2"},
        {"attributes":{"type":"SetupAuditTrail"},"Id":"0Ymxx0000000004AAA","CreatedDate":"2026-11-21T11:00:00.000+0000","CreatedBy":null,"Display":"Changed custom metadata record: Pool"}
        """;

    [Fact]
    public async Task The_newest_entry_that_names_the_record_tells_who()
    {
        await using var org = await WireOrg.StartAsync((context, _, _) => context.Rows(Trail, 4));
        var changes = await org.Live.SetupChangesAsync(new DateTimeOffset(2026, 11, 20, 7, 0, 0, TimeSpan.FromHours(2)), default);

        org.Calls.Single().Path.ShouldContain("FROM SetupAuditTrail WHERE CreatedDate >= 2026-11-20T05:00:00Z");
        SettingAuthors.Of(["rules.in-touch.mode", "rules.in-touch.maxSilentDays", "pool", "Guard:MaxChanged"], changes).ShouldBe(new Dictionary<string, string>
        {
            ["rules.in-touch.mode"] = "Piet, 2026-11-21 09:30 UTC",
            ["rules.in-touch.maxSilentDays"] = "Piet, 2026-11-21 09:30 UTC",
        });
    }

    [Theory]
    [InlineData("INVALID_TYPE")]
    [InlineData("INSUFFICIENT_ACCESS")]
    public async Task An_org_that_does_not_show_its_trail_tells_nothing(string code)
    {
        await using var org = await WireOrg.StartAsync((context, _, _) => context.Error(400, code));
        (await org.Live.SetupChangesAsync(DateTimeOffset.UnixEpoch, default)).ShouldBeEmpty();
    }
}
