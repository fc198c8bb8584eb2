using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>Has a worker put back what was written.</summary>
internal static class UndoActions
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapActions().MapPost("/undo/write", UndoAsync).RequireAuthorization(Policies.Administer);

    private static async Task<IResult> UndoAsync(HttpContext http, Flash flash, ReviewLedger ledger, WorkerDesk desk, TimeProvider time)
    {
        var form = await Form.ReadAsync(http, flash);
        return await form.DoAsync(async reason =>
        {
            var details = new UndoDetails(long.TryParse(form["run"], CultureInfo.InvariantCulture, out var run) ? run : null, form["account"], form["correction"],
                long.TryParse(form["upto"], CultureInfo.InvariantCulture, out var shown) ? shown : 0);
            if (details is { Run: null, Account: null, Correction: null } or { UpTo: 0 })
            {
                return form.Refused("Say what is to be undone.");
            }

            var database = await ledger.OpenAsync();
            var target = await new Writings(database).TargetAsync(details.Run, details.Account, details.Correction);
            // Ids as the ledger keeps them, whatever the form wrote.
            details = details with { Account = details.Account is null ? null : target.Account.ToString(), Correction = target.Correction };
            var when = await desk.SendAsync(database, time, ErrandKind.Undo, form.By, reason, details);
            return form.Done($"To be put back {when}, as far as it is still as it was written.");
        });
    }
}
