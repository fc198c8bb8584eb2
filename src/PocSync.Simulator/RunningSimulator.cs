using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using PocSync.Simulator.Bulk;
using PocSync.Simulator.Http;

namespace PocSync.Simulator;

/// <summary>A simulated org that answers until it is disposed.</summary>
public sealed class RunningSimulator : IAsyncDisposable
{
    private readonly WebApplication web;
    private readonly BulkJobs jobs;

    internal RunningSimulator(WebApplication web, BulkJobs jobs, Uri url, Credentials app, string accessToken, string refreshToken,
        IReadOnlyList<string> notes)
    {
        (this.web, this.jobs) = (web, jobs);
        (Url, ClientId, ClientSecret, Username, Password) = (url, app.ClientId, app.ClientSecret, app.Username, app.Password);
        (AccessToken, RefreshToken, Notes) = (accessToken, refreshToken, notes);
        Stopped = web.WaitForShutdownAsync();
    }

    /// <summary>Login URL and instance URL in one.</summary>
    public Uri Url { get; }

    /// <summary>The connected app's consumer key; also the <c>iss</c> of JWT sign-in, once a key is registered for it.</summary>
    public string ClientId { get; }

    public string ClientSecret { get; }

    /// <summary>The user that client credentials run as.</summary>
    public string Username { get; }

    /// <summary>Every user's password.</summary>
    public string Password { get; }

    /// <summary>A session of that user that does not time out, though it can be killed.</summary>
    public string AccessToken { get; }

    public string RefreshToken { get; }

    /// <summary>What of the data could not be taken as it was, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Ends when the org has stopped.</summary>
    public Task Stopped { get; }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync();
        await web.DisposeAsync();
        jobs.Dispose();
    }
}
