namespace PocSync.Ledger;

/// <summary>
/// Keeps two programs from running on one ledger. The lock is the operating system's on a file beside the ledger, so that it goes with whoever held
/// it, also when it is killed; the file stays, which means nothing.
/// </summary>
public sealed class LedgerLock : IDisposable
{
    private readonly FileStream _file;

    private LedgerLock(FileStream file) => _file = file;

    /// <summary>Takes the lock. Throws <see cref="LedgerException"/> where another program has it.</summary>
    public static LedgerLock Take(LedgerSettings ledger)
    {
        var path = ledger.File + ".lock";
        try
        {
            return new LedgerLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception wrong) when (wrong is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new LedgerException($"The ledger {ledger.File} cannot be opened: check that its folder is there and may be written.", wrong);
        }
        catch (IOException wrong) when (!IsBusy(wrong))
        {
            throw new LedgerException($"The ledger {ledger.File} cannot be locked: {wrong.Message}", wrong);
        }
        catch (IOException wrong)
        {
            throw new LedgerException($"Another PocSync is running on the ledger {ledger.File}: wait until it has ended.", wrong);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Whether somebody else holds the file: EWOULDBLOCK of Linux and macOS, a sharing violation of Windows.</summary>
    private static bool IsBusy(IOException wrong) => (wrong.HResult & 0xFFFF) is 11 or 35 or 32;
}
