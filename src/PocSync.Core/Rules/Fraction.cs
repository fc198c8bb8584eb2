using System.Numerics;

namespace PocSync.Core.Rules;

/// <summary>An exact fraction, 0 or more. <paramref name="Of"/> is above 0.</summary>
internal readonly record struct Fraction(BigInteger Part, BigInteger Of) : IComparable<Fraction>
{
    /// <summary>All of it.</summary>
    public static Fraction Whole { get; } = new(1, 1);

    /// <summary>So many accounts of a capacity above 0, which may have decimals.</summary>
    public static Fraction OfCapacity(int accounts, decimal capacity)
    {
        var shift = 1m;
        for (; capacity != decimal.Truncate(capacity); capacity *= 10)
        {
            shift *= 10;
        }

        return new(new BigInteger(accounts) * new BigInteger(shift), new BigInteger(capacity));
    }

    public static Fraction operator +(Fraction a, Fraction b) => a.Of == b.Of ? new(a.Part + b.Part, a.Of) : new((a.Part * b.Of) + (b.Part * a.Of), a.Of * b.Of);

    public int CompareTo(Fraction other) => Of == other.Of ? Part.CompareTo(other.Part) : (Part * other.Of).CompareTo(other.Part * Of);
}
