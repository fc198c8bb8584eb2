using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>Picks as many Backups as an account lacks.</summary>
internal static class BackupPicks
{
    /// <summary>
    /// The writes that start them, tried out on the scene's state one by one, so that nobody is picked twice; fewer where nobody is left. The trace says how each pick came
    /// out.
    /// </summary>
    public static (List<Write> Writes, List<string> Trace, List<Picked> Picks) Add(Scene scene, Account account, Picker picker, Assignee replaced, Assignee managerOf)
    {
        var (writes, trace, picks) = (new List<Write>(), new List<string>(), new List<Picked>());
        for (var needed = scene.For(account).Number("minimum") - BackupPresent.Count(scene, account); needed > 0; needed--)
        {
            var search = new Search(account, PocRole.Backup, replaced, managerOf);
            var pick = picker.Find(scene, search);
            trace.AddRange(pick.Trace);
            if (pick.Who.IsUnknown)
            {
                break;
            }

            if (Rows.StartBackup(scene.Snapshot, account, pick.Who) is not { } write)
            {
                trace.Add("the settings name no team role that stands for a Backup (teamRoles)");
                break;
            }

            writes.Add(write);
            picks.Add(new Picked(search.NameFor(scene.Info.Id), pick.Who.Id));
            DraftWriter.Apply(scene.Draft, account, [write]);
        }

        return (writes, trace, picks);
    }
}
