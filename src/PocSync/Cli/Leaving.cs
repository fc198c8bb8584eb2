using System.Globalization;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>That somebody leaves, as a person says it, or takes it back.</summary>
/// <param name="User">Id, username or exact name of who leaves.</param>
/// <param name="On">The first day on which others have the accounts; null to take it back.</param>
/// <param name="To">Id, username or exact name of who is to have them; null where they are to be picked.</param>
/// <param name="By">Who says it.</param>
/// <param name="Reason">Why.</param>
internal sealed record Leaving(string User, DateOnly? On, string? To, string By, string Reason)
{
    /// <summary>Notes it and drafts what follows from it, as a run that writes nothing but to handoffs that were opened for the day. Throws <see cref="UsageException"/>.</summary>
    public async Task<(OrgUser User, RunReport Report)> DraftAsync(RunDesk desk, Settings settings, RunOrder order, TimeProvider time, CancellationToken stop)
    {
        var identity = await desk.Org.IdentifyAsync(stop);
        var user = await FindAsync(desk, User, stop);
        var leavers = new Leavers(desk.Ledger, time);
        if (On is not { } on)
        {
            if (!await leavers.WithdrawAsync(user.Id, By, Reason))
            {
                throw new UsageException($"{user.Name} ({user.Id}) was not announced to leave; `pocsync leaver` shows who was.");
            }
        }
        else
        {
            var today = new AsOf(order.Now, identity.Zone).Today;
            var to = To is null ? null : await FindAsync(desk, To, stop);
            if (WhyNot(user, on, to, today, identity.Worker) is { } why)
            {
                throw new UsageException(why);
            }

            if (to is not null && (await leavers.StandingAsync(to.Id)).Count > 0)
            {
                throw new UsageException($"{to.Name} ({to.Id}) leaves too: name somebody who stays, or nobody.");
            }

            await leavers.AnnounceAsync((user.Id, user.Name), on, to is null ? null : (to.Id, to.Name), By, Reason);
        }

        return (user, await desk.SyncAsync(order with { IsDraft = true }, stop));
    }

    /// <summary>The part of a plan that is about who leaves, to be applied as a file of its own.</summary>
    public static Plan Of(Plan plan, RecordId user) => new(
        plan.AsOf, plan.Today, plan.Binding, plan.Org,
        [.. plan.Corrections.Where(c => c.NotBefore is not null && c.People.Any(p => p.Id == user))], [.. plan.Unpicked.Where(u => u.Leaver == user)]);

    private static string? WhyNot(Core.Runs.OrgUser user, DateOnly on, Core.Runs.OrgUser? to, DateOnly today, RecordId worker)
    {
        var day = on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return user.Id == worker ? $"{user.Name} ({user.Id}) is PocSync's own user, who looks after no account."
            : !user.IsActive ? $"{user.Name} ({user.Id}) is no longer active: `pocsync sync` proposes who follows."
            : on < today ? $"{day} is past: give the first day on which others are to have the accounts, today ({today:yyyy-MM-dd}) or later."
            : to is null ? null
            : to.Id == user.Id ? $"{user.Name} ({user.Id}) cannot follow themselves."
            : to.Id == worker ? $"{to.Name} ({to.Id}) is PocSync's own user, who looks after no account."
            : !to.IsActive ? $"{to.Name} ({to.Id}) is no longer active: name somebody who is, or nobody."
            : null;
    }

    private static async Task<OrgUser> FindAsync(RunDesk desk, string text, CancellationToken stop) => await desk.Directory.FindUsersAsync(text.Trim(), stop) switch
    {
        [var one] => one,
        [] => throw new UsageException($"The org has no user '{text}': give a user's id, username or exact name."),
        var several => throw new UsageException($"{several.Count} users are named '{text}': give one's id ({string.Join(", ", several.Select(u => u.Id))})."),
    };
}
