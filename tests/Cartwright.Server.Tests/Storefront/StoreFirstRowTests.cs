using System.Net;
using System.Text.RegularExpressions;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Server.Tests.Storefront;

public sealed partial class StoreFirstRowTests : IAsyncLifetime
{
    private TestServer _server = null!;

    private Shop Shop => _server.Service<Shop>();

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(options => options with { OpenStore = true });
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        foreach (string id in (string[])["pan", "pot", "cup"])
        {
            await Shop.Catalog.PutProductAsync(new Product { Id = id, Title = id, Price = 10, Stock = 5, CreatedAt = now.AddDays(-3) });
            await Shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = [new Interaction { At = now.AddDays(-1), Shopper = "ann", Kind = InteractionKind.Purchase, Product = id }] });
        }
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Without_the_slot_rows_stand_as_usual_and_nothing_is_chosen()
    {
        string home = await _server.Nobody.GetStringAsync("/store");

        Assert.Equal(["popular", "new"], RowsOf(home));
        Assert.Empty(ChosenLinks(home));
    }

    [Fact]
    public async Task The_chosen_row_stands_first_for_the_whole_visit_and_a_click_into_it_is_its_reward()
    {
        await Shop.Experiments.PutSlotAsync(new PutSlotRequest { Slot = DefaultRules.StoreHome with { Arms = ["new"] } });

        string home = await _server.Nobody.GetStringAsync("/store");
        Assert.Equal(RowsOf(home), RowsOf(await _server.Nobody.GetStringAsync("/store")));
        Assert.Equal((1L, 0.5), await ArmAsync("new"));

        string link = ChosenLinks(home)[0];
        using HttpClient stranger = _server.Client(key: null);
        await stranger.GetStringAsync(link);
        Assert.Equal((1L, 0.5), await ArmAsync("new"));   // whoever was shown nothing rewards nothing

        await _server.Nobody.GetStringAsync(link);
        await _server.Nobody.GetStringAsync(link);
        Assert.Equal(["new", "popular"], RowsOf(home));
        Assert.Equal((1L, 2 / 3.0), await ArmAsync("new"));
    }

    [Fact]
    public async Task Each_visit_is_a_choice_among_the_rows_that_can_be_shown()
    {
        await Shop.Experiments.PutSlotAsync(new PutSlotRequest { Slot = DefaultRules.StoreHome });

        for (int visit = 0; visit < 12; visit++)
        {
            using HttpClient visitor = _server.Client(key: null);
            string home = await visitor.GetStringAsync("/store");
            Assert.All(ChosenLinks(home), link => Assert.EndsWith("row=" + RowsOf(home)[0], link, StringComparison.Ordinal));
        }

        Assert.Equal(0, (await ArmAsync("recommended")).Chosen);
        Assert.Equal(12, (await ArmAsync("popular")).Chosen + (await ArmAsync("new")).Chosen);
    }

    [Fact]
    public async Task A_look_ahead_by_the_browser_is_no_choice()
    {
        await Shop.Experiments.PutSlotAsync(new PutSlotRequest { Slot = DefaultRules.StoreHome });
        _server.Nobody.DefaultRequestHeaders.Add("Sec-Purpose", "prefetch");

        await _server.Nobody.GetStringAsync("/store");

        Assert.Equal(0, (await Shop.Experiments.SlotsAsync(new SlotsRequest())).Slots.Single().ChoiceCount);
    }

    private async Task<(long Chosen, double Mean)> ArmAsync(string name)
    {
        SlotArm arm = (await Shop.Experiments.SlotsAsync(new SlotsRequest())).Slots.Single().Arms.Single(arm => arm.Arm == name);
        return (arm.Chosen, arm.Mean);
    }

    private static string[] RowsOf(string page) => [.. Row().Matches(page).Select(match => match.Groups[1].Value)];

    /// <summary>Addresses of products that say which row they are opened from.</summary>
    private static string[] ChosenLinks(string page) => [.. ChosenLink().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    [GeneratedRegex("<section class=\"store-row\" id=\"([^\"]*)\"")]
    private static partial Regex Row();

    [GeneratedRegex("href=\"(/store/product[^\"]*row=[^\"]*)\"")]
    private static partial Regex ChosenLink();
}
