using System.Globalization;

namespace PocSync.Core.Guards;

/// <summary>
/// What an org showed at the last full run and does not show now. A permission that was lost looks like records that were deleted: until a person says
/// which it is, nothing is concluded.
/// </summary>
public static class Losses
{
    /// <summary>The name of the refusal where an object or a field is gone.</summary>
    public const string Shown = "Shown";

    /// <summary>The name of the refusal where POC rows live elsewhere, although the settings say nothing of it.</summary>
    public const string Binding = "Binding";

    /// <summary>How many objects and fields are named.</summary>
    private const int Named = 5;

    /// <summary>What was lost; none on a first run, and none where a person accepted it.</summary>
    public static IReadOnlyList<Refusal> Of(GuardLimits limits, GuardInput input) =>
        input is { Last: { } last, IsLossAccepted: false } ? [.. Hidden(last, input), .. Moved(last, input), .. Fallen(last, limits, input)] : [];

    /// <summary>Whether a refusal says that something was lost.</summary>
    public static bool IsLoss(Refusal refusal) => refusal.Limit is Shown or Binding or nameof(GuardLimits.MinAnswered);

    private static IEnumerable<Refusal> Hidden(Measure last, GuardInput input)
    {
        var gone = last.Shown.Except(input.Now.Shown, StringComparer.OrdinalIgnoreCase).ToList();
        // A field goes with its object.
        var named = gone.Where(n => n.IndexOf('.') is var dot && (dot < 0 || !gone.Contains(n[..dot]))).ToList();
        if (named.Count > 0)
        {
            var more = named.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {named.Count - Named:N0} more") : "";
            yield return new Refusal(Shown, null,
                $"the org no longer shows {string.Join(", ", named.Take(Named).Select(n => OrgName(n, input)))}{more}, which it did at the last full run: {Ask}");
        }
    }

    private static IEnumerable<Refusal> Moved(Measure last, GuardInput input)
    {
        if (!input.IsBindingChosen && last.Binding != input.Now.Binding)
        {
            yield return new Refusal(Binding, null,
                $"the contacts were kept in the binding '{Word(last.Binding)}' at the last full run and would be in '{Word(input.Now.Binding)}' now, because of what the org shows; the rules file can say `binding: {Word(last.Binding)}`, or: {Ask}");
        }
    }

    private static IEnumerable<Refusal> Fallen(Measure last, GuardLimits limits, GuardInput input) => last.Counts
        .Where(then => then.Value >= GuardLimits.AnsweredFloor && input.Now.Counts.TryGetValue(then.Key, out var now) && now < limits.MinAnswered * then.Value)
        .Select(then => new Refusal(nameof(GuardLimits.MinAnswered), null, string.Create(CultureInfo.InvariantCulture,
            $"the org answered with {input.Now.Counts[then.Key]:N0} {OrgName(then.Key, input)}{(then.Key.Contains(' ') ? "" : " records")} where it had {then.Value:N0} at the last full run, less than the share of {limits.MinAnswered:0.####} that Guard:MinAnswered asks for: {Ask}")));

    private const string Ask = "a permission may be lost, so nothing is concluded from it; if it is right, `pocsync sync --accept-loss` goes on from what there is now";

    private static string Word(Records.Binding binding) => binding.ToString().ToLowerInvariant();

    private static string OrgName(string name, GuardInput input) => name.Split('.') is [var objectName, var field]
        ? $"{input.Names.Object(objectName)}.{input.Names.Field(objectName, field)}" : input.Names.Object(name);
}
