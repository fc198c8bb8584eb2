using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PocSync.Simulator.Bulk;
using PocSync.Simulator.Http;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Store;

namespace PocSync.Simulator;

/// <summary>
/// A Salesforce org on this machine, spoken to over HTTP as the real one: OAuth sign-in, REST (query, describe, rows, collections, composite,
/// actions), Bulk API 2.0, and the platform's behaviour when account owners change.
/// <para>Simulated: objects of <c>Schema/standard-objects.txt</c> and of the package's metadata; required fields, lengths, picklists, lookups,
/// uniqueness, cascade delete, the recycle bin, approval locks, validation rules, owner and team rules, owner history, modification stamps, the daily
/// limit.</para>
/// <para>Not simulated: triggers, flows, formulas, sharing rules and role hierarchy, duplicate and assignment rules, field security, record types,
/// time-outs.</para>
/// <para>Unverified against a real org: what a second team row of one user does (refused here), the body of a 412, exact texts of rarer errors,
/// default access of team rows, whether children follow an owner (a setting), the form of empty Bulk results.</para>
/// </summary>
public static class Simulator
{
    /// <summary>The kinds of fault that <see cref="SimulatorOptions.Faults"/> may name.</summary>
    public static IReadOnlyCollection<string> FaultKinds => FaultPlan.KindNames;

    /// <exception cref="ArgumentException">The host, the faults, a validation rule or a key cannot be read: one sentence.</exception>
    /// <exception cref="InvalidDataException">The data holds what no org can: one sentence.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<RunningSimulator> StartAsync(SimulatorOptions options, CancellationToken cancellation = default)
    {
        if (!IPAddress.TryParse(options.Host, out var host))
            throw new ArgumentException($"'{options.Host}' is no IP address to listen on.");
        var faults = FaultPlan.Parse(options.Faults, options.Seed);
        var (org, notes) = OrgLoader.Load(options);
        org.Settings.CascadeChildren = options.CascadeChildren;
        org.Settings.DailyApiLimit = options.DailyApiLimit;
        org.Settings.ValidationRules = [.. options.ValidationRules, .. OrgLoader.ValidationRules(options.Data)];
        SaveRules.Verify(org, org.Settings.ValidationRules);

        var users = org["User"];
        var app = Credentials.Of(options.Seed, (string)users[users.Find(org.RunAsUserId), users.Schema["Username"]]!);
        var sessions = new Sessions(org, options.Seed, options.SessionTimeout);
        var oauth = new OAuth(org, sessions, app);
        foreach (var (clientId, key) in options.JwtKeys)
            oauth.RegisterKey(clientId, key);
        var usage = new ApiUsage(org);
        var writers = new Writers(org, faults);
        var log = new RequestLog();
        var outbox = new Outbox();
        var objects = new QueryObjects(org);
        var jobs = new BulkJobs(org, objects, writers, options.Seed);
        var control = new ControlRoutes(org, sessions, usage, writers, log, outbox, oauth, jobs, options.Seed);
        var server = new OrgServer(org, new DataRoutes(org, objects, writers, usage, outbox, jobs), oauth, sessions, usage, writers, log, control);

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 200L << 20;
            kestrel.Limits.MaxRequestLineSize = 1 << 20; // the org itself answers 414
            kestrel.Limits.MaxRequestBufferSize = 4 << 20;
            kestrel.Limits.MaxRequestHeadersTotalSize = 1 << 20;
            kestrel.Listen(host, options.Port);
        });
        var web = builder.Build();
        web.Run(server.HandleAsync);
        await web.StartAsync(cancellation);
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new(web, jobs, new Uri(address), app, sessions.Open(org.RunAsUserId, lasting: true), sessions.OpenRefresh(org.RunAsUserId), notes);
    }
}
