using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using PocSync.Review.SignIn;

namespace PocSync.Review.Pages;

/// <summary>Tries settings without taking them over.</summary>
internal static class RulesActions
{
    /// <summary>In bytes: a page of settings has far fewer.</summary>
    private const int Largest = 100 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapActions().MapPost("/rules/preview", PreviewAsync).RequireAuthorization(Policies.Administer);

    private static async Task<IResult> PreviewAsync(ReviewLedger ledger, RulesDesk desk, [FromForm] string? text, IFormFile? file)
    {
        if ((file?.Length ?? Encoding.UTF8.GetByteCount(text ?? "")) > Largest)
        {
            return Answer(null, [$"This is longer than {Largest / 1024} kB; a rules file is a page of text."]);
        }

        byte[] utf8;
        if (file is { Length: > 0 })
        {
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes);
            utf8 = bytes.ToArray();
            text = Encoding.UTF8.GetString(utf8);
        }
        else
        {
            utf8 = Encoding.UTF8.GetBytes(text ?? "");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return Answer(text, ["Nothing was given: paste settings, or choose a file."]);
        }

        // YAML takes JSON too, so that only a file tells by its name that it has to be JSON.
        var reading = desk.Check(file?.FileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase) == true ? "settings.json" : "settings", utf8);
        if (reading.Settings is not { } settings)
        {
            return Answer(text, reading.Problems);
        }

        var changes = (await EffectiveSettings.ReadAsync(await ledger.OpenAsync(), desk)).Against(settings);
        return Answer(text, [], changes, changes.Count == 0 || desk.Try is null ? null : await desk.Try(settings));
    }

    private static RazorComponentResult<RulesPreviewAnswer> Answer(
        string? text, IReadOnlyList<string> problems, IReadOnlyList<(string Key, string Before, string After)>? changes = null, RulesTrial? trial = null) =>
        new(new Dictionary<string, object?>
        {
            [nameof(RulesPreviewAnswer.Text)] = text,
            [nameof(RulesPreviewAnswer.Problems)] = problems,
            [nameof(RulesPreviewAnswer.Changes)] = changes,
            [nameof(RulesPreviewAnswer.Trial)] = trial,
        });
}
