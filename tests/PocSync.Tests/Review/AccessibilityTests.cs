using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PocSync.Simulator;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Review;

/// <summary>Every page, as people with a screen reader, a keyboard, a phone or other eyes have it: WCAG 2.2 AA by axe, and what axe does not look at.</summary>
public sealed class AccessibilityTests
{
    private static readonly AxeRunOptions Wcag = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    /// <summary>What another width or other colours can change.</summary>
    private static readonly AxeRunOptions Looks = new()
    {
        RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "target-size", "empty-table-header", "empty-heading", "link-name", "button-name", "scrollable-region-focusable"] },
    };

    /// <summary>What is wider than the window, but for tables that scroll in themselves and what is shown to nobody's eyes.</summary>
    private const string Overflow =
        "() => document.documentElement.scrollWidth > document.documentElement.clientWidth ? `${document.documentElement.scrollWidth} of ${document.documentElement.clientWidth} px` : ''";

    /// <summary>Buttons, fields and what unfolds, lower or narrower than 24 px; links within a sentence may be.</summary>
    private const string Small = """
        () => [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio])')]
            .filter(e => getComputedStyle(e).display !== 'inline').map(e => [e, e.getBoundingClientRect()])
            .filter(([e, box]) => box.width > 0 && (box.height < 24 || box.width < 24))
            .map(([e, box]) => `${e.tagName} ${e.textContent.trim()} ${box.width} x ${box.height}`).join('; ')
        """;

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(720, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(320, ColorScheme.Light)]
    public async Task Every_page_can_be_read_and_used_by_everybody(int width, ColorScheme scheme)
    {
        await using var org = await RunHost.StartAsync(
            new SimulatorOptions(), "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false } }", PeopleTests.Org);
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        await using var browser = await Chromium.StartAsync();
        // So high that nothing sticks to an edge over what is to be looked at.
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 5000 }, ColorScheme = scheme });
        var page = await context.NewPageAsync();
        await page.GotoAsync(console.EnterUrl.ToString());
        var wrong = new List<string>();
        var titles = new Dictionary<string, string>();
        await LookAsync("/enter?key=…");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        string[] more = ["/nowhere", "/findings?q=nothing-is-so", "/findings?by=Account", "/approvals?by=person", $"/undo?run=1&account={RunHost.Account(0)}"];
        foreach (var path in new ConsoleRoutes(console).Pages.Concat(more))
        {
            await page.GotoAsync(new Uri(console.Url, path).ToString());
            await LookAsync(path);
        }

        string.Join('\n', wrong).ShouldBeEmpty();

        async Task LookAsync(string path)
        {
            foreach (var problem in new[] { await page.EvaluateAsync<string>(Overflow), await page.EvaluateAsync<string>(Small) }.Where(p => p.Length > 0))
            {
                wrong.Add($"{path}: {problem}");
            }

            if (width is not (1440 or 390))
            {
                return;
            }

            var title = await page.TitleAsync();
            if (!path.Contains('?') && path != "/nowhere" && !titles.TryAdd(title, path))
            {
                wrong.Add($"{path}: has the title of {titles[title]}, {title}");
            }

            wrong.AddRange((await page.RunAxe(width == 1440 ? Wcag : Looks)).Violations.SelectMany(v => v.Nodes.Select(n => $"{path}: {v.Id}: {v.Help}: {n.Html}")));
        }
    }

    [Fact]
    public async Task A_keyboard_reaches_the_page_past_the_tabs_and_is_seen()
    {
        await using var org = await RunHost.StartAsync(
            new SimulatorOptions(), "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false } }", PeopleTests.Org);
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        await using var browser = await Chromium.StartAsync();
        var page = await browser.NewPageAsync();
        await page.GotoAsync(console.EnterUrl.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();

        await page.GotoAsync(new Uri(console.Url, "/approvals").ToString());
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("() => document.activeElement.textContent")).ShouldBe("Skip to the page");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<bool>("() => document.activeElement.closest('main') !== null")).ShouldBeTrue();
        var unseen = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            unseen.Add(await page.EvaluateAsync<string>("""
                () => {
                    const e = document.activeElement, box = e.getBoundingClientRect();
                    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                    return e === document.body ? '' : getComputedStyle(e).outlineStyle === 'none' ? `no outline: ${e.outerHTML}`
                        : top && (e.contains(top) || top.contains(e) || top.closest('label')) ? '' : `covered: ${e.outerHTML}`;
                }
                """));
        }

        string.Join('\n', unseen.Where(u => u.Length > 0)).ShouldBeEmpty();
    }
}
