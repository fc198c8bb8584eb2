using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>The org that the program's settings name. Nothing is sent before it is asked for something.</summary>
internal sealed class OrgConnection : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private OrgConnection(ServiceProvider services) => _services = services;

    /// <summary>The org.</summary>
    public LiveOrg Org => _services.GetRequiredService<LiveOrg>();

    /// <summary>
    /// Connects to the org of the section <c>Salesforce</c>. Throws <see cref="UsageException"/> where the section does not say how, and adds what else can be done.
    /// </summary>
    public static OrgConnection Of(IConfiguration configuration, TimeProvider time, params string[] otherwise)
    {
        var (settings, problems) = SalesforceSettings.Read(configuration);
        return problems.Count > 0
            ? throw new UsageException(string.Join('\n', problems.Concat(otherwise)))
            : new OrgConnection(new ServiceCollection().AddSingleton(time).AddSalesforce(settings).BuildServiceProvider());
    }

    /// <summary>What a verb that also takes an export says where no org is named.</summary>
    public const string OrExport = "Or give a data export with --export DIR-or-ZIP.";

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
