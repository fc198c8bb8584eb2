using System.Globalization;
using BenchmarkDotNet.Running;
using PocSync.Benchmarks;
using PocSync.Benchmarks.Week;

// dotnet run -c Release --project tests/PocSync.Benchmarks               per account, against reading the bytes alone
//                                                                       and changes brought into a snapshot, against building it anew
// dotnet run -c Release --project tests/PocSync.Benchmarks -- scale N    one audit of N accounts: seconds and peak memory
// dotnet run -c Release --project tests/PocSync.Benchmarks -- week       a week of a worker's life: --hours, --changes an hour, --accounts, --speed
if (args is ["scale", var accounts])
{
    await Scale.RunAsync(int.Parse(accounts, CultureInfo.InvariantCulture));
}
else if (args is ["week", .. var how])
{
    try
    {
        return await new WeekOfWork(WeekOptions.Read(how)).RunAsync();
    }
    catch (ArgumentException wrong)
    {
        Console.Error.WriteLine(wrong.Message);
        return 2;
    }
}
else
{
    BenchmarkSwitcher.FromTypes([typeof(AuditBenchmarks), typeof(DeltaBenchmarks)]).Run(args.Length > 0 ? args : ["--filter", "*"]);
}

return 0;
