using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class SegmentationTests
{
    private const int OfEach = 60;

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Finds_three_kinds_of_shoppers_that_were_planted_and_names_them_by_what_they_do()
    {
        SegmentResponse answer = Segments(Shop(seed: 1), new SegmentRequest { Members = OfEach });

        Assert.Equal(3, answer.Segments.Count);
        (string Id, int Segment)[] sorted = [.. answer.Segments.SelectMany((segment, s) => segment.Members.Select(id => (id, s)))];
        Assert.Equal(3 * OfEach, sorted.Length);
        Assert.InRange(Clusters.AdjustedRandIndex([.. sorted.Select(one => one.Id[0] - 'a')], [.. sorted.Select(one => one.Segment)]), 0.95, 1);
        ShopperSegment readers = answer.Segments.Single(segment => segment.Members[0][0] == 'a');
        Assert.Contains("frequent", readers.Name, StringComparison.Ordinal);
        Assert.Contains("buyers of Books", readers.Name, StringComparison.Ordinal);
        Assert.Contains("visitors without a purchase", answer.Segments.Single(segment => segment.Members[0][0] == 'c').Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Worth_shares_and_means_are_those_of_the_members()
    {
        SegmentResponse answer = Segments(Shop(seed: 2), new SegmentRequest { Segments = 3, Members = 200 });

        Assert.Equal(1, answer.Segments.Sum(segment => segment.Share), 9);
        Assert.Equal(1, answer.Segments.Sum(segment => segment.SpentShare), 9);
        Assert.All(answer.Segments, segment => Assert.Equal(segment.Spent, segment.MeanSpent * segment.Shoppers, 6));
        ShopperSegment readers = answer.Segments[0];
        Assert.Equal(OfEach * 10 * 8 * 1.0, readers.Spent, 6);
        SegmentTrait books = readers.Traits.First(trait => trait.Feature == "share of Books");
        Assert.True(books is { Mean: > 0.8, OthersMean: < 0.5, Difference: > 0.5 }, books.ToString());
        Assert.Equal(answer.Segments.OrderByDescending(segment => segment.Spent), answer.Segments);
    }

    [Fact]
    public void The_same_seed_gives_the_same_segments()
    {
        Snapshot shop = Shop(seed: 3);

        SegmentResponse first = Segments(shop, new SegmentRequest { Seed = 5, Segments = 4 });
        SegmentResponse second = Segments(shop, new SegmentRequest { Seed = 5, Segments = 4 });

        Assert.Equal(first.Tried, second.Tried);
        Assert.Equal(first.Segments.Select(segment => segment.Name), second.Segments.Select(segment => segment.Name));
        Assert.Equal(first.Segments.SelectMany(segment => segment.Members), second.Segments.SelectMany(segment => segment.Members));
        Assert.Equal(first.Segments.Count, first.Segments.Select(segment => segment.Name).Distinct().Count());
    }

    [Fact]
    public void Times_that_only_keep_an_order_leave_out_what_needs_days()
    {
        SegmentResponse answer = Segments(Shop(seed: 1, times: "order"), new SegmentRequest { Segments = 3 });

        Assert.Null(answer.Until);
        Assert.DoesNotContain(answer.Segments.SelectMany(segment => segment.Traits), trait => trait.Feature.StartsWith("days since", StringComparison.Ordinal));
    }

    [Fact]
    public void A_clock_that_ran_ahead_does_not_make_everybody_lapse()
    {
        SegmentResponse answer = Segments(Shop(seed: 1, strayAt: Start.AddYears(80)), new SegmentRequest { Segments = 3 });

        Assert.Equal(new DateOnly(2026, 1, 5).AddDays(100), answer.Until);
    }

    [Fact]
    public void Too_few_shoppers_are_refused_with_the_number_that_is_needed()
    {
        var refusal = Assert.Throws<ValidationException>(() => Segments(new TinyShop().Shopper("a", "xyz").Snapshot(), new SegmentRequest()));

        Assert.Contains("30", refusal.Message, StringComparison.Ordinal);
    }

    private static SegmentResponse Segments(Snapshot shop, SegmentRequest request) =>
        new Segmentation(request, new FixedClock(Start.AddDays(200))).Of(shop, progress: null, CancellationToken.None);

    /// <summary>"a…" buy a book every ten days, "b…" bought a toy or a garden tool once, "c…" only look.</summary>
    private static Snapshot Shop(int seed, string times = "real", DateTimeOffset? strayAt = null)
    {
        var random = new Random(seed);
        var builder = new SnapshotBuilder();
        foreach (string category in new[] { "Books", "Toys", "Garden" })
        {
            builder.AddProduct(new Product { Id = category, Title = category, Category = category });
        }

        for (int i = 0; i < OfEach; i++)
        {
            for (int visit = 0; visit < 10; visit++)
            {
                Did(builder, $"a{i}", visit, (visit * 10) + random.Next(8), InteractionKind.Purchase, random.Next(10) > 0 ? "Books" : "Toys");
            }

            Did(builder, $"b{i}", 0, random.Next(60), InteractionKind.Purchase, random.Next(2) == 0 ? "Toys" : "Garden");
            for (int look = 0; look < 4 + random.Next(4); look++)
            {
                Did(builder, $"c{i}", 0, 100, InteractionKind.View, random.Next(2) == 0 ? "Toys" : "Garden", look);
            }
        }

        if (strayAt is { } stray)
        {
            builder.Add(new Interaction { At = stray, Shopper = "a0", Kind = InteractionKind.View, Product = "Books" });
        }

        return builder.Build(new ShopInfo { Times = times });
    }

    private static void Did(SnapshotBuilder builder, string shopper, int visit, int day, InteractionKind kind, string product, int minute = 0) => builder.Add(new Interaction
    {
        At = Start.AddDays(day).AddMinutes(minute), Shopper = shopper, Session = $"{shopper}-{visit}", Kind = kind, Product = product, Quantity = 1, Price = 8,
    });

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
