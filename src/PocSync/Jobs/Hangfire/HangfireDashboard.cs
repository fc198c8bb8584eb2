using System.Globalization;
using Hangfire;
using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;

namespace PocSync.Jobs.Hangfire;

/// <summary>Hangfire's dashboard at <c>/hangfire</c>, with a page and figures of PocSync's.</summary>
internal static class HangfireDashboard
{
    private const string Path = "/pocsync";

    private static readonly DashboardMetric Findings = new("pocsync:findings", "Open findings", page => new Metric(FiguresOf(page).OpenFindings));

    private static readonly DashboardMetric Waiting = new("pocsync:waiting", "Waiting approvals", page =>
    {
        var waiting = FiguresOf(page).Waiting;
        return new Metric(waiting) { Style = waiting > 0 ? MetricStyle.Warning : MetricStyle.Default, Highlighted = waiting > 0 };
    });

    private static readonly DashboardMetric LastRun = new("pocsync:last-run", "Last run", page =>
        new Metric(FiguresOf(page).LastRun is null ? "none" : "done") { Title = FiguresOf(page).LastRun ?? "There was none yet." });

    // Hangfire keeps pages and figures for the process, whichever server it has.
    private static readonly Lazy<bool> Extended = new(() =>
    {
        DashboardRoutes.Routes.AddRazorPage(Path, _ => new FiguresPage());
        NavigationMenu.Items.Add(page => new MenuItem("PocSync", page.Url.To(Path))
        {
            Active = page.RequestPath.StartsWith(Path, StringComparison.Ordinal),
            Metric = Waiting,
        });
        GlobalConfiguration.Configuration.UseDashboardMetrics([Findings, Waiting, LastRun]);
        return true;
    });

    public static void Map(WebApplication web, EnginePages pages)
    {
        _ = Extended.Value;
        web.MapHangfireDashboard("/hangfire", new DashboardOptions
        {
            Authorization = [new Roles(pages)],
            IsReadOnlyFunc = context => !pages.MayChange(context.GetHttpContext()),
            DashboardTitle = "PocSync",
            AppPath = "/",
            DisplayStorageConnectionString = false,
        });
    }

    // Hangfire's pages are written in one go and know no waiting.
    private static RunFigures FiguresOf(RazorPage page) =>
        page.Context.GetHttpContext().RequestServices.GetRequiredService<EnginePages>().Figures().GetAwaiter().GetResult();

    private sealed class Roles(EnginePages pages) : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => pages.MaySee(context.GetHttpContext());
    }

    private sealed class FiguresPage : RazorPage
    {
        public override void Execute()
        {
            Layout = new LayoutPage("PocSync");
            var figures = FiguresOf(this);
            WriteLiteral("<h1 class=\"page-header\">PocSync</h1><table class=\"table\"><tbody>");
            Line("Open findings", figures.OpenFindings.ToString("N0", CultureInfo.InvariantCulture));
            Line("Corrections that wait for a person or are held", figures.Waiting.ToString("N0", CultureInfo.InvariantCulture));
            Line("Last run", figures.LastRun ?? "There was none yet.");
            WriteLiteral("</tbody></table>");
        }

        private void Line(string name, string value)
        {
            WriteLiteral("<tr><th scope=\"row\">");
            Write(name);
            WriteLiteral("</th><td>");
            Write(value);
            WriteLiteral("</td></tr>");
        }
    }
}
