using PocSync.Core.Records;

namespace PocSync.Ledger;

/// <summary>Which corrections a person speaks of; several conditions narrow down.</summary>
/// <param name="Named">A plan's digest, or corrections' ids; beginnings are enough. Only by its id something that is left alone is meant.</param>
/// <param name="Rule">A rule.</param>
/// <param name="Person">Id or exact name of a user who gains or loses something.</param>
/// <param name="Account">An account's id.</param>
public sealed record Selection(IReadOnlyList<string> Named, string? Rule = null, string? Person = null, string? Account = null)
{
    /// <summary>So many hexadecimal digits name a plan or a correction.</summary>
    public const int ShortestName = 8;

    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty => Named.Count == 0 && Rule is null && Person is null && Account is null;

    /// <summary>The conditions besides names, for a sentence.</summary>
    public string Words => string.Join(" and ", new[]
    {
        Named.Count > 0 ? "named so" : null,
        Rule is null ? null : $"of the rule '{Rule}'",
        Person is null ? null : $"about {Person}",
        Account is null ? null : $"on the account {Account}",
    }.OfType<string>().DefaultIfEmpty("open"));

    /// <summary>Those of some corrections that meet the conditions besides names. Throws <see cref="DecisionException"/>.</summary>
    /// <param name="corrections">The corrections.</param>
    /// <param name="open">All that are open, by whose people a name is told.</param>
    public IEnumerable<PlannedCorrection> Narrow(IEnumerable<PlannedCorrection> corrections, IEnumerable<PlannedCorrection> open)
    {
        var person = Person is null ? null : IdOf(Person, open);
        RecordId account = default;
        if (Account is not null && !RecordId.TryParse(Account, out account))
        {
            throw new DecisionException($"'{Account}' is not an account's id", "--account takes its 15 or 18 characters");
        }

        return corrections.Where(c =>
            (Rule is null || c.Correction.Rule.Equals(Rule, StringComparison.OrdinalIgnoreCase))
            && (Account is null || c.Correction.Account == account)
            && (person is not { } id || Concerns(c, id)));
    }

    private static bool Concerns(PlannedCorrection planned, RecordId user)
    {
        var text = user.ToString();
        return planned.Correction.People.Any(p => p.Id == user)
            || planned.Correction.Writes.SelectMany(w => w.Fields).Any(f => f.Before == text || f.After.Text == text);
    }

    private static RecordId? IdOf(string person, IEnumerable<PlannedCorrection> open)
    {
        var named = open.SelectMany(o => o.Correction.People).Where(p => p.Name.Trim().Equals(person.Trim(), StringComparison.OrdinalIgnoreCase))
            .Select(p => p.Id).Distinct().Order().ToList();
        return named.Count switch
        {
            1 => named[0],
            0 => RecordId.TryParse(person, out var id) ? id
                : throw new DecisionException($"Nobody who is named '{person}' gains or loses anything in what is open", "give a user's id or exact name"),
            _ => throw new DecisionException($"{named.Count} users are named '{person}'", $"give one's id ({string.Join(", ", named)})"),
        };
    }
}
