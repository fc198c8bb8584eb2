using System.Globalization;
using System.Text.RegularExpressions;

namespace PocSync.Salesforce;

/// <summary>The org's API calls of the last 24 hours, everyone's together, as Salesforce last told it.</summary>
public sealed record ApiUsage(int Used, int Max);

/// <summary>
/// Counts every data call and refuses the one that would go beyond the budget: <c>BudgetShare</c> of the org's daily calls. Safe for many threads.
/// </summary>
public sealed partial class ApiBudget(SalesforceSettings settings, TimeProvider time)
{
    // The count falls by itself as calls grow older than a day, and only a call shows it: so one may pass an hour.
    private static readonly TimeSpan Probe = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private int _inFlight;
    private DateTimeOffset _told;

    /// <summary>Data calls sent by this process, repeated ones included.</summary>
    public long Calls { get; private set; }

    /// <summary>Null until the org has told it.</summary>
    public ApiUsage? Usage { get; private set; }

    /// <summary>Calls left before the budget refuses; null until the org has told.</summary>
    public int? Left => Usage is { } usage ? Math.Max(0, Allowed(usage) - usage.Used) : null;

    private int Allowed(ApiUsage usage) => (int)(usage.Max * settings.BudgetShare);

    /// <exception cref="BudgetSpentException">The call must not be sent.</exception>
    internal void Take()
    {
        lock (_gate)
        {
            if (Usage is { } usage && usage.Used + _inFlight >= Allowed(usage))
            {
                if (time.GetUtcNow() - _told < Probe)
                    throw new BudgetSpentException(string.Create(CultureInfo.InvariantCulture,
                        $"{usage.Used:N0} of the org's {usage.Max:N0} API calls of the last 24 hours are used and PocSync stops at {Allowed(usage):N0} (Salesforce:BudgetShare): go on later."));
                _told = time.GetUtcNow();
            }
            Calls++;
            _inFlight++;
        }
    }

    /// <summary>Ends what <see cref="Take"/> began; <paramref name="response"/> is null where none came.</summary>
    internal void Settle(HttpResponseMessage? response)
    {
        lock (_gate)
        {
            _inFlight--;
            if (response is not null && response.Headers.TryGetValues("Sforce-Limit-Info", out var values)
                && Parse(string.Join(';', values)) is { } usage)
            {
                Usage = usage;
                _told = time.GetUtcNow();
            }
            else if (Usage is not null)
            {
                Usage = Usage with { Used = Usage.Used + 1 };
            }
        }
    }

    /// <summary>Reads <c>api-usage=25/5000</c>; other quotas may stand before and after it.</summary>
    internal static ApiUsage? Parse(string header)
    {
        var match = ApiUsagePart().Match(header);
        return match.Success && int.TryParse(match.Groups[1].ValueSpan, out var used) && int.TryParse(match.Groups[2].ValueSpan, out var max)
            ? new ApiUsage(used, max)
            : null;
    }

    [GeneratedRegex(@"(?<![-\w])api-usage=(\d+)/(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex ApiUsagePart();
}
