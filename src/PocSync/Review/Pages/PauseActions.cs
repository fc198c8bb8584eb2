using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>Stops all writing, and lets it go on.</summary>
internal static class PauseActions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var actions = routes.MapActions();
        actions.MapPost("/pause", (HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time) => SetAsync(true, http, flash, ledger, time))
            .RequireAuthorization(Policies.Administer);
        actions.MapPost("/resume", (HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time) => SetAsync(false, http, flash, ledger, time))
            .RequireAuthorization(Policies.Administer);
    }

    private static async Task<IResult> SetAsync(bool isPause, HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time)
    {
        var form = await Form.ReadAsync(http, flash);
        return await form.DoAsync(async reason =>
        {
            var isNew = await new Pauses(await ledger.OpenAsync(), time).SetAsync(isPause, form.By, reason);
            return form.Done((isPause, isNew) switch
            {
                (true, true) => "Nothing is written to the org until somebody resumes it.",
                (true, false) => "It is paused already.",
                (false, true) => "The next run writes again.",
                _ => "Nobody had paused it.",
            });
        });
    }
}
