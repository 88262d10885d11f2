using System.Collections.Immutable;
using System.Text.Json;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.Report;
using Microsoft.Playwright;

namespace FedPure.Reporting.Browser;

[Collection(BrowserTests.Name)]
public sealed class PageTests(Chromium browser)
{
    private static readonly RunRecord Tiny = Pages.Train();
    private static readonly string Html =
        new ReportPage(Tiny.Description) { Runs = [Tiny], Survey = DataSurvey.Of(Pages.Clients([Pages.Hostile, "a", "b"]), 3) }.ToHtml();

    private static readonly Lazy<(RunRecord Run, string Html)> Large = new(() =>
    {
        var run = Pages.Large(1000, 1000);
        return (run, new ReportPage(run.Description) { Runs = [run] }.ToHtml());
    });

    [BrowserFact]
    public async Task Names_are_text_whatever_is_in_them()
    {
        var page = new ReportPage(new RunDescription(Pages.Hostile, $"fedpure {Pages.Hostile}")) { Runs = [Tiny], Survey = DataSurvey.Of(Pages.Clients([Pages.Hostile]), 3) };
        await using var open = await browser.OpenAsync(page.ToHtml());
        Assert.Equal(Pages.Hostile, await open.Page.Locator("h1").TextContentAsync());
        Assert.Contains(Pages.Hostile, await open.Page.Locator("#clients tbody th").AllTextContentsAsync());
        Assert.Equal($"fedpure {Pages.Hostile}", await open.Page.Locator(".command code").First.TextContentAsync());
        Assert.True(
            await open.Page.EvaluateAsync<bool>("globalThis.injected === undefined && document.querySelectorAll('img[src=x], [onerror]').length === 0"));
    }

    [BrowserFact]
    public async Task Markup_that_found_a_way_in_could_run_nothing()
    {
        string html = Html.Replace("<main ", "<script>globalThis.injected = 1</script><main ", StringComparison.Ordinal);
        var refused = await browser.OpenAsync(html);
        Assert.True(await refused.Page.EvaluateAsync<bool>("globalThis.injected === undefined"));

        // The browser reports what it refused: the one page here that logs an error.
        await Assert.ThrowsAsync<Xunit.Sdk.EmptyException>(async () => await refused.DisposeAsync());
    }

    [BrowserFact]
    public async Task Clients_are_sorted_by_any_column_and_found_by_name()
    {
        await using var open = await browser.OpenAsync(Html);
        var clients = open.Page.Locator("#clients");
        var heading = clients.GetByRole(AriaRole.Columnheader, new() { Name = "Loss on test" });
        var names = clients.Locator("tbody th");
        string[] falling = [.. Tiny.Clients.ClientIds.OrderByDescending(id => Tiny.Clients[id, "evaluation/test/loss"])];
        await heading.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(falling, await names.AllTextContentsAsync());
        Assert.Equal("descending", await heading.GetAttributeAsync("aria-sort"));
        await heading.GetByRole(AriaRole.Button).PressAsync("Enter");
        Assert.Equal(falling.Reverse(), await names.AllTextContentsAsync());
        Assert.Equal("ascending", await heading.GetAttributeAsync("aria-sort"));

        await clients.GetByRole(AriaRole.Searchbox, new() { Name = "Search clients" }).PressSequentiallyAsync("ONERROR");
        Assert.Equal([Pages.Hostile], await names.AllTextContentsAsync());
        Assert.Equal("1 of 3 clients found", await clients.GetByRole(AriaRole.Status).TextContentAsync());
    }

    [BrowserFact]
    public async Task A_thousand_rounds_and_clients_open_and_a_keystroke_filters()
    {
        var (run, html) = Large.Value;
        await using var open = await browser.OpenAsync(html);
        var clients = open.Page.Locator("#clients");
        Assert.Equal("1,000 clients, the first 100 shown", await clients.GetByRole(AriaRole.Status).TextContentAsync());
        var search = clients.GetByRole(AriaRole.Searchbox);
        await search.PressSequentiallyAsync("00123");
        Assert.Equal(["client_00123_of_a_usual_length"], await clients.Locator("tbody th").AllTextContentsAsync());
        await search.FillAsync("");
        await clients.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        Assert.Equal(1000, await clients.Locator("tbody tr").CountAsync());
        var curve = open.Curve("Loss");
        await open.HoverAsync(curve, 0.5f);
        Assert.Matches("^Round (49|50)[0-9]$", await curve.Locator(".at").TextContentAsync());

        // The three lines of this run are the same, so that the last one hides the others.
        Assert.InRange(await OpenPage.PixelsAsync(curve, 2), 200, int.MaxValue);
        Assert.Equal(1000, run.Rounds);
    }

    [BrowserFact]
    public async Task Everything_that_can_be_reached_has_a_name()
    {
        await using var open = await browser.OpenAsync(Html);
        ImmutableArray<string> roles = ["button", "link", "searchbox", "textbox", "region", "image", "img", "table", "columnheader", "rowheader", "heading", "navigation", "figure", "group"];
        var session = await open.Page.Context.NewCDPSessionAsync(open.Page);
        var tree = (await session.SendAsync("Accessibility.getFullAXTree"))!.Value.GetProperty("nodes").EnumerateArray().Where(
            node => !node.GetProperty("ignored").GetBoolean())
            .Select(node => (Role: Text(node, "role"), Name: Text(node, "name"))).ToList();
        foreach (string role in (string[])["button", "link", "searchbox", "columnheader", "rowheader", "image", "heading", "navigation"])
            Assert.Contains(tree, node => node.Role == role);
        Assert.All(
            tree.Where(node => roles.Contains(node.Role) && node.Role is not ("figure" or "group")),
            node => Assert.True(node.Name.Length > 0, $"a {node.Role} has no name"));
        Assert.Contains(
            tree, node => node.Role == "group" && node.Name.StartsWith("Loss by round, a chart. Latest: while training ", StringComparison.Ordinal));
        Assert.All(tree.Where(node => node.Role == "image"), node => Assert.Contains(". ", node.Name, StringComparison.Ordinal));

        static string Text(JsonElement node, string member) =>
            node.TryGetProperty(member, out var value) && value.TryGetProperty("value", out var text) ? text.ToString() : "";
    }

    [BrowserFact]
    public async Task The_tabulator_goes_through_the_page_from_top_to_bottom()
    {
        await using var open = await browser.OpenAsync(Html);
        await open.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await open.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        int reachable = await open.Page.EvaluateAsync<int>(
            """
            () => {
              globalThis.reachable = [...document.querySelectorAll("a, button, input, summary, [tabindex='0']")].filter(element => element.checkVisibility());
              return globalThis.reachable.length;
            }
            """);
        Assert.InRange(reachable, 50, 500);
        for (int i = 0; i < reachable; i++)
        {
            Assert.Equal(i, await open.Page.EvaluateAsync<int>("globalThis.reachable.indexOf(document.activeElement)"));
            await open.Page.Keyboard.PressAsync("Tab");
        }

        await open.Page.Locator(".skip").FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await open.Page.EvaluateAsync<string>("document.activeElement.id"));
    }

    [BrowserFact]
    public async Task Light_and_dark_follow_the_system_until_the_button_is_pressed_and_text_stands_out()
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var open = await browser.OpenAsync(Html, scheme: scheme);
            bool dark = scheme == ColorScheme.Dark;
            await AssertThemeAsync(open, dark);
            await open.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
            await AssertThemeAsync(open, !dark);
        }
    }

    [BrowserFact]
    public async Task A_phone_needs_no_sideways_scrolling()
    {
        foreach (string html in (string[])[Html, Large.Value.Html])
        {
            await using var open = await browser.OpenAsync(html, width: 360, height: 740);
            Assert.Equal(360, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Equal(360, await open.Page.EvaluateAsync<int>("document.documentElement.clientWidth"));
            var box = (await open.Curve("Loss").Locator("canvas").BoundingBoxAsync())!;
            Assert.InRange(box.Width, 250, 340);

            // Turned on its side, the curves take the new width.
            await open.Page.SetViewportSizeAsync(740, 360);
            await open.Page.EvaluateAsync(
                """
                () => new Promise(resolve => {
                  const look = () => document.querySelector("figure.curve canvas").getBoundingClientRect().width > 340 ? resolve() : requestAnimationFrame(look);
                  look();
                })
                """);
        }
    }

    [BrowserFact]
    public async Task Runs_are_laid_over_each_other()
    {
        RunRecord other = Pages.Train("other", learningRate: 0.5f), run = Pages.Train();
        await using var open = await browser.OpenAsync(new RunComparison([run, other]).ToPage("fedpure compare tiny.html other.html").ToHtml());
        var curve = open.Curve("Loss on test");
        double? first = run.Table(new(RunTableId.Evaluation, "test"))!.Last("loss"), second = other.Table(new(RunTableId.Evaluation, "test"))!.Last("loss");
        Assert.Equal([OpenPage.Shown(first), OpenPage.Shown(second)], await OpenPage.ValuesAsync(curve));
        for (int i = 0; i < 2; i++) Assert.InRange(await OpenPage.PixelsAsync(curve, i), 100, int.MaxValue);
        Assert.Equal(["tiny", "other"], (await open.Page.Locator("#overview tbody th").AllTextContentsAsync()).Select(text => text.Trim()));

        // What differs is marked, and nothing else is.
        Assert.Equal(["client-optimizer", "weights SHA-256"], await open.Page.Locator("tr.differs th").AllTextContentsAsync());
        Assert.Equal(
            ["fedpure compare tiny.html other.html", run.Description.Command, other.Description.Command],
            await open.Page.Locator(".command code").AllTextContentsAsync());

        // Both runs have the same clients, with the same examples, and metrics of their own.
        var headings = await open.Page.Locator("#clients thead th").AllTextContentsAsync();
        Assert.Contains("Examples", headings);
        Assert.Contains("Loss on test, other", headings);
        Assert.Equal(360, await PhoneWidthAsync(open));
    }

    [BrowserFact]
    public async Task An_evaluation_alone_has_no_curves_but_quantiles_over_the_clients()
    {
        var run = new RunRecord(new RunDescription("evaluated"));
        run.Evaluation(0, "test", Pages.Evaluate());
        await using var open = await browser.OpenAsync(new ReportPage(run.Description) { Runs = [run] }.ToHtml());
        Assert.Equal(0, await open.Curves.CountAsync());
        var table = run.Table(new(RunTableId.Evaluation, "test", OverClients: true))!;
        string[] expected = [OpenPage.Shown(run.Table(new(RunTableId.Evaluation, "test"))!.Last("loss")), .. new[] { "min", "p10", "median", "p90", "max" }.Select(level => OpenPage.Shown(table.Last($"loss/{level}")))];
        Assert.Equal(
            ["Loss on test", .. expected],
            await open.Page.Locator("#spread tbody tr").Filter(new() { HasText = "Loss on test" }).Locator("th, td").AllTextContentsAsync());
        Assert.Equal(3, await open.Page.Locator("#clients tbody tr").CountAsync());
    }

    [BrowserFact]
    public async Task A_tap_shows_values_too()
    {
        await using var open = await browser.OpenAsync(Html, width: 360, height: 740);
        var area = open.Curve("Loss").Locator(".u-over");
        await area.TapAsync();
        Assert.Matches("^Round [23]$", await open.Curve("Loss").Locator(".at").TextContentAsync());
    }

    [BrowserFact]
    public async Task Data_alone_are_a_page_too()
    {
        var page = new ReportPage(new RunDescription("clouds, train", "fedpure explore") { Settings = [new("Clients", "3")] }) { Survey = DataSurvey.Of(Pages.Clients([Pages.Hostile, "a", "b"]), 3) };
        await using var open = await browser.OpenAsync(page.ToHtml());
        Assert.Equal(0, await open.Curves.CountAsync());
        var pictures = open.Page.Locator("#data img");
        Assert.Equal(6, await pictures.CountAsync());
        foreach (var picture in await pictures.AllAsync())
        {
            await picture.ScrollIntoViewIfNeededAsync();
            Assert.True(await picture.EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth > 100; }"));
        }

        await open.Page.Locator("#clients").GetByRole(AriaRole.Columnheader, new() { Name = "Examples" }).GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(["b", "a", Pages.Hostile], await open.Page.Locator("#clients tbody th").AllTextContentsAsync());
        Assert.Equal(360, await PhoneWidthAsync(open));
    }

    private static async Task<int> PhoneWidthAsync(OpenPage open)
    {
        await open.Page.SetViewportSizeAsync(360, 740);
        return await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
    }

    // WCAG 2.2: contrast of at least 4.5 for text, 3 for what is drawn.
    private static async Task AssertThemeAsync(OpenPage open, bool dark)
    {
        Assert.Equal(dark ? "true" : "false", await open.Page.Locator("#theme").GetAttributeAsync("aria-pressed"));
        var card = await ColorAsync(open, "--card");
        Assert.Equal(dark, Luminance(card) < 0.1);
        foreach (string name in (string[])["--ink", "--quiet", "--accent", "--warn", "--good"])
            Assert.InRange(Contrast(await ColorAsync(open, name), card), 4.5, 21);
        for (int i = 0; i < 8; i++) Assert.InRange(Contrast(await ColorAsync(open, $"--series-{i}"), card), 3, 21);
        Assert.InRange(await OpenPage.PixelsAsync(open.Curve("Loss"), 0), 100, int.MaxValue);
    }

    private static Task<double[]> ColorAsync(OpenPage open, string name) => open.Page.EvaluateAsync<double[]>(
        """
        name => {
          const probe = document.createElement("span");
          probe.style.color = `var(${name})`;
          document.body.append(probe);
          const rgb = getComputedStyle(probe).color.match(/\d+/g).map(Number);
          probe.remove();
          return rgb;
        }
        """,
        name);

    internal static double Contrast(double[] a, double[] b) =>
        (Math.Max(Luminance(a), Luminance(b)) + 0.05) / (Math.Min(Luminance(a), Luminance(b)) + 0.05);

    // https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    private static double Luminance(double[] rgb)
    {
        double[] linear = [.. rgb.Select(value => value / 255).Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4))];
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }
}
