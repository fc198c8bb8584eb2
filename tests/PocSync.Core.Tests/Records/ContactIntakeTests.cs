using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests.Records;

public class ContactIntakeTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("2026-01-31T08:00:00.000Z", false)]
    [InlineData("31.12.2026", true)]
    public void An_email_has_bounced_where_the_date_of_it_can_be_read(string? bounced, bool isReachable)
    {
        var builder = new SnapshotBuilder(Settings.Default, DateTimeOffset.UnixEpoch);
        Take(builder, "Account", ("Id", "001000000000001"));
        Take(builder, "Contact", ("Id", "003000000000001"), ("AccountId", "001000000000001"), ("Email", "a@x.example"), ("EmailBouncedDate", bounced),
            ("POC_Customer_Primary__c", "true"));
        builder.Build().CustomerPrimaries[0][0].IsReachable.ShouldBe(isReachable);
    }

    private static void Take(SnapshotBuilder builder, string objectName, params (string Column, string? Cell)[] row)
    {
        var table = builder.Begin(objectName, [.. row.Select(r => r.Column)]);
        table.Add([.. table.Wanted.Select(i => row[i].Cell)]);
    }
}
