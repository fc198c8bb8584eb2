using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>What is wrong.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Code">One of the rule's codes.</param>
/// <param name="Subject">The account, user or department it is about.</param>
/// <param name="Account">The account, where the subject is one; else none.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Sentence">The whole of it for a reader who does not know PocSync.</param>
public sealed record Finding(
    string Rule, string Code, RecordId Subject, RecordId Account, Severity Severity, string Seen, string Expected, string Sentence)
{
    /// <summary>The row, absence, change or user that a correction starts from; not part of what is shown.</summary>
    internal object? About { get; init; }

    /// <summary>The order in which findings are shown.</summary>
    public static IComparer<Finding> Order { get; } = Comparer<Finding>.Create((a, b) =>
        string.CompareOrdinal(a.Rule, b.Rule) is not 0 and var rule ? rule
        : string.CompareOrdinal(a.Code, b.Code) is not 0 and var code ? code
        : a.Subject.CompareTo(b.Subject) is not 0 and var subject ? subject
        : string.CompareOrdinal(a.Sentence, b.Sentence));
}
