using System.Globalization;
using System.Text.RegularExpressions;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.Report;
using Microsoft.Playwright;

namespace FedPure.Reporting.Browser;

/// <summary>The page on paper, on a clipboard and on small screens.</summary>
[Collection(BrowserTests.Name)]
public sealed class PaperTests(Chromium browser)
{
    private static readonly RunRecord Tiny = Pages.Train();
    private static readonly string Html = new ReportPage(Tiny.Description) { Runs = [Tiny], Survey = DataSurvey.Of(Pages.Clients(["a", "b"]), 3) }.ToHtml();

    [BrowserFact]
    public async Task Paper_is_light_and_has_whole_curves_and_commands()
    {
        await using var open = await browser.OpenAsync(Html, width: 900, scheme: ColorScheme.Dark);
        var curve = open.Curve("Loss");

        // Pixels of dark's color for the first line, before and while printing.
        Assert.InRange(await OpenPage.PixelsAsync(curve, 0), 100, int.MaxValue);
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await open.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.Equal("rgb(255, 255, 255)", await open.Page.Locator(".card").First.EvaluateAsync<string>("card => getComputedStyle(card).backgroundColor"));
        Assert.InRange(await OpenPage.PixelsAsync(curve, 0), 100, int.MaxValue);

        // A4 between margins of 1 cm.
        await open.Page.SetViewportSizeAsync(718, 1000);
        var (canvas, card) = ((await curve.Locator("canvas").BoundingBoxAsync())!, (await curve.BoundingBoxAsync())!);
        Assert.InRange(canvas.X + canvas.Width, card.X, card.X + card.Width);
        Assert.True(await open.Page.Locator(".command code").First.EvaluateAsync<bool>("code => code.scrollWidth <= code.clientWidth"));
        Assert.True(await open.Page.Locator("#clients").GetByRole(AriaRole.Status).IsVisibleAsync());
        Assert.False(await open.Page.GetByRole(AriaRole.Searchbox).IsVisibleAsync());

        await open.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        await open.Page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        Assert.Equal("true", await open.Page.EvaluateAsync<string>("String(document.documentElement.dataset.theme === undefined)"));
        Assert.InRange(await OpenPage.PixelsAsync(curve, 0), 100, int.MaxValue);
    }

    [BrowserFact]
    public async Task The_command_is_copied_or_the_reader_is_told_that_it_is_not()
    {
        await using var open = await browser.OpenAsync(Html);
        var copy = open.Page.GetByRole(AriaRole.Button, new() { Name = "Copy the command" });
        foreach (bool works in (bool[])[true, false])
        {
            await open.Page.EvaluateAsync(
                $"void (navigator.clipboard.writeText = text => {(works ? "{ globalThis.copied = text; return Promise.resolve(); }" : "Promise.reject(new Error())")})");
            await copy.ClickAsync();
            await copy.Filter(new() { HasText = works ? "Copied" : "Selected" }).WaitForAsync();
            Assert.Equal(Tiny.Description.Command, await open.Page.EvaluateAsync<string>(works ? "globalThis.copied" : "String(getSelection())"));
        }
    }

    [BrowserFact]
    public async Task Runs_of_one_color_have_marks_with_different_dashes()
    {
        RunRecord[] runs = [.. Enumerable.Range(0, 18).Select(i => Pages.Train($"run{i}"))];
        await using var open = await browser.OpenAsync(new RunComparison([.. runs]).ToPage().ToHtml(), width: 390, height: 844);
        string[][] places = [await MarksAsync("#overview tbody"), await MarksAsync("figure.curve:nth-of-type(1) .legend")];
        foreach (string[] marks in places)
        {
            Assert.Equal(18, marks.Length);
            Assert.Equal(18, marks.Distinct().Count());
        }

        // Each is drawn as in the curve: in its color, 24 pixels wide.
        Assert.Equal(places[0], places[1]);
        Assert.Equal(24, (await open.Page.Locator(".legend .swatch").First.BoundingBoxAsync())!.Width);
        Assert.Equal(390, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        async Task<string[]> MarksAsync(string place) =>
            [.. (await open.Page.Locator($"{place} .swatch").EvaluateAllAsync<string[]>("marks => marks.map(mark => { const style = getComputedStyle(mark.firstChild); return `${style.stroke} ${style.strokeDasharray}`; })"))];
    }

    [BrowserFact]
    public async Task A_line_switched_off_is_still_readable_and_pictures_are_softer_in_the_dark()
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var open = await browser.OpenAsync(Html, scheme: scheme);
            var button = open.Curve("Loss").GetByRole(AriaRole.Button, new() { Name = "on test" });
            await button.ClickAsync();
            Assert.Equal("1", await button.EvaluateAsync<string>("button => getComputedStyle(button).opacity"));
            Assert.Equal(
                scheme == ColorScheme.Dark ? "rgb(234, 238, 243)" : "rgb(255, 255, 255)",
                await open.Page.Locator(".pictures figure").First.EvaluateAsync<string>("figure => getComputedStyle(figure).backgroundColor"));

            // The frame is multiplied into the picture.
            double[] frame = scheme == ColorScheme.Dark ? [234, 238, 243] : [255, 255, 255];
            var texts = Regex.Matches(
                string.Concat(Pages.Data(Html).GetProperty("pictures").EnumerateArray().Select(picture => picture.GetProperty("svg").GetString())),
                "<text [^>]*fill=\"rgb\\((\\d+),(\\d+),(\\d+)\\)\"");
            Assert.InRange(texts.Count, 50, 5000);
            foreach (var color in texts.Select(text => text.Value[text.Value.IndexOf("fill=", StringComparison.Ordinal)..]).Distinct())
            {
                double[] ink =
                    [.. Regex.Matches(color, "\\d+").Take(3).Select((value, i) => double.Parse(value.Value, CultureInfo.InvariantCulture) * frame[i] / 255)];
                Assert.True(PageTests.Contrast(ink, frame) >= 4.5, $"{color}: {PageTests.Contrast(ink, frame)}");
            }

            Assert.All(
                await open.Page.Locator(".pictures img").EvaluateAllAsync<double[]>("images => images.map(image => image.getBoundingClientRect().height)"),
                height => Assert.InRange(height, 100, 3000));
        }
    }
}
