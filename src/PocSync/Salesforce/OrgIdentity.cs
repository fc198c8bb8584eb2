using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>Which org the login reaches, and as whom.</summary>
public sealed class OrgIdentity
{
    private readonly OrgCalls calls;
    private readonly Sessions sessions;

    internal OrgIdentity(OrgCalls calls, Sessions sessions) => (this.calls, this.sessions) = (calls, sessions);

    /// <summary>The organization's and the user's id, as Salesforce gives them (15 or 18 characters). Logs in where that has not happened yet.</summary>
    public async Task<(string OrganizationId, string UserId)> AskAsync(CancellationToken cancellation)
    {
        var session = await sessions.CurrentAsync(cancellation);
        if (session is { OrganizationId: { } organization, UserId: { } user })
            return (organization, user);
        using var answer = await calls.GetAsync("/services/oauth2/userinfo", cancellation);
        return (Text("organization_id"), Text("user_id"));

        string Text(string name) => answer.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new OrgUnreachableException($"The org's userinfo holds no {name}: check Salesforce:LoginUrl.");
    }
}
