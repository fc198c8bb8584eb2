using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>Has a worker draft who follows somebody who leaves, or take that back.</summary>
internal static class LeaverActions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var actions = routes.MapActions();
        actions.MapPost("/leavers/announce", (HttpContext http, Flash flash, ReviewLedger ledger, WorkerDesk desk, TimeProvider time) => AskAsync(true, http, flash, ledger, desk, time))
            .RequireAuthorization(Policies.Decide);
        actions.MapPost("/leavers/withdraw", (HttpContext http, Flash flash, ReviewLedger ledger, WorkerDesk desk, TimeProvider time) => AskAsync(false, http, flash, ledger, desk, time))
            .RequireAuthorization(Policies.Decide);
    }

    private static async Task<IResult> AskAsync(bool leaves, HttpContext http, Flash flash, ReviewLedger ledger, WorkerDesk desk, TimeProvider time)
    {
        var form = await Form.ReadAsync(http, flash);
        return await form.DoAsync(async reason =>
        {
            var database = await ledger.OpenAsync();
            if (form["person"] is not { } id || !(await new BookQueries(database).PeopleAsync([id])).TryGetValue(id, out var person))
            {
                return form.Refused("Nobody of that id is known.");
            }

            DateOnly? on = DateOnly.TryParseExact(form["on"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
            if (leaves && on is null)
            {
                return form.Refused("Say the first day on which others have the accounts.");
            }

            var when = await desk.SendAsync(database, time, ErrandKind.Leave, form.By, reason, new LeaveDetails(person.Id, person.Name, leaves ? on : null, leaves ? form["to"] : null));
            return form.Done(leaves ? $"Who follows {person.Name} is drafted {when}; then it waits under Approvals." : $"That {person.Name} leaves is taken back {when}.");
        });
    }
}
