using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Simulation;
using Cartwright.Server.Access;
using Cartwright.Server.Dashboard;
using Cartwright.Server.Runs;
using Cartwright.Server.Tests.Storefront;
using Cartwright.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

/// <summary>A served shop and a browser to look at it: a small sample shop, a trained model, an import with rejects.</summary>
public sealed class DashboardSite : IAsyncLifetime
{
    private static readonly string[] BrowserArguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-dashboard-").FullName;
    private WebApplication _server = null!;
    private IPlaywright? _playwright;
    private IBrowser _browser = null!;

    /// <summary>Another site, which this shop's merchant lists for the chat.</summary>
    public OtherSite OtherSite { get; private set; } = null!;

    public string Address { get; private set; } = "";

    public string AdminKey { get; private set; } = "";

    public string IngestKey { get; private set; } = "";

    public string ShopperId { get; private set; } = "";

    public string ProductId { get; private set; } = "";

    public string ImportId { get; private set; } = "";

    public Shop Shop => _server.Services.GetRequiredService<Shop>();

    public RunService Runs => _server.Services.GetRequiredService<RunService>();

    internal ForgettingDesk Forgettings => _server.Services.GetRequiredService<ForgettingDesk>();

    public async Task InitializeAsync()
    {
        if (Browser.Missing is not null)
        {
            return;
        }

        string sample = Path.Combine(_folder, "Sample shop");
        await SampleShop.WriteAsync(new SampleRequest { Folder = sample, Scale = 0.03, Days = 120 });
        await File.AppendAllTextAsync(Path.Combine(sample, "products.csv"), "broken-1,\"A product with a wrong price\",,,,cheap\n");

        OtherSite = await OtherSite.StartAsync(() => Address);
        _server = await CartwrightServer.BuildAsync(new ServeOptions
        {
            Shop = Path.Combine(_folder, "shop"),
            Url = "http://127.0.0.1:0",
            LogLevel = LogLevel.Error,
            WidgetOrigins = [OtherSite.Origin],
        });
        ImportId = (await Shop.Catalog.ImportAsync(new ImportRequest { Folder = sample })).Id;
        await Shop.Recommendation.TrainAsync(new TrainRequest { Model = "item-knn", Activate = true });
        await Shop.Recommendation.TrainAsync(new TrainRequest { Model = "item-knn", Seed = 2 });
        await Shop.Inventory.TrainAsync(new Cartwright.Commerce.Inventory.TrainRequest { Horizon = 14, Epochs = 1 });
        await Shop.PriceSetter.RepriceAsync(new Cartwright.Commerce.Pricing.RepriceRequest());
        await Shop.Sessions.TrainAsync(new Cartwright.Commerce.Behavior.TrainRequest { Epochs = 1 });
        await Shop.Vision.TrainAsync(new Cartwright.Commerce.Vision.TrainRequest { Epochs = 1, Activate = true });
        await Shop.AssistantLanguage.TrainAsync(new Cartwright.Commerce.Assistant.TrainRequest { Epochs = 2, Activate = true });
        KeyRing keys = _server.Services.GetRequiredService<KeyRing>();
        AdminKey = (await keys.CreateAsync("merchant", ApiRoles.Admin)).Secret;
        IngestKey = (await keys.CreateAsync("checkout", ApiRoles.Ingest)).Secret;
        Snapshot snapshot = (await Shop.Catalog.LiveAsync()).Snapshot;
        int[] start = snapshot.Interactions.ShopperStart;
        ShopperId = snapshot.Shoppers[Enumerable.Range(0, snapshot.Shoppers.Count).MaxBy(i => start[i + 1] - start[i])].Id;
        ProductId = snapshot.Products[0].Id;

        await _server.StartAsync();
        Address = _server.Urls.Single();
        _playwright = await Playwright.CreateAsync();
        _browser = await LaunchAsync();
    }

    /// <summary>A browser whose microphone hears a sentence, once.</summary>
    public async Task<IBrowser> LaunchSpeakingAsync(string sentence)
    {
        string file = Path.Combine(_folder, "spoken.wav");
        await SpokenFile.WriteAsync(Shop, sentence, file);
        return await LaunchAsync("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--use-file-for-fake-audio-capture={file}%noloop");
    }

    /// <summary>A visitor who has not logged in.</summary>
    public async Task<Visitor> VisitAsync(int width = 1280, string colors = "light", bool withScripts = true, IBrowser? browser = null)
    {
        IBrowserContext context = await (browser ?? _browser).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Address,
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            ColorScheme = colors == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = withScripts,
        });
        return new Visitor(context, await context.NewPageAsync());
    }

    /// <summary>A visitor with a key that may do everything.</summary>
    public async Task<Visitor> VisitAsMerchantAsync(int width = 1280, string colors = "light", bool withScripts = true, IBrowser? browser = null)
    {
        Visitor visitor = await VisitAsync(width, colors, withScripts, browser);
        await visitor.LogInAsync(AdminKey);
        return visitor;
    }

    public async Task DisposeAsync()
    {
        if (_playwright is not null)
        {
            await _browser.DisposeAsync();
            _playwright.Dispose();
            await _server.StopAsync();
            await _server.DisposeAsync();
            await OtherSite.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Task<IBrowser> LaunchAsync(params string[] more) =>
        _playwright!.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Browser.Path, Args = [.. BrowserArguments, .. more] });
}
