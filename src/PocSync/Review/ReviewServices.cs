using System.Threading.RateLimiting;
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

namespace PocSync.Review;

/// <summary>The console: pages over the ledger, for people who are signed in.</summary>
public static class ReviewServices
{
    /// <summary>No form of the console sends more, in bytes.</summary>
    private const int LargestBody = 256 * 1024;

    /// <summary>Requests a second from one address, and how many at once on top.</summary>
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
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody);
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
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = Burst,
                    TokensPerPeriod = Rate,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                }));
            options.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                rejected.HttpContext.Response.Headers.RetryAfter = "1";
                return ValueTask.CompletedTask;
            };
        });
        return services;
    }

    /// <summary>Serves the console. What the program serves beside it is mapped before or after, as it likes.</summary>
    public static void MapReview(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ReviewSettings>();
        app.UseWhen(c => !c.Request.Path.StartsWithSegments("/health"), console =>
        {
            console.UseRateLimiter();
            console.Use(new Headers(settings).InvokeAsync);
            console.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = Problem.WriteAsync,
                SuppressDiagnosticsCallback = context => context.Exception is LedgerException,
            });
            console.UseStatusCodePages(context => Problem.WriteAsync(context.HttpContext));
        });
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Services.GetRequiredService<ReviewAssets>().Map(app);
        SignInRoutes.Map(app);
        FindingsCsv.Map(app);
        RulesActions.Map(app);
        AnswerActions.Map(app);
        ApprovalActions.Map(app);
        UndoActions.Map(app);
        PauseActions.Map(app);
        BaselineActions.Map(app);
        JobsActions.Map(app);
        app.MapRazorComponents<App>().RequireAuthorization().DisableAntiforgery();
    }

    /// <summary>Routes that change something: each asks for the token of a form of ours, and answers a GET with nothing.</summary>
    public static RouteGroupBuilder MapActions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        group.WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute());
        group.AddEndpointFilter(async (context, next) =>
            context.HttpContext.Features.Get<Microsoft.AspNetCore.Antiforgery.IAntiforgeryValidationFeature>() is { IsValid: true }
                ? await next(context) : Results.StatusCode(StatusCodes.Status400BadRequest));
        return group;
    }
}
