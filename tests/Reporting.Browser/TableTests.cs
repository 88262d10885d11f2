using FedPure.Reporting.Exploration;
using FedPure.Reporting.Report;
using Microsoft.Playwright;

namespace FedPure.Reporting.Browser;

/// <summary>The clients' table with many rows, and with values of all kinds.</summary>
[Collection(BrowserTests.Name)]
public sealed class TableTests(Chromium browser)
{
    // Examples run from 10 to 2009, so that text would put 100 before 11, and every client has the same divergence but for rounding.
    private static readonly Lazy<string> Many = new(() =>
        new ReportPage(new RunDescription("many")) { Survey = DataSurvey.Of(Pages.Clients([.. Enumerable.Range(0, 2000).Select(i => $"c{(i * 7) % 2000}")]), 3) }.ToHtml());

    [BrowserFact]
    public async Task Two_thousand_clients_are_sorted_by_number_and_the_search_tells_how_many_it_found()
    {
        await using var open = await browser.OpenAsync(Many.Value);
        var clients = open.Page.Locator("#clients");
        var names = clients.Locator("tbody th");
        var heading = clients.GetByRole(AriaRole.Columnheader, new() { Name = "Examples" });

        // Names by the numbers in them.
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"c{i}"), await names.AllTextContentsAsync());
        await heading.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"c{(1999 - i) * 7 % 2000}"), await names.AllTextContentsAsync());
        await heading.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal("ascending", await heading.GetAttributeAsync("aria-sort"));
        Assert.Equal(Enumerable.Range(10, 100).Select(count => $"{count}"), await clients.Locator("tbody td:nth-child(2)").AllTextContentsAsync());
        Assert.Equal(1, await clients.Locator("[aria-sort=ascending], [aria-sort=descending]").CountAsync());

        var status = clients.GetByRole(AriaRole.Status);
        foreach (string query in (string[])["c19", "9", "c1999", "nobody"])
        {
            await clients.GetByRole(AriaRole.Searchbox).FillAsync(query);
            int count = Enumerable.Range(0, 2000).Count(i => $"c{i}".Contains(query, StringComparison.Ordinal));
            Assert.Equal($"{count} of 2,000 clients found{(count > 100 ? ", the first 100 shown" : "")}", await status.TextContentAsync());
        }

        await clients.GetByRole(AriaRole.Searchbox).FillAsync("");
        await clients.GetByRole(AriaRole.Button, new() { Name = "Show 1,000" }).ClickAsync();
        Assert.Equal("2,000 clients, the first 1,000 shown", await status.TextContentAsync());
        await clients.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        Assert.Equal(2000, await names.CountAsync());
    }

    [BrowserFact]
    public async Task Equal_values_keep_the_order_of_the_data_and_what_is_no_number_comes_last()
    {
        string html = new ReportPage(new RunDescription("odd")) { Survey = DataSurvey.Of(Pages.Clients([.. "abcdefg".Select(c => $"{c}")]), 3) }.ToHtml();
        string counts = Pages.Data(html).GetProperty("clients").GetProperty("columns").GetProperty("examples").GetRawText();
        Assert.Equal("[10,11,12,13,14,15,16]", counts);
        html = html.Replace(counts, "[\"NaN\",9,null,\"Infinity\",10,9,\"-Infinity\"]", StringComparison.Ordinal);
        await using var open = await browser.OpenAsync(html);
        var button = open.Page.Locator("#clients").GetByRole(AriaRole.Columnheader, new() { Name = "Examples" }).GetByRole(AriaRole.Button);
        await button.ClickAsync();
        Assert.Equal("debfgac", string.Concat(await open.Page.Locator("#clients tbody th").AllTextContentsAsync()));
        await button.ClickAsync();
        Assert.Equal("gbfedac", string.Concat(await open.Page.Locator("#clients tbody th").AllTextContentsAsync()));
    }

    [BrowserFact]
    public async Task So_many_clients_that_no_function_takes_them_at_once_are_shown_all_the_same()
    {
        string html = new ReportPage(new RunDescription("odd")) { Survey = DataSurvey.Of(Pages.Clients(["a"]), 3) }.ToHtml();
        var data = Pages.Data(html).GetProperty("clients");
        string ids = string.Join(',', Enumerable.Range(0, 150_000).Select(i => $"\"{i}\"")), ones = string.Join(',', Enumerable.Repeat(1, 150_000));
        html = html.Replace(data.GetRawText(), $"{{\"ids\":[{ids}],\"columns\":{{\"examples\":[{ones}]}}}}", StringComparison.Ordinal);
        await using var open = await browser.OpenAsync(html);

        // Counted before the browser lays them out, which takes its time.
        Assert.Equal(150_000, await open.Page.Locator("#clients").EvaluateAsync<int>(
            """
            section => {
              const more = [...section.querySelectorAll(".tools button")].at(-1);
              for (let i = 0; i < 9 && !more.hidden; i++) more.click();
              const count = section.querySelector("tbody").rows.length;
              section.remove();
              return count;
            }
            """));
    }
}
