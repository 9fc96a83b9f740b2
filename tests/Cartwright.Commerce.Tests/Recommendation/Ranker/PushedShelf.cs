using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation.Ranker;

/// <summary>A log with a planted rule: a click is a look, with chance 1 / place, times what the shopper thinks; and the shop pushes some products to the top, whatever they are worth.</summary>
internal sealed class PushedShelf
{
    public const int ProductCount = 60;
    public const int ListLength = 10;
    private const int CategoryCount = 6;

    private readonly double[] _worth;
    private readonly double[] _pushed;
    private readonly Random _random;

    public PushedShelf(int seed)
    {
        _random = new Random(seed);
        _worth = [.. Enumerable.Range(0, ProductCount).Select(_ => (2 * _random.NextDouble()) - 1)];
        _pushed = [.. Enumerable.Range(0, ProductCount).Select(_ => _random.NextDouble())];
        Products = [.. Enumerable.Range(0, ProductCount).Select(p => new Product
        {
            Id = $"p{p:00}", Title = $"Thing {p}", Category = $"Category {p % CategoryCount}", Brand = $"Brand {p % 4}", Price = 5 + (p % 7),
        })];
        Catalog = ClickCatalog.Of(Products);
        Read = [.. Products.Select(Catalog.Read)];
    }

    public Product[] Products { get; }

    public ClickCatalog Catalog { get; }

    public ClickProduct[] Read { get; }

    /// <summary>Chance that somebody with this taste clicks a product that they look at.</summary>
    public double Chance(int product, int taste) => 1 / (1 + Math.Exp(-(-0.8 + (1.6 * _worth[product]) + (product % CategoryCount == taste ? 1.6 : 0))));

    public static double Look(int place) => 1.0 / place;

    /// <param name="tells">False where the log says no places.</param>
    public ClickRows Rows(int pageCount, bool tells = true)
    {
        var pages = new ImpressionPage[pageCount];
        for (int i = 0; i < pageCount; i++)
        {
            int taste = _random.Next(CategoryCount);
            int[] shown = [.. Enumerable.Range(0, ProductCount).Select(p => (p, Key: _pushed[p] + (0.7 * _random.NextDouble()))).OrderByDescending(pair => pair.Key)
                .Where(_ => _random.NextDouble() < 0.4).Select(pair => pair.p).Take(ListLength)];
            bool[] clicked = [.. shown.Select((p, place) => _random.NextDouble() < Look(place + 1) * Chance(p, taste))];
            pages[i] = new ImpressionPage(i % 500, i, History(taste), shown, [.. shown.Select((_, place) => tells ? place + 1 : 0)], clicked, new float[shown.Length]);
        }

        return RowsOf(pages);
    }

    /// <summary>Every product once for a shopper of a taste.</summary>
    public ClickRows All(int taste) => RowsOf([new ImpressionPage(0, 0, History(taste), [.. Enumerable.Range(0, ProductCount)], new int[ProductCount], new bool[ProductCount], new float[ProductCount])]);

    private Steps History(int taste) => (int[])[.. Enumerable.Range(0, 4).Select(_ => taste + (CategoryCount * _random.Next(ProductCount / CategoryCount)))];

    private ClickRows RowsOf(ImpressionPage[] pages) =>
        new(pages, Read, [.. pages.Select(page => new float[page.Products.Length * 2])], generatorCount: 1, hasRealTimes: false, ClickNetworkOptions.DefaultHistory);
}
