using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Benchmarks;

/// <summary>What bringing 1,000 changed accounts and as many changed POC rows into a snapshot of 100,000 costs, against building it anew.</summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class DeltaBenchmarks
{
    private const int Accounts = 100_000;
    private const int Changes = 1_000;
    private static readonly DateTimeOffset AsOf = new(2026, 6, 15, 9, 0, 0, TimeSpan.Zero);
    private static readonly string[] AccountColumns = ["Id", "Name", "OwnerId", "CreatedDate"];
    private static readonly string[] RowColumns = ["Id", "Account__c", "Role__c", "User__c", "Starts_On__c"];
    private static readonly HashSet<RecordId> Nobody = [];

    private string?[][] _accounts = [];
    private string?[][] _rows = [];
    private Snapshot _before = null!;

    [GlobalSetup]
    public void Generate()
    {
        _accounts = [.. Enumerable.Range(0, Accounts).Select(i => (string?[])[Id("001", i), $"Account {i}", Id("005", i % 500), "2025-01-01T00:00:00.000Z"])];
        _rows = [.. Enumerable.Range(0, 2 * Accounts).Select(i =>
            (string?[])[Id("a00", i), Id("001", i / 2), i % 2 == 0 ? "Primary" : "Backup", Id("005", (i + 1) % 500), "2025-01-01"])];
        _before = Build();
    }

    [Benchmark(Baseline = true)]
    public Snapshot Build()
    {
        var builder = new SnapshotBuilder(Settings.Default, AsOf);
        Take(builder.Begin("Account", AccountColumns), _accounts, 1);
        Take(builder.Begin("POC_Assignment__c", RowColumns), _rows, 1);
        return builder.Build();
    }

    [Benchmark]
    public Snapshot Merge()
    {
        var builder = new SnapshotBuilder(Settings.Default, AsOf, _before);
        Take(builder.BeginChanges("Account", AccountColumns, Nobody), _accounts, Accounts / Changes);
        Take(builder.BeginChanges("POC_Assignment__c", RowColumns, Nobody), _rows, 2 * Accounts / Changes);
        return builder.Build();
    }

    private static void Take(TableIntake table, string?[][] rows, int step)
    {
        var cells = new string?[table.Wanted.Count];
        for (var i = 0; i < rows.Length; i += step)
        {
            for (var cell = 0; cell < cells.Length; cell++)
            {
                cells[cell] = rows[i][table.Wanted[cell]];
            }

            table.Add(cells);
        }
    }

    private static string Id(string prefix, int number) => $"{prefix}5f{number:D10}";

    private sealed class InThisProcess : ManualConfig
    {
        public InThisProcess() => AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
}
