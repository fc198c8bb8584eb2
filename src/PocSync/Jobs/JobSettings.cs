using PocSync.Core.Rules;

namespace PocSync.Jobs;

/// <summary>The worker's schedules and engine, from the section <c>Jobs</c> of the program's settings.</summary>
/// <param name="Engine">The engine to run on, as it calls itself; null for the first that was built in.</param>
/// <param name="Zone">The zone of times of day.</param>
/// <param name="Full">When every account is judged; null for never.</param>
/// <param name="Delta">When what changed is judged; null for never.</param>
/// <param name="Retention">When what is too old is deleted from the ledger; null for never.</param>
/// <param name="Chaser">When people are reminded of handoffs; null for never.</param>
/// <param name="Digest">When administrators and approvers are told what waits for them; null for never.</param>
public sealed record JobSettings(
    string? Engine, TimeZoneInfo Zone, Schedule? Full, Schedule? Delta, Schedule? Retention = null, Schedule? Chaser = null, Schedule? Digest = null)
{
    /// <summary>The section's keys.</summary>
    public static IReadOnlyList<string> Known { get; } = ["Engine", "TimeZone", "Full", "Delta", "Retention", "Chaser", "Digest"];

    /// <summary>Throws <see cref="SettingsException"/> with everything that is wrong, a line each.</summary>
    public static JobSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Jobs");
        var problems = new List<string>();
        var zone = TimeZoneInfo.Utc;
        if (Text("TimeZone") is { } id && !TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone!))
        {
            problems.Add($"Jobs:TimeZone is '{id}', which this machine does not know: give a name of the IANA database such as Europe/Berlin.");
        }

        var settings = new JobSettings(Text("Engine"), zone, Schedule("Full", "daily 02:00"), Schedule("Delta", "every 5m"), Schedule("Retention", "weekly Sun 03:00"),
            Schedule("Chaser", "every 1h"), Schedule("Digest", "daily 07:00"));
        return problems.Count == 0 ? settings : throw new SettingsException(string.Join('\n', problems));

        string? Text(string name) => string.IsNullOrWhiteSpace(section[name]) ? null : section[name]!.Trim();

        Schedule? Schedule(string name, string otherwise)
        {
            var words = Text(name) ?? otherwise;
            if (words.Equals("never", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            var (schedule, problem) = Jobs.Schedule.Read(words);
            if (problem is not null)
            {
                problems.Add($"Jobs:{name} {problem}.");
            }

            return schedule;
        }
    }
}
