using PocSync.Core.Records;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>The customer's one primary contact on a live org: proposed, approved, written, left alone, and taken back.</summary>
public sealed class CustomerSideTests
{
    private const string Bob = "0035f0000000001AAA", Jane = "0035f0000000002AAA", Joe = "0035f0000000003AAA";

    private const string Rules = "rules: { customer-primary: { mode: auto, alertRows: true }, in-touch: { enabled: false } }\nbinding: owner\n";

    private static readonly string?[][] Contacts =
    [
        [Bob, Account(0), "Bob", null, "2026-11-20", "true"], [Jane, Account(0), "Doe", "jane@x.example", "2026-11-03", "false"], [Joe, Account(0), "Roe", "joe@x.example", "2026-10-03", "false"],
    ];

    [Fact]
    public async Task Whoever_had_the_latest_activity_takes_the_place_after_a_persons_yes_and_leaves_it_at_an_undo()
    {
        await using var host = await RunHost.StartAsync(LedgerProvider.Sqlite, new SimulatorOptions(), Rules, Accounts(Ana),
            new OrgTable("Contact", ["Id", "AccountId", "LastName", "Email", "LastActivityDate", "POC_Customer_Primary__c"], Contacts));

        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await PrimariesAsync(host)).ShouldBe([Bob]);
        LiveOrgHost.Text((await host.Org.RowsAsync("POC_Alert__c")).Single(), "Sentence__c")!.ShouldEndWith("In their place it could be Doe, last activity 2026-11-03.");
        (await host.RunAsync("rules", "explain", Account(0))).Output.ShouldContain("Doe, last activity 2026-11-03");

        (await host.RunAsync("approve", "--rule", "customer-primary", "--reason", "yes")).Status.ShouldBe(0);
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await PrimariesAsync(host)).ShouldBe([Jane]);
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await host.JsonAsync(0, "plan")).GetProperty("corrections").GetArrayLength().ShouldBe(0);
        (await host.Org.RowsAsync("POC_Alert__c")).Select(a => LiveOrgHost.Text(a, "Status__c")).ShouldNotContain("Open");

        (await host.RunAsync("undo", "--account", Account(0), "--reason", "a mistake")).Status.ShouldBe(0);
        (await PrimariesAsync(host)).ShouldBe([Bob]);
    }

    [Fact]
    public async Task Where_contacts_have_no_flag_the_contact_roles_are_written()
    {
        await using var host = await RunHost.StartAsync(LedgerProvider.Sqlite, new SimulatorOptions(), Rules + "names: { Contact.POC_Customer_Primary__c: There_Is_None__c }", Accounts(Ana),
            new OrgTable("Contact", ["Id", "AccountId", "LastName", "Email", "LastActivityDate"], [.. Contacts.Select(c => c[..5])]),
            new OrgTable("AccountContactRole", ["Id", "AccountId", "ContactId", "IsPrimary"],
                [[RecordId.Parse("02Z5f0000000001").ToString(), Account(0), Bob, "true"], [RecordId.Parse("02Z5f0000000002").ToString(), Account(0), Jane, "false"]]));

        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await host.RunAsync("approve", "--rule", "customer-primary", "--reason", "yes")).Status.ShouldBe(0);
        (await host.RunAsync("sync")).Status.ShouldBe(0);

        (await host.Org.RowsAsync("AccountContactRole")).Where(r => LiveOrgHost.Text(r, "IsPrimary") is "True" or "true").Select(r => LiveOrgHost.Text(r, "ContactId")).ShouldBe([Jane]);
        (await host.JsonAsync(0, "plan")).GetProperty("corrections").GetArrayLength().ShouldBe(0);
    }

    private static async Task<string?[]> PrimariesAsync(RunHost host) =>
        [.. (await host.Org.RowsAsync("Contact")).Where(c => LiveOrgHost.Text(c, "POC_Customer_Primary__c") is "True" or "true").Select(c => LiveOrgHost.Text(c, "Id"))];
}
