using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>Access and refresh tokens. Safe for concurrent use.</summary>
internal sealed class Sessions(Org org, int seed, TimeSpan timeout)
{
    private readonly ConcurrentDictionary<string, Session> sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> refreshTokens = new(StringComparer.Ordinal);
    private long issued;

    /// <param name="lasting">Whether it never times out.</param>
    public string Open(string userId, bool lasting = false)
    {
        var token = $"{SalesforceId.Short(org.OrganizationId)}!AQ{Opaque(94)}";
        sessions[token] = new(userId, lasting) { LastUsed = org.Clock.GetUtcNow() };
        return token;
    }

    public string OpenRefresh(string userId)
    {
        var token = $"5Aep861{Opaque(80)}";
        refreshTokens[token] = userId;
        return token;
    }

    public string? UserOfRefresh(string token) => refreshTokens.GetValueOrDefault(token);

    /// <summary>The user of a living session, whose idle time begins anew; null where it ended.</summary>
    public string? Use(string token)
    {
        if (!sessions.TryGetValue(token, out var session))
            return null;
        var now = org.Clock.GetUtcNow();
        if (!session.Lasting && now - session.LastUsed > timeout)
        {
            sessions.TryRemove(token, out _);
            return null;
        }
        session.LastUsed = now;
        return session.UserId;
    }

    /// <summary>Ends the session, or takes back the refresh token.</summary>
    public bool End(string token) => sessions.TryRemove(token, out _) | refreshTokens.TryRemove(token, out _);

    /// <summary>How many were ended.</summary>
    public int EndAll()
    {
        var count = sessions.Count;
        sessions.Clear();
        return count;
    }

    /// <summary>Letters and digits that follow from the seed and how many were made before.</summary>
    private string Opaque(int length)
    {
        var bytes = SHA512.HashData(Encoding.UTF8.GetBytes($"{seed}:{Interlocked.Increment(ref issued)}"));
        var text = Convert.ToBase64String([.. bytes, .. SHA512.HashData(bytes)]).Replace('+', '.').Replace('/', '_');
        return text[..length];
    }

    private sealed class Session(string userId, bool lasting)
    {
        public string UserId => userId;

        public bool Lasting => lasting;

        public DateTimeOffset LastUsed { get; set; }
    }
}
