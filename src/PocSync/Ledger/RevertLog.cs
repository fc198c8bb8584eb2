using Microsoft.EntityFrameworkCore;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>What somebody changed back, and who let PocSync write it again.</summary>
public sealed class RevertLog(LedgerDatabase database, TimeProvider time)
{
    /// <summary>Lets PocSync write again what was changed back on an account. Throws <see cref="DecisionException"/> where nothing was.</summary>
    public Task<int> ClearAsync(RecordId account, string by, string reason) => database.InTransactionAsync(async context =>
        await ClearAsync(context, account, by, reason, time.GetUtcNow().UtcTicks) is > 0 and var cleared ? cleared
            : throw new DecisionException($"Nothing on the account {account} was changed back, or it is cleared already", "`pocsync approvals` shows what is left alone"));

    /// <summary>What was changed back on an account and nobody cleared.</summary>
    public Task<List<RevertRow>> OpenAsync(RecordId account)
    {
        var id = account.ToString();
        return database.RunAsync(context => context.Reverts.Where(r => r.Account == id && r.ClearedAt == null).OrderBy(r => r.Id).ToListAsync());
    }

    /// <summary>What was changed back.</summary>
    public static Revert Read(RevertRow row) => LedgerJson.Read<Revert>(row.Json);

    internal static Task<int> ClearAsync(LedgerContext context, RecordId account, string by, string reason, long now)
    {
        var id = account.ToString();
        return context.Reverts.Where(r => r.Account == id && r.ClearedAt == null).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.ClearedAt, now).SetProperty(r => r.ClearedBy, by).SetProperty(r => r.ClearedReason, reason));
    }

    internal static RevertRow Row(Revert revert, long run, long now) =>
        new() { Account = revert.Account.ToString(), Json = LedgerJson.Text(revert), FoundAt = now, FoundRun = run };

    internal static async Task<IReadOnlyList<Revert>> OfAsync(LedgerContext context, bool isCleared) =>
        [.. (await context.Reverts.Where(r => r.ClearedAt != null == isCleared).OrderBy(r => r.Id).Select(r => r.Json).ToListAsync()).Select(LedgerJson.Read<Revert>)];
}
