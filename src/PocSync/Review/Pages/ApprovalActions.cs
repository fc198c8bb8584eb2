using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PocSync.Core.Records;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>What people decide on corrections: noted at once, and an approval is then written by a worker.</summary>
internal static class ApprovalActions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var actions = routes.MapActions();
        foreach (var (path, kind) in new[] { ("approve", DecisionKind.Approve), ("reject", DecisionKind.Reject), ("defer", DecisionKind.Defer) })
        {
            actions.MapPost($"/approvals/{path}", (HttpContext http, Flash flash, ReviewLedger ledger, ApprovalTerms terms, WorkerDesk desk, TimeProvider time) =>
                DecideAsync(kind, http, flash, ledger, terms, desk, time)).RequireAuthorization(Policies.Decide);
        }

        actions.MapPost("/approvals/give/write", GiveAsync).RequireAuthorization(Policies.Decide);
        actions.MapPost("/approvals/clear", ClearAsync).RequireAuthorization(Policies.Decide);
    }

    private static async Task<IResult> DecideAsync(
        DecisionKind kind, HttpContext http, Flash flash, ReviewLedger ledger, ApprovalTerms terms, WorkerDesk desk, TimeProvider time)
    {
        var form = await Form.ReadAsync(http, flash);
        return await form.DoAsync(async reason =>
        {
            DateOnly? until = null;
            if (kind == DecisionKind.Defer)
            {
                if (!DateOnly.TryParseExact(form["until"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                    || day <= DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))
                {
                    return form.Refused("Say until when: a day to come.");
                }

                until = day;
            }

            if (await ChosenAsync(form, ledger) is not { } ids)
            {
                return form.Refused("What waits has changed since this was shown: look at it again.");
            }

            if (ids.Count == 0)
            {
                return form.Refused("Tick what is meant.");
            }

            var database = await ledger.OpenAsync();
            var covered = await new Decisions(database, terms, time).DecideAsync(kind, form["plan"] ?? "", ids, form.By, reason, until);
            if (kind != DecisionKind.Approve)
            {
                return form.Done(until is { } later ? $"{NumberText.Count(covered.Count, "correction")} put off until {Viewer.Day(later)}."
                    : $"{NumberText.Count(covered.Count, "correction")} rejected: nothing like {(covered.Count == 1 ? "it" : "them")} is proposed until the records change.");
            }

            var (approved, lacking) = (covered.Count(c => c.IsApproved), covered.Count(c => c.NeedsSecond));
            var when = "";
            if (approved > 0)
            {
                when = await desk.SendAsync(database, time, ErrandKind.Write, form.By, reason, new WriteDetails(approved, [.. covered.Where(c => c.IsApproved).Select(c => c.Correction.Id)]));
            }

            return form.Done(string.Join(' ', new[]
            {
                approved > 0 ? $"{NumberText.Count(approved, "correction")} approved, to be written {when}." : null,
                lacking > 0 ? $"{NumberText.Count(lacking, "correction")} approved that {(lacking == 1 ? "needs" : "need")} a second person's yes before {(lacking == 1 ? "it is" : "they are")} written." : null,
            }.OfType<string>()));
        });
    }

    /// <summary>The corrections that were ticked one by one, by group or all together; null where a group is not what was shown.</summary>
    private static async Task<HashSet<string>?> ChosenAsync(Form form, ReviewLedger ledger)
    {
        var ids = form.Ticked("correction").ToHashSet();
        var (groups, isAll) = (form.Ticked("group").ToHashSet(), form["all"] is not null);
        if (groups.Count > 0 || isAll)
        {
            if (await ledger.PendingAsync() is not { } pending || pending.Asked != form["asked"])
            {
                return null;
            }

            foreach (var open in pending.Open.Where(o => o.IsToDecide))
            {
                if (isAll || groups.Contains(ApprovalGroup.OfRule(open).Key) || groups.Contains(ApprovalGroup.OfPerson(open).Key))
                {
                    ids.Add(open.Correction.Id);
                }
            }
        }

        return ids;
    }

    private static async Task<IResult> GiveAsync(HttpContext http, Flash flash, ReviewLedger ledger, ApprovalTerms terms, WorkerDesk desk, TimeProvider time)
    {
        var form = await Form.ReadAsync(http, flash);
        return await form.DoAsync(async reason =>
        {
            var database = await ledger.OpenAsync();
            var correction = await new Decisions(database, terms, time).FindAsync(new Selection([form["correction"] ?? ""]));
            if ((await ledger.PendingAsync())?.Digest != form["plan"])
            {
                return form.Refused("Another plan was made since this one was shown.");
            }

            if (form["to"] is not { } to || !(await new BookQueries(database).PeopleAsync([to])).TryGetValue(to, out var person))
            {
                return form.Refused("Choose who is to have it.");
            }

            var when = await desk.SendAsync(database, time, ErrandKind.Give, form.By, reason, new GiveDetails(correction.Id, correction.AccountName, person.Id, person.Name));
            return form.Done($"{correction.AccountName} is to go to {person.Name}: to be checked and written {when}.");
        });
    }

    private static async Task<IResult> ClearAsync(HttpContext http, Flash flash, ReviewLedger ledger, TimeProvider time)
    {
        var form = await Form.ReadAsync(http, flash);
        return await form.DoAsync(async reason =>
        {
            if (!RecordId.TryParse(form["account"], out var account))
            {
                return form.Refused("That is no account.");
            }

            await new RevertLog(await ledger.OpenAsync(), time).ClearAsync(account, form.By, reason);
            return form.Done("PocSync may write it again: the next run judges the account like any other.");
        });
    }
}
