using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>Whether a correction may be written, as far as the plan itself can say. The guard can hold more.</summary>
public enum CorrectionState
{
    /// <summary>To be written.</summary>
    Ready,

    /// <summary>Waits for a person, for time to pass, or for what it builds on.</summary>
    Waits,

    /// <summary>Held until a person overrides it.</summary>
    Held,
}

/// <summary>Who was picked.</summary>
/// <param name="For">The search: rule, account, role, and whom it replaces or covers.</param>
/// <param name="Who">The user or department.</param>
public sealed record Picked(string For, RecordId Who);

/// <summary>A user who is concerned.</summary>
public sealed record Person(RecordId Id, string Name);

/// <summary>What to write to put one finding right: whole or not at all. Pure data, so that it can be stored, shown and approved.</summary>
public sealed record Correction
{
    /// <summary>Identifies the correction by what it does, without the day of writing: 16 hexadecimal digits.</summary>
    public string Id => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Identity)))[..16];

    /// <summary>The rule whose finding it puts right.</summary>
    public required string Rule { get; init; }

    /// <summary>The finding's code.</summary>
    public required string Code { get; init; }

    /// <summary>The account.</summary>
    public required RecordId Account { get; init; }

    /// <summary>The account's name when the plan was made.</summary>
    public required string AccountName { get; init; }

    /// <summary>How it may be written.</summary>
    public required RuleMode Mode { get; init; }

    /// <summary>Whether it may be written.</summary>
    public required CorrectionState State { get; init; }

    /// <summary>Why it waits or is held.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The one sentence that says what it does and why.</summary>
    public required string Sentence { get; init; }

    /// <summary>How each pick came out: each candidate, the test that excluded it or its place in the order.</summary>
    public required IReadOnlyList<string> Trace { get; init; }

    /// <summary>The earlier corrections of the plan without which it would not be, by id.</summary>
    public required IReadOnlyList<string> BuildsOn { get; init; }

    /// <summary>Who was picked for what, so that the next plan can pick the same; no part of what identifies it.</summary>
    public IReadOnlyList<Picked> Picks { get; init; } = [];

    /// <summary>The users who gain or lose something, by name; no part of what identifies it.</summary>
    public IReadOnlyList<Person> People { get; init; } = [];

    /// <summary>Why, as a sentence for those who gain or lose something; empty where nobody does. No part of what identifies it.</summary>
    public string Why { get; init; } = "";

    /// <summary>The writing in the ledger that it takes back; null where it puts a finding right.</summary>
    public long? Undoes { get; init; }

    /// <summary>The first day on which it may be written, in the org's time zone; null for any. A part of what identifies it.</summary>
    public DateOnly? NotBefore { get; init; }

    /// <summary>Whether it may be written on a day.</summary>
    public bool IsDue(DateOnly today) => !(NotBefore > today);

    /// <summary>What to write, in order.</summary>
    public required IReadOnlyList<Write> Writes { get; init; }

    /// <summary>Its id and what it does, for other sentences.</summary>
    internal string Named() => $"{Id} ({Sentence.TrimEnd('.')})";

    /// <summary>The pick by the rule itself, which a person may give to somebody else; null where it picks nobody.</summary>
    public Picked? MainPick => Picks.FirstOrDefault(p => p.For.StartsWith(Rule + "|", StringComparison.Ordinal));

    /// <summary>What is identified, approved and digested: object, record, field, before and after of every write, without the day of writing.</summary>
    public string Identity
    {
        get
        {
            var text = new StringBuilder().Append(Rule).Append('\u001f').Append(Code).Append('\u001f').Append(Account);
            if (Undoes is { } writing)
            {
                text.Append('\u001f').Append(CultureInfo.InvariantCulture, $"undoes {writing}");
            }

            if (NotBefore is { } day)
            {
                text.Append('\u001f').Append(CultureInfo.InvariantCulture, $"not before {day:yyyy-MM-dd}");
            }

            foreach (var write in Writes)
            {
                text.Append('\u001e').Append(write.Object).Append('\u001f').Append(write.Id).Append('\u001f').Append(write.Key).Append('\u001f').Append(write.Action);
                foreach (var part in write.Fields)
                {
                    text.Append('\u001f').Append(part.Field).Append('=').Append(part.Before).Append('>').Append(part.After);
                }
            }

            return text.ToString();
        }
    }
}
