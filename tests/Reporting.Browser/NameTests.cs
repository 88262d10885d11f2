using System.Collections.Immutable;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.Report;
using Microsoft.Playwright;

namespace FedPure.Reporting.Browser;

/// <summary>Names of clients, runs and settings may be anything; they are text, and the page stays usable.</summary>
[Collection(BrowserTests.Name)]
public sealed class NameTests(Chromium browser)
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("0123456789", 50));

    // What would be markup, quotes, line separators, text from right to left, accents, members that every JavaScript object has, and names that look like none.
    private static readonly ImmutableArray<string> Odd =
    [
        "</script><script>globalThis.injected = 1</script>", "<img src=x onerror=globalThis.injected=1>", "\" onfocus=\"globalThis.injected=1\" autofocus x=\"",
        "a\u2028b\u2029c",
        "\u202egnp.exe", "👩‍👩‍👧‍👦 emoji", "e\u0301te\u0301", "constructor", "__proto__", "]]>&amp;%3Cb%3E", "tab\tand\u0001control", Long,
    ];

    private static readonly string Html = Page().ToHtml();

    private static ReportPage Page()
    {
        var run = Pages.Train(Odd[0]);
        run.Survey(DataSurvey.Of(Pages.Clients([.. Odd, "", " "]), 3));
        var description = new RunDescription(Odd[1], string.Join(' ', Odd)) { Settings = [.. Odd.Select(name => KeyValuePair.Create(name, name))], Environment = [new("__proto__", Odd[0])] };
        return new ReportPage(description) { Runs = [run], Survey = DataSurvey.Of(Pages.Clients([.. Odd, "", " "]), 3) };
    }

    [BrowserFact]
    public async Task Nothing_in_a_name_runs_or_becomes_an_element()
    {
        await using var open = await browser.OpenAsync(Html);
        var names = await open.Page.Locator("#clients tbody th").AllTextContentsAsync();
        Assert.Superset(Odd.ToHashSet(), names.ToHashSet());
        Assert.Equal(2, names.Count(name => name == "(blank)"));
        Assert.Equal(string.Join(' ', Odd), await open.Page.Locator(".command code").First.TextContentAsync());
        Assert.True(
            await open.Page.EvaluateAsync<bool>(
                "globalThis.injected === undefined && document.querySelectorAll('main script, [src=x], [onerror], [onfocus], main b').length === 0"));
        foreach (var picture in await open.Page.Locator("#data img").AllAsync())
        {
            await picture.ScrollIntoViewIfNeededAsync();
            Assert.True(await picture.EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth > 100; }"));
        }
    }

    [BrowserFact]
    public async Task The_search_finds_every_name()
    {
        await using var open = await browser.OpenAsync(Html);
        var clients = open.Page.Locator("#clients");
        foreach (string name in Odd)
        {
            await clients.GetByRole(AriaRole.Searchbox).FillAsync(name);
            Assert.Contains(name, await clients.Locator("tbody th").AllTextContentsAsync());
            Assert.Matches("^1 of [0-9]+ clients found$", await clients.GetByRole(AriaRole.Status).TextContentAsync());
        }

        // As another keyboard composes it.
        await clients.GetByRole(AriaRole.Searchbox).FillAsync("\u00c9T\u00c9");
        Assert.Equal(["e\u0301te\u0301"], await clients.Locator("tbody th").AllTextContentsAsync());
    }

    [BrowserFact]
    public async Task A_long_name_leaves_the_tables_readable_on_a_phone()
    {
        RunRecord one = Pages.Train(Long), other = Pages.Train("other", learningRate: 0.5f);
        one.Survey(DataSurvey.Of(Pages.Clients([Long, "b"]), 3));
        foreach (string html in (string[])[Html, new RunComparison([one, other]).ToPage(Long).ToHtml()])
        {
            await using var open = await browser.OpenAsync(html, width: 390, height: 844);
            Assert.Equal(390, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            var row = (await open.Page.Locator("#clients tbody th").Filter(new() { HasText = Long }).First.BoundingBoxAsync())!;
            Assert.InRange(row.Width, 100, 200);
            Assert.InRange(row.Height, 20, 500);
            foreach (var heading in await open.Page.Locator("thead th").AllAsync()) Assert.InRange((await heading.BoundingBoxAsync())!.Width, 20, 300);
        }
    }
}
