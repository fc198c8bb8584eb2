using PocSync.Simulator.Generation;

namespace PocSync.Tests.Cli;

/// <summary>A small demo org as a data export in a folder of its own, and rules files beside it.</summary>
public sealed class DemoExport : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public DemoExport() => OrgGenerator.Generate(new OrgPlan { Accounts = 320, AsOf = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero) })
        .WriteCsvAsync(Path.Combine(_folder, "export")).GetAwaiter().GetResult();

    public string Folder => Path.Combine(_folder, "export");

    public string Rules(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return Path.Combine(_folder, name);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
