namespace PocSync.Salesforce;

/// <summary>What a login gave: where the org is and the token to speak to it. Not a record, so that nothing prints the token.</summary>
internal sealed class Session(string accessToken, Uri instanceUrl, string? organizationId, string? userId)
{
    public string AccessToken { get; } = accessToken;
    public Uri InstanceUrl { get; } = instanceUrl;

    /// <summary>15 or 18 characters; null where the login did not say.</summary>
    public string? OrganizationId { get; } = organizationId;
    public string? UserId { get; } = userId;
}

/// <summary>
/// The one session of this process. Salesforce tells no expiry, so it is kept until a call is answered 401; then all who wait share one login.
/// </summary>
internal sealed class Sessions(Login login)
{
    private readonly Lock _gate = new();
    private Session? _current;
    private Task<Session>? _pending;

    public Task<Session> CurrentAsync(CancellationToken cancellation) => RenewAsync(null, cancellation);

    /// <summary>A session other than <paramref name="stale"/>: one that another call has fetched meanwhile, or the outcome of the login under way or a new one.</summary>
    public Task<Session> RenewAsync(Session? stale, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_current is not null && !ReferenceEquals(_current, stale))
                return Task.FromResult(_current);
            // Belongs to nobody's cancellation: another call may wait for it.
            _pending ??= Task.Run(SignInAsync, CancellationToken.None);
            return _pending.WaitAsync(cancellation);
        }
    }

    private async Task<Session> SignInAsync()
    {
        Session? session = null;
        try
        {
            return session = await login.SignInAsync(CancellationToken.None);
        }
        finally
        {
            lock (_gate)
            {
                _current = session;
                _pending = null;
            }
        }
    }
}
