using System.Globalization;
using PocSync.Core.Records;
using PocSync.Exports;
using Spectre.Console;

namespace PocSync.Cli;

/// <summary>Shows how far the reading of an export is: a bar on a terminal, else a line now and then.</summary>
internal static class ReadingDisplay
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    /// <summary>Runs the reading and shows what it reports.</summary>
    public static T Show<T>(Surroundings around, Func<Action<ReadingProgress>, T> read) => around.IsWatched ? WithBar(around, read) : read(Lines(around));

    private static T WithBar<T>(Surroundings around, Func<Action<ReadingProgress>, T> read)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(around.Error) });
        return console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).Start(bars =>
        {
            var bar = bars.AddTask("Reading", maxValue: 1);
            return read(progress =>
            {
                bar.Description = Markup.Escape(PlainText.Line(progress.File));
                bar.Value = progress.AllLength == 0 ? 1 : (double)progress.AllBytes / progress.AllLength;
            });
        });
    }

    private static Action<ReadingProgress> Lines(Surroundings around)
    {
        var last = around.Time.GetTimestamp();
        return progress =>
        {
            if (progress.AllLength > 0 && around.Time.GetElapsedTime(last) >= BetweenLines)
            {
                last = around.Time.GetTimestamp();
                around.Error.WriteLine(PlainText.Line(string.Create(CultureInfo.InvariantCulture,
                    $"Reading {progress.File}: {100 * progress.AllBytes / progress.AllLength} % of the export")));
            }
        };
    }
}
