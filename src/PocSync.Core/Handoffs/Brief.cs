using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

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

    private static readonly List<(BriefSource Source, Func<BriefFacts, DateOnly, IEnumerable<string>> Lines)> All =
    [
        (new("The customer", ["Account.Name", "Account.Type", "Account.Industry", "Account.Parent.Name", "Account.Website", "Account.Phone", "Account.BillingCity", "Account.BillingCountry", "Account.NumberOfEmployees", "Account.Description"],
            "Salesforce says nothing of the customer."), Customer),
        (new("What it is worth", ["Account.AnnualRevenue", "Account.Rating"], "Neither annual revenue nor rating is filled in."), Worth),
        (new("Open opportunities", ["Opportunity.Name", "Opportunity.StageName", "Opportunity.Amount", "Opportunity.Probability", "Opportunity.CloseDate", "Opportunity.NextStep", "Opportunity.Owner.Name"],
            "There is no open opportunity."), Opportunities),
        (new("Open cases", ["Case.CaseNumber", "Case.Subject", "Case.Status", "Case.Priority", "Case.IsEscalated", "Case.CreatedDate"], "There is no open case."), Cases),
        (new("What waits", ["Task.ActivityDate", "Opportunity.CloseDate", "Case.IsEscalated", "POC_Handoff__c.Due_On__c"], "Nothing is overdue."), Waiting),
        (new("Planned", ["Task.Subject", "Task.ActivityDate", "Task.IsClosed", "Task.Owner.Name", "Event.Subject", "Event.ActivityDate", "Event.Owner.Name"], "No task and no event is planned."),
            (facts, today) => Activities(facts, today, isPlanned: true)),
        (new("Lately", ["Task.Subject", "Task.ActivityDate", "Task.IsClosed", "Task.Owner.Name", "Event.Subject", "Event.ActivityDate", "Event.Owner.Name"], "No activity of the last 180 days is in Salesforce."),
            (facts, today) => Activities(facts, today, isPlanned: false)),
        (new("Whom to call", ["Contact.Name", "Contact.Title", "Contact.POC_Customer_Primary__c", "Contact.Email", "Contact.EmailBouncedDate", "Contact.HasOptedOutOfEmail", "Contact.Phone", "Contact.MobilePhone", "Contact.DoNotCall", "Contact.LastActivityDate"],
            "The account has no contact: ask who had it before whom to call."), Contacts),
        (new("Handoffs before this one", ["POC_Handoff__c.Effective_On__c", "POC_Handoff__c.From_User__r.Name", "POC_Handoff__c.From_Department__r.Name", "POC_Handoff__c.To_User__r.Name", "POC_Handoff__c.To_Department__r.Name", "POC_Handoff__c.Reason__c"],
            "No earlier handoff of the account is known."), Handoffs),
        (new("This handoff", ["POC_Handoff__c.From_User__r.Name", "POC_Handoff__c.From_Department__r.Name", "POC_Handoff__c.To_User__r.Name", "POC_Handoff__c.To_Department__r.Name", "POC_Handoff__c.Effective_On__c", "POC_Handoff__c.Reason__c", "POC_Handoff__c.Necessity__c"],
            "Nothing is written of why the account changes hands."), (facts, _) => [Passing(facts.Handoff.Fields)]),
        (new("What whoever had it noted", ["POC_Handoff__c.Notes__c"], "Nothing is noted yet."), (facts, _) => Paragraphs(facts.Handoff.Fields.GetValueOrDefault("Notes__c"))),
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
            .Select(a => new BriefPart(a.Source.Title, [.. a.Lines(facts, today).DefaultIfEmpty(a.Source.WhenEmpty)]));
        return new Brief([.. facts.LeftOut is { } left ? [new BriefPart("Not shown", [left])] : Enumerable.Empty<BriefPart>(), .. parts], Introduce(facts, company));
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
        $"{Sentence(Value(o, "Name") ?? "without a name", Value(o, "StageName"), Value(o, "Amount") is { } amount ? Number(amount) : null, Value(o, "Probability") is { } likely ? $"{Number(likely)} %" : null, Value(o, "CloseDate") is { } close ? $"to close {close}" : null, Value(o, "Owner.Name"))}. {(Value(o, "NextStep") is { } next ? $"Next step: {next}" : "No next step is noted")}");

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
            yield return $"This handoff is to be acknowledged by {due}";
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

    private static IEnumerable<string> Contacts(BriefFacts facts, DateOnly today) => facts.Of("Contact").Select(c => Sentence(
        Value(c, "Name") ?? "without a name", Value(c, "Title"), IsTrue(c, "POC_Customer_Primary__c") ? "primary contact on the customer's side" : null,
        Value(c, "Email") is not { } mail ? "no e-mail address" : Value(c, "EmailBouncedDate") is not null ? $"{mail} (mail came back)" : IsTrue(c, "HasOptedOutOfEmail") ? $"{mail} (wants no mass mail)" : mail,
        Join(", ", Value(c, "Phone"), Value(c, "MobilePhone")) is not { } phone ? "no phone number" : IsTrue(c, "DoNotCall") ? $"{phone} (not to be called)" : phone));

    private static IEnumerable<string> Handoffs(BriefFacts facts, DateOnly today) => facts.Of("POC_Handoff__c").Select(Passing);

    private static string Passing(IReadOnlyDictionary<string, string?> handoff) => Join(". ",
        $"{Value(handoff, "Effective_On__c") ?? "Without a day"}: from {Side(handoff, "From")} to {Side(handoff, "To")}", Value(handoff, "Necessity__c"), Value(handoff, "Reason__c"))!;

    private static string Introduce(BriefFacts facts, string company)
    {
        var (handoff, contact) = (facts.Handoff.Fields, facts.Of("Contact").FirstOrDefault());
        var (me, account) = (Side(handoff, "To"), facts.Account is { } known ? Value(known, "Name") : null);
        var reach = Join(" or ", Value(handoff, "To_User__r.Email"), Value(handoff, "To_User__r.Phone"));
        return $"""
            Dear {(contact is null ? "customer" : Value(contact, "Name") ?? "customer")},

            from {Value(handoff, "Effective_On__c") ?? "now"} on I am the one at {company} who looks after {account ?? "your company"}{(Side(handoff, "From") is var before && before != Nobody ? $", in place of {before}" : "")}. I have been told where things stand, so you need not explain anything twice.

            May I call you this week, so that we get to know each other? {(reach is null ? "" : $"You reach me at {reach}.")}

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
        string.Join(' ', (record.GetValueOrDefault(field) ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is not { Length: > 0 } text ? null
            : text.Length <= LongestValue ? text : text[..(LongestValue - 1)] + "…";

    private static bool IsTrue(IReadOnlyDictionary<string, string?> record, string field) => record.GetValueOrDefault(field) == "true";

    private static string Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("#,0.##", CultureInfo.InvariantCulture) : text;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Sentence(params string?[] parts) => Join(", ", parts)!;

    private static string? Join(string between, params string?[] parts) => string.Join(between, parts.OfType<string>()) is { Length: > 0 } text ? text : null;

    private static string Encoded(string text) => Encoder.Encode(text);
}
