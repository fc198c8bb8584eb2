using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>changes</c>: everything that PocSync changed in a period, a line for each field of each record.</summary>
internal static class ChangesVerb
{
    public static Command Create(Surroundings around)
    {
        var since = VerbOptions.Instant("--since", "From this instant or date on. Default: the beginning of the ledger.");
        var until = VerbOptions.Instant("--until", "Until before this instant or date. Default: now.");
        var account = new Option<string?>("--account") { Description = "Only of this account.", HelpName = "ID" };
        var (rules, format) = (VerbOptions.Rules(), VerbOptions.Format());
        var verb = new Command("changes", "Lists everything that PocSync changed in a period: who, when, why, what it was and what it became.")
            { since, until, account, rules, format };
        verb.SetAction(async (parsed, stop) =>
        {
            RecordId id = default;
            if (parsed.GetValue(account) is { } text && !RecordId.TryParse(text, out id))
            {
                throw new UsageException($"'{text}' is no id of an account: give its 15 or 18 characters.");
            }

            var home = RulesHome.Of(parsed.GetValue(rules), around).Checked();
            var database = await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings));
            // What the ledger says needs no org.
            var names = home.IsOrg ? await new RuleQueries(database).NamesAsync() : (await home.ReadAsync(null, stop)).Names;
            var changes = await new ChangeLog(database).ReadAsync(parsed.GetValue(since), parsed.GetValue(until), id);
            Write(changes, names, parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static void Write(IReadOnlyList<Change> changes, Names names, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(changes, names, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, [.. Columns.Select(c => c.Name)]);
            foreach (var change in changes)
            {
                CsvText.Row(text, [.. Columns.Select(c => c.Of(change, names))]);
            }

            return;
        }

        foreach (var ofCorrection in changes.GroupBy(c => (c.At, c.Run.Number, c.Correction.Correction)))
        {
            var first = ofCorrection.First();
            text.WriteLine(PlainText.Line(string.Create(CultureInfo.InvariantCulture,
                $"{JsonText.Instant(first.At)}  run {first.Run.Number} ({first.Run.Kind.ToLowerInvariant()}, {first.Run.By})  {first.Correction.Sentence} [{first.Correction.AccountName} {first.Correction.Account}]")));
            if (first.ApprovedBy is not null || first.Reason is not null)
            {
                text.WriteLine(PlainText.Line($"    {(first.ApprovedBy is null ? "because" : $"approved by {first.ApprovedBy}")}: {first.Reason}"));
            }

            foreach (var change in ofCorrection)
            {
                text.WriteLine(PlainText.Line(
                    $"    {change.Action} {names.Object(change.Object)} {(change.Record.IsNone ? "" : change.Record + " ")}{names.Field(change.Object, change.Field)} {Named(change.Before, change.BeforeName)} → {Named(change.After, change.AfterName)}"));
            }

            if (first.UndoneBy is { } run)
            {
                text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    taken back by run {run}"));
            }
        }

        if (changes.Count == 0)
        {
            text.WriteLine("Nothing was changed.");
        }
    }

    private static readonly (string Name, Func<Change, Names, string?> Of)[] Columns =
    [
        ("instant", (c, _) => JsonText.Instant(c.At)), ("run", (c, _) => Number(c.Run.Number)), ("kind", (c, _) => c.Run.Kind.ToLowerInvariant()),
        ("by", (c, _) => c.Run.By), ("correction", (c, _) => c.Correction.Correction), ("outcome", (c, _) => Word(c.Outcome)),
        ("rule", (c, _) => c.Correction.Rule), ("code", (c, _) => c.Correction.Code), ("account", (c, _) => c.Correction.Account),
        ("accountName", (c, _) => c.Correction.AccountName), ("object", (c, n) => n.Object(c.Object)),
        ("id", (c, _) => c.Record.IsNone ? null : c.Record.ToString()), ("action", (c, _) => c.Action), ("field", (c, n) => n.Field(c.Object, c.Field)),
        ("before", (c, _) => c.Before), ("beforeName", (c, _) => c.BeforeName), ("after", (c, _) => c.After),
        ("afterName", (c, _) => c.AfterName), ("sentence", (c, _) => c.Correction.Sentence),
        ("approvedBy", (c, _) => c.ApprovedBy), ("reason", (c, _) => c.Reason), ("undoneBy", (c, _) => c.UndoneBy is { } run ? Number(run) : null),
    ];

    private static void WriteJson(IReadOnlyList<Change> changes, Names names, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteStartArray("changes");
        foreach (var change in changes)
        {
            json.WriteStartObject();
            foreach (var (name, of) in Columns)
            {
                switch (name)
                {
                    case "run":
                        json.WriteNumber(name, change.Run.Number);
                        break;
                    case "undoneBy" when change.UndoneBy is { } run:
                        json.WriteNumber(name, run);
                        break;
                    default:
                        json.WriteString(name, of(change, names));
                        break;
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static string Named(string? value, string? name) => value is null ? "blank" : name is null ? value : $"{name} ({value})";

    private static string? Word(string? outcome) => outcome is null ? "unknown" : char.ToLowerInvariant(outcome[0]) + outcome[1..];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
