using System.Runtime.InteropServices;

namespace PocSync.Cli;

/// <summary>
/// Ctrl-C and SIGTERM: the word to stop at the next safe point. What hangs all the same is left behind after <see cref="Patience"/>, which loses
/// nothing: the next run finds out what became of what was begun.
/// </summary>
internal sealed class Shutdown : IDisposable
{
    /// <summary>From the word to stop until no answer of the org is waited for any more.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(7);

    /// <summary>From the word to stop to the end of the process.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(9.5);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _signals;
    private readonly TimeProvider _time;
    private ITimer? _timer;
    private bool _isTermination;

    public Shutdown(TimeProvider time)
    {
        _time = time;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Tell), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Tell)];
    }

    /// <summary>The word to stop.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>What a command ends with.</summary>
    public async Task<ExitStatus> EndAsync(Task<int> command) =>
        await Task.WhenAny(command, _over.Task) == command ? (ExitStatus)await command : ExitStatus.Stopped;

    /// <summary>A status as shells have it for the signal that was given.</summary>
    public ExitStatus Of(ExitStatus status) => status == ExitStatus.Stopped && _isTermination ? ExitStatus.Terminated : status;

    public void Dispose()
    {
        _signals.ForEach(s => s.Dispose());
        _timer?.Dispose();
        _stop.Dispose();
    }

    private void Tell(PosixSignalContext told)
    {
        told.Cancel = true;
        if (!_stop.IsCancellationRequested)
        {
            _isTermination = told.Signal == PosixSignal.SIGTERM;
            _timer = _time.CreateTimer(_ => _over.TrySetResult(), null, Patience, Timeout.InfiniteTimeSpan);
            _stop.Cancel();
        }
    }
}
