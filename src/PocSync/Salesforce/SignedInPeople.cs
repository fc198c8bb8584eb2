using System.Net.Http.Headers;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Who somebody is that signed in to the org.</summary>
/// <param name="Id">The user, 18 characters.</param>
/// <param name="Name">Full name.</param>
/// <param name="Username">Login name.</param>
/// <param name="Organization">The organization id, 18 characters.</param>
/// <param name="PermissionSets">Which of the permission sets asked about they have.</param>
public sealed record SignedInPerson(string Id, string Name, string Username, string Organization, IReadOnlyList<string> PermissionSets);

/// <summary>Asks the org, with a person's own token, who they are.</summary>
public sealed class SignedInPeople(SalesforceSettings settings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
    {
        Timeout = Patience,
    };

    /// <summary>Throws <see cref="OrgException"/> where the org does not say.</summary>
    public async Task<SignedInPerson> ReadAsync(string token, Uri instance, IReadOnlyCollection<string> permissionSets, CancellationToken stop)
    {
        if (!SalesforceSettings.IsSafe(instance))
        {
            throw new OrgException($"{settings.LoginUrl} sends people to {instance}, where their token would travel in clear.");
        }

        using var me = await GetAsync(new Uri(instance, "/services/oauth2/userinfo"), token, stop);
        string Text(string name) => me.RootElement.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text
            ? text : throw new OrgException($"{instance} does not say the {name} of who signed in.");
        var id = RecordId.Parse(Text("user_id"));
        var soql = $"SELECT PermissionSet.Name FROM PermissionSetAssignment WHERE AssigneeId = '{id}' AND PermissionSet.Name IN ({string.Join(", ", permissionSets.Select(s => $"'{s}'"))})";
        using var sets = await GetAsync(
            new Uri(instance, $"/services/data/v{settings.ApiVersion}/query?q={Uri.EscapeDataString(soql)}"), token, stop);
        return new SignedInPerson(
            id.ToString(), PlainText.Line(Text("name")), Text("preferred_username"), RecordId.Parse(Text("organization_id")).ToString(),
            [.. sets.RootElement.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("PermissionSet").GetProperty("Name").GetString()!).Distinct()]);
    }

    private async Task<JsonDocument> GetAsync(Uri address, string token, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, stop);
        return answer.IsSuccessStatusCode
            ? await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(stop), cancellationToken: stop)
            : throw new OrgException($"{address.GetLeftPart(UriPartial.Path)} answers {(int)answer.StatusCode} to who signed in.");
    }
}
