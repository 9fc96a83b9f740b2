using ShownPage = Cartwright.Commerce.Catalog.Search;

namespace Cartwright.Commerce.Tests.Search;

/// <summary>Click logs drawn from models whose parameters are known.</summary>
internal static class DrawnClicks
{
    public const int Products = 12;
    public const int Places = 6;

    /// <summary>By how much a product attracts: p0 least, p11 most.</summary>
    public static double Attraction(string product) => 0.05 + (0.07 * int.Parse(product.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Pages where place r is looked at with chance 1 / (r + 1), whatever happens above.</summary>
    public static List<ShownPage> ByPosition(int count, int seed) => Draw(count, seed, (random, product, place) => random.NextDouble() < Attraction(product) / (place + 1));

    /// <summary>Pages that are read downwards; a click satisfies half the time, and who isn't satisfied goes on with a chance of 0.8.</summary>
    public static List<ShownPage> InOrder(int count, int seed)
    {
        bool looks = true;
        return Draw(count, seed, (random, product, place) =>
        {
            looks = place == 0 || looks;
            bool clicks = looks && random.NextDouble() < Attraction(product);
            looks = looks && !(clicks && random.NextDouble() < 0.5) && random.NextDouble() < 0.8;
            return clicks;
        });
    }

    private static List<ShownPage> Draw(int count, int seed, Func<Random, string, int, bool> clicks)
    {
        var random = new Random(seed);
        var pages = new List<ShownPage>();
        for (int i = 0; i < count; i++)
        {
            string[] products = [.. Enumerable.Range(0, Products).Select(p => $"p{p}")];
            random.Shuffle(products);
            string[] shown = products[..Places];
            pages.Add(new ShownPage
            {
                Query = $"q{random.Next(2)}", Session = $"s{i / 3}", Shown = shown,
                Clicked = [.. Enumerable.Range(0, Places).Where(place => clicks(random, shown[place], place)).Select(place => place + 1)],
            });
        }

        return pages;
    }
}
