namespace PocSync.Core.Runs;

/// <summary>The port to whoever may stop all writing. Asked at the start of a run and before every batch of writes.</summary>
public interface IBrake
{
    /// <summary>Who or what says that nothing is to be written, and why, in a sentence without its full stop; null where nobody does.</summary>
    Task<string?> WhyAsync(CancellationToken stop);
}

/// <summary>What a setting that pauses says: nothing or <c>false</c>, <c>true</c>, or in any other words why.</summary>
public static class PauseSetting
{
    private static readonly string[] On = ["true", "yes", "on", "1"];
    private static readonly string[] Off = ["", "false", "no", "off", "0"];

    /// <summary>Why it pauses, in a sentence without its full stop; null where it does not.</summary>
    /// <param name="where">Which setting.</param>
    /// <param name="text">What it says.</param>
    public static string? Why(string where, string? text)
    {
        var says = text?.Trim() ?? "";
        return Off.Contains(says, StringComparer.OrdinalIgnoreCase) ? null
            : On.Contains(says, StringComparer.OrdinalIgnoreCase) ? $"{where} says so" : $"{where} says: {says}";
    }
}
