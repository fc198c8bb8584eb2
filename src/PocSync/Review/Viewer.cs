using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace PocSync.Review;

/// <summary>Who looks, and from where.</summary>
public static class Viewer
{
    /// <summary>The cookie in which the browser says its time zone.</summary>
    public const string ZoneCookie = "zone";

    /// <summary>The viewer's time zone; null where the browser did not say one that is known here.</summary>
    public static TimeZoneInfo? ZoneOf(HttpContext? http) =>
        http?.Request.Cookies[ZoneCookie] is { Length: > 0 and < 64 } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;

    /// <summary>An instant of the ledger as the viewer's clock has it.</summary>
    public static DateTimeOffset At(HttpContext? http, long ticks) =>
        TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), ZoneOf(http) ?? TimeZoneInfo.Utc);

    /// <summary>The viewer's day.</summary>
    public static DateOnly Today(HttpContext? http, TimeProvider time) => DateOnly.FromDateTime(At(http, time.GetUtcNow().UtcTicks).DateTime);

    /// <summary>What an address says after a name; null where it says nothing, or more than anybody would look for.</summary>
    public static string? Word(string? value) => value?.Trim() is { Length: > 0 and <= 80 } word ? word : null;

    /// <summary>The page of a list that an address asks for, from 1.</summary>
    public static int Page(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, 1_000_000) : 1;

    /// <summary>Who is signed in, for the ledger: the name by which nobody else is known.</summary>
    public static string LedgerName(this ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.Upn) ?? user.Identity?.Name ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>The user's id in the org; null where they did not sign in with Salesforce.</summary>
    public static string? OrgUser(this ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) is { Length: 18 } id ? id : null;

    /// <summary>From one day of the ledger to another, either of which can be open.</summary>
    public static string Days(string? from, string? to) => (Day(from), Day(to)) switch
    {
        ("", "") => "with no end",
        (var first, "") => $"from {first} on",
        ("", var last) => $"until {last}",
        var (first, last) => first == last ? first : $"{first} to {last}",
    };

    /// <summary>Why somebody cannot act, by the rule's code.</summary>
    public static string WhyNot(string code) => code switch
    {
        "inactive" => "has left",
        "frozen" => "locked out",
        "not-standard" => "not a colleague",
        "department-unable" => "cannot act",
        _ => "unknown",
    };

    /// <summary>A day as people write it.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A day that the ledger keeps as text; an empty text for none.</summary>
    public static string Day(string? day) => DateOnly.TryParseExact(day, "yyyy-MM-dd", out var known) ? Day(known) : "";
}
