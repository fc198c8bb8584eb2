using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PocSync.Core.Rules;
using PocSync.Ledger;
using PocSync.Review;
using PocSync.Review.SignIn;
using PocSync.RuleFiles;

namespace PocSync.Tests.Review;

/// <summary>The console over a ledger, in a real server on a free port.</summary>
internal sealed class ConsoleHost : IAsyncDisposable
{
    private readonly WebApplication _web;

    private ConsoleHost(WebApplication web) => _web = web;

    public Uri Url { get; private set; } = null!;

    /// <summary>The link that a start prints.</summary>
    public Uri EnterUrl => new(Url, _web.Services.GetRequiredService<EnterLink>().Path);

    public IServiceProvider Services => _web.Services;

    public static async Task<ConsoleHost> StartAsync(
        IReadOnlyDictionary<string, string?> named, TimeProvider time, Func<IServiceCollection, ReviewSettings, ReviewSettings>? more = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(named).Build();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(time);
        var settings = ReviewSettings.Read(configuration, new Uri("http://127.0.0.1:0"));
        settings = more?.Invoke(builder.Services, settings) ?? settings;
        builder.Services.AddReview(settings, LedgerSettings.Read(configuration),
            new ApprovalTerms(TwoPersonsAbove: int.TryParse(configuration["Approvals:TwoPersonsAbove"], out var limit) ? limit : null));
        builder.Services.AddSingleton(new WorkerDesk(() => "Tests", () => [new DeskJob("full", "daily 02:00 (UTC)", time.GetUtcNow().AddHours(1)), new DeskJob("errands", null, null)], _ => Task.CompletedTask));
        var rules = named.GetValueOrDefault("Rules:File");
        builder.Services.AddSingleton(new RulesDesk(
            Path.GetFileName(rules), () => rules is null ? SettingsReading.Nothing : RulesFile.Look(rules), () => null, RulesFile.Read));
        var web = builder.Build();
        web.MapReview();
        await web.StartAsync();
        return new ConsoleHost(web) { Url = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    /// <summary>A browser client without scripts that follows no redirect and keeps its cookies.</summary>
    public HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Url };

    /// <summary>A client that went in by the link.</summary>
    public async Task<HttpClient> EnterAsync()
    {
        var client = Client();
        (await PostAsync(client, EnterUrl.PathAndQuery, "/enter")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Redirect);
        return client;
    }

    /// <summary>A client of somebody who signed in with Salesforce, with what their permission sets gave them.</summary>
    public HttpClient Of(string user, params string[] roles)
    {
        var cookie = Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var name = Runs.RunHost.Name(user)!;
        var me = new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.NameIdentifier, user), .. roles.Select(r => new Claim(ClaimTypes.Role, r))],
            CookieAuthenticationDefaults.AuthenticationScheme);
        var session = new AuthenticationProperties();
        Session.Begin(session);
        var client = Client();
        client.DefaultRequestHeaders.Add("Cookie",
            $"{cookie.Cookie.Name}={cookie.TicketDataFormat.Protect(new AuthenticationTicket(new ClaimsPrincipal(me), session, CookieAuthenticationDefaults.AuthenticationScheme))}");
        return client;
    }

    /// <summary>Loads a page, and sends one of its forms with what it says and what is given.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string page, string action, params (string Name, string Value)[] given)
    {
        var html = await client.GetStringAsync(page);
        var form = html[html.IndexOf($"action=\"{action}\"", StringComparison.Ordinal)..];
        form = form[..form.IndexOf("</form>", StringComparison.Ordinal)];
        var fields = System.Text.RegularExpressions.Regex.Matches(form, "name=\"([^\"]*)\"[^>]*value=\"([^\"]*)\"")
            .ToDictionary(m => m.Groups[1].Value, m => System.Net.WebUtility.HtmlDecode(m.Groups[2].Value));
        foreach (var (name, value) in given)
        {
            fields[name] = value;
        }

        return await client.PostAsync(action, new FormUrlEncodedContent(fields));
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
