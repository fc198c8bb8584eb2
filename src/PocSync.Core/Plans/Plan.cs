using System.Security.Cryptography;
using System.Text;
using PocSync.Core.Records;

namespace PocSync.Core.Plans;

/// <summary>All corrections of one snapshot, in the order in which they are written.</summary>
public sealed class Plan
{
    internal Plan(Snapshot snapshot, IReadOnlyList<Correction> corrections, IReadOnlyList<Unpicked> unpicked)
        : this(snapshot.AsOf.Now, snapshot.AsOf.Today, snapshot.Binding, snapshot.Org.Id, corrections, unpicked)
    {
    }

    /// <summary>A plan as it was read back from a file or the ledger.</summary>
    public Plan(DateTimeOffset asOf, DateOnly today, Binding binding, RecordId org, IReadOnlyList<Correction> corrections, IReadOnlyList<Unpicked> unpicked)
    {
        (AsOf, Today, Binding, Org, Corrections, Unpicked) = (asOf, today, binding, org, corrections, unpicked);
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001d', corrections.Select(c => c.Identity)))));
    }

    /// <summary>The instant at which everything was judged.</summary>
    public DateTimeOffset AsOf { get; }

    /// <summary>Its day in the org's time zone.</summary>
    public DateOnly Today { get; }

    /// <summary>Where POC rows live.</summary>
    public Binding Binding { get; }

    /// <summary>The organization id; none where an export does not tell.</summary>
    public RecordId Org { get; }

    /// <summary>The corrections.</summary>
    public IReadOnlyList<Correction> Corrections { get; }

    /// <summary>Findings for which nobody could be picked.</summary>
    public IReadOnlyList<Unpicked> Unpicked { get; }

    /// <summary>Of the corrections those that are approved for a day to come, by id.</summary>
    public IReadOnlySet<string> Approved { get; init; } = new HashSet<string>();

    /// <summary>Approvals of what was to be written on a day to come that hold no more.</summary>
    public IReadOnlyList<Lapsed> Lapsed { get; init; } = [];

    /// <summary>The same with other corrections.</summary>
    internal Plan With(IReadOnlyList<Correction> corrections) => new(AsOf, Today, Binding, Org, corrections, Unpicked) { Approved = Approved, Lapsed = Lapsed };

    /// <summary>SHA-256, in hexadecimal, over what the corrections do, without the day of writing: what a person approves.</summary>
    public string Digest { get; }
}

/// <summary>A finding that would be put right, if anybody could be picked.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Code">The code.</param>
/// <param name="Account">The account.</param>
/// <param name="Sentence">Who is sought for what.</param>
/// <param name="Trace">Who was excluded and why.</param>
public sealed record Unpicked(string Rule, string Code, RecordId Account, string Sentence, IReadOnlyList<string> Trace)
{
    /// <summary>Whose leaving asks for it; none where the finding is of now.</summary>
    public RecordId Leaver { get; init; }
}
