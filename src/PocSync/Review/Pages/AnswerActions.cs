using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>What people say to handoffs of their own, for a worker to write.</summary>
internal static class AnswerActions
{
    /// <summary>In characters.</summary>
    public const int LongestReason = 255, LongestNotes = 10_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var actions = routes.MapActions();
        foreach (var (path, kind) in new[] { ("acknowledge", AnswerKind.Acknowledge), ("decline", AnswerKind.Decline), ("notes", AnswerKind.Note) })
        {
            actions.MapPost($"/handoffs/{{id}}/{path}", (string id, HttpContext http, Flash flash, ReviewLedger ledger, WorkerDesk desk, TimeProvider time) =>
                AnswerAsync(id, kind, http, flash, ledger, desk, time)).RequireAuthorization(Policies.Own);
        }
    }

    private static async Task<IResult> AnswerAsync(string text, AnswerKind kind, HttpContext http, Flash flash, ReviewLedger ledger, WorkerDesk desk, TimeProvider time)
    {
        var database = await ledger.OpenAsync();
        var me = http.User.OrgUser();
        var handoff = me is not null && RecordId.TryParse(text, out var id) ? await new HandoffQueries(database).HandoffAsync(id.ToString()) : null;
        var side = handoff is null ? null : await HandoffSide.OfAsync(database, handoff, me!, time);
        if (handoff is null || side is null)
        {
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        if (!side.MayAnswer && kind != AnswerKind.Note && side.Id != handoff.ToId)
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        var form = await Form.ReadAsync(http, flash);
        var said = form["text"]?.ReplaceLineEndings("\n");
        if (WhyNot(kind, handoff, side, form["shown"], said) is { } why)
        {
            return form.Refused(why);
        }

        said = kind == AnswerKind.Decline ? string.Join(' ', said!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : kind == AnswerKind.Note ? said : null;
        var answer = new HandoffAnswer(
            RecordId.Parse(handoff.Id), RecordId.Parse(handoff.Account), handoff.AccountName, kind, said, RecordId.Parse(me!), http.User.Identity!.Name!,
            RecordId.Parse(side.Id), Viewer.Today(http, time), handoff.Status, handoff.Notes);
        var when = await desk.SendAsync(database, time, ErrandKind.Answer, form.By, kind switch
        {
            AnswerKind.Acknowledge => "acknowledged by the one who takes over",
            AnswerKind.Decline => said!,
            _ => "notes of one side",
        }, answer);
        return form.Done(kind switch
        {
            AnswerKind.Acknowledge => $"You acknowledge it: to be written to Salesforce {when}.",
            AnswerKind.Decline => $"You decline it: to be written to Salesforce {when}.",
            _ => $"Your notes are to be added in Salesforce {when}.",
        });
    }

    private static string? WhyNot(AnswerKind kind, HandoffRow handoff, HandoffSide side, string? shown, string? said) =>
        side.IsUnderWay ? "What was said to it last is still on its way: wait until it is shown here."
        : shown != handoff.Print.ToString(System.Globalization.CultureInfo.InvariantCulture) ? "The handoff has changed since the page was loaded: read it again."
        : kind == AnswerKind.Note ? !side.MayNote ? "Nothing can be added to a handoff that was declined or cancelled."
            : said is null ? "Write what the other side has to know."
            : said.Length > LongestNotes ? $"The notes are too long: at most {LongestNotes:N0} characters can be added at once." : null
        : !side.MayAnswer ? "It was answered already."
        : kind != AnswerKind.Decline ? null
        : said is null ? "Say why you decline: somebody has to decide what becomes of the account."
        : said.Length > LongestReason ? $"The reason is too long: {LongestReason} characters have to do." : null;
}
