namespace PocSync.Simulator;

/// <summary>What a simulated org starts with. Everything is optional: the default is an empty org on any free port of 127.0.0.1.</summary>
public sealed record SimulatorOptions
{
    /// <summary>TCP port; 0 = any free one.</summary>
    public int Port { get; init; }

    /// <summary>Address to listen on. An org without real authentication is no place for real data: leave it on the loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    public IReadOnlyList<OrgTable> Data { get; init; } = [];

    /// <summary>Decides credentials, the ids of created rows' instance and which call a fault with a rate hits.</summary>
    public int Seed { get; init; } = 1;

    /// <summary><c>kind[:rate|:count=N][@path-prefix]</c>, comma-separated; the kinds are <see cref="Simulator.FaultKinds"/>.</summary>
    public string? Faults { get; init; }

    /// <summary>Whether a change of an account's owner moves the old owner's contacts and open opportunities too. Salesforce's documents
    /// disagree.</summary>
    public bool CascadeChildren { get; init; }

    /// <summary>The real clock. The org's own clock runs from <see cref="ClockStart"/> at <see cref="ClockSpeed"/> times its pace.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What the org's clock says at the start; null = the real instant.</summary>
    public DateTimeOffset? ClockStart { get; init; }

    public double ClockSpeed { get; init; } = 1;

    /// <summary>Username or id of the user that client credentials sign in as. Null = a user of the data whose <c>Username</c> begins with
    /// <c>integration</c>; where there is none, one is added.</summary>
    public string? RunAs { get; init; }

    /// <summary>Public keys (PEM: certificate or public key) accepted for JWT bearer sign-in, by consumer key (the <c>iss</c> claim).</summary>
    public IReadOnlyDictionary<string, string> JwtKeys { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ValidationRule> ValidationRules { get; init; } = [];

    /// <summary>Calls an org may receive in 24 hours of its own clock.</summary>
    public int DailyApiLimit { get; init; } = 100_000;

    /// <summary>Idle time, on the org's clock, after which a session ends. The session of <see cref="RunningSimulator.AccessToken"/> never times
    /// out.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromHours(2);
}

/// <summary>Refuses to save a row for which <paramref name="Condition"/> (a SOQL condition over the row as it would be saved) holds.</summary>
/// <param name="Field">The field that the error names; null = an error of the whole record.</param>
public sealed record ValidationRule(string Object, string Condition, string Message, string? Field = null);
