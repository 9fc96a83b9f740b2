using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Verbs;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed partial class DashboardFlowTests(DashboardSite site)
{
    [BrowserFact]
    public async Task Who_has_no_key_is_asked_for_one_and_then_led_to_the_page_that_was_wanted()
    {
        await using Visitor visitor = await site.VisitAsync();
        await visitor.Page.GotoAsync("/catalog?search=a");

        await visitor.Page.FillAsync("#key", site.AdminKey);
        await visitor.Page.ClickAsync("main button");

        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Catalog");
        Assert.EndsWith("/catalog?search=a", visitor.Page.Url);
    }

    [BrowserFact]
    public async Task A_wrong_key_is_told_so()
    {
        await using Visitor visitor = await site.VisitAsync();
        await visitor.Page.GotoAsync("/login");

        await visitor.Page.FillAsync("#key", "cw_wrong");
        await visitor.Page.ClickAsync("main button");

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known");
    }

    [BrowserFact]
    public async Task A_key_that_may_only_post_interactions_is_not_let_in()
    {
        await using Visitor visitor = await site.VisitAsync();
        await visitor.Page.GotoAsync("/login");

        await visitor.Page.FillAsync("#key", site.IngestKey);
        await visitor.Page.ClickAsync("main button");

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("may only post interactions");
    }

    [BrowserFact]
    public async Task A_login_link_carries_the_key_where_no_server_sees_it()
    {
        await using Visitor visitor = await site.VisitAsync();
        var asked = new List<string>();
        visitor.Page.Request += (_, request) => asked.Add(request.Url);

        await visitor.Page.GotoAsync($"/login#key={site.AdminKey}");

        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Home");
        Assert.DoesNotContain(asked, url => url.Contains(site.AdminKey, StringComparison.Ordinal) && !url.Contains('#'));
    }

    [BrowserFact]
    public async Task Logging_out_ends_the_visit()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();

        await visitor.Page.ClickAsync(".rail button:has-text('Log out')");
        await visitor.Page.GotoAsync("/");

        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Log in");
    }

    [BrowserFact]
    public async Task A_forged_form_changes_nothing_and_says_why()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/models/train");

        await visitor.Page.EvaluateAsync("() => document.querySelectorAll('[name=__RequestVerificationToken]').forEach(field => field.value = 'forged')");
        await visitor.Page.ClickAsync("main button.primary");

        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("This form is no longer valid");
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shopper_has_history_recommendations_with_reasons_and_what_counting_would_say(bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(withScripts: withScripts);
        IPage page = visitor.Page;
        await page.GotoAsync("/recommendations");

        await page.FillAsync("#shopper", site.ShopperId);
        await page.PressAsync("#shopper", "Enter");

        await Assertions.Expect(page.Locator("#recommended .ranked > li")).ToHaveCountAsync(10);
        await Assertions.Expect(page.Locator("#recommended .chip").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#history .timeline .product").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#baselines section")).ToHaveCountAsync(2);
        string[] ours = [.. await page.Locator("#recommended .title").AllInnerTextsAsync()];
        string[] theirs = [.. await page.Locator("#baselines section:first-child .title").AllInnerTextsAsync()];
        string[] moves = [.. await page.Locator("#baselines section:first-child .move").AllInnerTextsAsync()];
        Assert.Equal(theirs.Select((title, i) => MoveOf(Array.IndexOf(ours, title), i)), moves.Select(move => move.Trim()));
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task Typing_suggests_shoppers_that_the_keyboard_can_choose()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await page.GotoAsync("/recommendations");

        await page.Locator("#shopper").PressSequentiallyAsync(site.ShopperId);
        await page.Locator("#shopper-suggestions a").First.WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#recommended h2")).ToContainTextAsync(site.ShopperId);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_filter_changes_the_list_at_once()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await page.GotoAsync($"/recommendations?shopper={Uri.EscapeDataString(site.ShopperId)}");
        string category = (await site.Shop.Catalog.LiveAsync()).Products.First(product => product.Category is not null).Category!;

        await page.SelectOptionAsync("#category", category);

        await Assertions.Expect(page).ToHaveURLAsync(CategoryInAddress());
        await Assertions.Expect(page.Locator("#recommended .meta").First).ToContainTextAsync(category);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task Searching_the_catalog_narrows_it_while_one_types()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/catalog");

        await visitor.Page.Locator("#search").PressSequentiallyAsync(site.ProductId);

        await Assertions.Expect(visitor.Page.Locator("#products h2")).ToContainTextAsync(" of ");
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_training_is_started_and_tells_what_came_of_it()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await visitor.OpenAsync("/models/train");

        await page.FillAsync("#epochs", "3");
        await page.ClickAsync("main button.primary");

        await Assertions.Expect(page.Locator("main .status").First).ToContainTextAsync("succeeded", new LocatorAssertionsToContainTextOptions { Timeout = 120_000 });
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("finds the next product in its top 10");
        await Assertions.Expect(page.Locator("e-chart canvas")).ToBeVisibleAsync();
        await visitor.ShootAsync("run-done-1280-light");
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_run_is_watched_as_it_goes_on_and_canceled_after_a_question()
    {
        Channel<double> losses = Channel.CreateUnbounded<double>();
        var training = new Verb<TrainRequest, TrainResponse>("recommendation", "train", ApiRoles.Admin, IsLong: true, HasHttpDoor: true,
            async (_, _, progress, stop) =>
            {
                int epoch = 0;
                await foreach (double loss in losses.Reader.ReadAllAsync(stop))
                {
                    progress!.Report(new RunProgress("training sasrec", ++epoch, 20, "epochs")
                    {
                        Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = loss },
                    });
                }

                throw new InvalidOperationException("It is to be canceled.");
            });
        Run run = await site.Runs.StartAsync(training, new TrainRequest());
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await visitor.OpenAsync($"/models/runs/{run.Id}");

        losses.Writer.TryWrite(6.5);
        await Assertions.Expect(page.Locator("live-run h2").Last).ToHaveTextAsync("The loss stands at 6.50");
        await page.Locator("live-run canvas").WaitForAsync();
        losses.Writer.TryWrite(5.25);
        await Assertions.Expect(page.Locator("live-run h2").Last).ToHaveTextAsync("The loss fell from 6.50 to 5.25");
        await Assertions.Expect(page.Locator("live-run")).ToContainTextAsync("2 of 20 epochs");
        await Assertions.Expect(page.Locator(".chart-data tbody tr")).ToHaveCountAsync(2);
        await visitor.ShootAsync("run-live-1280-light");
        await page.ClickAsync("button:has-text('Cancel the run') >> nth=0");
        await visitor.ShootAsync("run-confirm-1280-light");
        await page.ClickAsync("#cancel .danger");

        await Assertions.Expect(page.Locator("main .status").First).ToContainTextAsync("canceled", new LocatorAssertionsToContainTextOptions { Timeout = 30_000 });
        await visitor.ShootAsync("run-canceled-1280-light");
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_zipped_shop_folder_is_taken_in_and_a_copy_is_given_out()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await visitor.OpenAsync("/data");

        await page.SetInputFilesAsync("#folder", new FilePayload { Name = "more.zip", MimeType = "application/zip", Buffer = ZipOf("products.csv", "id,title,price\nzip-1,Zipped mug,3.50\n") });
        await page.ClickAsync("main button.primary");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("1 row stored", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
        await visitor.OpenAsync("/data");
        await page.ClickAsync("main button:has-text('Make a copy')");
        string file = (await page.Locator("main a:has-text('Download')").GetAttributeAsync("href", new LocatorGetAttributeOptions { Timeout = 60_000 }))!;
        IAPIResponse zip = await page.APIRequest.GetAsync(file);

        Assert.Equal("application/zip", zip.Headers["content-type"]);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_file_that_is_no_zip_is_refused_in_words()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(withScripts: false);
        await visitor.Page.GotoAsync("/data");

        await visitor.Page.SetInputFilesAsync("#folder", new FilePayload { Name = "photo.zip", MimeType = "application/zip", Buffer = [1, 2, 3] });
        await visitor.Page.ClickAsync("main button.primary");

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("zip");
    }

    [BrowserFact]
    public async Task An_option_that_is_no_number_is_told_so_and_the_others_stay()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/models/train");

        await visitor.Page.FillAsync("#epochs", "7");
        await visitor.Page.FillAsync("#minutes", "soon");
        await visitor.Page.ClickAsync("main button.primary");

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("“soon”");
        await Assertions.Expect(visitor.Page.Locator("#epochs")).ToHaveValueAsync("7");
    }

    [BrowserFact]
    public async Task A_kept_version_is_put_into_service_after_a_question()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(withScripts: false);
        IPage page = visitor.Page;
        await page.GotoAsync("/models");

        await page.Locator("#recommendations tr button:has-text('Put into service')").First.ClickAsync();
        await page.ClickAsync("[popover]:popover-open button.primary");

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in service");
        await Assertions.Expect(page.Locator("#recommendations td .status.good:has-text('in service')")).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task A_key_is_shown_once_and_can_be_revoked()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await visitor.OpenAsync("/settings");

        await page.FillAsync("#name", "newsletter");
        await page.ClickAsync("button:has-text('Make the key')");
        string secret = await page.InnerTextAsync("#secret");
        await visitor.ShootAsync("settings-new-key-1280-light");
        await page.ClickAsync("main a:has-text('Done')");
        string after = await page.ContentAsync();
        await page.Locator("tr:has-text('newsletter') button:has-text('Revoke')").First.ClickAsync();
        await page.ClickAsync("[popover]:popover-open .danger");

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is revoked");
        await Assertions.Expect(page.Locator("tr:has-text('newsletter')")).ToHaveCountAsync(0);
        Assert.DoesNotContain(secret, after, StringComparison.Ordinal);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_chart_has_a_table_and_a_file_of_the_same_data()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        IPage page = visitor.Page;
        await visitor.OpenAsync("/");

        await page.Locator("#trend summary:has-text('Table')").ClickAsync();
        string[] days = [.. await page.Locator("#trend tbody th").AllInnerTextsAsync()];
        IAPIResponse file = await page.APIRequest.GetAsync((await page.Locator("#trend a.csv").GetAttributeAsync("href"))!);
        string[] lines = (await file.TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(30, days.Length);
        Assert.Equal(days, lines.Skip(1).Select(line => DateOnly.Parse(line.Split(',')[0]).ToString("d MMM yyyy")));
        await Assertions.Expect(page.Locator("#trend canvas")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Without_scripts_every_chart_is_a_table()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(withScripts: false);
        await visitor.Page.GotoAsync("/");

        await Assertions.Expect(visitor.Page.Locator("#trend tbody tr").First).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("e-chart").First).ToBeHiddenAsync();
        await visitor.ShootAsync("home-no-scripts-1280-light");
    }

    private static byte[] ZipOf(string name, string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        using (var writer = new StreamWriter(zip.CreateEntry(name).Open()))
        {
            writer.Write(text);
        }

        return bytes.ToArray();
    }

    private static string MoveOf(int ourIndex, int index) => ourIndex < 0 ? "only here"
        : ourIndex == index ? "same place"
        : ourIndex > index ? $"{ourIndex - index} above ours" : $"{index - ourIndex} below ours";

    [GeneratedRegex("category=.+")]
    private static partial Regex CategoryInAddress();
}
