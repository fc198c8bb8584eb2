using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>runs</c> and <c>runs show</c>: the ledger.</summary>
internal static class RunsVerb
{
    public static Command Create(Surroundings around)
    {
        var format = VerbOptions.Format();
        var limit = new Option<int>("--limit") { Description = "How many, newest first.", DefaultValueFactory = _ => 20 };
        var verb = new Command("runs", "Shows the runs of the ledger, newest first.") { format, limit, Show(around) };
        verb.SetAction(async (parsed, _) =>
        {
            var runs = await new LedgerQueries(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings)))
                .RunsAsync(Math.Max(1, parsed.GetValue(limit)));
            Write(runs, parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static Command Show(Surroundings around)
    {
        var number = new Argument<long>("N") { Description = "The run's number." };
        var format = VerbOptions.Format();
        var verb = new Command("show", "Shows a run: what it judged, planned, changed, held and could not do.") { number, format };
        verb.SetAction(async (parsed, _) =>
        {
            var run = await new LedgerQueries(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings))).RunAsync(parsed.GetValue(number), RunPrinter.MostAlerts(parsed.GetValue(format)))
                ?? throw new UsageException(
                    string.Create(CultureInfo.InvariantCulture,
                    $"The ledger has no run {parsed.GetValue(number)}; `pocsync runs` shows those that it has."));
            RunPrinter.Write(run, parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static void Write(IReadOnlyList<RunRow> runs, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            using var json = new Utf8JsonWriter(around.Output, JsonText.Options);
            json.WriteStartObject();
            json.WriteStartArray("runs");
            foreach (var run in runs)
            {
                json.WriteStartObject();
                RunPrinter.WriteHead(run, json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            around.Output.WriteByte((byte)'\n');
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, "run", "kind", "by", "started", "ended", "status", "accounts", "findings", "corrections", "applied", "held", "waiting",
                "failed", "sentence");
            foreach (var r in runs)
            {
                CsvText.Row(
                    text, Number(r.Number), r.Kind.ToLowerInvariant(), r.By, JsonText.Instant(r.StartedAt), JsonText.Instant(r.EndedAt),
                        r.Status.ToLowerInvariant(),
                    Number(r.Accounts), Number(r.Findings), Number(r.Corrections), Number(r.Applied), Number(r.Held), Number(r.Waiting),
                        Number(r.Failed), r.Sentence);
            }

            return;
        }

        foreach (var run in runs)
        {
            text.WriteLine(PlainText.Line(string.Create(CultureInfo.InvariantCulture,
                $"{run.Number,5}  {JsonText.Instant(run.StartedAt)}  {run.Kind.ToLowerInvariant(),-7}  {run.Status.ToLowerInvariant(),-7}  {run.By}: {run.Sentence}")));
        }

        if (runs.Count == 0)
        {
            text.WriteLine("No runs yet.");
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
