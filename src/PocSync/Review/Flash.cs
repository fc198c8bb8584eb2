using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace PocSync.Review;

/// <summary>A sentence about what was just done, for the next page.</summary>
public sealed class Flash(IDataProtectionProvider protection)
{
    private const string Cookie = "said";
    private readonly IDataProtector _protector = protection.CreateProtector("PocSync.Review.Flash");

    /// <summary>Says it on the next page.</summary>
    /// <param name="http">The answer.</param>
    /// <param name="sentence">What to say.</param>
    /// <param name="isWrong">Whether it says that something was not done.</param>
    public void Say(HttpContext http, string sentence, bool isWrong = false) => http.Response.Cookies.Append(Cookie, _protector.Protect((isWrong ? "!" : " ") + sentence), new CookieOptions
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        MaxAge = TimeSpan.FromMinutes(1),
    });

    /// <summary>What is to be said, once.</summary>
    public (string Sentence, bool IsWrong)? Take(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } text || http.Response.HasStarted)
        {
            return null;
        }

        http.Response.Cookies.Delete(Cookie);
        try
        {
            var said = _protector.Unprotect(text);
            return (said[1..], said[0] == '!');
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
