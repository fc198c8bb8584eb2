using System.Globalization;

namespace PocSync;

/// <summary>Numbers as people say them.</summary>
internal static class NumberText
{
    /// <summary><c>1,204 accounts</c>, <c>1 account</c>.</summary>
    public static string Count(long number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? "" : "s")}");

    /// <summary>A part of something; neither 0 nor 100 where it is neither.</summary>
    public static string Percent(decimal part, decimal all) => all == 0 ? "" : part > 0 && part / all < 0.01m ? "<1 %"
        : part < all && part / all > 0.99m ? ">99 %" : string.Create(CultureInfo.InvariantCulture, $"{part / all * 100:N0} %");

    /// <summary>A part of something as a length in a picture.</summary>
    public static string Part(decimal part, decimal all) => string.Create(CultureInfo.InvariantCulture, $"{(all == 0 ? 0 : part / all * 100):0.##}%");

    /// <summary>An amount: 169.4 bn, 12 M, 850 k.</summary>
    public static string Worth(decimal? amount) => amount switch
    {
        null => "–",
        var a when Math.Abs(a.Value) >= 999_500_000m => Short(a.Value / 1_000_000_000m, " bn"),
        var a when Math.Abs(a.Value) >= 999_500m => Short(a.Value / 1_000_000m, " M"),
        var a when Math.Abs(a.Value) >= 1_000m => Short(a.Value / 1_000m, " k"),
        var a => a.Value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static string Short(decimal number, string unit) =>
        number.ToString(Math.Abs(number) < 99.95m ? "#,0.0" : "#,0", CultureInfo.InvariantCulture) + unit;
}
