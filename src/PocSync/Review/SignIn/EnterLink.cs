using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace PocSync.Review.SignIn;

/// <summary>The link by which whoever started the program enters the console, once. Its key is known to nobody else.</summary>
public sealed class EnterLink
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private int _isUsed;

    /// <summary>The path to print.</summary>
    public string Path => $"/enter?key={WebEncoders.Base64UrlEncode(_key)}";

    /// <summary>Whether nobody has used it yet.</summary>
    public bool IsFresh => _isUsed == 0;

    /// <summary>Uses it up, where the key is right.</summary>
    public bool TryUse(string? key)
    {
        byte[] given;
        try
        {
            given = WebEncoders.Base64UrlDecode(key ?? "");
        }
        catch (FormatException)
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(given, _key) && Interlocked.Exchange(ref _isUsed, 1) == 0;
    }
}
