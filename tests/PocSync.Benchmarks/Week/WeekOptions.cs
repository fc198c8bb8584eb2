using System.Globalization;

namespace PocSync.Benchmarks.Week;

/// <summary>What a soak is asked for.</summary>
internal sealed record WeekOptions
{
    /// <summary>Hours of simulated time.</summary>
    public int Hours { get; init; } = 168;

    /// <summary>Outside edits an hour of simulated time.</summary>
    public int Changes { get; init; } = 2_000;

    /// <summary>Accounts of the org.</summary>
    public int Accounts { get; init; } = 2_000;

    /// <summary>How many times as fast as real time it goes.</summary>
    public double Speed { get; init; } = 200;

    /// <summary>Reads <c>--hours N --changes N --accounts N --speed N</c>. Throws <see cref="ArgumentException"/>.</summary>
    public static WeekOptions Read(ReadOnlySpan<string> args)
    {
        var options = new WeekOptions();
        for (; args.Length > 0; args = args[2..])
        {
            var number = args.Length > 1 && int.TryParse(args[1], CultureInfo.InvariantCulture, out var given) && given > 0 ? given
                : throw new ArgumentException($"{args[0]} takes a whole number above 0.");
            options = args[0] switch
            {
                "--hours" => options with { Hours = number },
                "--changes" => options with { Changes = number },
                "--accounts" => options with { Accounts = number },
                "--speed" => options with { Speed = number },
                _ => throw new ArgumentException($"There is no option {args[0]}; there are --hours, --changes, --accounts and --speed."),
            };
        }

        return options;
    }
}
