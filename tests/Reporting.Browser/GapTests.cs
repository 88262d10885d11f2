using System.Text.Json;
using System.Text.Json.Serialization;
using FedPure.Reporting.Report;

namespace FedPure.Reporting.Browser;

/// <summary>Curves of which numbers are missing, or are none.</summary>
[Collection(BrowserTests.Name)]
public sealed class GapTests(Chromium browser)
{
    private static string Html(params double?[] losses)
    {
        var run = Run(losses.Select(loss => (Train: loss is null ? "" : $"\"loss\":{JsonSerializer.Serialize(loss, Named)},\"accuracy\":0.5", Refused: 0)));
        string html = new ReportPage(run.Description) { Runs = [run] }.ToHtml();
        Assert.Equal(JsonValueKind.Object, Pages.Data(html).ValueKind);
        return html;
    }

    // As fedpure train --json prints it.
    private static RunRecord Run(IEnumerable<(string Train, int Refused)> rounds)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, rounds.Select((round, i) =>
                $"{{\"event\":\"round\",\"round\":{i + 1},\"clients\":1,\"seconds\":0.1,\"metrics\":{{\"client_work\":{{\"train\":{{{round.Train}}}}},\"aggregator\":{{}},\"finalizer\":{{\"update_non_finite\":{round.Refused}}}}}}}"));
            return ReportFile.Read(path).Single();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static readonly JsonSerializerOptions Named = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    // Pixels of the line by tenths of the width of the plotting area.
    private static async Task<int[]> TenthsAsync(OpenPage open, string title) => await open.Curve(title).EvaluateAsync<int[]>(
        """
        figure => {
          const canvas = figure.querySelector("canvas"), outer = canvas.getBoundingClientRect(), inner = figure.querySelector(".u-over").getBoundingClientRect();
          const ratio = canvas.width / outer.width, left = (inner.left - outer.left) * ratio, width = inner.width * ratio;
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
          copy.drawImage(canvas, 0, 0);
          const data = copy.getImageData(0, 0, canvas.width, canvas.height).data, counts = new Array(10).fill(0);
          for (let y = 0; y < canvas.height; y++)
            for (let x = 0; x < canvas.width; x++) {
              const at = 4 * (y * canvas.width + x), tenth = Math.floor(10 * (x - left) / width);
              if (tenth >= 0 && tenth < 10 && data[at + 3] > 200 && data[at + 2] - data[at] > 100) counts[tenth]++;
            }
          return counts;
        }
        """);

    [BrowserFact]
    public async Task A_line_has_a_gap_where_it_is_not_finite_and_none_where_nothing_was_measured()
    {
        // 101 rounds, so that no round has a mark: NaN from 31 to 49, infinite from 61 to 69, and nothing measured from 11 to 19.
        double?[] losses = [.. Enumerable.Range(1, 101).Select(round => round switch { > 30 and < 50 => double.NaN, > 60 and < 70 => double.PositiveInfinity, > 10 and < 20 => null, _ => (double?)1 / round })];
        await using var open = await browser.OpenAsync(Html(losses));
        int[] tenths = await TenthsAsync(open, "Loss");
        for (int i = 0; i < 10; i++) Assert.True(i is 3 or 4 or 6 ? tenths[i] < tenths[8] / 3 : tenths[i] > tenths[8] / 2, $"{i}: {string.Join(' ', tenths)}");
        Assert.Equal("gaps where a value is not finite (28 rounds)", await open.Curve("Loss").Locator("figcaption p").TextContentAsync());
        Assert.Equal(0, await open.Curve("Accuracy").Locator("figcaption p").CountAsync());

        await open.HoverAsync(open.Curve("Loss"), 0.39f);
        Assert.Equal(["NaN"], await OpenPage.ValuesAsync(open.Curve("Loss")));
        await open.HoverAsync(open.Curve("Loss"), 0.64f);
        Assert.Equal(["Infinity"], await OpenPage.ValuesAsync(open.Curve("Loss")));
        await open.HoverAsync(open.Curve("Loss"), 0.14f);
        Assert.Equal(["–"], await OpenPage.ValuesAsync(open.Curve("Loss")));
    }

    [BrowserFact]
    public async Task A_single_number_between_others_that_are_none_is_seen()
    {
        double?[] losses = [.. Enumerable.Range(1, 101).Select(round => round == 55 ? 1 : double.NaN)];
        await using var open = await browser.OpenAsync(Html(losses));
        int[] tenths = await TenthsAsync(open, "Loss");
        Assert.InRange(tenths[5], 10, 200);
        Assert.Equal(tenths[5], tenths.Sum());
    }

    [BrowserFact]
    public async Task No_number_one_round_and_no_evaluation_make_a_page_without_an_error()
    {
        double?[][] cases = [[double.NaN, double.NaN, double.NaN], [double.NegativeInfinity], [0.5], [null, null], [0, 0, 0], [1e30, -1e30]];
        foreach (var losses in cases)
        {
            await using var open = await browser.OpenAsync(Html(losses));
            Assert.Equal(losses[0] is null ? 0 : 1, await open.Curve("Loss").CountAsync());
            Assert.Equal(1, await open.Curve("Time of a round").CountAsync());
            foreach (var curve in await open.Curves.AllAsync())
            {
                await open.HoverAsync(curve, 0.5f);
                await curve.GetByText("Numbers").ClickAsync();
                await curve.Locator(".plot").PressAsync("+");
                await curve.Locator(".plot").PressAsync("Escape");
            }
        }
    }

    [BrowserFact]
    public async Task What_happened_is_told_once_with_its_rounds()
    {
        var run = Run(Enumerable.Range(1, 1234).Select(round => round == 1233 ? ("\"loss\":0,\"num_examples\":5", 0) : ("\"loss\":0,\"num_examples\":0", 1)));
        await using var open = await browser.OpenAsync(new RunComparison([run, Pages.Train()]).ToPage().ToHtml());
        Assert.Equal(
            ["1,233 rounds, 1–1,232, 1,234: The server refused an update of the model: not finite, or of no client."],
            await open.Page.Locator(".note").First.Locator("li").AllTextContentsAsync());
        Assert.Equal(
            ["Round 4: Client b was left out: its update was not finite.", "Round 4: The model was left unchanged, because it was asked to."],
            await open.Page.Locator(".note").Nth(1).Locator("li").AllTextContentsAsync());

        // A loss of 0 over no examples is no loss.
        Assert.Equal("gaps where a value is not finite (1,233 rounds)", await open.Curve("Loss while training").Locator("figcaption p").TextContentAsync());
    }

    [BrowserFact]
    public async Task The_numbers_along_an_axis_are_those_of_its_lines()
    {
        double?[] losses = [.. Enumerable.Range(0, 40).Select(i => (double?)(i / 30.0))];
        await using var open = await browser.OpenAsync(
            Html(losses),
            before: "const fill = CanvasRenderingContext2D.prototype.fillText; globalThis.texts = []; CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { globalThis.texts.push(text); return fill.call(this, text, ...rest); };");
        string[] texts = await open.Page.EvaluateAsync<string[]>("[...new Set(globalThis.texts)]");
        Assert.Superset(new HashSet<string> { "0", "0.25", "0.5", "0.75", "1", "1.25" }, texts.ToHashSet());
        Assert.DoesNotContain("0.3", texts);
    }
}
