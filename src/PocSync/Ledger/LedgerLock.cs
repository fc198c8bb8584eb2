using System.Globalization;
using System.Text;

namespace PocSync.Ledger;

/// <summary>
/// Keeps two programs from running on one ledger. The lock is the operating system's on a file beside the ledger, so that it goes with whoever held it, also when it is
/// killed; the file stays, which means nothing.
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
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new LedgerLock(file);
        }
        catch (Exception wrong) when (wrong is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new LedgerException($"The ledger {ledger.File} cannot be opened: check that its folder is there and may be written.", wrong);
        }
        catch (IOException wrong)
        {
            throw new LedgerException($"Another PocSync{Owner(path)} is running on the ledger {ledger.File}: wait until it has ended.", wrong);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string Owner(string path)
    {
        try
        {
            // Sharing everything takes no lock of its own.
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return int.TryParse(file.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? $" (process {process})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
