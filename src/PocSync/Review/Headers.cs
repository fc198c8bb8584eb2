using Microsoft.AspNetCore.Http;

namespace PocSync.Review;

/// <summary>What the browser is told about every answer, and the refusal of requests that name another host.</summary>
internal sealed class Headers(ReviewSettings settings)
{
    private readonly string _policy = string.Join("; ",
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'", "base-uri 'none'",
        "frame-ancestors 'none'", "form-action 'self'" + (settings.SignInOrigin is { } origin ? $" {origin}" : ""));

    /// <summary>The engine's own pages have their styles and scripts in the page.</summary>
    private const string EnginePolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // What a proxy in front took off: cookies and addresses are made for the address that people use.
        context.Request.Scheme = settings.PublicUrl.Scheme;
        // As it was asked for: the engine's pages move the path while they answer.
        var path = context.Request.Path;
        context.Response.OnStarting(() =>
        {
            Write(context, path);
            return Task.CompletedTask;
        });
        // A probe of a worker that others reach asks by whatever address it has.
        if (!settings.IsOurs(context.Request.Host) && (settings.IsLocal || !ReviewServices.IsHealth(context)))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return context.Response.WriteAsync($"This is not {context.Request.Host.Host}: the console is at {settings.PublicUrl}");
        }

        // In a path the server refuses it by itself; PostgreSQL has no text with it.
        if (context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("No address of the console is like this.");
        }

        if (!settings.IsLocal)
        {
            context.Request.Host = new HostString(settings.PublicUrl.Authority);
        }

        return next(context);
    }

    /// <summary>At the very end, since an answer that fails half-way begins anew without what it had.</summary>
    private void Write(HttpContext context, PathString path)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = path.StartsWithSegments("/hangfire") ? EnginePolicy : _policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.Remove("blazor-enhanced-nav");
        if (!path.StartsWithSegments("/assets"))
        {
            headers.CacheControl = "no-store";
        }

        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
