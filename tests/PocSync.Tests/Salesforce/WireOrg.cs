using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PocSync.Salesforce;

namespace PocSync.Tests.Salesforce;

/// <summary>One request as it arrived; <see cref="Path"/> is below <c>/services/data/v66.0/</c> where it is one of those, decoded, with its query.</summary>
internal sealed record Arrived(string Method, string Path, IHeaderDictionary Headers, string Body);

/// <summary>A bare HTTP host for what a well-behaved org does not do: odd bodies, lost answers, sessions that end. The test says what each call is answered.</summary>
internal sealed class WireOrg : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ServiceProvider client;

    private WireOrg(WebApplication app, ServiceProvider client) => (this.app, this.client) = (app, client);

    public RushedTime Time => (RushedTime)client.GetRequiredService<TimeProvider>();
    public OrgReads Reads => client.GetRequiredService<OrgReads>();
    public OrgWrites Writes => client.GetRequiredService<OrgWrites>();
    public LiveOrg Live => client.GetRequiredService<LiveOrg>();
    public LiveAlerts Alerts => client.GetRequiredService<LiveAlerts>();
    public JobsOfATest Jobs => client.GetRequiredService<JobsOfATest>();
    public ApiBudget Budget => client.GetRequiredService<ApiBudget>();
    public string Url { get; private init; } = "";

    /// <summary>Data calls, in the order in which they arrived.</summary>
    public IReadOnlyList<Arrived> Calls => [.. calls];
    private readonly ConcurrentQueue<Arrived> calls = new();

    public IReadOnlyList<Arrived> Logins => [.. logins];
    private readonly ConcurrentQueue<Arrived> logins = new();

    /// <summary>Answers a login; by default with token <c>00D…!1</c>, <c>…!2</c> and so on, on this host.</summary>
    public Func<HttpContext, int, Task>? OnLogin { get; set; }

    /// <param name="answer">Given the call and how many data calls arrived with it.</param>
    /// <param name="settings">Changes to settings that fit this host.</param>
    public static async Task<WireOrg> StartAsync(Func<HttpContext, Arrived, int, Task> answer, params (string Name, string? Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        WireOrg? org = null;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var path = context.Request.Path.Value! + Uri.UnescapeDataString(context.Request.QueryString.Value ?? "");
            var headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
            var arrived = new Arrived(context.Request.Method, path.Replace("/services/data/v66.0/", ""), headers, await reader.ReadToEndAsync());
            if (path == "/services/oauth2/token")
            {
                org!.logins.Enqueue(arrived);
                await (org.OnLogin?.Invoke(context, org.logins.Count) ?? context.Json($$"""
                    {"access_token":"00Dxx0000000001!{{org.logins.Count}}","instance_url":"{{org.Url}}","id":"https://login.salesforce.com/id/00Dxx0000000001AAA/005xx0000000001AAA","token_type":"Bearer"}
                    """));
                return;
            }
            org!.calls.Enqueue(arrived);
            await answer(context, arrived, org.calls.Count);
        });
        await app.StartAsync();
        var url = app.Urls.Single();
        return org = new WireOrg(app, Connect(url, new RushedTime(), settings)) { Url = url };
    }

    public static ServiceProvider Connect(string url, TimeProvider time, params (string Name, string? Value)[] changes)
    {
        var values = new Dictionary<string, string?>
        {
            ["Salesforce:LoginUrl"] = url,
            ["Salesforce:ClientId"] = "the-consumer-key",
            ["Salesforce:ClientSecret"] = "the-secret",
        };
        foreach (var (name, value) in changes)
            values["Salesforce:" + name] = value;
        var (settings, problems) = SalesforceSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems));
        var services = new ServiceCollection().AddSingleton(time).AddSingleton<JobsOfATest>().AddSalesforce(settings).BuildServiceProvider();
        services.GetRequiredService<BulkIngest>().KeepIn(services.GetRequiredService<JobsOfATest>());
        return services;
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }
}

internal static class Answers
{
    public static Task Json(this HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;charset=UTF-8";
        return context.Response.WriteAsync(body);
    }

    public static Task Error(this HttpContext context, int status, string code, string message = "No.") =>
        context.Json($$"""[{"message":"{{message}}","errorCode":"{{code}}"}]""", status);

    /// <summary>A query's answer of one page; <paramref name="next"/> is the path of the next.</summary>
    public static Task Rows(this HttpContext context, string records, int? total = null, string? next = null) =>
        context.Json($$"""{"totalSize":{{total ?? 1}},"done":{{(next is null ? "true" : "false")}}{{(next is null ? "" : $",\"nextRecordsUrl\":\"{next}\"")}},"records":[{{records}}]}""");

    public static async Task<List<string?[]>> AllAsync(this TableRead table)
    {
        var rows = new List<string?[]>();
        await foreach (var row in table.Rows)
            rows.Add(row);
        return rows;
    }
}
