using FedPure.Reporting.Report;
using Microsoft.Playwright;

namespace FedPure.Reporting.Browser;

[Collection(BrowserTests.Name)]
public sealed class CurveTests(Chromium browser)
{
    private static readonly RunRecord Tiny = Pages.Train();
    private static readonly string Html = new ReportPage(Tiny.Description) { Runs = [Tiny] }.ToHtml();

    private static double? Loss(int round) => Tiny.Table(new(RunTableId.Train))!.Column("loss")![round - 1];

    private static double? TestLoss(int round) => Tiny.Table(new(RunTableId.Evaluation, "test"))!.Column("loss")![round - 1];

    [BrowserFact]
    public async Task Every_curve_is_drawn()
    {
        await using var open = await browser.OpenAsync(Html);
        string[] titles =
        [
            "Accuracy", "Loss", "Accuracy of single clients while training", "Loss of single clients while training",
            "Accuracy of single clients on test", "Loss of single clients on test", "Time of a round", "Bytes of a round",
        ];
        Assert.Equal(titles.Order(), (await open.Page.Locator("figure.curve h3").AllTextContentsAsync()).Order());
        foreach (var curve in await open.Curves.AllAsync())
        {
            int[] pixels = [await OpenPage.PixelsAsync(curve, 0), await OpenPage.PixelsAsync(curve, 1)];
            Assert.True(pixels.Max() > 200, $"{await curve.Locator("h3").TextContentAsync()} has {pixels.Max()} pixels in a series' color.");
        }
    }

    [BrowserFact]
    public async Task Hovering_shows_the_round_s_values_and_leaving_the_latest()
    {
        await using var open = await browser.OpenAsync(Html);
        var curve = open.Curve("Loss");
        Assert.Equal([OpenPage.Shown(Loss(4)), OpenPage.Shown(TestLoss(4))], await OpenPage.ValuesAsync(curve));

        // Rounds 1 to 4 span the width.
        await open.HoverAsync(curve, 1f / 3);
        Assert.Equal("Round 2", await curve.Locator(".at").TextContentAsync());
        Assert.Equal([OpenPage.Shown(Loss(2)), OpenPage.Shown(TestLoss(2))], await OpenPage.ValuesAsync(curve));

        // The other curves follow.
        Assert.Equal("Round 2", await open.Curve("Accuracy").Locator(".at").TextContentAsync());
        await open.Page.Mouse.MoveAsync(1, 1);
        Assert.Equal("Latest", await curve.Locator(".at").TextContentAsync());
        Assert.Equal([OpenPage.Shown(Loss(4)), OpenPage.Shown(TestLoss(4))], await OpenPage.ValuesAsync(curve));
    }

    [BrowserFact]
    public async Task The_legend_switches_a_line_off_and_on()
    {
        await using var open = await browser.OpenAsync(Html);
        var curve = open.Curve("Loss");
        var button = curve.GetByRole(AriaRole.Button, new() { Name = "on test" });
        Assert.InRange(await OpenPage.PixelsAsync(curve, 1), 100, int.MaxValue);
        await button.ClickAsync();
        Assert.Equal("false", await button.GetAttributeAsync("aria-pressed"));
        Assert.Equal(0, await OpenPage.PixelsAsync(curve, 1));
        Assert.InRange(await OpenPage.PixelsAsync(curve, 0), 100, int.MaxValue);
        await button.PressAsync("Enter");
        Assert.Equal("true", await button.GetAttributeAsync("aria-pressed"));
        Assert.InRange(await OpenPage.PixelsAsync(curve, 1), 100, int.MaxValue);
    }

    [BrowserFact]
    public async Task A_drag_zooms_all_curves_and_a_button_shows_all_rounds_again()
    {
        await using var open = await browser.OpenAsync(Html);
        var curve = open.Curve("Loss");
        var all = curve.GetByRole(AriaRole.Button, new() { Name = "Loss: show all rounds" });
        Assert.False(await all.IsVisibleAsync());
        await open.DragAsync(curve, 0.6f, 0.99f);
        await all.WaitForAsync();
        Assert.True(await open.Curve("Accuracy").GetByRole(AriaRole.Button, new() { Name = "Accuracy: show all rounds" }).IsVisibleAsync());
        await open.HoverAsync(open.Curve("Accuracy"), 0);
        Assert.Equal("Round 3", await curve.Locator(".at").TextContentAsync());
        await all.ClickAsync();
        await open.HoverAsync(curve, 0);
        Assert.Equal("Round 1", await curve.Locator(".at").TextContentAsync());
        Assert.False(await all.IsVisibleAsync());
    }

    [BrowserFact]
    public async Task The_keyboard_reads_and_zooms_a_curve()
    {
        await using var open = await browser.OpenAsync(Html);
        var curve = open.Curve("Loss");
        var plot = curve.Locator(".plot");
        await plot.FocusAsync();
        await open.Page.Keyboard.PressAsync("Home");
        await open.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("Round 2", await curve.Locator(".at").TextContentAsync());
        Assert.Equal(
            $"Round 2: while training {OpenPage.Shown(Loss(2))}, on test {OpenPage.Shown(TestLoss(2))}",
            await open.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Round 2" }).TextContentAsync());
        await open.Page.Keyboard.PressAsync("+");
        var all = curve.GetByRole(AriaRole.Button, new() { Name = "Loss: show all rounds" });
        await all.WaitForAsync();
        await open.Page.Keyboard.PressAsync("Escape");
        await all.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    [BrowserFact]
    public async Task The_numbers_behind_a_curve_are_a_table_away()
    {
        await using var open = await browser.OpenAsync(Html);
        var curve = open.Curve("Loss");
        await curve.GetByText("Numbers").ClickAsync();
        var rows = curve.Locator("tbody tr");
        await rows.Nth(3).WaitForAsync();
        Assert.Equal(4, await rows.CountAsync());
        Assert.Equal(["3", OpenPage.Shown(Loss(3)), OpenPage.Shown(TestLoss(3))], await rows.Nth(2).Locator("th, td").AllTextContentsAsync());
    }
}
