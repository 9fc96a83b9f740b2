using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class HeldOutTests
{
    [Fact]
    public void Holds_out_each_shoppers_last_step_where_times_only_keep_an_order()
    {
        HeldOut held = HeldOut.Of(new TinyShop { Times = "order" }.Shopper("ann", "abc").Shopper("bob", "bca").Shopper("eve", "a").Snapshot());

        Assert.Equal(5, held.Train.StepCount);
        Assert.Equal((1, 1), (held.Validation.Cases.Count, held.Judging.Cases.Count));
        Assert.Equal([0, 1], held.Validation.Cases[0].History.Products.ToArray());
        Assert.Equal([2], held.Validation.Cases[0].Targets.ToArray());
        Assert.Equal([0], held.Judging.Cases[0].Targets.ToArray());
    }

    [Fact]
    public void Holds_out_the_latest_days_where_times_are_real_and_targets_the_first_step_after()
    {
        const int day = 86_400;
        var tiny = new TinyShop { Times = "real" };
        for (int s = 0; s < 20; s++)
        {
            tiny.Shopper($"s{s}", "abcde", from: s * day);
        }

        HeldOut held = HeldOut.Of(tiny.Shopper("s0", "zx", from: (20 * day) + 3600).Shopper("s1", "zx", from: (20 * day) + 3600)
            .Shopper("late", "a", from: (20 * day) + 7200).Snapshot());

        RankingCase[] all = [.. held.Validation.Cases, .. held.Judging.Cases];
        Assert.Equal(2, all.Length);                             // the late one has nothing before the date
        Assert.All(all, one => Assert.Equal((5, 1), (one.History.Count, one.Targets.Length)));
        Assert.Equal(100, held.Train.StepCount);
    }

    [Theory]
    [InlineData("order", 0)]
    [InlineData("real", 20 * 86_400)]
    public void What_only_interactions_name_is_history_and_neither_target_nor_candidate(string times, long lastDay)
    {
        var tiny = new TinyShop { Times = times };
        tiny.Product(new Product { Id = "x", Title = "x", IsMentioned = true });
        for (int s = 0; s < 20; s++)
        {
            tiny.Shopper($"s{s}", "axbcd", from: s);
        }

        HeldOut held = HeldOut.Of(tiny.Shopper("s0", "xe", from: lastDay + 100).Shopper("s1", "x", from: lastDay + 100).Snapshot());

        RankingCase[] all = [.. held.Validation.Cases, .. held.Judging.Cases];
        Assert.All(all, one => Assert.DoesNotContain(0, one.Targets.ToArray()));
        Assert.Contains(all, one => one.Owner == 0 && one.Targets.Span[0] == 5);   // "e", whatever "x" before it
        Assert.All(all, one => Assert.Contains(0, one.History.Products.ToArray()));
        Assert.Equal([0], held.Judging.Unlisted);
    }

    [Fact]
    public void Where_the_latest_days_leave_nobody_to_judge_by_each_shoppers_last_step_is_held_out()
    {
        var tiny = new TinyShop { Times = "real" };
        for (int s = 0; s < 10; s++)
        {
            tiny.Shopper($"s{s}", "abc", from: s * 86_400);          // nobody comes back
        }

        HeldOut held = HeldOut.Of(tiny.Snapshot());

        Assert.Equal((20, 5, 5), (held.Train.StepCount, held.Validation.Cases.Count, held.Judging.Cases.Count));
    }

    [Fact]
    public void Where_all_times_are_one_each_shoppers_last_step_is_held_out()
    {
        var tiny = new TinyShop { Times = "real" };
        for (int s = 0; s < 4; s++)
        {
            foreach (char product in "abc")
            {
                tiny.Shopper($"s{s}", product.ToString());
            }
        }

        HeldOut held = HeldOut.Of(tiny.Snapshot());

        Assert.Equal(8, held.Train.StepCount);
        Assert.Equal(4, held.Validation.Cases.Count + held.Judging.Cases.Count);
    }

    [Fact]
    public void Steps_on_one_product_that_follow_each_other_count_once()
    {
        Snapshot shop = new TinyShop { Times = "order" }
            .Shopper("ann", "aa", InteractionKind.View).Shopper("ann", "a", from: 10).Shopper("ann", "bc", InteractionKind.Cart, from: 20).Snapshot();

        HeldOut held = HeldOut.Of(shop);

        Assert.Equal([0, 1], held.Train.ProductsOf(0).ToArray());
        Assert.Equal(InteractionKind.Purchase, held.Train.KindsOf(0)[0]);
    }
}
