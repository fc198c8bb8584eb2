using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>Silences a finding, until a day or as false; and takes that back.</summary>
internal static class MarkActions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var actions = routes.MapActions();
        foreach (var (path, work) in ((string, Func<Form, Marks, MarkedFindings, string, Task<IResult>>)[])
            [("snooze", SnoozeAsync), ("false", FalseAsync), ("count", CountAsync)])
        {
            actions.MapPost($"/findings/{path}", async (HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time) =>
            {
                var form = await Form.ReadAsync(http, flash);
                return await form.DoAsync(async reason => long.TryParse(form["finding"], CultureInfo.InvariantCulture, out var number)
                    ? await work(form, new Marks(await ledger.OpenAsync(), time), new MarkedFindings([number]), reason)
                    : form.Refused("There is no such finding."));
            }).RequireAuthorization(Policies.Decide);
        }
    }

    private static async Task<IResult> SnoozeAsync(Form form, Marks marks, MarkedFindings which, string reason)
    {
        if (!DateOnly.TryParseExact(form["until"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until))
        {
            return form.Refused("Say until which day it is snoozed.");
        }

        await marks.SetAsync(which, until, form.By, reason);
        return form.Done($"Snoozed until {Viewer.Day(until)}: until then it is counted apart, and nothing is proposed for it.");
    }

    private static async Task<IResult> FalseAsync(Form form, Marks marks, MarkedFindings which, string reason)
    {
        await marks.SetAsync(which, null, form.By, reason);
        return form.Done("Marked as false: it is silent as long as the rule sees the same.");
    }

    private static async Task<IResult> CountAsync(Form form, Marks marks, MarkedFindings which, string reason)
    {
        var count = await marks.ClearAsync(which, LeftAloneKind.Snoozed, form.By, reason) + await marks.ClearAsync(which, LeftAloneKind.FalsePositive, form.By, reason);
        return count == 0 ? form.Refused("It counts already.") : form.Done("It counts again, and the next run proposes what puts it right.");
    }
}
