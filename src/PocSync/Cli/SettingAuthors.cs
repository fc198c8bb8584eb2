using System.Globalization;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>
/// Who changed the org's records of settings. The records themselves do not say; the org's setup audit trail does, where the login may see Setup. Its sentences are
/// Salesforce's and in the org's language, so that an entry counts for a setting only if it names the setting's record.
/// </summary>
public sealed class SettingAuthors(LedgerDatabase ledger, LiveOrg org)
{
    /// <summary>Keeps who made the changes that a run saw, as far as the org tells.</summary>
    public async Task TellAsync(long run, CancellationToken stop)
    {
        var signs = new SettingSigns(ledger);
        var (keys, since) = await signs.ChangedAsync(run);
        if (keys.Count == 0)
        {
            return;
        }

        try
        {
            if (Of(keys, await org.SetupChangesAsync(since, stop)) is { Count: > 0 } known)
            {
                await signs.KeepAsync(run, known);
            }
        }
        catch (Exception e) when (e is OrgException || (e is OperationCanceledException && stop.IsCancellationRequested))
        {
            // The run is done, and its history says no less than without this.
        }
    }

    /// <summary>The newest entry that names each setting's record, in words by key.</summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<string> keys, IReadOnlyList<SetupChange> changes)
    {
        var known = new Dictionary<string, string>();
        foreach (var key in keys)
        {
            var record = key.Split('.') is ["rules", var rule, ..] ? rule.Replace('-', '_') : OrgSettings.RecordOf(key);
            if (changes.Where(c => Names(c.What, record)).MaxBy(c => c.At) is { } change)
            {
                known[key] = string.Create(CultureInfo.InvariantCulture, $"{change.Who}, {change.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
            }
        }

        return known;
    }

    /// <summary>Whether an entry names a record of ours, by its API name or its label.</summary>
    private static bool Names(string what, string record)
    {
        var words = $" {new string([.. what.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')])} ";
        return words.Contains($" {record.Replace('_', ' ').ToLowerInvariant()} ", StringComparison.Ordinal)
            && (words.Contains(" poc ", StringComparison.Ordinal) || words.Contains("metadata", StringComparison.Ordinal));
    }
}
