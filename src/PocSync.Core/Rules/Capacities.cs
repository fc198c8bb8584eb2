using System.Globalization;
using System.Numerics;
using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>
/// How much of a person each account takes up: 1 ÷ the capacity that holds for it, which is the person's own, else the one of the first tier of <c>load-within-capacity</c> that the account
/// belongs to, else the rule's. All of it at once is 1. Accounts of one capacity are of one kind: a tier each, and the rest.
/// </summary>
internal sealed class Capacities
{
    private readonly List<Func<Account, bool>> _tiers = [];
    private readonly List<int> _of = [];

    // Of the kinds' capacities, so that a share is counted in whole parts of it.
    private readonly BigInteger _parts = 1;

    public Capacities(Settings settings, Draft draft)
    {
        var rule = settings.Of(LoadWithinCapacity.Description);
        // Picks go by the rule also where it is not judged, because the data lacks a field: then the tier has no accounts.
        foreach (var tier in rule.Tiers.Where(t => RecordConditions.MissingField(t.When, "Account", draft.Snapshot.Presence) is null))
        {
            _tiers.Add(RecordConditions.OverAccounts(tier.When, draft));
            _of.Add(tier.Settings.Number("capacity"));
        }

        _of.Add(rule.Number("capacity"));
        foreach (var capacity in _of.Where(c => c > 0))
        {
            _parts *= capacity / BigInteger.GreatestCommonDivisor(_parts, capacity);
        }
    }

    /// <summary>How many kinds of account there are.</summary>
    public int Kinds => _of.Count;

    /// <summary>The kind of an account, from 0.</summary>
    public int KindOf(Account account)
    {
        var tier = _tiers.FindIndex(isMeant => isMeant(account));
        return tier < 0 ? _tiers.Count : tier;
    }

    /// <summary>How much of a person some accounts take up, by kind.</summary>
    public Fraction Load(User? user, ReadOnlySpan<int> accounts)
    {
        if (user?.Capacity is { } own)
        {
            var all = Sum(accounts);
            return own > 0 ? Fraction.OfCapacity(all, own) : new(2 * all, 1);
        }

        BigInteger load = 0;
        for (var kind = 0; kind < accounts.Length; kind++)
        {
            // Where nobody has room for such accounts, one of them is too many.
            load += accounts[kind] * (_of[kind] > 0 ? _parts / _of[kind] : _parts + 1);
        }

        return new(load, _parts);
    }

    /// <summary>Whether somebody has room for one account more of a kind: is below capacity, and, where there are tiers, not above it with the account.</summary>
    public bool HasRoom(User user, Fraction load, int kind)
    {
        if ((user.Capacity ?? _of[kind]) <= 0 || load.CompareTo(Fraction.Whole) >= 0)
        {
            return false;
        }

        return _tiers.Count == 0
            || (load + (user.Capacity is { } own ? Fraction.OfCapacity(1, own) : new Fraction(_parts / _of[kind], _parts))).CompareTo(Fraction.Whole) <= 0;
    }

    /// <summary>Some accounts against what the person can have, such as <c>3 of 60</c>, or by kind <c>3 of 40 and 10 of 120</c>; of one kind also where there are none.</summary>
    public string Words(User? user, ReadOnlySpan<int> accounts, int? always = null)
    {
        if (user?.Capacity is { } own)
        {
            return $"{Sum(accounts)} of {Shown(own)}";
        }

        var kinds = new List<string>();
        for (var kind = 0; kind < accounts.Length; kind++)
        {
            if (accounts[kind] > 0 || kind == always)
            {
                kinds.Add($"{accounts[kind]} of {_of[kind]}");
            }
        }

        return string.Join(" and ", kinds);
    }

    /// <summary>How many accounts as they are now, in the same mix, fill up a person; without accounts, of those of no tier.</summary>
    public decimal AccountsAtMost(User? user, ReadOnlySpan<int> accounts) =>
        user?.Capacity ?? (Kinds > 1 && Load(user, accounts) is { Part.IsZero: false } load ? (decimal)(Sum(accounts) * load.Of / load.Part) : _of[^1]);

    /// <summary>A capacity as people write it.</summary>
    public static string Shown(decimal capacity) => capacity.ToString("0.##", CultureInfo.InvariantCulture);

    private static int Sum(ReadOnlySpan<int> accounts)
    {
        var sum = 0;
        foreach (var some in accounts)
        {
            sum += some;
        }

        return sum;
    }
}
