using Microsoft.EntityFrameworkCore;

namespace PocSync.Ledger;

/// <summary>The sign-ins of the console that their people ended, so that a copy of a cookie is worth nothing on any worker. By the real clock.</summary>
public sealed class SignOuts(LedgerDatabase database, TimeProvider real)
{
    /// <summary>Ends a sign-in, which would have ended by itself at an instant. Those that have ended by themselves are forgotten.</summary>
    public Task EndAsync(string session, DateTimeOffset until) => database.RunAsync(async context =>
    {
        var (now, last) = (real.GetUtcNow().UtcTicks, until.UtcTicks);
        await context.SignOuts.Where(s => s.Until < now).ExecuteDeleteAsync();
        return await context.Database.ExecuteSqlAsync(
            $"""INSERT INTO sign_outs ("Session", "Until") VALUES ({session}, {last}) ON CONFLICT ("Session") DO NOTHING""");
    });

    /// <summary>Whether somebody ended it.</summary>
    public Task<bool> HasEndedAsync(string session) => database.RunAsync(context => context.SignOuts.AnyAsync(s => s.Session == session));
}
