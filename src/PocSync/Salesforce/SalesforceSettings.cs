using System.Globalization;

namespace PocSync.Salesforce;

/// <summary>How to reach one org, from the configuration section <c>Salesforce</c>. Prints no secret.</summary>
public sealed record SalesforceSettings
{
    public required Uri LoginUrl { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Chooses the client-credentials login.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>With <see cref="JwtKeyFile"/> (an RSA private key in PEM) chooses the JWT bearer login.</summary>
    public string? Username { get; init; }
    public string? JwtKeyFile { get; init; }

    /// <summary>Such as <c>66.0</c>.</summary>
    public string ApiVersion { get; init; } = "66.0";

    /// <summary>The share of the org's daily calls, everyone's together, at which PocSync stops calling. Above 0, at most 1.</summary>
    public double BudgetShare { get; init; } = 0.8;

    /// <summary>API calls that PocSync may send in any 24 hours, together with everyone who shares its ledger; null is no limit.</summary>
    public int? MaxCallsPerDay { get; init; }

    /// <summary>API calls that PocSync may send in any 60 minutes, together with everyone who shares its ledger; null is no limit.</summary>
    public int? MaxCallsPerHour { get; init; }

    /// <summary>Fewer calls could not even end what is begun.</summary>
    private const int LeastCalls = 50;

    /// <summary>Rows up to which a table is read by REST; more are read by Bulk API 2.0.</summary>
    public int BulkReadThreshold { get; init; } = 2_000;

    public int MaxConcurrentCalls { get; init; } = 8;

    /// <summary>How often a call is sent at most, the first time included; also how often rows that met a lock are.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The pause before the second attempt; later ones double, with jitter, up to 30 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest one attempt may take, its body included (of a Bulk page only its headers).</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The longest a Bulk job may take before it is given up.</summary>
    public TimeSpan BulkTimeout { get; init; } = TimeSpan.FromHours(1);

    internal bool UsesJwt => ClientSecret is null;

    /// <summary>Reads the section; each problem is one sentence that names the setting and what to do. Use the settings only without problems.</summary>
    public static (SalesforceSettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Salesforce");
        var problems = new List<string>();
        var url = Url(section, problems);
        var settings = new SalesforceSettings
        {
            LoginUrl = url,
            ClientId = Text("ClientId") ?? "",
            ClientSecret = Text("ClientSecret"),
            Username = Text("Username"),
            JwtKeyFile = Text("JwtKeyFile"),
            ApiVersion = (Text("ApiVersion") ?? "66.0").TrimStart('v'),
            BudgetShare = Value("BudgetShare", 0.8, "a number such as 0.8", x => x is > 0 and <= 1, "above 0 and at most 1"),
            MaxCallsPerDay = Limit("MaxCallsPerDay"),
            MaxCallsPerHour = Limit("MaxCallsPerHour"),
            BulkReadThreshold = Value("BulkReadThreshold", 2_000, "a whole number of rows", x => x >= 0, "0 or more"),
            MaxConcurrentCalls = Value("MaxConcurrentCalls", 8, "a whole number of calls", x => x is >= 1 and <= 25, "between 1 and 25"),
            MaxAttempts = Value("MaxAttempts", 5, "a whole number of attempts", x => x is >= 1 and <= 20, "between 1 and 20"),
            RetryDelay = Value("RetryDelay", TimeSpan.FromSeconds(0.5), "a time such as 00:00:00.5", Positive, "above zero"),
            AttemptTimeout = Value("AttemptTimeout", TimeSpan.FromMinutes(3), "a time such as 00:03:00", Positive, "above zero and below a day"),
            BulkTimeout = Value("BulkTimeout", TimeSpan.FromHours(1), "a time such as 01:00:00", Positive, "above zero and below a day"),
        };
        settings.Check(problems);
        return (settings, problems);

        string? Text(string name) => string.IsNullOrWhiteSpace(section[name]) ? null : section[name]!.Trim();

        int? Limit(string name) => Text(name) is null ? null : Value(name, LeastCalls, "a whole number of calls", x => x >= LeastCalls, $"{LeastCalls} or more");

        T Value<T>(string name, T fallback, string form, Func<T, bool> allowed, string range) where T : IParsable<T>
        {
            if (Text(name) is not { } text)
                return fallback;
            if (!T.TryParse(text, CultureInfo.InvariantCulture, out var value))
                problems.Add($"Salesforce:{name} is '{text}': give {form}.");
            else if (!allowed(value))
                problems.Add($"Salesforce:{name} is {text}: it must be {range}.");
            else
                return value;
            return fallback;
        }
    }

    private static bool Positive(TimeSpan time) => time > TimeSpan.Zero && time < TimeSpan.FromDays(1);

    private static Uri Url(IConfigurationSection section, List<string> problems)
    {
        var text = section["LoginUrl"]?.Trim();
        if (string.IsNullOrEmpty(text))
            problems.Add("Salesforce:LoginUrl is missing: set it to the org's My Domain, such as https://example.my.salesforce.com.");
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Query.Length > 0)
            problems.Add("Salesforce:LoginUrl is not a web address: set it to the org's My Domain, such as https://example.my.salesforce.com.");
        else if (!IsSafe(url))
            problems.Add($"Salesforce:LoginUrl is {url}, which would send secrets in clear: use https.");
        else
            return url;
        return new Uri("https://unset.invalid");
    }

    /// <summary>Tokens travel by https only; plain http is for this machine's loopback address.</summary>
    internal static bool IsSafe(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    private void Check(List<string> problems)
    {
        if (ClientId.Length == 0)
            problems.Add("Salesforce:ClientId is missing: set it to the consumer key of the connected app.");
        if (ClientSecret is null && JwtKeyFile is null)
            problems.Add("Salesforce:ClientSecret is missing: set it, or set Salesforce:Username and Salesforce:JwtKeyFile to log in by JWT.");
        else if (ClientSecret is not null && JwtKeyFile is not null)
            problems.Add("Salesforce:ClientSecret and Salesforce:JwtKeyFile are both set: remove one, they choose different logins.");
        else if (JwtKeyFile is not null && Username is null)
            problems.Add("Salesforce:Username is missing: set it to the user whom the JWT login speaks for.");
        else if (JwtKeyFile is not null && !File.Exists(JwtKeyFile))
            problems.Add($"Salesforce:JwtKeyFile names '{JwtKeyFile}', which is not there: give the path of the private key in PEM form.");
        else if (ClientSecret is not null && LoginUrl.Host is "login.salesforce.com" or "test.salesforce.com")
            problems.Add($"Salesforce:LoginUrl is {LoginUrl.Host}, which knows no client-credentials login: set it to the org's My Domain.");
        if (!System.Version.TryParse(ApiVersion, out var version) || version is not { Minor: 0, Build: -1, Major: >= 51 })
            problems.Add($"Salesforce:ApiVersion is '{ApiVersion}': give a version such as 66.0, not below 51.0.");
    }

    public override string ToString() => $"Salesforce at {LoginUrl}, version {ApiVersion}, {(UsesJwt ? "JWT" : "client-credentials")} login";
}
