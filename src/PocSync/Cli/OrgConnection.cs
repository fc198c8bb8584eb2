using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Core.Runs;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>The org that the program's settings name. Nothing is sent before it is asked for something.</summary>
internal sealed class OrgConnection : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private OrgConnection(ServiceProvider services) => _services = services;

    /// <summary>The org.</summary>
    public LiveOrg Org => _services.GetRequiredService<LiveOrg>();

    /// <summary>Who is who there.</summary>
    public LiveOrgDirectory Directory => _services.GetRequiredService<LiveOrgDirectory>();

    /// <summary>The ways by which it tells its people something.</summary>
    public LiveOrgChannels Channels => _services.GetRequiredService<LiveOrgChannels>();

    /// <summary>How it is reached.</summary>
    public SalesforceSettings Settings => _services.GetRequiredService<SalesforceSettings>();

    /// <summary>Its alert rows.</summary>
    public LiveAlerts Alerts => _services.GetRequiredService<LiveAlerts>();

    /// <summary>Its handoffs' briefs.</summary>
    public LiveBriefs Briefs => _services.GetRequiredService<LiveBriefs>();

    /// <summary>Whether the settings name an org.</summary>
    public static bool IsNamed(IConfiguration configuration) => configuration.GetSection("Salesforce").GetChildren().Any();

    /// <summary>Counts the calls with everyone who counts there.</summary>
    public void CountIn(ICallCount count) => _services.GetRequiredService<ApiBudget>().CountIn(count);

    /// <summary>Keeps the jobs that the org works on by itself with everyone who keeps them there.</summary>
    public void KeepIn(IOrgJobs jobs) => _services.GetRequiredService<BulkIngest>().KeepIn(jobs);

    /// <summary>
    /// Connects to the org of the section <c>Salesforce</c>. Throws <see cref="UsageException"/> where the section does not say how.
    /// </summary>
    /// <param name="configuration">The program's settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="otherwise">What else can be done where no org is named.</param>
    public static OrgConnection Of(IConfiguration configuration, TimeProvider time, string otherwise = "")
    {
        if (!IsNamed(configuration))
        {
            throw new UsageException($"No org is named: set Salesforce:LoginUrl, Salesforce:ClientId and Salesforce:ClientSecret in appsettings.json or the environment{otherwise}.");
        }

        var (settings, problems) = SalesforceSettings.Read(configuration);
        return problems.Count > 0
            ? throw new UsageException(string.Join('\n', problems))
            : new OrgConnection(new ServiceCollection().AddSingleton(time).AddSalesforce(settings).BuildServiceProvider());
    }

    /// <summary>What a verb that also takes an export says where no org is named.</summary>
    public const string OrExport = ", or give a data export with --export DIR-or-ZIP";

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
