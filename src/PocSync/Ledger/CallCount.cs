using Microsoft.EntityFrameworkCore;
using PocSync.Core.Calls;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Counts API calls in the ledger, for all who share it.</summary>
public sealed class CallCount(LedgerDatabase database, TimeProvider time) : ICallCount
{
    /// <summary>The row that everyone writes first, so that takes come one after the other.</summary>
    private const long Gate = 0;

    /// <inheritdoc/>
    public Task<CallGrant> TakeAsync(int calls, CallLimits limits) => database.InTransactionAsync(async context =>
    {
        var now = time.GetUtcNow();
        var slot = CallWindow.SlotOf(now);
        await AddAsync(context, Gate, 0);
        var counted = await context.Calls.Where(c => c.Slot >= slot - CallWindow.DaySlots).ToListAsync();
        var room = CallWindow.Room([.. counted.Select(c => new CallSlot(c.Slot, c.Count))], limits, now);
        var granted = Math.Min(calls, room.Free);
        if (granted > 0)
        {
            await context.Calls.Where(c => c.Slot != Gate && c.Slot < slot - CallWindow.DaySlots).ExecuteDeleteAsync();
            await AddAsync(context, slot, granted);
        }

        return new CallGrant(slot, granted, room);
    });

    /// <inheritdoc/>
    public Task GiveBackAsync(long slot, int calls) => database.InTransactionAsync(async context =>
    {
        await AddAsync(context, slot, -calls);
        return 0;
    });

    private static Task AddAsync(LedgerContext context, long slot, int calls) => context.Database.ExecuteSqlAsync(
        $"""INSERT INTO calls ("Slot", "Count") VALUES ({slot}, {calls}) ON CONFLICT ("Slot") DO UPDATE SET "Count" = calls."Count" + excluded."Count" """);
}
