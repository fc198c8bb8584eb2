using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PocSync.Ledger;
using PocSync.Review.Pages;
using PocSync.Review.SignIn;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace PocSync.Review;

/// <summary>The console: pages over the ledger, for people who are signed in.</summary>
public static class ReviewServices
{
    /// <summary>No form of the console sends more, in bytes.</summary>
    private const int LargestBody = 256 * 1024;

    /// <summary>Connections at once, and how long one may take to say what it wants: far more than people need, far less than the machine has.</summary>
    private const int Connections = 5000;

    private static readonly TimeSpan Hesitation = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests a second from one person, or from one address where nobody is signed in, and how many at once on top. So nobody's flood keeps out those
    /// who are in.
    /// </summary>
    private const int Rate = 100, Burst = 500;

    /// <summary>Adds what the console needs.</summary>
    public static IServiceCollection AddReview(this IServiceCollection services, ReviewSettings settings, LedgerSettings ledger, ApprovalTerms terms)
    {
        services.AddSingleton(settings).AddSingleton(terms).AddSingleton(provider => new ReviewLedger(ledger, terms, provider.GetRequiredService<TimeProvider>())).AddSingleton<EnterLink>().AddSingleton<ReviewAssets>()
            .AddSingleton<ReviewRoutes>().AddSingleton<Flash>();
        services.AddDataProtection().SetApplicationName("PocSync");
        // It warns that the keys are not encrypted: they are as safe as the ledger, which is what they protect.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        services.AddOptions<KeyManagementOptions>().Configure<ReviewLedger>((keys, from) => keys.XmlRepository = new LedgerKeys(from));
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = Connections;
            kestrel.Limits.RequestHeadersTimeout = Hesitation;
        });
        var isSecure = settings.PublicUrl.Scheme == "https";
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = isSecure ? "__Host-pocsync-form" : "pocsync-form";
            options.Cookie.SecurePolicy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            options.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = isSecure ? "__Host-pocsync" : "pocsync";
            options.Cookie.SecurePolicy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            // Lax, so that a link in a mail leads to its page; every action asks for a token of the form on top.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.HttpOnly = true;
            // A browser's cookies live by the real clock, whatever clock the runs have.
            options.TimeProvider = TimeProvider.System;
            options.LoginPath = SignInRoutes.Path;
            options.AccessDeniedPath = null!;
            options.Events.OnSigningIn = context =>
            {
                Session.Begin(context.Properties);
                return Task.CompletedTask;
            };
            options.Events.OnValidatePrincipal = Session.CheckAsync;
            options.Events.OnRedirectToAccessDenied = context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            };
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.See, p => p.RequireAssertion(c => Policies.MaySee(c.User)))
            .AddPolicy(Policies.Decide, p => p.RequireRole(Roles.Approver, Roles.Administrator))
            .AddPolicy(Policies.Administer, p => p.RequireRole(Roles.Administrator))
            .AddPolicy(Policies.Own, p => p.RequireRole(Roles.AccountManager, Roles.Approver, Roles.Administrator));
        services.AddCascadingAuthenticationState();
        services.AddRouting();
        services.AddRazorComponents();
        services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (bool, string)>(context => RateLimitPartition.GetTokenBucketLimiter(
                context.User.Identity?.IsAuthenticated == true ? (true, context.User.LedgerName()) : (false, context.Connection.RemoteIpAddress?.ToString() ?? ""),
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = Burst,
                    TokensPerPeriod = Rate,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                }));
            options.OnRejected = async (rejected, stop) =>
            {
                var answer = rejected.HttpContext.Response;
                answer.StatusCode = StatusCodes.Status429TooManyRequests;
                answer.Headers.RetryAfter = "1";
                answer.ContentType = "text/plain; charset=utf-8";
                await answer.WriteAsync("Too many requests: wait a second and load the page again.", stop);
            };
        });
        return services;
    }

    /// <summary>Serves the console. What the program serves beside it is mapped before or after, as it likes.</summary>
    public static void MapReview(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ReviewSettings>();
        app.Use(new Headers(settings).InvokeAsync);
        app.UseWhen(c => !IsHealth(c), console =>
        {
            console.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = Problem.WriteAsync,
                StatusCodeSelector = error => error is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
                SuppressDiagnosticsCallback = context => context.Exception is LedgerException,
            });
            console.UseStatusCodePages(context => Problem.WriteAsync(context.HttpContext));
        });
        app.UseRouting();
        app.UseAuthentication();
        app.UseWhen(c => !IsHealth(c), console => console.UseRateLimiter());
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Services.GetRequiredService<ReviewAssets>().Map(app);
        SignInRoutes.Map(app);
        FindingsCsv.Map(app);
        RulesActions.Map(app);
        AnswerActions.Map(app);
        ApprovalActions.Map(app);
        UndoActions.Map(app);
        LeaverActions.Map(app);
        PauseActions.Map(app);
        BaselineActions.Map(app);
        MarkActions.Map(app);
        JobsActions.Map(app);
        app.MapRazorComponents<App>().RequireAuthorization().DisableAntiforgery();
    }

    /// <summary>What whoever watches over the worker asks: it has no person and no pages.</summary>
    internal static bool IsHealth(HttpContext context) => context.Request.Path.StartsWithSegments("/health");

    /// <summary>Routes that change something: each asks for the token of a form of ours, and answers a GET with nothing.</summary>
    public static RouteGroupBuilder MapActions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        group.WithMetadata(new RequireAntiforgeryTokenAttribute());
        group.AddEndpointFilter(async (context, next) => context.HttpContext.Features.Get<IAntiforgeryValidationFeature>() switch
        {
            { IsValid: true } => await next(context),
            { Error.InnerException: BadHttpRequestException wrong } => Results.StatusCode(wrong.StatusCode),
            _ => Results.StatusCode(StatusCodes.Status400BadRequest),
        });
        return group;
    }
}
