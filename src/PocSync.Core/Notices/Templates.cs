namespace PocSync.Core.Notices;

/// <summary>How each kind of news is worded: a title for all of it, and a line for each account.</summary>
public sealed class Templates
{
    private static readonly Dictionary<NewsKind, (string Title, string Line)> Texts = new()
    {
        [NewsKind.HandoffOverdue] = ("The handoff of {accounts} is overdue",
            "{account}[, from {from}][ to {to}]: it was due on {due}. Please finish it, or tell your manager what is in the way. {link}"),
        [NewsKind.HandoffEscalated] = ("In your team the handoff of {accounts} is overdue",
            "{account}[, from {from}][ to {to}]: it was due on {due}. Please see what is in the way. {link}"),
        [NewsKind.HandoffDeclined] = ("{accounts}: the handoff was declined", "{account}[, which passed from {from}]: {to} declined[: {reason}] {link}"),
        [NewsKind.ReceiverDeclined] = ("In your team the handoff of {accounts} was declined", "{account}[, from {from}]: {to} declined[: {reason}] {link}"),
        [NewsKind.AlertEscalated] = ("Nobody has dealt with what is wrong with {accounts}", "{reason} {link}"),
        [NewsKind.AlertAssigned] = ("Please look at what is wrong with {accounts}", "{reason} {link}"),
        [NewsKind.HandoffToAcknowledge] = ("The handoff notes of {accounts} are there",
            "{account}[, from {from}]: please read the handoff and say[ by {due}] that you have it, or decline it with why. {link}"),
        [NewsKind.HandoffDueSoon] = ("The handoff of {accounts} is due soon", "{account}[, from {from}][ to {to}]: due on {due}. {link}"),
        [NewsKind.BecamePrimary] = ("You are now the primary contact of {accounts}",
            "{account}[, in place of {from}]: {reason}[ Open: {open}.][ Please read the handoff and say by {due} that you have it.] {link}"),
        [NewsKind.HandoffToDocument] = ("Please write the handoff notes of {accounts}",
            "{account}[, which passes to {to}]: what is open, who matters there, what was promised[; by {due}]. {link}"),
        [NewsKind.TookOver] = ("In your team {accounts} changed hands", "{account}: {to} is now the primary contact[, in place of {from}]. {reason}[ Open: {open}.] {link}"),
        [NewsKind.WillTakeOver] = ("You will take over {accounts}",
            "{account}[, from {from}][, on {due}]: {reason} Please let them introduce you before. {link}"),
        [NewsKind.HandoffCalledOff] = ("The handoff of {accounts} is called off", "{account}: {reason} {link}"),
        [NewsKind.WasPrimary] = ("You are no longer the primary contact of {accounts}", "{account}[: {to} is now]. {reason} {link}"),
        [NewsKind.BecameBackup] = ("You are now a backup contact of {accounts}", "{account}: {reason} {link}"),
        [NewsKind.WasBackup] = ("You are no longer a backup contact of {accounts}", "{account}: {reason} {link}"),
        [NewsKind.CoverBegan] = ("Standing in during an absence",
            "[You stand in for {from}][{to} stands in for you][ until {due}] on {reason}; they stay where they are.[ It is about {account}.] {link}"),
        [NewsKind.CoverChanged] = ("An absence ends on another day",
            "[You stand in for {from}][{to} stands in for you][ until {due}], on {reason}.[ It is about {account}.] {link}"),
        [NewsKind.CoverEnded] = ("Standing in is over",
            "[You no longer stand in for {from} on {reason}: please tell what happened.][{to} no longer stands in for you on {reason}, and can tell what happened.][ It was about {account}.] {link}"),
        [NewsKind.PutBack] = ("What you were told of {accounts} was taken back", "{account}: {reason} {link}"),
        [NewsKind.Digest] = ("PocSync: what waits for you", "{reason}"),
    };

    private readonly IReadOnlyDictionary<NewsKind, (Template Title, Template Line)> _templates;

    private Templates(IReadOnlyDictionary<NewsKind, (Template, Template)> templates) => _templates = templates;

    /// <summary>The words that are there without any settings.</summary>
    public static Templates Default { get; } = Read((_, _) => null).Templates;

    /// <summary>The words of administrators where they gave some, else the defaults; with what is wrong with theirs, a sentence each.</summary>
    /// <param name="given">The text for a kind and <c>Title</c> or <c>Line</c>; null where none was given.</param>
    public static (Templates Templates, IReadOnlyList<string> Problems) Read(Func<NewsKind, string, string?> given)
    {
        var problems = new List<string>();
        return (new Templates(Texts.ToDictionary(t => t.Key,
            t => (Of(t.Key, "Title", t.Value.Title, Template.InTitles), Of(t.Key, "Line", t.Value.Line, Template.InLines)))), problems);

        Template Of(NewsKind kind, string part, string otherwise, IReadOnlyList<string> variables)
        {
            var (template, problem) = Template.Read(given(kind, part) ?? otherwise, variables);
            if (problem is not null)
            {
                problems.Add($"Notices:Templates:{kind}:{part} {problem}.");
            }

            return template ?? Template.Read(otherwise, variables).Template!;
        }
    }

    /// <summary>The words of a kind.</summary>
    public (Template Title, Template Line) this[NewsKind kind] => _templates[kind];
}
