using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PocSync.Core.Rules;
using PocSync.Ledger;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>The findings of a page's address as a file, all of them.</summary>
internal static class FindingsCsv
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/findings.csv", WriteAsync).RequireAuthorization(Policies.See);

    /// <summary>What an address asks for; what it says wrongly is left out.</summary>
    public static FindingFilter Filter(
        TimeProvider time, string? state, string? rule, string? code, string? severity, string? person, string? account, string? text, string? sort)
    {
        return new FindingFilter(
            Enum.TryParse<FindingState>(state, out var which) && Enum.IsDefined(which) ? which : FindingState.Open, time.GetUtcNow().AddDays(-1),
            Viewer.Word(rule), Viewer.Word(code), Enum.TryParse<Severity>(severity, out var bad) && Enum.IsDefined(bad) ? bad.ToString() : null, Viewer.Word(person),
            Viewer.Word(account), Viewer.Word(text), Enum.TryParse<FindingSort>(sort, out var order) && Enum.IsDefined(order) ? order : FindingSort.Worst);
    }

    private static async Task WriteAsync(HttpContext http, ReviewLedger ledger, TimeProvider time)
    {
        string? Asked(string name) => http.Request.Query[name];
        var filter = Filter(
            time, Asked("state"), Asked("rule"), Asked("code"), Asked("severity"), Asked("person"), Asked("account"), Asked("q"), Asked("sort"));
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=findings.csv";
        var queries = new FindingQueries(await ledger.OpenAsync());
        await using var text = new StreamWriter(http.Response.BodyWriter.AsStream(), new UTF8Encoding(true));
        CsvText.Row(text, "severity", "rule", "code", "account id", "account", "worth", "concerns", "sentence", "since", "until");
        await queries.ReadAsync(filter, found =>
        {
            var (finding, account) = found;
            CsvText.Row(text, finding.Severity.ToLowerInvariant(), finding.Rule, finding.Code, finding.Account, account?.Name,
                account?.Worth?.ToString(CultureInfo.InvariantCulture), account?.PersonName, finding.Sentence, JsonText.Instant(finding.OpenedAt),
                JsonText.Instant(finding.ResolvedAt));
        }, http.RequestAborted);
    }
}
