using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Exports;
using PocSync.Simulator.Generation;

namespace PocSync.Benchmarks;

/// <summary>
/// What an audit costs an account of a plain generated org, all its contacts, deals, cases and POC rows included. The ratio to reading the same bytes and doing nothing
/// with them compares runs on different machines.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class AuditBenchmarks
{
    private const int Accounts = 20_000;
    private static readonly DateTimeOffset AsOf = new(2026, 6, 15, 9, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;
    private Snapshot _snapshot = null!;

    [GlobalSetup]
    public void Generate()
    {
        // The emitted runner does not wait for a setup that is a task.
        OrgGenerator.Generate(new OrgPlan { Accounts = Accounts, AsOf = AsOf, Flavor = OrgFlavor.Plain }).WriteCsvAsync(_folder).GetAwaiter().GetResult();
        _snapshot = Read();
    }

    [GlobalCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true, OperationsPerInvoke = Accounts)]
    public long ReadBytes()
    {
        var buffer = new byte[128 * 1024];
        long sum = 0;
        foreach (var file in Directory.GetFiles(_folder))
        {
            using var stream = File.OpenRead(file);
            while (stream.Read(buffer) is var count and > 0)
            {
                sum += buffer.AsSpan(0, count).Count((byte)'\n');
            }
        }

        return sum;
    }

    /// <summary>Going through the records without making text of any cell.</summary>
    [Benchmark(OperationsPerInvoke = Accounts)]
    public long WalkRecords()
    {
        long rows = 0;
        foreach (var file in Directory.GetFiles(_folder))
        {
            using var csv = CsvTable.Open(() => File.OpenRead(file));
            csv.Want([]);
            while (csv.Read() is not null)
            {
                rows++;
            }
        }

        return rows;
    }

    [Benchmark(OperationsPerInvoke = Accounts)]
    public Snapshot Read() => new ExportReader(Settings.Default, AsOf).Read(_folder).Snapshot;

    [Benchmark(OperationsPerInvoke = Accounts)]
    public IReadOnlyList<RuleResult> Judge() => RuleBook.Judge(_snapshot, Settings.Default);

    private sealed class InThisProcess : ManualConfig
    {
        public InThisProcess() => AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
}
