using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using static PocSync.NumberText;

namespace PocSync.Review.Pages;

/// <summary>Whether a part of the installation works.</summary>
public enum SetupState
{
    /// <summary>It does.</summary>
    Works,

    /// <summary>It does, and somebody should look at it.</summary>
    LookHere,

    /// <summary>It does not.</summary>
    Wrong,
}

/// <summary>A line of the checklist.</summary>
/// <param name="What">Which part of the installation.</param>
/// <param name="State">Whether it works.</param>
/// <param name="Sentence">What is known of it.</param>
/// <param name="Do">What to do; null where there is nothing to do.</param>
/// <param name="Link">The page of the console where that is done or more is said.</param>
/// <param name="More">Further sentences.</param>
public sealed record SetupLine(string What, SetupState State, string Sentence, string? Do = null, string? Link = null, IReadOnlyList<string>? More = null);

/// <summary>What is known of the installation, as answers to the questions that whoever looks after it asks.</summary>
/// <param name="Installed">What runs knew.</param>
/// <param name="Rules">How each rule came out at the last run that judged the org.</param>
/// <param name="Settings">The settings by which the last run went.</param>
/// <param name="Jobs">What the jobs have done.</param>
/// <param name="Pause">The pause that is in force.</param>
/// <param name="Alive">Workers that give signs of life.</param>
internal sealed record SetupCheck(
    Installed Installed, IReadOnlyDictionary<string, RuleRow> Rules, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<JobRow> Jobs, PauseRow? Pause,
    int Alive, IReadOnlyList<(string Channel, string State, int Count)> Messages)
{
    private const int Most = 25;

    private static readonly string[] Limits =
        ["Guard:MaxChanged", "Guard:MaxChangedShare", "Guard:MaxCreated", "Guard:MaxPerPerson", "Guard:MaxOwnerChangesPerHour", "Guard:MinAnswered"];

    /// <summary>The checklist.</summary>
    public IEnumerable<SetupLine> Lines(WorkerDesk worker, RulesDesk rules, ReviewSettings review, Installation ledger)
    {
        yield return Org(worker);
        yield return LastRun();
        if (Installed.Measure is { } measure)
        {
            yield return Contacts(measure.Binding);
            yield return Shown(measure.Missing());
            yield return Judged();
        }

        yield return RulesFile(rules);
        yield return Calls();
        yield return Guard();
        yield return Writing();
        yield return Worker(worker);
        yield return Notices();
        yield return new("Ledger", SetupState.Works, $"It is kept by {ledger.Provider}, {ledger.Name}, and holds {Size(Installed.Size)}.",
            ledger.IsShared ? null : "Back the file up; with PostgreSQL several workers can share it.");
        yield return new("Sign-in", SetupState.Works, review.IsSalesforce ? $"People sign in with Salesforce at {review.PublicUrl}; their permission sets say what they may do."
            : "Who has the link that a start prints enters, on this machine alone, as administrator.",
            review.IsSalesforce ? null : "To let colleagues in, set Review:SignIn to Salesforce.");
    }

    private SetupLine Org(WorkerDesk worker)
    {
        var reached = worker.Org is { } at ? $", reached at {at.LoginUrl.GetLeftPart(UriPartial.Authority)} by API version {at.ApiVersion}" : "";
        return Installed.Org is not { } org
            ? new("Org", SetupState.Wrong, $"No run has reached an org yet{reached}.", "Begin the full run; where it fails, it says why.", "/jobs")
            : new("Org", SetupState.Works,
                $"{org.Name} ({org.Id}), {org.IsSandbox switch { true => "a sandbox", false => "a production org", null => "sandbox or production not known" }}{reached}. PocSync is {(Installed.Worker is null ? $"the user {org.Worker}" : $"{Installed.Worker} ({org.Worker})")} there.");
    }

    private SetupLine LastRun() => Installed.Last switch
    {
        null => new("Last run", SetupState.Wrong, "No run has ended yet.", "Begin the full run.", "/jobs"),
        { Status: nameof(RunStatus.Failed) } run => new("Last run", SetupState.Wrong, run.Sentence, "Mend what it says; a job tries again by itself.", $"/runs/{run.Number}"),
        { Status: nameof(RunStatus.Stopped) or nameof(RunStatus.Partial) } run => new("Last run", SetupState.LookHere, run.Sentence, null, $"/runs/{run.Number}"),
        { } run => new("Last run", SetupState.Works, run.Sentence, null, $"/runs/{run.Number}"),
    };

    private SetupLine Contacts(Binding binding)
    {
        var why = Settings.GetValueOrDefault("binding") == binding.ToString().ToLowerInvariant() ? "because the settings say so" : "since that is the richest that the org has";
        return binding switch
        {
            Binding.Package => new("Contacts", SetupState.Works, $"Who answers for an account is kept in the package's records, {why}."),
            Binding.Team => new("Contacts", SetupState.LookHere, $"Who answers for an account is its owner and the account team, {why}.",
                "With the package installed, roles have a first and a last day, and handoffs and absences are known."),
            _ => new("Contacts", SetupState.LookHere, $"Who answers for an account is its owner alone, {why}.",
                "Switch account teams on or install the package, so that backups can be kept."),
        };
    }

    private static SetupLine Shown(IReadOnlyList<string> missing) => missing.Count == 0
        ? new("What the org shows", SetupState.Works, "Every object and field that a run reads.")
        : new("What the org shows", SetupState.LookHere, $"{Count(missing.Count, "object")} or {(missing.Count == 1 ? "field" : "fields")} of those that a run reads {(missing.Count == 1 ? "is" : "are")} missing.",
            "Install the package, and give PocSync's user the permission set PocSync Integration; or say in names what they are called there.", null, Some(missing));

    private SetupLine Judged()
    {
        var not = Rules.Values.Where(r => r.WhyNot is not null and not "disabled").OrderBy(r => r.Rule, StringComparer.Ordinal).ToList();
        var off = Rules.Values.Count(r => r.WhyNot == "disabled");
        // What this version judges nowhere is nothing to look at.
        var misses = not.Exists(r => RuleBook.Find(r.Rule) is not NotJudgedHere);
        var sentence = $"{Count(Rules.Count - not.Count - off, "rule")} judged{(off == 0 ? "" : $", {off} switched off")}{(not.Count == 0 ? "" : $", {not.Count} not judged")}.";
        return new("Rules", misses ? SetupState.LookHere : SetupState.Works, sentence, !misses ? null : "What a rule misses is said beside it; switch off those that you do not want.", "/rules",
                [.. not.Select(r => $"{RuleWords.ProblemOf(r.Rule)}: {r.WhyNot}.")]);
    }

    private static SetupLine RulesFile(RulesDesk rules) =>
        rules.Now().Problems is { Count: > 0 } problems ? Bad(rules, problems)
        : rules.Refused() is { } refused ? Bad(rules, [refused])
        : rules.IsInOrg ? new("Rules' settings", SetupState.Works, "They are records of the org (Setup, Custom Metadata Types: POC Rule and POC Setting), and nothing was wrong with them when they were read last.", null, "/rules")
        : rules.File is null ? new("Rules file", SetupState.LookHere, "There is none: every rule has its defaults, and nothing is written without a person's yes.", "Name one by Rules:File.", "/rules")
        : new("Rules file", SetupState.Works, $"{rules.File}, and nothing is wrong with it.", null, "/rules");

    private static SetupLine Bad(RulesDesk rules, IReadOnlyList<string> problems) => rules.IsInOrg
        ? new("Rules' settings", SetupState.Wrong, "Records of the org are wrong, and the last good rules stay in force.", "Mend the records in Setup: the next run reads them.", "/rules", Some(problems))
        : new("Rules file", SetupState.Wrong, "It is wrong, and the last good rules stay in force.", "Mend the file: the next run reads it.", "/rules", Some(problems));

    private SetupLine Calls() => Installed.Org is not { CallsLeftWords: { } words } org
        ? new("API calls", SetupState.LookHere, "How many are left is told once a run has reached the org.")
        : org.CallsLeft is not { } left ? new("API calls", SetupState.LookHere, Upper(words) + ".")
        : Installed.Last?.CallsNeeded is { } needed && left < needed
            ? new("API calls", SetupState.Wrong, $"{Upper(words)}; the last run needed about {needed.ToString("N0", CultureInfo.InvariantCulture)}.", "Wait until the day has room again, make the quick run rarer, or raise the limit.", "/jobs")
        : new("API calls", SetupState.Works, Upper(words) + ".");

    private SetupLine Guard() => new("Guard", SetupState.Works,
        Settings.ContainsKey(Limits[0]) ? "More than this in one run waits for a person." : "Its limits are told once a run has begun.", null, null,
        [.. Limits.Where(Settings.ContainsKey).Select(l => $"{l}: {Settings[l]}")]);

    private SetupLine Writing() => Pause is { } pause
        ? new("Writing", SetupState.LookHere, $"{pause.By} paused it: {pause.Reason}", "Let it go on when that is over.", "/approvals")
        : Installed.Last is { Status: nameof(RunStatus.Paused) } run ? new("Writing", SetupState.LookHere, "The org or the settings pause it, as the last run found.", "Take the word Paused out of the settings, or out of the org's POC_Setting.", $"/runs/{run.Number}")
        : new("Writing", SetupState.Works, "Nobody has paused it.");

    private SetupLine Notices()
    {
        int Of(params string[] states) => Messages.Where(m => states.Contains(m.State)).Sum(m => m.Count);
        var (sent, waiting, wrong) = (Of(nameof(MessageState.Sent)), Of(nameof(MessageState.Waiting)), Messages.Where(m => m.State is nameof(MessageState.Failed) or nameof(MessageState.Unknown)).ToList());
        var sentence = $"{Count(sent, "message")} sent in the last day{(waiting > 0 ? $", {Count(waiting, "message")} waiting for people's working hours or a channel's limit" : "")}.";
        return wrong.Count == 0 ? new("Notices", SetupState.Works, sentence)
            : new("Notices", SetupState.LookHere, $"{sentence} {Count(wrong.Sum(w => w.Count), "message")} could not be sent, or perhaps not ({string.Join(", ", wrong.Select(w => w.Channel).Distinct().Order(StringComparer.Ordinal))}).",
                "See why with pocsync notices; docs/notices.md says what each channel needs.");
    }

    private SetupLine Worker(WorkerDesk worker)
    {
        var failing = Jobs.Where(j => j.Failures > 0).Select(j => JobWords.Of(j.Name).Title).ToList();
        var sentence = $"Jobs run on {worker.Engine()}; {Count(Alive, "worker")} {(Alive == 1 ? "gives signs" : "give signs")} of life.";
        return failing.Count > 0 ? new("Jobs", SetupState.Wrong, $"{sentence} {string.Join(" and ", failing)} {(failing.Count == 1 ? "fails" : "fail")}.", "See why.", "/jobs")
            : Jobs.Any(j => j.PausedBy is not null) ? new("Jobs", SetupState.LookHere, $"{sentence} {string.Join(" and ", Jobs.Where(j => j.PausedBy is not null).Select(j => JobWords.Of(j.Name).Title))} paused.", "Resume it when that is over.", "/jobs")
            : new("Jobs", Alive == 0 ? SetupState.LookHere : SetupState.Works, sentence, null, "/jobs");
    }

    private static IReadOnlyList<string> Some(IReadOnlyList<string> all) => all.Count <= Most ? all : [.. all.Take(Most), $"and {all.Count - Most} more"];

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Size(long bytes) => bytes < 1_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:N0} kB")
        : bytes < 1_000_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N1} GB");
}
