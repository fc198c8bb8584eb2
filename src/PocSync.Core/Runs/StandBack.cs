using PocSync.Core.Plans;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>
/// Where something else assigns owners (territory management, an assignment tool), PocSync writes none by itself: whatever writes <c>Account.OwnerId</c> waits for a person. It is
/// told by the settings, or noticed.
/// </summary>
public static class StandBack
{
    /// <summary>Accounts whose owner was changed back after PocSync had written it, from which on that is no coincidence.</summary>
    public const int Accounts = 10;

    private const string Instead = "a person approves; ownerAssignedBy: pocsync in the settings lets PocSync write owners by itself";

    /// <summary>Why owners are not written by themselves, as far as settings and ledger tell; null where nothing is known against it.</summary>
    public static string? Why(Settings settings, Memory memory) => settings.OwnerAssignedBy switch
    {
        OwnerAssigner.PocSync => null,
        OwnerAssigner.Other => "ownerAssignedBy in the settings says that PocSync does not assign owners: a person approves",
        _ => memory.Reverts.Where(r => r is { Object: "Account", Field: "OwnerId" }).Select(r => r.Account).Distinct().Count() is var back && back >= Accounts
            ? $"the owners of {back} accounts were changed back after PocSync had written them, so that something else seems to assign owners: {Instead}" : null,
    };

    /// <summary>The same where the org itself says that territory management is active, by the name of its model.</summary>
    public static string Why(string model) => $"the territory model {model} is active in the org and may assign owners: {Instead}";

    /// <summary>Whether it is worth asking the org: nobody said who assigns owners, and something would write one by itself.</summary>
    public static bool IsOpen(Settings settings, Proposal proposal) => settings.OwnerAssignedBy is null
        && proposal.Plan.Corrections.Any(c => c.State == CorrectionState.Ready && WritesOwner(c));

    /// <summary>Whether a correction writes an account's owner.</summary>
    public static bool WritesOwner(Correction correction) => correction.Writes.Any(w => w.Object == "Account" && w.Fields.Any(f => f.Field == "OwnerId"));
}
