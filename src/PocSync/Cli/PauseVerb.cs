using System.CommandLine;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>pause</c> and <c>resume</c>: nothing is written to the org until somebody says so. A run that is under way stops before its next batch.</summary>
internal static class PauseVerb
{
    public static Command CreatePause(Surroundings around)
    {
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
        var by = VerbOptions.As();
        var verb = new Command("pause", "Stops all writing to the org, also that of a run under way; runs judge on.") { reason, by };
        verb.SetAction(async (parsed, _) => await SetAsync(true, parsed.GetValue(by)!, parsed.GetValue(reason)!, around));
        return verb;
    }

    public static Command CreateResume(Surroundings around)
    {
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var by = VerbOptions.As();
        var verb = new Command("resume", "Lets writing go on after a pause.") { reason, by };
        verb.SetAction(async (parsed, _) => await SetAsync(false, parsed.GetValue(by)!, parsed.GetValue(reason)!, around));
        return verb;
    }

    private static async Task<int> SetAsync(bool isPause, string by, string reason, Surroundings around)
    {
        if (isPause && string.IsNullOrWhiteSpace(reason))
        {
            throw new UsageException("--reason must say why: every run that writes nothing will say it.");
        }

        var pauses = new Pauses(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings)), around.Time);
        var isNew = await pauses.SetAsync(isPause, by, reason.Trim());
        around.Error.WriteLine((isPause, isNew) switch
        {
            (true, true) => "Nothing is written to the org until `pocsync resume`.",
            (true, false) => "It is paused already.",
            (false, true) => "The next run writes again.",
            _ => "Nobody paused it here.",
        });
        return (int)ExitStatus.Done;
    }
}
