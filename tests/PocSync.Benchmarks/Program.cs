using System.Globalization;
using BenchmarkDotNet.Running;
using PocSync.Benchmarks;

// dotnet run -c Release --project tests/PocSync.Benchmarks               per account, against reading the bytes alone
//                                                                       and changes brought into a snapshot, against building it anew
// dotnet run -c Release --project tests/PocSync.Benchmarks -- scale N    one audit of N accounts: seconds and peak memory
if (args is ["scale", var accounts])
{
    await Scale.RunAsync(int.Parse(accounts, CultureInfo.InvariantCulture));
}
else
{
    BenchmarkSwitcher.FromTypes([typeof(AuditBenchmarks), typeof(DeltaBenchmarks)]).Run(args.Length > 0 ? args : ["--filter", "*"]);
}
