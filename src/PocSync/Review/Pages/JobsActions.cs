using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>What administrators do with jobs: begin, pause and resume one; and what people no longer want done.</summary>
internal static class JobsActions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var actions = routes.MapActions().RequireAuthorization(Policies.Administer);
        Map("/jobs/run", async (desk, book, job, by) =>
        {
            await book.AskAsync(job, by);
            await desk.BeginAsync(job);
            return $"{JobWords.Of(job).Title} begins as soon as nothing else runs on the ledger.";
        });
        Map("/jobs/pause", async (desk, book, job, by) =>
        {
            if (desk.Jobs().First(j => j.Name == job).Schedule is null)
            {
                return $"Nothing was done: {JobWords.Of(job).Title} begins only when somebody asks for it, so there is nothing to pause.";
            }

            await book.PauseAsync(job, by);
            return $"{JobWords.Of(job).Title} is paused: it begins only when somebody asks for it.";
        });
        Map("/jobs/resume", async (_, book, job, by) =>
        {
            await book.ResumeAsync(job, by);
            return $"{JobWords.Of(job).Title} goes on: it begins when it is due next.";
        });

        void Map(string path, Func<WorkerDesk, JobBook, string, string, Task<string>> act) => actions.MapPost(
            path, async (HttpContext http, [FromForm] string? job, WorkerDesk desk, ReviewLedger ledger, TimeProvider time, Flash flash) =>
            {
                flash.Say(http, desk.Jobs().Any(j => j.Name == job)
                    ? await act(desk, new JobBook(await ledger.OpenAsync(), time), job!, http.User.LedgerName())
                    : "Nothing was done: this worker has no such job.");
                return Results.LocalRedirect("/jobs");
            });

        routes.MapActions().MapPost("/errands/{id:long}/withdraw", WithdrawAsync).RequireAuthorization(Policies.Own);
    }

    /// <summary>Whoever asked for it no longer wants it, or an administrator does not.</summary>
    private static async Task<IResult> WithdrawAsync(long id, HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time)
    {
        var form = await Form.ReadAsync(http, flash);
        return await new Errands(await ledger.OpenAsync(), time).WithdrawAsync(id, form.By, http.User.IsInRole(Roles.Administrator))
            ? form.Done("Withdrawn. What was approved stays approved, and the next run writes it: reject it where that is not wanted.")
            : form.Refused("A worker has begun with it already, or it is not yours to withdraw.");
    }
}

/// <summary>What a job is, for people.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Does">What it does.</param>
public sealed record JobWords(string Title, string Does)
{
    private static readonly Dictionary<string, JobWords> All = new()
    {
        ["full"] = new("The full run", "Reads the whole org, judges every account, and writes what is ready."),
        ["delta"] = new("The quick run", "Reads what changed since the run before, judges every account, and writes what is ready."),
        ["retention"] = new("The clean-up", "Deletes from the ledger what is older than it is to be kept."),
        ["notices"] = new("Notices", "Tells people what concerns them, in their working hours."),
        ["chaser"] = new("The chaser", "Reminds people of handoffs that are due or overdue, and then their managers."),
        ["digest"] = new("The digest", "Tells administrators and approvers what waits for them and what is new."),
        [WorkerDesk.Errands] = new("Errands", "Does in the org what people asked for here: writes what was approved, gives to somebody else, undoes."),
    };

    /// <summary>The words for a job; its name where this version has none for it.</summary>
    public static JobWords Of(string job) => All.GetValueOrDefault(job) ?? new(job, "");
}
