using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PocSync.Core.Rules;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>Accepts what is wrong now, so that only what is new is news; and takes that back.</summary>
internal static class BaselineActions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var actions = routes.MapActions();
        actions.MapPost("/baseline/accept", (HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time) => ChangeAsync(true, http, flash, ledger, time))
            .RequireAuthorization(Policies.Administer);
        actions.MapPost("/baseline/clear", (HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time) => ChangeAsync(false, http, flash, ledger, time))
            .RequireAuthorization(Policies.Administer);
    }

    private static async Task<IResult> ChangeAsync(bool isAccepted, HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time)
    {
        var form = await Form.ReadAsync(http, flash);
        return await form.DoAsync(async reason =>
        {
            if (form["rule"] is { } rule && RuleBook.All.All(r => r.Info.Id != rule))
            {
                return form.Refused("There is no such rule.");
            }

            var baseline = new Baseline(await ledger.OpenAsync(), time);
            return isAccepted
                ? form.Done($"{NumberText.Count(await baseline.AcceptAsync(form["rule"], form.By, reason, long.TryParse(form["run"], CultureInfo.InvariantCulture, out var seen) ? seen : 0), "finding")} accepted as the baseline: only what is new is news.")
                : form.Done($"{NumberText.Count(await baseline.ClearAsync(form["rule"], form.By, reason), "finding")} taken out of the baseline: the next run proposes what puts them right.");
        });
    }
}
