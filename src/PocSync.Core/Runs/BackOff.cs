namespace PocSync.Core.Runs;

/// <summary>How long what failed waits: twice as long each time in a row, up to half an hour.</summary>
public static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>How long after so many failures in a row, from 1.</summary>
    public static TimeSpan After(int failures) => failures > 5 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << (failures - 1)));
}
