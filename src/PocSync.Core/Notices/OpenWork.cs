using System.Globalization;

namespace PocSync.Core.Notices;

/// <summary>What is open on an account for whoever takes it over.</summary>
/// <param name="Opportunities">Open ones.</param>
/// <param name="NextClose">When the first of them closes; null where none has a day.</param>
/// <param name="Cases">Open ones.</param>
/// <param name="Escalated">Those of them that are escalated.</param>
public sealed record OpenWork(int Opportunities, DateOnly? NextClose, int Cases, int Escalated)
{
    /// <summary>As a part of a sentence; blank where nothing is open.</summary>
    public string Words => string.Join(" and ", new[]
    {
        Opportunities == 0 ? ""
            : Count(Opportunities, "opportunity", "opportunities")
                + (NextClose is { } day ? string.Create(CultureInfo.InvariantCulture, $" ({(Opportunities == 1 ? "closes" : "the first closes")} on {day:yyyy-MM-dd})") : ""),
        Cases == 0 ? ""
            : Count(Cases, "case", "cases")
                + (Escalated == 0 ? "" : Escalated == Cases ? " (escalated)" : string.Create(CultureInfo.InvariantCulture, $" ({Escalated:N0} escalated)")),
    }.Where(w => w.Length > 0));

    private static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
