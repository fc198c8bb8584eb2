using System.Globalization;

namespace PocSync.Simulator.Http;

internal enum FaultKind
{
    /// <summary>503 SERVER_UNAVAILABLE, nothing done.</summary>
    Unavailable,

    /// <summary>The same with Retry-After.</summary>
    UnavailableRetryAfter,

    /// <summary>500 UNKNOWN_EXCEPTION after the write was done.</summary>
    ErrorAfterWrite,

    /// <summary>The connection breaks before anything is done.</summary>
    ResetBefore,

    /// <summary>The connection breaks after the write was done.</summary>
    ResetAfterWrite,

    /// <summary>A row cannot be locked: UNABLE_TO_LOCK_ROW. Rate and count are of rows.</summary>
    LockRow,

    /// <summary>403 REQUEST_LIMIT_EXCEEDED, the daily text.</summary>
    DailyLimit,

    /// <summary>403 REQUEST_LIMIT_EXCEEDED, the concurrent text.</summary>
    ConcurrentLimit,

    /// <summary>The caller's session ends: 401 INVALID_SESSION_ID.</summary>
    SessionKilled,

    /// <summary>The answer comes half a second late.</summary>
    Slow,

    /// <summary>The write is done, and the answer never comes.</summary>
    Hang,

    /// <summary>A proxy's 502 page in HTML.</summary>
    HtmlError,

    /// <summary>The answer comes in small pieces, half a second in all.</summary>
    Trickle,

    /// <summary>A page of Bulk results ends in its middle, as if it were whole.</summary>
    TornPage,

    /// <summary>A value of a query's answer is of another type: a number for a text, a text for anything else.</summary>
    WrongType,

    /// <summary>A field that a query asked for is not in its answer.</summary>
    MissingField,

    /// <summary>The Date header is an hour ahead.</summary>
    ClockSkew,
}

/// <summary>
/// What goes wrong on purpose: <c>kind[:rate|:count=N][@path-prefix]</c>, comma-separated. A rate is the share of calls (rows, for lock-row) that are
/// hit, a count the number of first ones; without either all are. The prefix is of the path with or without /services/data/vXX.0; without one, data
/// calls are meant and sign-in is left alone. Each fault draws from its own seeded sequence, so that the same calls fail again. Safe for concurrent
/// use.
/// </summary>
internal sealed class FaultPlan
{
    private static readonly Dictionary<string, FaultKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["503"] = FaultKind.Unavailable,
        ["503-retry-after"] = FaultKind.UnavailableRetryAfter,
        ["500-after-write"] = FaultKind.ErrorAfterWrite,
        ["reset-before"] = FaultKind.ResetBefore,
        ["reset-after-write"] = FaultKind.ResetAfterWrite,
        ["lock-row"] = FaultKind.LockRow,
        ["daily-limit"] = FaultKind.DailyLimit,
        ["concurrent-limit"] = FaultKind.ConcurrentLimit,
        ["session-killed"] = FaultKind.SessionKilled,
        ["slow"] = FaultKind.Slow,
        ["hang"] = FaultKind.Hang,
        ["html-error"] = FaultKind.HtmlError,
        ["trickle"] = FaultKind.Trickle,
        ["torn-page"] = FaultKind.TornPage,
        ["wrong-type"] = FaultKind.WrongType,
        ["missing-field"] = FaultKind.MissingField,
        ["clock-skew"] = FaultKind.ClockSkew,
    };

    private readonly List<Fault> faults;

    /// <summary>The kinds as they are written.</summary>
    public static IReadOnlyCollection<string> KindNames => Kinds.Keys;

    private FaultPlan(List<Fault> faults) => this.faults = faults;

    /// <exception cref="ArgumentException">One sentence: what cannot be read, and what may stand there.</exception>
    public static FaultPlan Parse(string? spec, int seed)
    {
        var parts = (spec ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new([.. parts.Select((part, i) => ParseOne(part, new Random(unchecked(seed * 397 + i))))]);
    }

    public static string NameOf(FaultKind kind) => Kinds.First(k => k.Value == kind).Key;

    /// <summary>The first fault of these kinds that hits this call; null = none.</summary>
    public FaultKind? Strikes(string path, params ReadOnlySpan<FaultKind> kinds)
    {
        foreach (var fault in faults)
            if (kinds.Contains(fault.Kind) && fault.Covers(path) && fault.Strikes())
                return fault.Kind;
        return null;
    }

    /// <summary>The faults that spoil this answer, each with its own draw.</summary>
    public IReadOnlyList<FaultKind> Spoils(string path, ApiAnswer answer) =>
        [.. faults.Where(f => f.Covers(path) && f.Kind.CanSpoil(answer) && f.Strikes()).Select(f => f.Kind)];

    private static Fault ParseOne(string part, Random random)
    {
        var at = part.IndexOf('@');
        var (head, prefix) = at < 0 ? (part, null) : (part[..at], part[(at + 1)..]);
        var colon = head.IndexOf(':');
        var (name, amount) = colon < 0 ? (head, null) : (head[..colon], head[(colon + 1)..]);
        if (!Kinds.TryGetValue(name, out var kind))
            throw new ArgumentException($"There is no fault '{name}' (in '{part}'); the kinds are {string.Join(", ", Kinds.Keys)}.");
        if (prefix is not null && !prefix.StartsWith('/'))
            throw new ArgumentException($"The path '{prefix}' of the fault '{part}' must begin with a slash.");
        double? rate = null;
        int? count = null;
        if (amount is not null && amount.StartsWith("count=", StringComparison.OrdinalIgnoreCase))
        {
            if (!int.TryParse(amount.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                throw new ArgumentException($"'{amount}' in the fault '{part}' must be count= and a whole number.");
            count = n;
        }
        else if (amount is not null)
        {
            if (!double.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var r) || r is < 0 or > 1)
                throw new ArgumentException($"'{amount}' in the fault '{part}' must be a rate from 0 to 1, or count=N.");
            rate = r;
        }
        return new(kind, rate, count, prefix, random);
    }

    private sealed class Fault(FaultKind kind, double? rate, int? count, string? prefix, Random random)
    {
        private readonly Lock gate = new();
        private int left = count ?? int.MaxValue;

        public FaultKind Kind => kind;

        public bool Covers(string path)
        {
            if (prefix is null)
                return path.StartsWith("/services/data", StringComparison.Ordinal);
            if (path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
            return path.Split('/', 5) is ["", "services", "data", _, var rest] && $"/{rest}".StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        }

        public bool Strikes()
        {
            lock (gate)
            {
                if (left == 0 || (rate is { } share && random.NextDouble() >= share))
                    return false;
                if (count is not null)
                    left--;
                return true;
            }
        }
    }
}
