using System.CommandLine;
using System.CommandLine.Help;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Exports;
using PocSync.Ledger;
using PocSync.Plans;

namespace PocSync.Cli;

/// <summary>The program's command line: its verbs, and what becomes of what goes wrong in them.</summary>
public static class CommandLine
{
    private static IEnumerable<Command> Verbs(Surroundings around) =>
    [
        DemoVerb.Create(around),
        AuditVerb.Create(around),
        PlanVerb.Create(around),
        ApplyVerb.Create(around),
        SyncVerb.Create(around),
        ApprovalsVerb.Create(around),
        DecideVerb.CreateApprove(around),
        DecideVerb.CreateReject(around),
        DecideVerb.CreateDefer(around),
        LeaverVerb.Create(around),
        UndoVerb.Create(around),
        BaselineVerb.Create(around),
        MarkVerb.CreateSnooze(around),
        MarkVerb.CreateFalsePositive(around),
        ClearVerb.Create(around),
        RunsVerb.Create(around),
        FindingsVerb.Create(around),
        ChangesVerb.Create(around),
        NoticesVerb.Create(around),
        Rules.RulesVerb.Create(around),
        PauseVerb.CreatePause(around),
        PauseVerb.CreateResume(around),
        DoctorVerb.Create(around),
        ServeVerb.Create(around),
        SimulateVerb.Create(around),
    ];

    /// <summary>
    /// Runs one command. What goes wrong is said in a sentence on standard error; the trace of a fault only where <c>POCSYNC_DEBUG</c> is 1.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, Func<Surroundings> surroundings)
    {
        TextWriter error = Console.Error;
        Shutdown? shutdown = null;
        try
        {
            var around = surroundings();
            error = around.Error;
            shutdown = new Shutdown(around.Time);
            return (int)shutdown.Of(await RunAsync(args, around, shutdown));
        }
        catch (Exception wrong)
        {
            foreach (var line in Sentence(wrong).Split('\n'))
            {
                await error.WriteLineAsync(PlainText.Line(line));
            }

            if (Environment.GetEnvironmentVariable("POCSYNC_DEBUG") == "1")
            {
                await error.WriteLineAsync(wrong.ToString());
            }

            return (int)(shutdown?.Of(StatusOf(wrong)) ?? StatusOf(wrong));
        }
        finally
        {
            shutdown?.Dispose();
        }
    }

    private static async Task<ExitStatus> RunAsync(string[] args, Surroundings around, Shutdown shutdown)
    {
        var root = new RootCommand("Keeps one accountable point of contact on every Salesforce account.");
        foreach (var verb in Verbs(around))
        {
            root.Add(verb);
        }

        using var text = around.OpenText();
        var streams = new InvocationConfiguration { Output = text, Error = around.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors is [var first, ..])
        {
            var isRoot = parsed.CommandResult.Command is RootCommand;
            throw new UsageException(isRoot && parsed.UnmatchedTokens is [var word, ..]
                ? $"There is no verb or option '{word}'; `pocsync` alone prints the verbs."
                : $"{first.Message} `pocsync {(isRoot ? "" : NameOf(parsed.CommandResult.Command) + " ")}--help` shows what can be given.");
        }

        if (parsed.Action is not HelpAction)
        {
            ProgramSettings.Check(around.Settings);
        }

        return await shutdown.EndAsync(parsed.InvokeAsync(streams, shutdown.Stop));
    }

    private static string NameOf(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Where(c => c is not RootCommand).Append(command).Select(c => c.Name));

    private static ExitStatus StatusOf(Exception wrong) => wrong switch
    {
        UsageException or ExportException or SettingsException or PlanFileException or LedgerException or DecisionException or GiftException => ExitStatus.WrongUsage,
        OrgException => ExitStatus.OrgRefused,
        OperationCanceledException => ExitStatus.Stopped,
        IOException or UnauthorizedAccessException => ExitStatus.InputOutput,
        _ => ExitStatus.Unexpected,
    };

    private static string Sentence(Exception wrong) => StatusOf(wrong) switch
    {
        ExitStatus.Stopped => "Stopped.",
        ExitStatus.InputOutput => $"Reading or writing failed: {wrong.Message}",
        ExitStatus.Unexpected => $"This is a fault of PocSync and not of what it was given: {wrong.GetType().Name}: {wrong.Message} (POCSYNC_DEBUG=1 shows where.)",
        _ => wrong.Message,
    };
}
