using Microsoft.EntityFrameworkCore;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps the jobs that the org works on by itself and of which nobody has seen the end.</summary>
public sealed class OrgJobs(LedgerDatabase database, TimeProvider time) : IOrgJobs
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<(string Job, DateTimeOffset Begun)>> OpenAsync() => database.RunAsync<IReadOnlyList<(string, DateTimeOffset)>>(async context =>
        [.. (await context.OrgJobs.OrderBy(j => j.At).ThenBy(j => j.Id).ToListAsync()).Select(j => (j.Id, new DateTimeOffset(j.At, TimeSpan.Zero)))]);

    /// <inheritdoc/>
    public Task BeginAsync(string job) => database.InTransactionAsync(context =>
    {
        context.Add(new OrgJobRow { Id = job, At = time.GetUtcNow().UtcTicks });
        return Task.FromResult(0);
    });

    /// <inheritdoc/>
    public Task EndAsync(string job) => database.InTransactionAsync(context => context.OrgJobs.Where(j => j.Id == job).ExecuteDeleteAsync());
}
