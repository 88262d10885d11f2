using Microsoft.Playwright;

namespace FedPure.Reporting.Browser;

/// <summary>The browser that the tests of this assembly share: Debian's, since Playwright's own would have to be downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Where it is, as a shell finds it; null if it is not installed.</summary>
    public static string? Path { get; } =
        (from name in (string[])["chromium", "chromium-browser", "google-chrome"]
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         let path = System.IO.Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-browser").FullName;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Path is null) return;
        _playwright = await Playwright.CreateAsync();

        // In a container the browser has no sandbox of its own; it opens nothing but the pages that these tests write.
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Opens a page as a file, as a user does; a script of the test's may run before those of the page.</summary>
    public async Task<OpenPage> OpenAsync(string html, int width = 1300, int height = 900, ColorScheme scheme = ColorScheme.Light, string? before = null)
    {
        string path = System.IO.Path.Combine(_folder, $"{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(path, html);
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, HasTouch = true });
        context.SetDefaultTimeout(10_000);
        if (before is not null) await context.AddInitScriptAsync(before);
        return await OpenPage.LoadAsync(context, new Uri(path));
    }
}

/// <summary>A test that needs the browser, and says what to install where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Path is null) Skip = "No Chromium is installed: apt-get install chromium";
    }
}

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}
