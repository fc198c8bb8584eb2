using PocSync.Core.Guards;
using PocSync.Core.Plans;

namespace PocSync.Core.Runs;

/// <summary>What a run is asked to do.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Settings">The rules.</param>
/// <param name="Limits">The guard's limits.</param>
/// <param name="Now">The instant at which everything is judged and whose day is written.</param>
/// <param name="By">Who asks.</param>
/// <param name="Reason">Why, where a person gave a reason.</param>
public sealed record RunOrder(RunKind Kind, Rules.Settings Settings, GuardLimits Limits, DateTimeOffset Now, string By, string? Reason = null)
{
    /// <summary>Whether who asks says that what the org no longer shows is gone.</summary>
    public bool IsLossAccepted { get; init; }

    /// <summary>Whether nothing is written of what is planned, but for what announced handoffs ask for: a plan for people to look at.</summary>
    public bool IsDraft { get; init; }

    /// <summary>Every setting that counts for the run, as text by its key.</summary>
    public IReadOnlyDictionary<string, string> Effective { get; init; } =
        Rules.SettingsText.Of(Settings).Concat(Rules.SettingsText.Of(Limits)).ToDictionary();

    /// <summary>When people work: what they are given time for is due after so many of their working days.</summary>
    public Notices.WorkingHours Hours { get; init; } = new Notices.NoticeSettings().Hours;

    /// <summary>Said some time after the word to stop: no answer is waited for any more, and the next run finds out what became of what was on the
    /// way.</summary>
    public CancellationToken Abandon { get; init; }
}

/// <summary>How far a run is, for whoever watches.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="Done">How much of something is done,</param>
/// <param name="Of">of how much; 0 where that cannot be told.</param>
public sealed record RunNews(string Text, int Done = 0, int Of = 0);

/// <summary>What a run did.</summary>
public sealed record RunReport
{
    /// <summary>Its number in the ledger.</summary>
    public required long Run { get; init; }

    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Accounts that were judged.</summary>
    public int Accounts { get; init; }

    /// <summary>What the org held, for a later run to start from; null where nothing was recorded of it, or so little was there that it is not
    /// believed.</summary>
    public Records.Snapshot? Pulled { get; init; }

    /// <summary>What it found, proposed and held; null where it did not come so far or judged nothing.</summary>
    public Judged? Judged { get; init; }

    /// <summary>What became of each correction that it took up.</summary>
    public IReadOnlyList<Outcome> Outcomes { get; init; } = [];

    /// <summary>Corrections that were to be written,</summary>
    public int Asked { get; init; }

    /// <summary>those of them that came to an outcome, other than that they were not sent,</summary>
    public int Settled { get; init; }

    /// <summary>and those that were not taken up.</summary>
    public int NotBegun { get; init; }

    /// <summary>Who or what paused writing, and why; null where nobody did.</summary>
    public string? Paused { get; init; }

    /// <summary>What became of the org's alert rows; null where the run came to none.</summary>
    public AlertReport? Alerts { get; init; }

    /// <summary>What became of handoff briefs; null where the run came to none.</summary>
    public BriefReport? Briefs { get; init; }

    /// <summary>Whether nothing was written because what a person gave their word for takes another person's too.</summary>
    public bool NeedsSecond { get; init; }

    /// <summary>Why it failed, in a sentence.</summary>
    public string? Failure { get; init; }

    /// <summary>The org's code for it, where it gave one.</summary>
    public string? FailureCode { get; init; }

    /// <summary>Corrections that are begun and of which it is not known yet what became of them.</summary>
    public int Unknown { get; init; }

    /// <summary>About how many API calls it was to need, as said before it read the org; null where that was not told.</summary>
    public int? CallsNeeded { get; init; }

    /// <summary>API calls that it sent.</summary>
    public int CallsUsed { get; init; }

    /// <summary>Those of them that came after reading.</summary>
    public int CallsToWrite { get; init; }

    /// <summary>Corrections of the plan.</summary>
    public int Corrections => Judged?.Proposal.Plan.Corrections.Count ?? 0;

    /// <summary>Corrections that are as planned in the org now.</summary>
    public int Applied => Outcomes.Count(o => o.IsDone);

    /// <summary>Corrections that were taken up and are not in the org.</summary>
    public int NotApplied => Outcomes.Count(o => !o.IsDone && o.Kind != OutcomeKind.Withdrawn);

    /// <summary>Corrections held, by the guard or by themselves; not those that are approved for a day.</summary>
    public int Held => Count(CorrectionState.Held);

    /// <summary>Corrections that wait for more than a day that they are approved for.</summary>
    public int Waiting => Count(CorrectionState.Waits);

    private int Approved => Judged?.Proposal.Plan is { } plan ? plan.Corrections.Count(c => plan.Approved.Contains(c.Id)) : 0;

    /// <summary>The whole of it in a few sentences.</summary>
    public string Sentence
    {
        get
        {
            var parts = new List<string>();
            if (Judged?.Findings is { } findings)
            {
                parts.Add($"Judged {Count(Accounts, "account")}: {Found(findings.Count, Judged.InBaseline, Judged.InSilence)}, {Count(Corrections, "correction")} planned.");
            }

            if (Outcomes.Count > 0)
            {
                var kinds = string.Join(", ",
                    Enum.GetValues<OutcomeKind>().Select(k => (Kind: k, Count: Outcomes.Count(o => o.Kind == k))).Where(k => k.Count > 0)
                    .Select(k => $"{k.Count} {Word(k.Kind)}"));
                parts.Add($"Took up {Count(Outcomes.Count, "correction")}: {kinds}.");
            }
            else if (Failure is null && Unknown == 0 && Alerts is not { Done.Count: > 0 } && Briefs is not { Written: > 0 })
            {
                parts.Add("Nothing was written.");
            }

            if (Held > 0)
            {
                parts.Add($"{Count(Held, "correction")} held.");
            }

            if (Waiting > 0)
            {
                parts.Add($"{Count(Waiting, "correction")} {(Waiting == 1 ? "waits" : "wait")} for a person.");
            }

            if (Approved > 0)
            {
                parts.Add($"{Count(Approved, "correction")} approved for a day to come.");
            }

            if (Judged?.Proposal.LeftAlone is { Count: > 0 } alone)
            {
                var kinds = alone.CountBy(a => a.Kind).OrderBy(k => k.Key).Select(k => $"{k.Value:N0} {k.Key switch { LeftAloneKind.Baseline => "in the baseline", LeftAloneKind.FalsePositive => "for false positives", var kind => kind.ToString().ToLowerInvariant() }}");
                parts.Add($"{Count(alone.Count, "correction")} left alone: {string.Join(", ", kinds)}.");
            }

            if (Judged?.Stays.Count is > 0 and var stays)
            {
                parts.Add($"{Count(stays, "record")} {(stays == 1 ? "stays" : "stay")} as {(stays == 1 ? "it is" : "they are")}.");
            }

            if (Alerts?.Sentence is { } alerts)
            {
                parts.Add(alerts);
            }

            if (Briefs?.Sentence is { } briefs)
            {
                parts.Add(briefs);
            }

            if (Unknown > 0)
            {
                parts.Add($"{Count(Unknown, "correction")} {(Unknown == 1 ? "is" : "are")} on the way to the org: the next run finds out what became of {(Unknown == 1 ? "it" : "them")}.");
            }

            if (NotBegun > 0)
            {
                parts.Add($"{Count(NotBegun, "correction")} {(NotBegun == 1 ? "was" : "were")} ready and not begun.");
            }

            if (Status == RunStatus.Stopped)
            {
                parts.Add($"Stopped {(Asked == 0 ? "before anything was to be written" : $"after {Settled:N0} of {Count(Asked, "correction")}")}; the next run goes on.");
            }

            if (Paused is not null)
            {
                parts.Add($"Writing is paused: {Paused}.");
            }

            if (Failure is not null)
            {
                parts.Add(Failure);
            }

            return string.Join(' ', parts);
        }
    }

    private int Count(CorrectionState state) => Judged is { Proposal.Plan: var plan } j ? plan.Corrections.Count(c => j.Verdict.StateOf(c) == state && !plan.Approved.Contains(c.Id)) : 0;

    private static string Count(int count, string noun) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static string Found(int findings, int inBaseline, int inSilence) => Count(findings - inBaseline - inSilence, inBaseline == 0 ? "finding" : "new finding")
        + (inBaseline == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $", {inBaseline:N0} in the baseline"))
        + (inSilence == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $", {inSilence:N0} snoozed or marked as false"));

    private static string Word(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Written => "written",
        OutcomeKind.AlreadyDone => "done already",
        OutcomeKind.NotWritten => "not written",
        OutcomeKind.Stale => "stale (the records had changed since)",
        OutcomeKind.Refused => "refused by the org",
        OutcomeKind.Expired => "no longer approved",
        OutcomeKind.Withdrawn => "withdrawn before the day",
        _ => "skipped (what it builds on was not written)",
    };
}
