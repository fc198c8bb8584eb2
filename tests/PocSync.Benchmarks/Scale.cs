using System.Diagnostics;
using System.Globalization;
using PocSync.Cli;
using PocSync.Core.Rules;
using PocSync.Exports;
using PocSync.Simulator.Generation;

namespace PocSync.Benchmarks;

/// <summary>One audit of a large generated org in this process, from the first byte to the last finding.</summary>
internal static class Scale
{
    private static readonly DateTimeOffset AsOf = new(2026, 6, 15, 9, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(int accounts)
    {
        var folder = Directory.CreateTempSubdirectory("pocsync").FullName;
        try
        {
            await OrgGenerator.Generate(new OrgPlan { Accounts = accounts, AsOf = AsOf, Flavor = OrgFlavor.Plain }).WriteCsvAsync(folder);
            var bytes = new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);
            GC.Collect();
            var before = Process.GetCurrentProcess().PeakWorkingSet64;

            var clock = Stopwatch.StartNew();
            var (snapshot, contents) = new ExportReader(Settings.Default, AsOf).Read(folder);
            var read = clock.Elapsed;
            var audit = new AuditResult(snapshot, Settings.Default);
            var all = clock.Elapsed;

            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {accounts:N0} accounts, {contents.Tables.Sum(t => t.Rows):N0} rows, {bytes / 1e6:N0} MB, {audit.Findings.Count:N0} findings
                read {read.TotalSeconds:N2} s, judged {(all - read).TotalSeconds:N2} s: {all.TotalMicroseconds / accounts:N1} µs an account
                peak memory {process.PeakWorkingSet64 / 1e6:N0} MB (before the audit {before / 1e6:N0} MB)
                """));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
