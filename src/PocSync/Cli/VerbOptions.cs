using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using PocSync.Core.Rules;
using PocSync.RuleFiles;

namespace PocSync.Cli;

/// <summary>How a verb prints its result.</summary>
public enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One object.</summary>
    Json,

    /// <summary>RFC 4180, safe to open in a spreadsheet.</summary>
    Csv,
}

/// <summary>Options that several verbs have, each made anew for every verb.</summary>
public static class VerbOptions
{
    /// <summary><c>--format</c>.</summary>
    public static Option<OutputFormat> Format() => Word("--format", OutputFormat.Table, "How to print the result.");

    /// <summary><c>--rules</c>.</summary>
    public static Option<string?> Rules() => new("--rules") { Description = "The rules' settings, YAML or JSON.", HelpName = "FILE" };

    /// <summary><c>--export</c>.</summary>
    public static Option<string?> Export() => new("--export") { Description = "A Salesforce data export: a folder or zip with one CSV an object.", HelpName = "DIR-or-ZIP" };

    /// <summary><c>--as-of</c>.</summary>
    public static Option<DateTimeOffset?> AsOf() =>
        Instant("--as-of", "The instant to judge at, such as 2026-01-31T08:00:00Z; a date is its midnight in UTC. Default: now.");

    /// <summary>An option that takes an instant or a date.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "INSTANT",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryInstant(text, out var instant))
            {
                return instant;
            }

            result.AddError($"{name} must be an instant such as 2026-01-31T08:00:00Z, or a date such as 2026-01-31, not '{text}'.");
            return null;
        },
    };

    /// <summary><c>--rule</c>, <c>--person</c> and <c>--account</c>: which corrections are meant.</summary>
    public static (Option<string?> Rule, Option<string?> Person, Option<string?> Account) Which() => (
        new("--rule") { Description = "Only corrections of this rule.", HelpName = "RULE" },
        new("--person") { Description = "Only corrections by which this user (id or exact name) gains or loses something.", HelpName = "USER" },
        new("--account") { Description = "Only corrections of this account.", HelpName = "ID" });

    /// <summary><c>--as</c>: who asks, in the ledger.</summary>
    public static Option<string> As() => new("--as") { Description = "Who asks, for the ledger. Default: the user of the operating system.", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };

    /// <summary>An option that takes one of the names of an enum, in lower case.</summary>
    public static Option<T> Word<T>(string name, T otherwise, string description) where T : struct, Enum => new(name)
    {
        Description = description,
        HelpName = string.Join('|', Enum.GetNames<T>().Select(w => w.ToLowerInvariant())),
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Enum.GetNames<T>().FirstOrDefault(w => w.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } word)
            {
                return Enum.Parse<T>(word);
            }

            result.AddError($"{name} must be {string.Join(", ", Enum.GetNames<T>().Select(w => w.ToLowerInvariant()))}, not '{text}'.");
            return otherwise;
        },
    };

    /// <summary>
    /// The settings of the rules: of the file that is named, else of the home that the program's settings name, else the defaults. Throws <see
    /// cref="SettingsException"/>.
    /// </summary>
    public static Task<Settings> ReadRulesAsync(string? file, Surroundings around, CancellationToken stop) => RulesHome.Of(file, around).ReadAsync(null, stop);

    /// <summary>Now, to the second.</summary>
    public static DateTimeOffset Now(Surroundings around)
    {
        var now = around.Time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }

    private static bool TryInstant(string text, out DateTimeOffset instant) =>
        Core.Records.CellText.TryInstant(text, out instant)
        || DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
}
