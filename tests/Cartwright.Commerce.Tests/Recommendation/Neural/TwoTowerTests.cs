using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class TwoTowerTests : IClassFixture<TasteShop>
{
    private const string Newcomer = "z";
    private readonly TasteShop _shop;

    public TwoTowerTests(TasteShop shop) => _shop = shop;

    [Fact]
    public void A_product_that_nobody_has_met_ranks_by_its_content_far_above_its_place_by_popularity()
    {
        TrainingData data = ShopWithNewcomer(taste: 2);
        IRecommendationModel model = Fit(data);

        int own = Rank(model, [21, 24, 27], data.ProductCount - 1);
        int other = Rank(model, [1, 4, 7], data.ProductCount - 1);

        int popular = Rank(new PopularityTrainer().Fit(data, new FitOptions(), null, CancellationToken.None), [21, 24, 27], data.ProductCount - 1);
        Assert.Equal(data.ProductCount - 3, popular);                // last of those that are not in the history
        Assert.InRange(own, 1, 12);
        Assert.True(other > own, $"{other} for shoppers of another taste, {own} for those of its own");
    }

    [Fact]
    public void A_record_read_later_scores_as_if_it_had_been_in_the_catalog()
    {
        TrainingData data = ShopWithNewcomer(taste: 1);
        TwoTowerModel model = Fit(data);
        float[] scores = new float[data.ProductCount];
        float[] later = new float[1];

        model.Score(new[] { 11, 14 }, scores);
        model.ScoreDescribed(new[] { 11, 14 }, [model.Describe(data.Content.Products[^1])!], later);

        Assert.Equal(scores[^1], later[0], 1e-5f);
        Assert.Null(model.Describe(new Product { Id = "q", Title = "Quux" }));
    }

    [Fact]
    public void A_product_of_which_only_a_picture_is_known_ranks_by_what_the_picture_shows()
    {
        TrainingData data = ShopWithNewcomer(taste: null);
        (string, ReadOnlyMemory<float>)[] seen = [.. Enumerable.Range(0, 41).Select(p => (data.Content.Products[p].Id, (ReadOnlyMemory<float>)Look(p == 40 ? 2 : p / 10, new Random(p))))];
        TwoTowerModel blind = Fit(data);
        TwoTowerModel model = Fit(data with { Pictures = PictureVectors.Of(SnapshotOf(data), seen) });

        int own = Rank(model, [21, 24, 27], data.ProductCount - 1);
        int other = Rank(model, [1, 4, 7], data.ProductCount - 1);

        Assert.InRange(own, 1, 12);
        Assert.True(other > own, $"{other} for shoppers of another taste, {own} for those of its own");
        Assert.True(Rank(blind, [21, 24, 27], data.ProductCount - 1) > 12);
    }

    [Fact]
    public void Few_numbers_keep_the_angles_between_pictures()
    {
        TrainingData data = ShopWithNewcomer(taste: null);
        PictureVectors few = PictureVectors.Of(SnapshotOf(data), [("A", Look(0, new Random(1))), ("B", Look(0, new Random(2))), ("C", Look(3, new Random(3))), ("gone", Look(1, new Random(4)))])!;

        Assert.True(Dot(few.Of(0), few.Of(1)) > 0.6);
        Assert.InRange(Dot(few.Of(0), few.Of(2)), -0.4, 0.4);
        Assert.All(few.Of(3).ToArray(), number => Assert.Equal(0, number));
        Assert.Null(PictureVectors.Of(SnapshotOf(data), [("gone", Look(1, new Random(4)))]));

        static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);
    }

    /// <summary>A picture of a taste: a direction of 300 numbers, each picture a little off it.</summary>
    private static float[] Look(int taste, Random random)
    {
        var own = new Random(100 + taste);
        float[] look = [.. Enumerable.Range(0, 300).Select(_ => (float)((own.NextDouble() - 0.5) + (0.3 * (random.NextDouble() - 0.5))))];
        float length = MathF.Sqrt(look.Sum(x => x * x));
        return [.. look.Select(x => x / length)];
    }

    private static Snapshot SnapshotOf(TrainingData data) => new TinyShop().Products([.. data.Content.Products.Select(product => product.Id)]).Snapshot();

    [Fact]
    public async Task A_product_added_after_training_is_ranked_by_its_record()
    {
        LiveShop before = await _shop.Shop.Catalog.LiveAsync();
        var data = new TrainingData
        {
            ProductCount = before.Products.Count,
            Sequences = HeldOut.Of(before.Snapshot).Train,
            Validation = HeldOut.Of(before.Snapshot).Validation,
            Content = ProductContent.Of(before.Products),
            HasRealTimes = true,
        };
        TwoTowerModel model = Fit(data);
        string[] ids = [.. before.Products.Select(product => product.Id)];

        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "added", Title = "Added", Brand = "Brand 3", Category = "Taste 3 > Fine", Price = 33 });
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "unlike", Title = "Unlike" });
        LiveShop now = await _shop.Shop.Catalog.LiveAsync();
        float[] scores = new float[now.Products.Count];
        new TrainedRanker(now, model, "v1", ids).Score(new[] { 31, 33 }, scores);

        int added = now.ProductIndex("added");
        Assert.True(scores.Count(score => score >= scores[added]) <= 12, string.Join(' ', scores));
        Assert.Equal(float.NegativeInfinity, scores[now.ProductIndex("unlike")]);
    }

    [Fact]
    public void Vectors_have_length_1_and_the_order_of_a_history_counts()
    {
        TwoTower network = new(new TwoTowerOptions { ProductCount = 3, FeatureCount = 16, HiddenSize = 8 }, new Random(1));

        Learning.Tensors.Tensor products = network.Products([0, 1, 2], [5, 7], [0, 1, 1, 2], [1, 1, 0]);
        float[] shoppers = network.Shoppers(Learning.Autograd.RowLookup.TakeRows(products, [0, 1, 1, 0]), [0, 2, 4]).ToArray();

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, products.Values.Slice(i * 8, 8).ToArray().Sum(x => x * x), 1e-4f);
        }

        Assert.Equal(1, shoppers[..8].Sum(x => x * x), 1e-4f);
        Assert.NotEqual(shoppers[..8], shoppers[8..]);
    }

    private static TwoTowerModel Fit(TrainingData data) =>
        (TwoTowerModel)new TwoTowerTrainer().Fit(data, new FitOptions { Seed = 3, Epochs = 30 }, null, CancellationToken.None);

    /// <summary>200 shoppers, 40 products of four tastes with a brand each, and one more product that nobody has; without brands where it has no taste.</summary>
    private static TrainingData ShopWithNewcomer(int? taste)
    {
        var random = new Random(9);
        var tiny = new TinyShop();
        for (int p = 0; p < 40; p++)
        {
            tiny.Product(new Product { Id = ((char)('A' + p)).ToString(), Title = "Thing", Brand = taste is null ? null : $"Brand {p / 10}" });
        }

        tiny.Product(new Product { Id = Newcomer, Title = "Thing", Brand = taste is null ? null : $"Brand {taste}" });
        for (int s = 0; s < 200; s++)
        {
            int own = random.Next(4) * 10;
            tiny.Shopper($"s{s}", string.Concat(Enumerable.Range(0, 8).Select(_ => random.Next(5) == 0 ? random.Next(40) : own + random.Next(10))
                .Distinct().Select(p => (char)('A' + p))));
        }

        return ItemKnnTests.Data(tiny.Snapshot());
    }

    /// <summary>Place of a product, from 1, among those that are not in the history; ties count against it.</summary>
    private static int Rank(IRecommendationModel model, int[] history, int product)
    {
        float[] scores = new float[model.ProductCount];
        model.Score(history, scores);
        return Enumerable.Range(0, model.ProductCount).Except(history).Count(other => scores[other] >= scores[product]);
    }
}
