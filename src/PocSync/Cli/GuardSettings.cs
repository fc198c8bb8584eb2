using System.Globalization;
using Microsoft.Extensions.Configuration;
using PocSync.Core.Guards;

namespace PocSync.Cli;

/// <summary>Reads the guard's limits from the section <c>Guard</c> of the program's settings. Throws <see cref="UsageException"/>.</summary>
internal static class GuardSettings
{
    public static GuardLimits Read(IConfiguration settings)
    {
        var section = settings.GetSection("Guard");
        var defaults = new GuardLimits();
        return new GuardLimits(
            Whole("MaxChanged") ?? defaults.MaxChanged,
            Share("MaxChangedShare") ?? defaults.MaxChangedShare,
            Whole("MaxCreated") ?? defaults.MaxCreated,
            Whole("MaxPerPerson"),
            Whole("MaxOwnerChangesPerHour"),
            Share("MinAnswered") ?? defaults.MinAnswered);

        int? Whole(string name) => string.IsNullOrWhiteSpace(section[name]) ? null
            : int.TryParse(section[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw new UsageException($"Guard:{name} must be a whole number, 0 or more, not '{section[name]}'.");

        decimal? Share(string name) => string.IsNullOrWhiteSpace(section[name]) ? null
            : decimal.TryParse(section[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
                ? value
            : throw new UsageException($"Guard:{name} must be a share from 0 to 1, such as 0.05, not '{section[name]}'.");
    }
}
