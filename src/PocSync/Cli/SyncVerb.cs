using System.CommandLine;
using PocSync.Core.Runs;

namespace PocSync.Cli;

/// <summary><c>sync</c>: one run over the whole org.</summary>
internal static class SyncVerb
{
    public static Command Create(Surroundings around)
    {
        var full = new Option<bool>("--full") { Description = "Judge every account." };
        var delta = new Option<bool>("--delta")
        { Description = "Read only what changed since the last run, where this process has made one; else everything." };
        var acceptLoss = new Option<bool>("--accept-loss")
        { Description = "What the org no longer shows is gone, not hidden by a lost permission: go on from what there is now." };
        var rules = VerbOptions.Rules();
        var by = VerbOptions.As();
        var format = VerbOptions.Format();
        var verb = new Command("sync", "Judges the org, writes the corrections that are ready, and keeps the others for a person.")
            { full, delta, acceptLoss, rules, by, format };
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(full) && parsed.GetValue(delta))
            {
                throw new UsageException("--full and --delta are two ways to run: give one of them.");
            }

            var home = RulesHome.Of(parsed.GetValue(rules), around).Checked();
            await using var desk = await RunDesk.OpenAsync(around, parsed.GetValue(rules), stop);
            var settings = await home.ReadAsync(desk.Org, stop);
            if (parsed.GetValue(delta))
            {
                around.Error.WriteLine("There is no earlier run in this process to start from: it reads everything.");
            }

            return await desk.EndAsync(
                settings, await desk.SyncAsync(
                    desk.Order(RunKind.Sync, settings, parsed.GetValue(by)!) with { IsLossAccepted = parsed.GetValue(acceptLoss) }, stop), parsed.GetValue(format), stop);
        });
        return verb;
    }
}
