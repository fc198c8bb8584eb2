using Microsoft.Extensions.Configuration;
using PocSync.Salesforce;

namespace PocSync.Tests.Salesforce;

public class SettingsTests
{
    private static (SalesforceSettings Settings, IReadOnlyList<string> Problems) Read(params (string Name, string? Value)[] values) => SalesforceSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(
            values.GroupBy(v => v.Name).Select(v => KeyValuePair.Create("Salesforce:" + v.Key, v.Last().Value))).Build());

    [Fact]
    public void A_url_a_key_and_a_secret_are_enough()
    {
        var (settings, problems) = Read(("LoginUrl", "https://example.my.salesforce.com"), ("ClientId", "key"), ("ClientSecret", "hush"));

        problems.ShouldBeEmpty();
        settings.ApiVersion.ShouldBe("66.0");
        settings.BudgetShare.ShouldBe(0.8);
    }

    [Theory]
    [InlineData("LoginUrl", null, "LoginUrl is missing")]
    [InlineData("LoginUrl", "example", "LoginUrl is not a web address")]
    [InlineData("LoginUrl", "https://name:hush@example.com", "LoginUrl is not a web address")]
    [InlineData("LoginUrl", "http://example.com", "use https")]
    [InlineData("LoginUrl", "https://login.salesforce.com", "My Domain")]
    [InlineData("ClientId", " ", "ClientId is missing")]
    [InlineData("ClientSecret", null, "ClientSecret is missing")]
    [InlineData("JwtKeyFile", "key.pem", "both set")]
    [InlineData("ApiVersion", "soon", "ApiVersion is 'soon'")]
    [InlineData("ApiVersion", "40.0", "not below 51.0")]
    [InlineData("BudgetShare", "80 %", "BudgetShare is '80 %'")]
    [InlineData("BudgetShare", "8", "at most 1")]
    [InlineData("MaxAttempts", "0", "between 1 and 20")]
    [InlineData("AttemptTimeout", "-1", "above zero")]
    public void A_wrong_setting_gets_one_sentence(string name, string? value, string part)
    {
        var (_, problems) = Read([("LoginUrl", "https://example.my.salesforce.com"), ("ClientId", "key"), ("ClientSecret", "hush"), (name, value)]);

        var problem = problems.ShouldHaveSingleItem();
        problem.ShouldStartWith("Salesforce:");
        problem.ShouldContain(part);
        problem.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData(null, "Username is missing")]
    [InlineData("a@example.com", "is not there")]
    public void The_jwt_login_needs_a_user_and_a_key_that_is_there(string? user, string part)
    {
        var (_, problems) = Read(("LoginUrl", "https://login.salesforce.com"), ("ClientId", "key"), ("Username", user), ("JwtKeyFile", "no-such-key.pem"));

        problems.ShouldHaveSingleItem().ShouldContain(part);
    }

    [Fact]
    public void Settings_print_no_secret()
    {
        var (settings, _) = Read(("LoginUrl", "https://example.my.salesforce.com"), ("ClientId", "key"), ("ClientSecret", "hush"));

        $"{settings}".ShouldNotContain("hush");
    }
}
