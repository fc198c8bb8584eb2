using System.Globalization;
using PocSync.Core.Notices;
using PocSync.Core.Rules;

namespace PocSync.Notices;

/// <summary>Reads the section <c>Notices</c> of the program's settings.</summary>
public static class NoticesSection
{
    /// <summary>The section's keys; below others with a colon between.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        "Channels", "TellManagers", "QuietFrom", "QuietTo", "WorkingDays", "MaxBellsAnHour", "MaxEmailsADay", "Administrators",
        .. Enum.GetNames<NewsKind>().SelectMany(k => new[] { $"Templates:{k}:Title", $"Templates:{k}:Line" }),
    ];

    /// <summary>Throws <see cref="SettingsException"/> with everything that is wrong, a line each.</summary>
    public static NoticeSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Notices");
        var problems = new List<string>();
        var defaults = new NoticeSettings();
        var (templates, wrong) = Templates.Read((kind, part) => Text($"Templates:{kind}:{part}"));
        problems.AddRange(wrong);
        var settings = new NoticeSettings
        {
            Channels = Text("Channels") is { } channels ? [.. Words(channels, "Channels", Enum.GetValues<ChannelKind>()).Distinct().Order()] : defaults.Channels,
            TellManagers = Text("TellManagers") switch
            {
                null => defaults.TellManagers,
                var word when bool.TryParse(word, out var yes) => yes,
                var word => Wrong($"Notices:TellManagers must be true or false, not '{word}'.", defaults.TellManagers),
            },
            Hours = new WorkingHours(
                Time("QuietFrom", defaults.Hours.QuietFrom), Time("QuietTo", defaults.Hours.QuietTo),
                Text("WorkingDays") is { } days ? Words(days, "WorkingDays", Enum.GetValues<DayOfWeek>()).ToHashSet() : defaults.Hours.Days),
            MaxBellsAnHour = Whole("MaxBellsAnHour", defaults.MaxBellsAnHour, 10_000),
            MaxEmailsADay = Whole("MaxEmailsADay", defaults.MaxEmailsADay, 1_000_000),
            Administrators = [.. (Text("Administrators") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            Templates = templates,
        };
        return problems.Count == 0 ? settings : throw new SettingsException(string.Join('\n', problems));

        string? Text(string name) => string.IsNullOrWhiteSpace(section[name]) ? null : section[name]!.Trim();

        T Wrong<T>(string problem, T otherwise)
        {
            problems.Add(problem);
            return otherwise;
        }

        TimeOnly Time(string name, TimeOnly otherwise) => Text(name) is not { } text ? otherwise
            : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
            : Wrong($"Notices:{name} must be a time of day such as 07:00, not '{text}'.", otherwise);

        int Whole(string name, int otherwise, int most) => Text(name) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
            : Wrong(string.Create(CultureInfo.InvariantCulture, $"Notices:{name} must be a whole number from 0 to {most}, not '{text}'."), otherwise);

        // Days by their first three letters too.
        List<T> Words<T>(string text, string name, IReadOnlyList<T> all) where T : struct, Enum => text.Equals("None", StringComparison.OrdinalIgnoreCase) ? []
            :
            [
                .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SelectMany(word =>
                    all.Where(a => a.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)
                        || (a is DayOfWeek && word.Length == 3 && a.ToString().StartsWith(word, StringComparison.OrdinalIgnoreCase))).Take(1).ToList() is { Count: 1 } found ? found
                    : Wrong<List<T>>($"Notices:{name} has '{word}'; there are {string.Join(", ", all)}, or None.", [])),
            ];
    }
}
