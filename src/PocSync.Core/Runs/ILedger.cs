using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>What a run is for.</summary>
public enum RunKind
{
    /// <summary>Judges and corrects.</summary>
    Sync,

    /// <summary>Writes a plan that somebody applies.</summary>
    Apply,

    /// <summary>Writes what somebody approved.</summary>
    Approve,

    /// <summary>Puts back what was written.</summary>
    Undo,

    /// <summary>Writes what somebody says to a handoff of their own.</summary>
    Answer,
}

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>It has not ended.</summary>
    Running,

    /// <summary>Everything that could be done was.</summary>
    Done,

    /// <summary>The guard held something.</summary>
    Held,

    /// <summary>Somebody paused writing: it judged and wrote nothing, or nothing more.</summary>
    Paused,

    /// <summary>Something was not written.</summary>
    Partial,

    /// <summary>The org could not be reached or refused the login.</summary>
    Failed,

    /// <summary>It was told to stop, or ended without a word.</summary>
    Stopped,
}

/// <summary>What earlier runs left behind.</summary>
public sealed record Memory
{
    /// <summary>When a finding that is still open was first seen, by rule, code and subject.</summary>
    public Func<string, string, RecordId, DateTimeOffset?> FirstSeen { get; init; } = (_, _, _) => null;

    /// <summary>How much the last full run read; null where there was none.</summary>
    public Measure? Last { get; init; }

    /// <summary>Owners that were written in the last 60 minutes, whatever run wrote them.</summary>
    public int OwnerChanges { get; init; }

    /// <summary>API calls that the last full run sent after reading.</summary>
    public int CallsToWrite { get; init; }

    /// <summary>What the org refused, by starting point, with its words.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    /// <summary>What a person undid, by rule, code and account, with who and why.</summary>
    public IReadOnlyDictionary<(string Rule, string Code, RecordId Account), string> Undone { get; init; } =
        new Dictionary<(string, string, RecordId), string>();

    /// <summary>
    /// Accounts whose owner was put back, with the owners between whom it went, and who put it back and why. The org's history has the going back
    /// like any change of owner, but nobody hands anything over by it.
    /// </summary>
    public IReadOnlyDictionary<RecordId, (IReadOnlySet<RecordId> Owners, string Words)> OwnersPutBack { get; init; } =
        new Dictionary<RecordId, (IReadOnlySet<RecordId>, string)>();

    /// <summary>What somebody changed back and nobody cleared.</summary>
    public IReadOnlyList<Revert> Reverts { get; init; } = [];

    /// <summary>What was changed back and cleared since: the same writing is not found again.</summary>
    public IReadOnlyList<Revert> Cleared { get; init; } = [];

    /// <summary>What a person rejected, by starting point, with who and why.</summary>
    public IReadOnlyDictionary<string, string> Rejected { get; init; } = new Dictionary<string, string>();

    /// <summary>What a person put off, by starting point: the day on which it is proposed again, with who and why.</summary>
    public IReadOnlyDictionary<string, (DateOnly Until, string Why)> Deferred { get; init; } = new Dictionary<string, (DateOnly, string)>();

    /// <summary>Open findings that a person accepted as the baseline, by rule, code and subject, with who and why.</summary>
    public IReadOnlyDictionary<(string Rule, string Code, RecordId Subject), string> Baseline { get; init; } = new Dictionary<(string, string, RecordId), string>();

    /// <summary>What people said of findings and did not take back, in order.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>The marks that hold for what was found now.</summary>
    public IReadOnlyDictionary<(string Rule, string Code, RecordId Subject), Mark> Silent { get; init; } = new Dictionary<(string, string, RecordId), Mark>();

    /// <summary>Why owners wait for a person, because something else assigns them; null where nothing is known of it. See <see cref="StandBack"/>.</summary>
    public string? OwnersWait { get; init; }

    /// <summary>What limits of the guard held and is still wrong; see <see cref="GuardInput.HeldBefore"/>.</summary>
    public IReadOnlyDictionary<(string Rule, string Code, RecordId Account), HeldBy> Held { get; init; } = new Dictionary<(string, string, RecordId), HeldBy>();

    /// <summary>Who was announced to leave, also where that was taken back, in order.</summary>
    public IReadOnlyList<Leaver> Leavers { get; init; } = [];

    /// <summary>What people approved for a day, and is not written yet.</summary>
    public IReadOnlyList<Correction> Approved { get; init; } = [];

    /// <summary>Who was picked for what in the newest plan: they stay, as long as they pass the tests.</summary>
    public IReadOnlyList<EarlierPick> Picks { get; init; } = [];
}

/// <summary>Somebody who was picked before.</summary>
/// <param name="For">The search; see <see cref="Picked.For"/>.</param>
/// <param name="Who">The user or department.</param>
/// <param name="Run">The run that proposed it first.</param>
public sealed record EarlierPick(string For, RecordId Who, long Run);

/// <summary>What a run judged and what it may write.</summary>
/// <param name="Findings">What is wrong; null where the run judged no records.</param>
/// <param name="Measure">How much was read for the plan; kept for later runs to be compared with where the run judged all records.</param>
/// <param name="Proposal">The plan.</param>
/// <param name="Verdict">The guard's verdict.</param>
/// <param name="IsMeasure">Whether later runs may be compared with it: not where so much was missing that a permission may have been.</param>
/// <param name="Approval">The yes of whoever applies a plan.</param>
public sealed record Judged(
    IReadOnlyList<Finding>? Findings, Measure Measure, Proposal Proposal, Verdict Verdict, bool IsMeasure, Approval? Approval = null)
{
    /// <summary>What was found to be changed back at this run for the first time.</summary>
    public IReadOnlyList<Revert> Reverts { get; init; } = [];

    /// <summary>What an undo leaves as it is.</summary>
    public IReadOnlyList<Stays> Stays { get; init; } = [];

    /// <summary>How many of the findings are in the baseline.</summary>
    public int InBaseline { get; init; }

    /// <summary>The marks that hold for the findings; these are counted apart.</summary>
    public IReadOnlyDictionary<(string Rule, string Code, RecordId Subject), Mark> Silent { get; init; } = new Dictionary<(string, string, RecordId), Mark>();

    /// <summary>How many of the findings are silent, and not in the baseline.</summary>
    public int InSilence { get; init; }

    /// <summary>What was seen of the org, for people; null where the run judged no records.</summary>
    public Book? Book { get; init; }
}

/// <summary>The port to what is remembered of runs.</summary>
public interface ILedger
{
    /// <summary>A run begins; gives its number.</summary>
    /// <param name="kind">What for.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="settings">Every setting that counts, by its key: what changed since the last run is kept.</param>
    /// <param name="reason">Why, where a person gave a reason.</param>
    Task<long> StartAsync(RunKind kind, string by, IReadOnlyDictionary<string, string> settings, string? reason = null);

    /// <summary>Makes sure that the ledger belongs to the org, or to none so far. Throws where it belongs to another one.</summary>
    Task BelongAsync(OrgIdentity org);

    /// <summary>What earlier runs left behind.</summary>
    Task<Memory> RecallAsync();

    /// <summary>Keeps what was found and planned.</summary>
    Task RecordAsync(long run, Judged judged);

    /// <summary>A run ends.</summary>
    Task EndAsync(RunReport report);
}

/// <summary>The port to what was and is to be written. Each call is kept when it returns, whatever happens after it.</summary>
public interface IJournal
{
    /// <summary>What was begun and has no outcome.</summary>
    Task<IReadOnlyList<Begun>> UnfinishedAsync();

    /// <summary>
    /// Everything that was ever written on the accounts that a target touches, in the order of writing; what the target itself names is marked.
    /// </summary>
    Task<IReadOnlyList<Writing>> WritingsAsync(WritingsOf target);

    /// <summary>These are about to be written.</summary>
    Task IntendAsync(long run, IReadOnlyList<Intent> intents);

    /// <summary>The org said yes to these.</summary>
    Task TakenAsync(long run, IReadOnlyList<Begun> taken);

    /// <summary>This became of them.</summary>
    Task SettleAsync(long run, IReadOnlyList<Outcome> outcomes);
}
