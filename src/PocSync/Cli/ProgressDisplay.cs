using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Cli;

/// <summary>Shows on standard error how far a run is: a line each, and on a terminal a bar where the end is known.</summary>
internal sealed class ProgressDisplay(Surroundings around) : IProgress<RunNews>, IProgress<string>
{
    private const int Width = 30;

    private readonly Lock _gate = new();
    private bool _hasBar;

    /// <inheritdoc/>
    public void Report(string value) => Report(new RunNews(value));

    /// <inheritdoc/>
    public void Report(RunNews value)
    {
        lock (_gate)
        {
            if (around.IsWatched && value.Of > 0)
            {
                var full = (int)((long)Width * value.Done / value.Of);
                around.Error.Write($"\r[{new string('#', full)}{new string('.', Width - full)}] {value.Done} of {value.Of}");
                _hasBar = true;
                if (value.Done < value.Of)
                {
                    return;
                }
            }

            EndBar();
            around.Error.WriteLine(PlainText.Line(value.Text));
        }
    }

    private void EndBar()
    {
        if (_hasBar)
        {
            around.Error.WriteLine();
            _hasBar = false;
        }
    }
}
