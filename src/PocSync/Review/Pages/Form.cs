using Microsoft.AspNetCore.Http;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>What the forms of the console have in common: who, why, and where to go on.</summary>
internal sealed class Form(HttpContext http, IFormCollection fields, Flash flash)
{
    private const int LongestReason = 1000;

    public static async Task<Form> ReadAsync(HttpContext http, Flash flash) => new(http, await http.Request.ReadFormAsync(http.RequestAborted), flash);

    /// <summary>Who is signed in.</summary>
    public string By => http.User.LedgerName();

    /// <summary>A field; null where it is empty.</summary>
    public string? this[string name] => fields[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>What was ticked under a name.</summary>
    public IEnumerable<string> Ticked(string name) => fields[name].OfType<string>();

    /// <summary>Says what was done, on the page from which the form came or another of the console.</summary>
    public IResult Done(string sentence, string? page = null) => Answer(sentence, false, page);

    /// <summary>Says why nothing was done.</summary>
    public IResult Refused(string sentence) => Answer($"{sentence} Nothing was done.", true, null);

    /// <summary>Does what needs a reason, and says why where that cannot be done.</summary>
    public async Task<IResult> DoAsync(Func<string, Task<IResult>> work)
    {
        if (this["reason"] is not { Length: <= LongestReason } reason)
        {
            return Refused(this["reason"] is null ? "Say why: the reason is what the ledger answers a year later."
                : $"The reason is too long: {LongestReason} characters have to do.");
        }

        try
        {
            return await work(reason);
        }
        catch (DecisionException wrong)
        {
            return Refused(wrong.Plain);
        }
    }

    private IResult Answer(string sentence, bool isWrong, string? page)
    {
        flash.Say(http, sentence, isWrong);
        http.Response.Headers.Location = page ?? SignInRoutes.LocalPath(this["back"]);
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
