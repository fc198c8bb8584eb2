using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using PocSync.Core.Records;

namespace PocSync.Core.Handoffs;

/// <summary>A part of a brief.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Lines">What there is to say, at least the sentence for when there is nothing.</param>
public sealed record BriefPart(string Title, IReadOnlyList<string> Lines);

/// <summary>Where a part of a brief comes from.</summary>
/// <param name="Title">The part.</param>
/// <param name="Sources">Objects and fields, by package or standard name.</param>
/// <param name="WhenEmpty">What it says where there is nothing.</param>
public sealed record BriefSource(string Title, IReadOnlyList<string> Sources, string WhenEmpty);

/// <summary>What whoever takes an account over has to know for the first call, in plain text: what is in it was written by anybody.</summary>
/// <param name="Parts">The parts, in order.</param>
/// <param name="Introduction">A draft of the letter by which the receiver introduces themselves; never sent by PocSync.</param>
public sealed record Brief(IReadOnlyList<BriefPart> Parts, string Introduction)
{
    /// <summary>Records of a kind that are shown.</summary>
    public const int Most = 5;

    /// <summary>Escapes what means something in HTML, and leaves every script of the world as it is.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private const int LongestValue = 250, LongestNotes = 4000;

    private const string WhomToCall = "Whom to call", Noted = "What whoever had it noted";

    private static readonly List<(BriefSource Source, Func<BriefFacts, DateOnly, IEnumerable<string>> Lines)> All =
    [
        (new("The customer", ["Account.Name", "Account.Type", "Account.Industry", "Account.Parent.Name", "Account.Website", "Account.Phone", "Account.BillingCity", "Account.BillingCountry", "Account.NumberOfEmployees", "Account.Description"],
            "Salesforce says nothing of the customer."), Customer),
        (new("This handoff", ["POC_Handoff__c.From_User__r.Name", "POC_Handoff__c.From_Department__r.Name", "POC_Handoff__c.To_User__r.Name", "POC_Handoff__c.To_Department__r.Name", "POC_Handoff__c.Effective_On__c", "POC_Handoff__c.Reason__c"],
            "Nothing is written of why the account changes hands."), (facts, _) => [Passing(facts.Handoff.Fields, null, null), .. Value(facts.Handoff.Fields, "Reason__c") is null ? ["Nobody has written why."] : Array.Empty<string>()]),
        (new(Noted, ["POC_Handoff__c.Notes__c", "POC_Handoff__c.Status__c"], "Nothing is noted yet."), (facts, _) => Notes(facts)),
        (new(WhomToCall, ["Contact.Name", "Contact.Title", "Contact.POC_Customer_Primary__c", "Contact.Email", "Contact.EmailBouncedDate", "Contact.HasOptedOutOfEmail", "Contact.Phone", "Contact.MobilePhone", "Contact.DoNotCall", "Contact.LastActivityDate"],
            "The account has no contact in Salesforce."), Contacts),
        (new("What it is worth", ["Account.AnnualRevenue", "Account.Rating"], "Neither annual revenue nor rating is shown."), Worth),
        (new("Open opportunities", ["Opportunity.Name", "Opportunity.StageName", "Opportunity.Amount", "Opportunity.Probability", "Opportunity.CloseDate", "Opportunity.NextStep", "Opportunity.Owner.Name", "Opportunity.Owner.IsActive"],
            "There is no open opportunity."), Opportunities),
        (new("Open cases", ["Case.CaseNumber", "Case.Subject", "Case.Status", "Case.Priority", "Case.IsEscalated", "Case.CreatedDate"], "There is no open case."), Cases),
        (new("What waits", ["Task.ActivityDate", "Opportunity.CloseDate", "Case.IsEscalated", "POC_Handoff__c.Due_On__c"], "Nothing is overdue."), Waiting),
        (new("Planned", ["Task.Subject", "Task.ActivityDate", "Task.IsClosed", "Task.Owner.Name", "Event.Subject", "Event.ActivityDate", "Event.Owner.Name"], "No task and no event is planned."),
            (facts, today) => Activities(facts, today, isPlanned: true)),
        (new("Lately", ["Task.Subject", "Task.ActivityDate", "Task.IsClosed", "Task.Owner.Name", "Event.Subject", "Event.ActivityDate", "Event.Owner.Name", "Account.LastActivityDate"], "No activity of the last 180 days is in Salesforce."),
            Lately),
        (new("Handoffs before this one", ["POC_Handoff__c.Effective_On__c", "POC_Handoff__c.From_User__r.Name", "POC_Handoff__c.From_Department__r.Name", "POC_Handoff__c.To_User__r.Name", "POC_Handoff__c.To_Department__r.Name", "POC_Handoff__c.Status__c", "POC_Handoff__c.Declined_Why__c", "POC_Handoff__c.Reason__c", "POC_Handoff__c.Notes__c"],
            "No earlier handoff of the account is known."), Handoffs),
    ];

    /// <summary>Where each part comes from, in order.</summary>
    public static IReadOnlyList<BriefSource> Sources { get; } = [.. All.Select(a => a.Source)];

    /// <summary>The fields and paths of an object that briefs are made from.</summary>
    public static IReadOnlyList<string> FieldsOf(string name) =>
        [.. Sources.SelectMany(s => s.Sources).Where(s => s.StartsWith(name + ".", StringComparison.Ordinal)).Select(s => s[(name.Length + 1)..]).Distinct()];

    /// <summary>The brief of a handoff; of equal facts the same.</summary>
    /// <param name="facts">What the receiver may see.</param>
    /// <param name="today">The day in the org's time zone.</param>
    /// <param name="company">The org's name.</param>
    public static Brief Of(BriefFacts facts, DateOnly today, string company)
    {
        var parts = All.Where(a => facts.Account is not null || a.Source.Sources.All(s => s.StartsWith("POC_Handoff__c", StringComparison.Ordinal)))
            .Select(a => Part(facts, a.Source, [.. a.Lines(facts, today)]));
        return new Brief([.. facts.LeftOut is { } left ? [new BriefPart("Not shown", [left])] : Enumerable.Empty<BriefPart>(), .. parts], Introduce(facts, today, company));
    }

    /// <summary>By object, the words for one and for several.</summary>
    private static readonly Dictionary<string, (string One, string Many)> Words = new()
    {
        ["Opportunity"] = ("open opportunity", "open opportunities"),
        ["Case"] = ("open case", "open cases"),
        ["Contact"] = ("contact", "contacts"),
        ["Task"] = ("task", "tasks"),
        ["Event"] = ("event", "events"),
    };

    /// <summary>A part never says that there is nothing where PocSync could not read it, or where records of it are left out.</summary>
    private static BriefPart Part(BriefFacts facts, BriefSource source, List<string> lines)
    {
        string[] objects = [.. source.Sources.Select(s => s.Split('.')[0]).Where(Words.ContainsKey).Distinct()];
        List<string> missing = [.. objects.Where(o => !facts.Records.ContainsKey(o)).Select(o => $"PocSync could not read the account's {Words[o].Many}: look in Salesforce.")];
        if (objects is [var only] && facts.Records.ContainsKey(only))
        {
            var (hidden, more) = (facts.Hidden.GetValueOrDefault(only), facts.More.GetValueOrDefault(only));
            if (hidden > 0)
            {
                missing.Add(hidden == 1 ? $"1 {Words[only].One} is there that {facts.Receiver} may not see: ask an administrator for access."
                    : $"{hidden} {Words[only].Many} are there that {facts.Receiver} may not see: ask an administrator for access.");
            }

            if (more > 0)
            {
                missing.Add($"{more} more {(more == 1 ? $"{Words[only].One} is" : $"{Words[only].Many} are")} there beside these: look in Salesforce.");
            }
        }
        else if (lines.Count == 0 && missing.Count == 0 && objects.Any(o => facts.Hidden.GetValueOrDefault(o) > 0))
        {
            missing.Add($"Nothing that {facts.Receiver} may see is overdue.");
        }

        return new BriefPart(source.Title, lines.Count + missing.Count > 0 ? [.. lines, .. missing]
            : source.Title is WhomToCall or Noted && Ask(facts.Origin) is { } ask ? [source.WhenEmpty, ask] : [source.WhenEmpty]);
    }

    /// <summary>Whom to ask for what is not written; null where nobody had the account.</summary>
    private static string? Ask(IReadOnlyDictionary<string, string?> handoff)
    {
        if (Side(handoff, "From") is var from && (from == Nobody || handoff.GetValueOrDefault("From_User__r.IsActive") != "false"))
        {
            return from == Nobody ? null : $"Ask {from}, who had the account.";
        }

        return BriefedHandoff.Above.FirstOrDefault(a => handoff.GetValueOrDefault($"{a}.IsActive") == "true") is { } above && Value(handoff, $"{above}.Name") is { } manager
            ? $"{from}, who had the account, has left: ask {manager} in their place." : $"{from}, who had the account, has left, and no manager is there to ask.";
    }

    /// <summary>As rich text: all that anybody wrote is encoded.</summary>
    /// <param name="longest">The field's limit, in characters: parts at the end give way where it is reached.</param>
    public string Html(int longest)
    {
        const string More = "<p>The rest is in Salesforce.</p>";
        var html = new StringBuilder();
        foreach (var part in Parts)
        {
            var text = $"<p><b>{Encoded(part.Title)}</b></p><ul>{string.Concat(part.Lines.Select(l => $"<li>{Encoded(l)}</li>"))}</ul>";
            if (html.Length + text.Length + More.Length > longest)
            {
                return html.Append(More).ToString();
            }

            html.Append(text);
        }

        return html.ToString();
    }

    private static IEnumerable<string> Customer(BriefFacts facts, DateOnly today)
    {
        if (facts.Account is not { } account || Value(account, "Name") is not { } name)
        {
            yield break;
        }

        yield return Sentence(name, Value(account, "Type"), Value(account, "Industry"), Value(account, "Parent.Name") is { } parent ? $"belongs to {parent}" : null);
        if (Join(", ", Value(account, "BillingCity"), Value(account, "BillingCountry"), Value(account, "NumberOfEmployees") is { } people ? $"{Number(people)} employees" : null) is { } where)
        {
            yield return where;
        }

        if (Join(", ", Value(account, "Website"), Value(account, "Phone")) is { } reach)
        {
            yield return reach;
        }

        if (Value(account, "Description") is { } about)
        {
            yield return about;
        }
    }

    private static IEnumerable<string> Worth(BriefFacts facts, DateOnly today)
    {
        if (facts.Account is { } account && Join(", ", Value(account, "AnnualRevenue") is { } revenue ? $"annual revenue {Number(revenue)}" : null,
            Value(account, "Rating") is { } rating ? $"rated {rating}" : null) is { } worth)
        {
            yield return worth;
        }
    }

    private static IEnumerable<string> Opportunities(BriefFacts facts, DateOnly today) => facts.Of("Opportunity").Select(o =>
        $"{Sentence(Value(o, "Name") ?? "without a name", Value(o, "StageName"), Value(o, "Amount") is { } amount ? Number(amount) : null, Value(o, "Probability") is { } likely ? $"{Number(likely)} %" : null, Value(o, "CloseDate") is { } close ? $"to close {close}" : null, Value(o, "Owner.Name"), o.GetValueOrDefault("Owner.IsActive") == "false" ? "who is gone" : null)}{(Value(o, "NextStep") is { } next ? $". Next step: {next}" : o.ContainsKey("NextStep") ? ". No next step is noted" : "")}");

    private static IEnumerable<string> Cases(BriefFacts facts, DateOnly today) => facts.Of("Case").Select(c => Sentence(
        $"{(IsTrue(c, "IsEscalated") ? "Escalated: " : "")}{Join(" ", Value(c, "CaseNumber"), Value(c, "Subject")) ?? "without a subject"}", Value(c, "Status"),
        Value(c, "Priority") is { } priority ? $"priority {priority}" : null, Value(c, "CreatedDate") is { Length: >= 10 } since ? $"open since {since[..10]}" : null));

    private static IEnumerable<string> Waiting(BriefFacts facts, DateOnly today)
    {
        var day = Day(today);
        bool IsPast(IReadOnlyDictionary<string, string?> record, string field) => Value(record, field) is { } on && string.CompareOrdinal(on, day) < 0;
        foreach (var task in facts.Of("Task").Where(t => !IsTrue(t, "IsClosed") && IsPast(t, "ActivityDate")))
        {
            yield return $"Overdue since {Value(task, "ActivityDate")}: {Value(task, "Subject") ?? "a task"}";
        }

        foreach (var opportunity in facts.Of("Opportunity").Where(o => IsPast(o, "CloseDate")))
        {
            yield return $"Was to close on {Value(opportunity, "CloseDate")}: {Value(opportunity, "Name")}";
        }

        foreach (var one in facts.Of("Case").Where(c => IsTrue(c, "IsEscalated")))
        {
            yield return $"Escalated: case {Value(one, "CaseNumber")}";
        }

        if (Value(facts.Handoff.Fields, "Due_On__c") is { } due)
        {
            yield return $"This handoff {(string.CompareOrdinal(due, day) < 0 ? "was" : "is")} to be acknowledged by {due}";
        }
    }

    private static IEnumerable<string> Activities(BriefFacts facts, DateOnly today, bool isPlanned)
    {
        var day = Day(today);
        return facts.Of("Task").Where(t => IsTrue(t, "IsClosed") != isPlanned).Select(t => (Kind: "Task", Record: t))
            .Concat(facts.Of("Event").Where(e => string.CompareOrdinal(Value(e, "ActivityDate"), day) >= 0 == isPlanned).Select(e => (Kind: "Event", Record: e)))
            .OrderBy(a => isPlanned ? Value(a.Record, "ActivityDate") ?? "9" : "", StringComparer.Ordinal).ThenByDescending(a => Value(a.Record, "ActivityDate"), StringComparer.Ordinal)
            .Take(Most).Select(a => Sentence(Value(a.Record, "ActivityDate") ?? "no day", $"{a.Kind.ToLowerInvariant()}: {Value(a.Record, "Subject") ?? "without a subject"}", Value(a.Record, "Owner.Name")));
    }

    private static IEnumerable<string> Lately(BriefFacts facts, DateOnly today)
    {
        var any = false;
        foreach (var line in Activities(facts, today, isPlanned: false))
        {
            any = true;
            yield return line;
        }

        if (!any && facts.Account is { } account && Value(account, "LastActivityDate") is { } last)
        {
            yield return string.CompareOrdinal(last, Day(today.AddDays(-180))) < 0 ? $"The last activity was on {last}; there was none in the last 180 days."
                : $"The account's last activity was on {last}; what it was is not shown here: look in Salesforce.";
        }
    }

    private static IEnumerable<string> Contacts(BriefFacts facts, DateOnly today) => facts.Of("Contact").Select(c => Sentence(
        Value(c, "Name") ?? "without a name", Value(c, "Title"),
        IsTrue(c, "POC_Customer_Primary__c") ? CanBeReached(c) ? "primary contact on the customer's side" : "primary contact on the customer's side, who cannot be reached"
            : c == Successor(facts) ? $"could be the primary contact on the customer's side{(Value(c, "LastActivityDate") is { } last ? $": last activity {last}" : "")}" : null,
        Value(c, "Email") is not { } mail ? c.ContainsKey("Email") ? "no e-mail address" : null : Value(c, "EmailBouncedDate") is not null ? $"{mail} (mail came back)" : IsTrue(c, "HasOptedOutOfEmail") ? $"{mail} (wants no mass mail)" : mail,
        Join(", ", Value(c, "Phone"), Value(c, "MobilePhone")) is not { } phone ? c.ContainsKey("Phone") && c.ContainsKey("MobilePhone") ? "no phone number" : null : IsTrue(c, "DoNotCall") ? $"{phone} (not to be called)" : phone));

    /// <summary>Where the org marks primary contacts and none of the account's can be reached: the first of those who can, in the order of the brief.</summary>
    private static IReadOnlyDictionary<string, string?>? Successor(BriefFacts facts) =>
        facts.Of("Contact").Any(c => !c.ContainsKey("POC_Customer_Primary__c") || (IsTrue(c, "POC_Customer_Primary__c") && CanBeReached(c))) ? null : facts.Of("Contact").FirstOrDefault(CanBeReached);

    private static bool CanBeReached(IReadOnlyDictionary<string, string?> contact) =>
        (Value(contact, "Email") is not null && Value(contact, "EmailBouncedDate") is null) || Value(contact, "Phone") is not null || Value(contact, "MobilePhone") is not null;

    private static IEnumerable<string> Handoffs(BriefFacts facts, DateOnly today) => facts.Of("POC_Handoff__c").Select(h => Passing(h,
        Value(h, "Status__c") is { } status ? Join(": ", status, Value(h, "Declined_Why__c"))!.TrimEnd('.') : null,
        facts.Declined.Any(d => d["Id"] == h["Id"]) || Value(h, "Notes__c") is not { } notes ? null : $"Noted: {notes}"));

    private static string Passing(IReadOnlyDictionary<string, string?> handoff, string? status, string? notes) => Join(". ",
        Named(handoff), status, Value(handoff, "Reason__c")?.TrimEnd('.'), notes)!;

    private static string Named(IReadOnlyDictionary<string, string?> handoff) =>
        $"{Value(handoff, "Effective_On__c") ?? "Without a day"}: from {Side(handoff, "From")} to {Side(handoff, "To")}";

    /// <summary>Where somebody in between declined, also what is noted on the handoffs to them, whoever really had the account first.</summary>
    private static IEnumerable<string> Notes(BriefFacts facts) => Paragraphs(facts.Handoff.Fields.GetValueOrDefault("Notes__c")).Concat(
        from declined in facts.Declined.Reverse().Take(Most)
        let noted = Paragraphs(declined.GetValueOrDefault("Notes__c")).ToList()
        where noted.Count > 0
        from line in noted.Prepend($"On the declined handoff of {Named(declined)}:")
        select line);

    private static string Introduce(BriefFacts facts, DateOnly today, string company)
    {
        var (handoff, contact) = (facts.Handoff.Fields, facts.Of("Contact").FirstOrDefault());
        // Of a department a person writes, for it.
        var (me, account) = (Value(handoff, "To_User__r.Name") is null && Value(handoff, "To_Department__r.Accountable_User__r.Name") is { } person ? $"{person}\n{Side(handoff, "To")}" : Side(handoff, "To"), facts.Account is { } customer ? Value(customer, "Name") : null);
        var reach = Join(" or ", Value(handoff, "To_User__r.Email"), Value(handoff, "To_User__r.Phone"));
        var since = DateOnly.TryParseExact(Value(handoff, "Effective_On__c"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
            ? $"{(on < today ? "Since" : "From")} {on.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)} {(on < today ? "I have been" : "on I am")}" : "I am now";
        var known = Notes(facts).Any() ? "I have notes of where things stand, so you need not begin at the beginning." : "Please tell me what is open from your side, so that nothing is lost.";
        return $"""
            Dear {(contact is null ? null : Value(contact, "Name")) ?? "customer"},

            {since} the one at {company} who looks after {account ?? "your company"}{(Side(facts.Origin, "From") is var before && before != Nobody && before != Side(handoff, "To") ? $", in place of {before}" : "")}. {known}

            {(contact is not null && IsTrue(contact, "DoNotCall") ? "May I write to you" : "May I call you")} this week, so that we get to know each other?{(reach is null ? "" : $" You reach me at {reach}.")}

            Kind regards
            {me}
            """.ReplaceLineEndings("\n");
    }

    private const string Nobody = "nobody";

    private static string Side(IReadOnlyDictionary<string, string?> handoff, string side) =>
        Value(handoff, $"{side}_User__r.Name") ?? Value(handoff, $"{side}_Department__r.Name") ?? Nobody;

    private static IEnumerable<string> Paragraphs(string? text) =>
        (text is { Length: > LongestNotes } ? Records.Handoff.Beginning(text) + " …" : text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>On one line, and not longer than a reader bears; null where blank.</summary>
    private static string? Value(IReadOnlyDictionary<string, string?> record, string field) =>
        string.Join(' ', (record.GetValueOrDefault(field) ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } text
            ? PlainText.Cut(text, LongestValue) : null;

    private static bool IsTrue(IReadOnlyDictionary<string, string?> record, string field) => record.GetValueOrDefault(field) == "true";

    private static string Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("#,0.##", CultureInfo.InvariantCulture) : text;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Sentence(params string?[] parts) => Join(", ", parts)!;

    private static string? Join(string between, params string?[] parts) => string.Join(between, parts.OfType<string>()) is { Length: > 0 } text ? text : null;

    private static string Encoded(string text) => Encoder.Encode(text);
}
