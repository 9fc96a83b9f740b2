using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;

namespace Cartwright.Storage.Tests;

public sealed class SessionAnalystTests
{
    [Fact]
    public async Task A_posted_event_changes_the_next_answer()
    {
        using TempShop temp = WithSessions();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        TableTrainResponse trained = await shop.Sessions.TrainAsync(new TrainRequest { Epochs = 6 });
        await PostAsync(shop, "new", InteractionKind.View, "hot");
        ScoreResponse before = await shop.Sessions.ScoreAsync(new ScoreRequest { ShopperId = "new" });

        await PostAsync(shop, "new", InteractionKind.Cart, "hot");
        ScoreResponse after = await shop.Sessions.ScoreAsync(new ScoreRequest { ShopperId = "new", Explain = true });

        Assert.True(trained.IsActive);
        Assert.Equal((1, 2), (before.Events, after.Events));
        Assert.True(after.Intent!.Purchase > before.Intent!.Purchase + 0.1, $"{before.Intent.Purchase} then {after.Intent.Purchase}");
        Assert.Equal(0, after.Intent.Leaving);
        Assert.False(after.IsOver);
        Assert.Equal("put hot in the cart", after.Reasons[0].Text);
        Assert.Equal(trained.Version, after.Version);
    }

    [Fact]
    public async Task Told_events_are_scored_as_the_same_events_of_a_session_are()
    {
        using TempShop temp = WithSessions();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        await shop.Sessions.TrainAsync(new TrainRequest { Epochs = 2 });
        Snapshot snapshot = (await shop.Catalog.LiveAsync()).Snapshot;
        ShopperResponse timeline = await shop.Sessions.ShopperAsync(new ShopperRequest { ShopperId = "u3", Count = 1 });
        ShopperSession latest = Assert.Single(timeline.Results);

        ScoreResponse told = await shop.Sessions.ScoreAsync(new ScoreRequest
        {
            ShopperId = "u3",
            Events = [.. latest.Events.Select(e => new ScoredEvent { Kind = e.Kind, Product = e.ProductId, At = e.At })],
        });

        Assert.Equal(timeline.Intent!.Purchase, told.Intent!.Purchase, 4);
        Assert.All(latest.Events, item => Assert.NotNull(item.Intent));
        Assert.Equal(snapshot.Info.HasRealTimes, timeline.IsOver);
    }

    [Fact]
    public async Task A_timeline_goes_back_page_by_page()
    {
        using TempShop temp = WithSessions();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);

        ShopperResponse first = await shop.Sessions.ShopperAsync(new ShopperRequest { ShopperId = "u3", Count = 4 });
        ShopperResponse second = await shop.Sessions.ShopperAsync(new ShopperRequest { ShopperId = "u3", Count = 100, Next = first.Next });

        Assert.Null(first.Intent);                                                        // nothing is trained
        Assert.Equal(first.Facts.Sessions, first.Results.Count + second.Results.Count);
        Assert.Null(second.Next);
        Assert.True(first.Results[^1].StartedAt > second.Results[0].StartedAt);
        Assert.Null(first.Worth);                                                         // twenty shoppers are too few to tell
        await Assert.ThrowsAsync<NotFoundException>(() => shop.Sessions.ShopperAsync(new ShopperRequest { ShopperId = "nobody" }));
        await Assert.ThrowsAsync<ValidationException>(() => shop.Sessions.ShopperAsync(new ShopperRequest { ShopperId = "u3", Next = "x" }));
    }

    [Fact]
    public async Task A_version_goes_back_into_service_by_hand()
    {
        using TempShop temp = WithSessions();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        TableTrainResponse first = await shop.Sessions.TrainAsync(new TrainRequest { Epochs = 1 });
        TableTrainResponse second = await shop.Sessions.TrainAsync(new TrainRequest { Epochs = 1, Seed = 2, Activate = true });

        KeptVersions kept = await shop.Sessions.ActivateAsync(new ActivateRequest { Version = first.Version });

        Assert.Equal(first.Version, kept.ActiveVersion);
        Assert.Contains(kept.Versions, version => version.Version == second.Version);
        await Assert.ThrowsAsync<NotFoundException>(() => shop.Sessions.ActivateAsync(new ActivateRequest { Version = "no-such" }));
    }

    [Fact]
    public async Task A_model_of_a_table_scores_a_row()
    {
        using TempShop temp = WithSessions();
        await using Shop shop = await temp.OpenAsync();
        string table = Path.Combine(temp.Root, "table.csv");
        var random = new Random(5);
        File.WriteAllLines(table, ["months,plan,churned", .. Enumerable.Range(0, 300).Select(_ =>
        {
            int months = random.Next(60);
            return $"{months},{(random.Next(2) == 0 ? "monthly" : "yearly")},{(random.Next(60) > months ? "yes" : "no")}";
        })]);
        await shop.Sessions.TrainAsync(new TrainRequest { Table = table, Target = "churned", Epochs = 3 });

        ScoreResponse young = await shop.Sessions.ScoreAsync(new ScoreRequest { Attributes = ["months=1", "plan=monthly"], Explain = true });
        ScoreResponse old = await shop.Sessions.ScoreAsync(new ScoreRequest { Attributes = ["months=58", "plan=monthly"] });

        Assert.Equal("churned", young.Row!.Target);
        Assert.Equal(1, young.Row.Chances.Values.Sum(), 4);
        Assert.True(young.Row.Chances["yes"] > old.Row!.Chances["yes"]);
        Assert.NotEmpty(young.Reasons);
        await Assert.ThrowsAsync<ValidationException>(() => shop.Sessions.ScoreAsync(new ScoreRequest { Attributes = ["no-such=1"] }));
    }

    [Fact]
    public async Task Questions_before_the_training_say_what_to_do()
    {
        using TempShop temp = WithSessions();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);

        ModelNotTrainedException refused = await Assert.ThrowsAsync<ModelNotTrainedException>(() => shop.Sessions.ScoreAsync(new ScoreRequest { ShopperId = "u1" }));

        Assert.Contains("cartwright behavior train", refused.Message, StringComparison.Ordinal);
    }

    private static Task PostAsync(Shop shop, string shopper, InteractionKind kind, string product) => shop.Catalog.AppendAsync(new InteractionsRequest
    {
        Interactions = [new Interaction { Shopper = shopper, Session = "live", Kind = kind, Product = product }],
    });

    /// <summary>Twenty shoppers who look at a hot or a cold product; hot ones are mostly bought.</summary>
    private static TempShop WithSessions()
    {
        var rows = new StringBuilder("at,shopper,session,kind,product\n");
        var random = new Random(3);
        for (int s = 0; s < 300; s++)
        {
            DateTimeOffset at = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(3 * s);
            string product = random.Next(2) == 0 ? "hot" : "cold";
            string[] kinds = random.NextDouble() > (product == "hot" ? 0.7 : 0.1) ? ["view", "view"]
                : random.NextDouble() < 0.85 ? ["view", "cart", "purchase"] : ["view", "cart"];
            foreach (string kind in kinds)
            {
                rows.Append(CultureInfo.InvariantCulture, $"{at = at.AddMinutes(1):O},u{s % 20},s{s},{kind},{product}\n");
            }
        }

        return new TempShop().Write("interactions.csv", rows.ToString()).Write("products.csv", "id,title,price\nhot,hot,10\ncold,cold,20\n");
    }
}
