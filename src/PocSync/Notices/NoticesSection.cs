using System.Globalization;
using System.Net.Mail;
using System.Text;
using PocSync.Core.Notices;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Notices;

/// <summary>The section <c>Notices</c> of the program's settings.</summary>
/// <param name="Settings">What is told to whom and when.</param>
/// <param name="Smtp">The mail server; null where none is named.</param>
/// <param name="Webhook">Where a team's channel takes posts; null where none is named.</param>
public sealed record NoticesSection(NoticeSettings Settings, SmtpSettings? Smtp, Uri? Webhook)
{
    /// <summary>The section's keys; below others with a colon between.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        "Channels", "TellManagers", "QuietFrom", "QuietTo", "WorkingDays", "Holidays", "MaxBellsAnHour", "MaxEmailsADay", "Administrators",
        "Smtp:Host", "Smtp:Port", "Smtp:From", "Smtp:Tls", "Smtp:User", "Smtp:Password", "Webhook:Url",
        .. Enum.GetNames<NewsKind>().SelectMany(k => new[] { $"Templates:{k}:Title", $"Templates:{k}:Line" }),
    ];

    /// <summary>A channel that needs no org; null for any other.</summary>
    public IChannel? ChannelOf(ChannelKind kind, TimeProvider time) => kind switch
    {
        ChannelKind.Smtp => new SmtpChannel(Smtp!, time),
        ChannelKind.Webhook => new WebhookChannel(Webhook!),
        _ => null,
    };

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Settings = ").Append(Settings);
        return true;
    }

    /// <summary>Throws <see cref="SettingsException"/> with everything that is wrong, a line each.</summary>
    public static NoticesSection Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Notices");
        var problems = new List<string>();
        var defaults = new NoticeSettings();
        var (templates, wrong) = Templates.Read((kind, part) => Text($"Templates:{kind}:{part}"));
        problems.AddRange(wrong);
        var settings = new NoticeSettings
        {
            Channels = Text("Channels") is { } channels ? [.. Words(channels, "Channels", Enum.GetValues<ChannelKind>()).Distinct().Order()] : defaults.Channels,
            TellManagers = Yes("TellManagers", defaults.TellManagers),
            Hours = new WorkingHours(
                Time("QuietFrom", defaults.Hours.QuietFrom), Time("QuietTo", defaults.Hours.QuietTo),
                Text("WorkingDays") is { } days ? Words(days, "WorkingDays", Enum.GetValues<DayOfWeek>()).ToHashSet() : defaults.Hours.Days)
            { Holidays = Dates("Holidays") },
            MaxBellsAnHour = Whole("MaxBellsAnHour", defaults.MaxBellsAnHour, 10_000),
            MaxEmailsADay = Whole("MaxEmailsADay", defaults.MaxEmailsADay, 1_000_000),
            Administrators = [.. (Text("Administrators") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            Templates = templates,
        };
        var (smtp, webhook) = (Smtp(), Webhook());
        if (settings.Channels.Contains(ChannelKind.Smtp) && smtp is null && Text("Smtp:Host") is null)
        {
            problems.Add("Notices:Channels has Smtp, and Notices:Smtp:Host is missing: name the mail server.");
        }

        if (settings.Channels.Contains(ChannelKind.Webhook) && Text("Webhook:Url") is null)
        {
            problems.Add("Notices:Channels has Webhook, and Notices:Webhook:Url is missing: give the address that the team's channel takes posts at.");
        }

        return problems.Count == 0 ? new NoticesSection(settings, smtp, webhook) : throw new SettingsException(string.Join('\n', problems));

        SmtpSettings? Smtp()
        {
            if (Text("Smtp:Host") is not { } host)
            {
                return null;
            }

            var (isEncrypted, user, isHere) = (Yes("Smtp:Tls", true), Text("Smtp:User"), host is "localhost" or "127.0.0.1");
            if (user is not null && !isEncrypted && !isHere)
            {
                problems.Add("Notices:Smtp:User would be sent in clear: set Notices:Smtp:Tls to true.");
            }

            if (MailAddress.TryCreate(Text("Smtp:From"), out var from) && from is not null)
            {
                return new SmtpSettings(host, Whole("Smtp:Port", 587, 65_535), from, isEncrypted, user, Text("Smtp:Password"));
            }

            problems.Add("Notices:Smtp:From must be the address that e-mails come from, such as pocsync@example.com.");
            return null;
        }

        Uri? Webhook()
        {
            if (Text("Webhook:Url") is not { } text)
            {
                return null;
            }

            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            {
                return url;
            }

            problems.Add("Notices:Webhook:Url is no address that begins with https://.");
            return null;
        }

        bool Yes(string name, bool otherwise) => Text(name) is not { } word ? otherwise
            : bool.TryParse(word, out var yes) ? yes : Wrong($"Notices:{name} must be true or false, not '{word}'.", otherwise);

        string? Text(string name) => string.IsNullOrWhiteSpace(section[name]) ? null : section[name]!.Trim();

        T Wrong<T>(string problem, T otherwise)
        {
            problems.Add(problem);
            return otherwise;
        }

        TimeOnly Time(string name, TimeOnly otherwise) => Text(name) is not { } text ? otherwise
            : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
            : Wrong($"Notices:{name} must be a time of day such as 07:00, not '{text}'.", otherwise);

        HashSet<DateOnly> Dates(string name) =>
        [
            .. (Text(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word =>
                DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
                : Wrong($"Notices:{name} must be days such as 2026-12-25, with commas between; '{word}' is none.", default(DateOnly))),
        ];

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
