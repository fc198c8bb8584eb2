using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PocSync.Salesforce;

public static class SalesforceServices
{
    /// <summary>Adds <see cref="LiveOrg"/> and what it is made of for one org, over checked settings.</summary>
    public static IServiceCollection AddSalesforce(this IServiceCollection services, SalesforceSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<ApiBudget>();
        services.AddSingleton<CallPipeline>();
        services.AddSingleton<Login>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<OrgCalls>();
        services.AddSingleton<BulkJobs>();
        services.AddSingleton<BulkQueries>();
        services.AddSingleton(p => new OrgReads(
            p.GetRequiredService<OrgCalls>(), p.GetRequiredService<BulkQueries>(), p.GetRequiredService<Sessions>(), settings)
#if NETCOREFORCE
        { Small = new NetCoreForce.NetCoreForceQueries(p.GetRequiredService<IHttpMessageHandlerFactory>(), settings) }
#endif
        );
        services.AddSingleton(p => new OrgWrites(p.GetRequiredService<OrgCalls>(), settings, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new BulkIngest(
            p.GetRequiredService<OrgCalls>(), p.GetRequiredService<BulkJobs>(), settings, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SingleRows>();
        services.AddSingleton<LiveOrg>();
        services.AddSingleton(p => new LiveOrgChannels(p.GetRequiredService<OrgCalls>(), p.GetRequiredService<OrgReads>(), p.GetRequiredService<OrgWrites>()));
        services.AddSingleton<LiveOrgDirectory>();
        services.AddSingleton<LiveAlerts>();
        services.AddSingleton<LiveBriefs>();
        services.AddTransient<CallHandler>();
        services.AddTransient<SessionHandler>();
        Configure(services.AddHttpClient(Login.Client)).AddHttpMessageHandler<CallHandler>();
        Configure(services.AddHttpClient(OrgCalls.Client)).AddHttpMessageHandler<SessionHandler>().AddHttpMessageHandler<CallHandler>();
        return services;
    }

    private static IHttpClientBuilder Configure(IHttpClientBuilder client) => client
        .ConfigureHttpClient(http =>
        {
            http.Timeout = Timeout.InfiniteTimeSpan;
            // Names our own changes in the org's change events.
            http.DefaultRequestHeaders.Add("Sforce-Call-Options", "client=PocSync");
            http.DefaultRequestHeaders.UserAgent.ParseAdd("PocSync");
        })
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        // The factory's own logging would write tokens and queries.
        .RemoveAllLoggers();
}
