using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Review;
using PocSync.Review.SignIn;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>Brings the console's sign-in and the org of the program's settings together.</summary>
public static class SignInWithOrg
{
    /// <summary>Adds the sign-in where the console's settings ask for it. Throws <see cref="UsageException"/>.</summary>
    public static void Add(IServiceCollection services, ref ReviewSettings review, IConfiguration settings)
    {
        if (!review.IsSalesforce)
        {
            return;
        }

        var (salesforce, problems) = SalesforceSettings.Read(settings);
        if (problems.Count > 0)
        {
            throw new UsageException(string.Join('\n', problems));
        }

        review = review with { SignInOrigin = salesforce.LoginUrl.GetLeftPart(UriPartial.Authority) };
        var oauth = salesforce.LoginUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/services/oauth2/";
        var people = new SignedInPeople(salesforce);
        services.AddSalesforceSignIn(review, new OrgSignIn(new Uri(oauth + "authorize"), new Uri(oauth + "token"), async (token, instance, sets, stop) =>
        {
            var person = await people.ReadAsync(token, instance, sets, stop);
            return new OrgUser(person.Id, person.Name, person.Username, person.Organization, person.PermissionSets);
        }));
    }
}
