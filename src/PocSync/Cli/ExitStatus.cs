namespace PocSync.Cli;

/// <summary>What the program's exit status says. Where several apply, the first of 2, 3, 4, 5, 1.</summary>
public enum ExitStatus
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>There are findings at or above <c>--fail-on</c>.</summary>
    Findings = 1,

    /// <summary>Wrong usage, settings or input.</summary>
    WrongUsage = 2,

    /// <summary>The org could not be reached, or refused.</summary>
    OrgRefused = 3,

    /// <summary>Held by the guard, or writing is paused.</summary>
    Held = 4,

    /// <summary>Done in part; the ledger says what.</summary>
    DoneInPart = 5,

    /// <summary>A fault of the program itself (EX_SOFTWARE of sysexits.h).</summary>
    Unexpected = 70,

    /// <summary>A file, a disk or a pipe failed (EX_IOERR of sysexits.h).</summary>
    InputOutput = 74,

    /// <summary>Stopped by Ctrl-C, as shells have it.</summary>
    Stopped = 130,

    /// <summary>Stopped by SIGTERM, as shells have it.</summary>
    Terminated = 143,
}
