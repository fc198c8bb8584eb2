using System.Globalization;
using PocSync.Core.Plans;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>What is said of a run, the same wherever a person reads it.</summary>
public static class RunWords
{
    /// <summary>Over corrections that came to the same outcome; null: to none yet.</summary>
    public static string Title(OutcomeKind? kind) => kind switch
    {
        OutcomeKind.Written => "Written",
        OutcomeKind.AlreadyDone => "Done already",
        OutcomeKind.NotWritten => "Not written; the next run tries again",
        OutcomeKind.Stale => "Stale: changed since it was planned, and left alone",
        OutcomeKind.Refused => "Refused by the org",
        OutcomeKind.Skipped => "Skipped",
        OutcomeKind.Expired => "No longer approved: the approval expired before it could be written",
        OutcomeKind.Withdrawn => "Withdrawn before the day: what was approved is no longer so",
        _ => "On the way to the org when it was lost",
    };

    /// <summary>Over corrections that were not taken up, by their state.</summary>
    public static string Title(string state) => state == nameof(CorrectionState.Ready) ? "Ready and not begun" : state;

    /// <summary>That the ledger has left what a run proposed to a later one; null where it lists all of it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="listed">How many corrections that waited or were held are still kept with it.</param>
    public static string? NotListed(RunRow run, int listed) => run.Held + run.Waiting - listed is > 0 and var gone
        ? $"{NumberText.Count(gone, "correction")} that it left to people {(gone == 1 ? "is" : "are")} not listed here any more: later runs propose what is still so." : null;

    /// <summary>Why it came to its outcome; null where there is nothing to add.</summary>
    public static string? Because(RunStep step) =>
        step.Outcome is { Reason: { } reason } outcome ? $"because {reason}{(outcome.Code is null ? "" : $" ({outcome.Code})")}" : null;

    /// <summary>That a later run found out what became of it; null where none had to.</summary>
    public static string? FoundOut(RunStep step) =>
        step.FoundOutBy is { } later ? string.Create(CultureInfo.InvariantCulture, $"run {later} found out what became of it") : null;

    /// <summary>A member of the account team who could not be put back.</summary>
    public static string Lost(TeamRow member) =>
        $"{member.UserName} ({member.UserId}, {member.Role ?? "no role"}) left the account team: the org takes no inactive member back";

    /// <summary>How long it took and how many API calls, against what was expected; null while it lasts.</summary>
    public static string? Took(RunRow run)
    {
        if (run.EndedAt is not { } ended)
        {
            return null;
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"It took {Duration(TimeSpan.FromTicks(ended - run.StartedAt))} and {run.CallsUsed:N0} API {(run.CallsUsed == 1 ? "call" : "calls")}{(run.CallsToWrite > 0 ? $", {run.CallsToWrite:N0} of them to write" : "")}{(run.CallsNeeded is { } needed ? $"; about {needed:N0} were expected at its start" : "")}.");
    }

    /// <summary>That a setting is not what it was at the run before.</summary>
    public static string Changed(SettingChange setting) =>
        $"Since the run before, the setting {setting.Key} changed from {setting.Before ?? "nothing"} to {setting.After ?? "nothing"}{(setting.ChangedBy is { } who ? $" (in the org by {who})" : "")}.";

    /// <summary>A time as people say it.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes:N0} min {time.Seconds} s");
}
