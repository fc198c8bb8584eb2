namespace PocSync.Ledger;

// Instants are UTC ticks, since SQLite cannot order DateTimeOffset; ids and words are text; lists and whole records are JSON.

/// <summary>The one org that the ledger belongs to.</summary>
public sealed class OrgRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public long Since { get; init; }

    /// <summary>The user that PocSync was logged in as at the last run that reached the org.</summary>
    public string? Worker { get; init; }

    /// <summary>Whether it is a sandbox; null where it did not say.</summary>
    public bool? IsSandbox { get; init; }

    /// <summary>API calls that were left of the budget when a run ended last, and the same in words; null where the org does not tell.</summary>
    public int? CallsLeft { get; init; }
    public string? CallsLeftWords { get; init; }

    /// <summary>When that was.</summary>
    public long? CallsAt { get; init; }

    /// <summary>When what was too old was deleted last.</summary>
    public long? SweptAt { get; init; }
}

/// <summary>A run.</summary>
public sealed class RunRow
{
    public long Number { get; init; }
    public required string Kind { get; init; }
    public required string By { get; init; }

    /// <summary>Why, where a person gave a reason.</summary>
    public string? Reason { get; init; }
    public long StartedAt { get; init; }
    public long? EndedAt { get; set; }
    public required string Status { get; set; }
    public string Sentence { get; set; } = "";

    /// <summary>The plan that it proposed; plans that do not differ are one.</summary>
    public long? Plan { get; set; }
    public int Accounts { get; set; }
    public int Findings { get; set; }

    /// <summary>How many of the findings are in the baseline.</summary>
    public int Baseline { get; set; }

    /// <summary>How many more are snoozed or marked as false.</summary>
    public int Silent { get; set; }
    public int Corrections { get; set; }
    public int Applied { get; set; }
    public int Held { get; set; }
    public int Waiting { get; set; }
    public int Failed { get; set; }

    /// <summary>About how many API calls it was to need, said before it began; null where that was not told.</summary>
    public int? CallsNeeded { get; set; }

    /// <summary>API calls that it sent.</summary>
    public int CallsUsed { get; set; }

    /// <summary>Those of them that came after reading: the next run expects as many.</summary>
    public int CallsToWrite { get; set; }

    /// <summary>How much was read, where the run judged all records.</summary>
    public string? Measure { get; set; }

    /// <summary>Whether later runs may be compared with it: not where so much was missing that a permission may have been.</summary>
    public bool IsMeasure { get; set; }
}

/// <summary>A setting from one run on.</summary>
public sealed class SettingRow
{
    public long Id { get; init; }
    public long At { get; init; }
    public long Run { get; init; }
    public required string Key { get; init; }
    public string? Before { get; init; }
    public string? After { get; init; }
    public required string By { get; init; }

    /// <summary>Who changed it in the org and when, in words; null where the org did not tell.</summary>
    public string? ChangedBy { get; init; }
}

/// <summary>API calls of PocSync in five minutes; see <see cref="Core.Calls.CallWindow"/>.</summary>
public sealed class CallRow
{
    public long Slot { get; init; }
    public int Count { get; init; }
}

/// <summary>A job that the org works on by itself and of which nobody has seen the end, by the org's id.</summary>
public sealed class OrgJobRow
{
    public required string Id { get; init; }
    public long At { get; init; }
}

/// <summary>A plan and the guard's verdict on it.</summary>
public sealed class PlanRow
{
    public long Id { get; init; }

    /// <summary>The first run that proposed it.</summary>
    public long Run { get; init; }
    public required string Digest { get; init; }

    /// <summary>SHA-256 over all that is kept of the plan, states and reasons too.</summary>
    public required string Fingerprint { get; set; }
    public long AsOf { get; init; }
    public required string Today { get; init; }
    public required string Binding { get; init; }
    public required string Refusals { get; init; }
    public required string Unpicked { get; init; }

    /// <summary>What an undo leaves as it is.</summary>
    public required string Stays { get; init; }

    /// <summary>What limits of the guard hold at later runs too.</summary>
    public required string Held { get; init; }
}

/// <summary>A correction of a plan.</summary>
public sealed class PlannedRow
{
    public long Plan { get; set; }
    public int Position { get; init; }
    public required string Correction { get; init; }
    public required string Rule { get; init; }
    public required string Code { get; init; }
    public required string Account { get; init; }
    public required string AccountName { get; init; }

    /// <summary>Ready, Waits or Held once the guard has spoken; a word of <see cref="Core.Runs.LeftAloneKind"/> where it is left alone.</summary>
    public required string State { get; init; }
    public required string Reasons { get; init; }
    public required string Sentence { get; init; }
    public required string Json { get; init; }

    /// <summary>When the first run of the unbroken chain of plans that had it began.</summary>
    public long Since { get; init; }

    /// <summary>That run.</summary>
    public long SinceRun { get; init; }
}

/// <summary>A person's word on a correction.</summary>
public sealed class DecisionRow
{
    public long Id { get; init; }
    public long At { get; init; }
    public long Plan { get; init; }
    public required string Correction { get; init; }
    public required string Rule { get; init; }
    public required string Code { get; init; }
    public required string Account { get; init; }

    /// <summary>What the correction starts from: a no holds for whatever starts from the same.</summary>
    public required string Starting { get; init; }

    /// <summary>Since when the correction waited.</summary>
    public long Since { get; init; }

    /// <summary>A word of <see cref="DecisionKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The day on which what was deferred is proposed again.</summary>
    public string? Until { get; init; }

    /// <summary>From when the days count after which a yes expires: when it was given, or the day before which it is not written.</summary>
    public long HoldsFrom { get; init; }
    public required string By { get; init; }
    public required string Reason { get; init; }

    /// <summary>The run in which a yes came to an outcome; a yes is for one writing.</summary>
    public long? Settled { get; set; }
}

/// <summary>What a person said of a finding.</summary>
public sealed class MarkRow
{
    public long Id { get; init; }
    public long At { get; init; }

    /// <summary><c>Snoozed</c> or <c>FalsePositive</c>.</summary>
    public required string Kind { get; init; }
    public required string Rule { get; init; }
    public required string Code { get; init; }
    public required string Subject { get; init; }
    public required string Account { get; init; }

    /// <summary>What the rule saw then.</summary>
    public required string Sight { get; init; }

    /// <summary>Of one that is snoozed, the day from which it counts again.</summary>
    public string? Until { get; init; }
    public required string By { get; init; }
    public required string Reason { get; init; }
    public long? ClearedAt { get; init; }
    public string? ClearedBy { get; init; }
    public string? ClearedReason { get; init; }
}

/// <summary>What a person did to the baseline.</summary>
public sealed class BaselineRow
{
    public long Id { get; init; }
    public long At { get; init; }
    public required string By { get; init; }
    public required string Reason { get; init; }

    /// <summary>The rule that it was restricted to.</summary>
    public string? Rule { get; init; }

    /// <summary>Whether findings were taken out of the baseline; else they were put into it.</summary>
    public bool IsCleared { get; init; }

    /// <summary>How many.</summary>
    public int Findings { get; init; }
}

/// <summary>What is about to be written. Of a correction at most one is without an outcome.</summary>
public sealed class IntentRow
{
    public long Id { get; init; }
    public long Run { get; init; }
    public long At { get; init; }
    public required string Correction { get; init; }
    public required string Account { get; init; }

    /// <summary>The intent whose writing it takes back.</summary>
    public long? Undoes { get; init; }
    public required string Json { get; init; }

    /// <summary>When the org said yes.</summary>
    public long? TakenAt { get; set; }

    /// <summary>With the yes: for each write of the bundle the id of the record that it made, or an empty text.</summary>
    public string? Created { get; set; }

    /// <summary>The run in which it came to an outcome.</summary>
    public long? Settled { get; set; }
}

/// <summary>What became of a correction.</summary>
public sealed class OutcomeRow
{
    public long Id { get; init; }
    public long Run { get; init; }
    public long At { get; init; }
    public required string Correction { get; init; }
    public required string Kind { get; init; }
    public string? Code { get; init; }
    public string? Reason { get; init; }

    /// <summary>The intent that came to this; none where nothing was to be written.</summary>
    public long? Intent { get; init; }

    /// <summary>What the correction started from, where it was to be written.</summary>
    public string? Starting { get; init; }
}

/// <summary>Somebody paused all writing, or let it go on; the newest row holds.</summary>
public sealed class PauseRow
{
    public long Id { get; init; }
    public long At { get; init; }
    public bool IsPause { get; init; }
    public required string By { get; init; }
    public required string Reason { get; init; }
}

/// <summary>A finding, from the run that saw it first until the run that did not any more. Of a rule, code and subject at most one is open.</summary>
public sealed class FindingRow
{
    public long Id { get; init; }
    public required string Rule { get; init; }
    public required string Code { get; init; }
    public required string Subject { get; init; }
    public required string Account { get; init; }

    /// <summary>As the last run that saw it has it, like the sentence and the count.</summary>
    public required string Severity { get; init; }
    public required string Sentence { get; init; }

    /// <summary>How many findings share the key.</summary>
    public int Count { get; init; }
    public long OpenedAt { get; init; }
    public long OpenedRun { get; init; }
    public long SeenAt { get; init; }
    public long SeenRun { get; init; }

    /// <summary>When a person accepted it as the baseline.</summary>
    public long? BaselineAt { get; set; }
    public string? BaselineBy { get; set; }
    public string? BaselineReason { get; set; }

    /// <summary>What its rule saw; see <see cref="Core.Runs.Mark.SightOf"/>.</summary>
    public required string Sight { get; init; }

    /// <summary>The kind of the mark that silences it, and its words; null where none does.</summary>
    public string? Silent { get; init; }
    public string? SilentWords { get; init; }
    public long? ResolvedAt { get; init; }
    public long? ResolvedRun { get; init; }
}

/// <summary>Up to when an object's changes are judged.</summary>
public sealed class WatermarkRow
{
    public required string Object { get; init; }
    public long At { get; init; }
    public long Run { get; init; }
}

/// <summary>Something that somebody changed back.</summary>
public sealed class RevertRow
{
    public long Id { get; init; }
    public required string Account { get; init; }
    public required string Json { get; init; }
    public long FoundAt { get; init; }
    public long FoundRun { get; init; }

    /// <summary>When a person said that PocSync may write it again.</summary>
    public long? ClearedAt { get; set; }
    public string? ClearedBy { get; set; }
    public string? ClearedReason { get; set; }
}

/// <summary>Something that a person asked for and that a worker does in the org.</summary>
public sealed class ErrandRow
{
    public long Id { get; init; }
    public long At { get; init; }

    /// <summary>A word of <see cref="ErrandKind"/>.</summary>
    public required string Kind { get; init; }
    public required string By { get; init; }
    public required string Reason { get; init; }

    /// <summary>The id of the one record or correction that it is about; null where it is about more than one.</summary>
    public string? Subject { get; init; }

    /// <summary>JSON: what exactly, by its kind.</summary>
    public required string Details { get; init; }

    /// <summary>When a worker began with it; null where none has, or where it could not be done and waits to be tried again.</summary>
    public long? TakenAt { get; set; }
    public long? DoneAt { get; set; }

    /// <summary>Since when it fails; null where it has not failed.</summary>
    public long? FailedSince { get; set; }

    /// <summary>When it is tried again after it failed.</summary>
    public long? RetryAt { get; set; }

    /// <summary>The run that it was done in, or that failed over it.</summary>
    public long? Run { get; set; }

    /// <summary>What came of it, or why it could not be done yet.</summary>
    public string? Sentence { get; set; }
}
