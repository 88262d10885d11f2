using System.Globalization;
using Microsoft.Playwright;

namespace FedPure.Reporting.Browser;

/// <summary>A page in the browser. When it is closed it must have logged no error and asked for nothing but itself.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [], _requests = [];

    private OpenPage(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>The figures with curves, in their order.</summary>
    public ILocator Curves => Page.Locator("figure.curve");

    public static async Task<OpenPage> LoadAsync(IBrowserContext context, Uri address)
    {
        var open = new OpenPage(context, await context.NewPageAsync());
        open.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") open._errors.Add(message.Text);
        };
        open.Page.PageError += (_, error) => open._errors.Add(error);
        open.Page.Request += (_, request) => open._requests.Add(request.Url);
        await open.Page.GotoAsync(address.AbsoluteUri);
        return open;
    }

    public async ValueTask DisposeAsync()
    {
        var address = new Uri(Page.Url).GetLeftPart(UriPartial.Path);
        await _context.CloseAsync();
        Assert.Empty(_errors);
        Assert.Equal([address], _requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)));
    }

    /// <summary>The curve with that heading.</summary>
    public ILocator Curve(string title) => Curves.Filter(new() { Has = Page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });

    /// <summary>Moves the mouse over a curve to a place in its plotting area, 0 to 1 from the left.</summary>
    public async Task HoverAsync(ILocator curve, float place)
    {
        var area = curve.Locator(".u-over");
        await area.ScrollIntoViewIfNeededAsync();
        var box = (await area.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + Math.Clamp(place * box.Width, 1, box.Width - 1), box.Y + box.Height / 2);
    }

    /// <summary>Drags across a curve from one place to another.</summary>
    public async Task DragAsync(ILocator curve, float from, float to)
    {
        await HoverAsync(curve, from);
        await Page.Mouse.DownAsync();
        await HoverAsync(curve, (from + to) / 2);
        await HoverAsync(curve, to);
        await Page.Mouse.UpAsync();
    }

    /// <summary>Pixels of a curve's canvas in the color of a series.</summary>
    public static Task<int> PixelsAsync(ILocator curve, int series) => curve.EvaluateAsync<int>(
        """
        (figure, series) => {
          const probe = document.createElement("span");
          probe.style.color = `var(--series-${series})`;
          document.body.append(probe);
          const rgb = getComputedStyle(probe).color.match(/\d+/g).map(Number);
          probe.remove();
          const canvas = figure.querySelector("canvas");
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
          copy.drawImage(canvas, 0, 0);
          const data = copy.getImageData(0, 0, canvas.width, canvas.height).data;
          let count = 0;
          for (let i = 0; i < data.length; i += 4)
            if (data[i + 3] > 200 && rgb.every((value, k) => Math.abs(value - data[i + k]) < 24)) count++;
          return count;
        }
        """,
        series);

    /// <summary>The values beside the legend's names, as shown.</summary>
    public static async Task<string[]> ValuesAsync(ILocator curve) => [.. await curve.Locator(".legend .value").AllTextContentsAsync()];

    /// <summary>A number as the page shows measures.</summary>
    public static string Shown(double? value) => value!.Value.ToString("F4", CultureInfo.InvariantCulture);
}
