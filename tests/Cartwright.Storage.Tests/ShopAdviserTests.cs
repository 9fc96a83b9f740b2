using System.Globalization;
using System.Text;
using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using TrainRequest = Cartwright.Commerce.Inventory.TrainRequest;
using TrainResponse = Cartwright.Commerce.Inventory.TrainResponse;

namespace Cartwright.Storage.Tests;

public sealed class ShopAdviserTests
{
    [Fact]
    public async Task What_is_wanted_and_not_there_is_advised_with_its_figures()
    {
        using TempShop temp = WithHistory();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);

        AdviseResponse advised = await shop.Adviser.AdviseAsync(new AdviseRequest());

        Advice soldOut = Assert.Single(advised.Results, advice => advice.Text.Contains("sold-out", StringComparison.Ordinal));
        Assert.True(soldOut.IsUrgent);
        Assert.Equal("1 sold-out product was looked at 30 times in the last 30 days: order it again, or take it out.", soldOut.Text);
        Assert.Equal(["Lamp: 30 views, none in stock."], soldOut.Reasons);
        Assert.Equal(100, soldOut.Worth);                                // 30 views at 1 unit for 3 views, 10 of margin each
        Advice missing = Assert.Single(advised.Results, advice => advice.Topic == AdviceTopic.Search);
        Assert.Contains("3 of 4 searches", missing.Text, StringComparison.Ordinal);
        Assert.Contains("“wheelbarrow” was typed 3 times.", missing.Reasons);
        Advice losing = Assert.Single(advised.Results, advice => advice.Topic == AdviceTopic.Pricing);
        Assert.Contains("Cup: 4.00 EUR, costs 5.00.", losing.Reasons);
        Assert.Contains(advised.Results, advice => advice.Command == "cartwright recommendation train");
        Assert.Contains(advised.Results, advice => advice.Command == "cartwright inventory train");
        Assert.Empty(advised.Unseen);
        Assert.Equal([.. advised.Results.OrderByDescending(advice => advice.IsUrgent).ThenByDescending(advice => advice.Worth ?? 0).ThenBy(advice => advice.Topic)], advised.Results);
    }

    [Fact]
    public async Task The_summary_compares_with_the_days_before()
    {
        using TempShop temp = WithHistory();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);

        AdviseResponse advised = await shop.Adviser.AdviseAsync(new AdviseRequest { Days = 10, Count = 1 });

        Assert.Single(advised.Results);
        Assert.Equal(new DateOnly(2024, 3, 31), advised.Performance!.From);
        Assert.Equal((100m, 100m, 0d), (advised.Performance.Revenue, advised.Performance.RevenueBefore, advised.Performance.RevenueChange));
        Assert.StartsWith("100 EUR of revenue in the 10 days to 2024-04-09, 0 % more than in those before.", advised.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_t_be_looked_at_is_named_and_the_rest_is_still_advised()
    {
        using TempShop temp = WithHistory();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        TrainResponse trained = await shop.Inventory.TrainAsync(new TrainRequest { Horizon = 2, Epochs = 1 });
        File.WriteAllText(Path.Combine(shop.Folder, "models", "inventory", trained.Version, "model.safetensors"), "damaged");

        AdviseResponse advised = await shop.Adviser.AdviseAsync(new AdviseRequest());

        Assert.StartsWith("Inventory: ", Assert.Single(advised.Unseen), StringComparison.Ordinal);
        Assert.Contains(advised.Results, advice => advice.Topic == AdviceTopic.Search);
    }

    [Fact]
    public async Task A_shopper_who_waits_for_a_person_comes_first()
    {
        using TempShop temp = WithHistory();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        await ((IAssistantStore)shop.Store).PutHandOverAsync(new HandOver
        {
            Id = "h1", At = new DateTimeOffset(2024, 4, 9, 13, 0, 0, TimeSpan.Zero), ConversationId = "c1", Reason = "asked", Lines = [new SaidLine(IsShopper: true, "a person please")],
        });

        AdviseResponse advised = await shop.Adviser.AdviseAsync(new AdviseRequest());

        Advice waiting = Assert.Single(advised.Results, advice => advice.Topic == AdviceTopic.Assistant);
        Assert.True(waiting.IsUrgent);
        Assert.Equal("Answer 1 shopper who waits for a person; the first since 2024-04-09 13:00 UTC.", waiting.Text);
    }

    [Fact]
    public async Task What_was_decided_is_gone_from_the_next_answer_and_what_follows_from_it_is_looked_at_again()
    {
        using TempShop temp = WithHistory();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        var store = (IAssistantStore)shop.Store;
        var waiting = new HandOver { Id = "h1", At = new DateTimeOffset(2024, 4, 9, 13, 0, 0, TimeSpan.Zero), ConversationId = "c1", Reason = "asked", Lines = [new SaidLine(IsShopper: true, "a person please")] };
        await store.PutHandOverAsync(waiting, CancellationToken.None);
        AdviseResponse before = await shop.Adviser.AdviseAsync(new AdviseRequest());

        await shop.Assistant.CloseHandOverAsync(new CloseHandOverRequest { Id = "h1" });
        await shop.Catalog.PutProductAsync(new Product { Id = "lamp", Title = "Lamp", Category = "Light", Price = 30, Cost = 20, Stock = 5, Image = "images/l.png" });
        AdviseResponse after = await shop.Adviser.AdviseAsync(new AdviseRequest());

        Assert.Contains(before.Results, advice => advice.Topic == AdviceTopic.Assistant);
        Assert.Contains(before.Results, advice => advice.Text.Contains("sold-out", StringComparison.Ordinal));
        Assert.DoesNotContain(after.Results, advice => advice.Topic == AdviceTopic.Assistant);
        Assert.DoesNotContain(after.Results, advice => advice.Text.Contains("sold-out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_shop_needs_nothing_done()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();

        AdviseResponse advised = await shop.Adviser.AdviseAsync(new AdviseRequest());

        Assert.Empty(advised.Results);
        Assert.Null(advised.Performance);
        Assert.EndsWith("Nothing needs to be done now.", advised.Summary, StringComparison.Ordinal);
    }

    /// <summary>100 days on which a cup is bought once; in the last 30 a lamp that is sold out is seen each day, and two cups.</summary>
    private static TempShop WithHistory()
    {
        var rows = new StringBuilder("at,shopper,session,kind,product,quantity,price,query\n");
        for (int day = 0; day < 100; day++)
        {
            string at = new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.Zero).AddDays(day).ToString("o", CultureInfo.InvariantCulture);
            rows.Append(CultureInfo.InvariantCulture, $"{at},a{day % 7},s{day},purchase,cup,1,10,\n");
            if (day >= 70)
            {
                rows.Append(CultureInfo.InvariantCulture, $"{at},a{day % 7},s{day},view,lamp,,,\n{at},a{day % 7},s{day},view,cup,,,\n{at},b,t{day},view,cup,,,\n");
            }
        }

        rows.Append("2024-04-09T12:30:00Z,b,t,search,,,,wheelbarrow\n2024-04-09T12:31:00Z,b,t,search,,,,Wheelbarrow\n2024-04-09T12:32:00Z,b,t,search,,,,wheelbarrow\n2024-04-09T12:33:00Z,b,t,search,,,,cup\n");
        return new TempShop()
            .Write("shop.json", """{ "name": "Corner", "currency": "EUR", "times": "real" }""")
            .Write("products.csv", "id,title,category,price,cost,stock,image\ncup,Cup,Kitchen,4,5,50,images/c.png\nlamp,Lamp,Light,30,20,0,images/l.png\n")
            .Write("images/c.png", "a cup").Write("images/l.png", "a lamp")
            .Write("interactions.csv", rows.ToString());
    }
}
