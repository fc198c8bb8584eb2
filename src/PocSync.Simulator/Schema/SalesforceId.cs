using PocSync.Soql;

namespace PocSync.Simulator.Schema;

/// <summary>Making and reading record ids; always 18 characters inside the org.</summary>
internal static class SalesforceId
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>An id of 18 characters: prefix, instance, a reserved 0, serial. Ids of one prefix and instance sort (ordinal) as their serials
    /// do.</summary>
    public static string Make(string prefix, string instance, long serial)
    {
        RecordId.TryNormalize($"{prefix}{instance}0{Base62(serial, 9)}", out var id);
        return id!;
    }

    public static string Base62(long number, int length) => string.Create(length, number, static (span, n) =>
    {
        for (var i = span.Length - 1; i >= 0; i--, n /= 62)
            span[i] = Digits[(int)(n % 62)];
    });

    /// <summary>Fifteen characters, as access tokens and some URLs carry it.</summary>
    public static string Short(string id) => id[..15];
}
