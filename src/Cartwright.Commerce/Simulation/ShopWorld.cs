namespace Cartwright.Commerce.Simulation;

/// <summary>Everything that doesn't change during the simulation.</summary>
internal sealed class ShopWorld
{
    /// <summary>Length of the vectors of taste.</summary>
    public const int VectorSize = 12;

    /// <summary>How much categories attract: standard deviation of a taste's components.</summary>
    private const double TasteStrength = 1.8;

    private const int ProductsPerLeaf = 10;

    private const double SessionsPerShopperAndYear = 11.5;

    private const double CounterUnitsPerShopperAndDay = 0.16;

    public ShopWorld(int seed, int productCount, int shopperCount, int days, SimulatedCalendar? calendar = null)
    {
        Days = days;
        Calendar = calendar ?? SimulatedCalendar.Usual;
        Random random = Draws.Stream(seed, "world");
        LeafVectors = MakeLeaves(random);
        BrandVectors = [.. ShopWords.Brands.Select(_ => Unit(random))];
        StyleVectors = [.. ShopWords.Styles.Select(_ => Unit(random))];
        Products = MakeProducts(Draws.Stream(seed, "products"), productCount, days);
        LeafProducts = [.. ShopWords.Leaves.Select((_, leaf) => Enumerable.Range(0, productCount).Where(p => Products[p].Leaf == leaf).ToArray())];
        LeafReferencePrice = [.. LeafProducts.Select((products, leaf) =>
            products.Length == 0 ? ShopWords.Leaves[leaf].Price : products.Average(p => Products[p].ReferencePrice))];
        LeafGoesWith = [.. ShopWords.Leaves.Select(words => words.GoesWith
            .Select(path => Array.FindIndex(ShopWords.Leaves, other => other.Path == path))
            .Where(other => LeafProducts[other].Length > 0).ToArray())];
        MatchComplements(Draws.Stream(seed, "complements"));
        SetCounterDemand(shopperCount);
        Shoppers = MakeShoppers(Draws.Stream(seed, "shoppers"), shopperCount, days);
        Queries = MakeQueries();
    }

    public int Days { get; }

    public SimulatedCalendar Calendar { get; }

    public float[][] LeafVectors { get; }

    public float[][] BrandVectors { get; }

    public float[][] StyleVectors { get; }

    public SimulatedProduct[] Products { get; }

    public int[][] LeafProducts { get; }

    public double[] LeafReferencePrice { get; }

    /// <summary>Categories that are bought together with each category.</summary>
    public int[][] LeafGoesWith { get; }

    public SimulatedShopper[] Shoppers { get; }

    public SimulatedQuery[] Queries { get; }

    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);

    private static float[][] MakeLeaves(Random random)
    {
        var roots = new Dictionary<string, float[]>();
        return [.. ShopWords.Leaves.Select(words =>
        {
            string root = words.Path[..words.Path.IndexOf(" > ", StringComparison.Ordinal)];
            if (!roots.TryGetValue(root, out float[]? shared))
            {
                roots.Add(root, shared = Unit(random));
            }

            return Normalized(Sum((shared, 0.6), (Unit(random), 0.8)));
        })];
    }

    private SimulatedProduct[] MakeProducts(Random random, int count, int days)
    {
        var products = new SimulatedProduct[count];
        int leafCount = Math.Clamp(count / ProductsPerLeaf, 1, ShopWords.Leaves.Length);         // a small shop has fewer categories
        for (int i = 0; i < count; i++)
        {
            int leaf = i < leafCount ? i : random.Next(leafCount);
            LeafWords words = ShopWords.Leaves[leaf];
            int noun = random.Next(words.Nouns.Length);
            int brand = ((leaf * 5) + random.Next(6)) % ShopWords.Brands.Length;         // a brand is at home in a few categories
            int style = random.Next(ShopWords.Styles.Length);
            int color = random.Next(ShopWords.Colors.Length);
            double price = PriceEnding(words.Price * random.LogNormal(0.35)) / 100.0;
            bool isLaunched = count > leafCount && random.Chance(0.12);
            products[i] = new SimulatedProduct
            {
                Id = $"p{i + 1:D5}",
                Title = $"{ShopWords.Brands[brand]} {random.Pick(ShopWords.Series)} {ShopWords.Styles[style]} {words.Nouns[noun]}, {ShopWords.Colors[color]}",
                Leaf = leaf,
                Noun = noun,
                Brand = brand,
                Style = style,
                Color = color,
                ReferencePrice = price,
                Cost = Math.Round(price * (0.35 + (0.2 * random.NextDouble())), 2),
                LaunchDay = isLaunched ? random.Next(Math.Max(1, days * 9 / 10)) : -1 - random.Next(900),
                Within = Sum((BrandVectors[brand], 0.5), (StyleVectors[style], 0.6), (Unit(random), 0.35)),
                Elasticity = Math.Clamp(2 + (0.5 * random.Normal()), 0.8, 3.2),
                Quality = random.Normal(),
                Popularity = random.LogNormal(0.45),
                LeadTimeDays = 2 + random.Next(9),
            };
        }

        return products;
    }

    /// <summary>Two products each from the categories that go with a product's own, near it in brand and style.</summary>
    private void MatchComplements(Random random)
    {
        foreach (SimulatedProduct product in Products)
        {
            product.Complements = [.. LeafGoesWith[product.Leaf].SelectMany(leaf => LeafProducts[leaf]
                .OrderByDescending(other => Dot(product.Within, Products[other].Within) + (0.2 * random.Normal()))
                .Take(2))];
        }
    }

    private void SetCounterDemand(int shopperCount)
    {
        double sum = Products.Sum(p => p.Popularity);
        foreach (SimulatedProduct product in Products)
        {
            product.CounterDemand = CounterUnitsPerShopperAndDay * shopperCount * product.Popularity / sum;
        }
    }

    private static SimulatedShopper[] MakeShoppers(Random random, int count, int days) =>
    [.. Enumerable.Range(0, count).Select(i =>
    {
        int joinDay = random.Chance(0.65) ? -1 - random.Next(700) : random.Next(Math.Max(1, days * 19 / 20));
        return new SimulatedShopper
        {
            Id = $"u{i + 1:D6}",
            JoinDay = joinDay,
            LeaveDay = (int)(Math.Max(0, joinDay) - (900 * Math.Log(1 - random.NextDouble()))),
            Activity = SessionsPerShopperAndYear / 365 * random.LogNormal(0.7),
            Taste = [.. Enumerable.Range(0, VectorSize).Select(_ => (float)(TasteStrength * random.Normal()))],
            PriceSensitivity = random.LogNormal(0.4),
            Region = random.Pick(ShopWords.Regions),
            Device = random.Pick(ShopWords.Devices),
            Newsletter = random.Chance(0.4),
        };
    })];

    /// <summary>Every noun alone, with each style, and with each brand of its category.</summary>
    private SimulatedQuery[] MakeQueries()
    {
        var queries = new List<SimulatedQuery>();
        for (int leaf = 0; leaf < ShopWords.Leaves.Length; leaf++)
        {
            string[] nouns = ShopWords.Leaves[leaf].Nouns;
            int[] brands = [.. LeafProducts[leaf].Select(p => Products[p].Brand).Distinct().Order()];
            for (int noun = 0; noun < nouns.Length; noun++)
            {
                queries.Add(new SimulatedQuery(nouns[noun], leaf, noun, -1, -1));
                queries.AddRange(ShopWords.Styles.Select((style, s) => new SimulatedQuery($"{style} {nouns[noun]}", leaf, noun, s, -1)));
                queries.AddRange(brands.Select(b => new SimulatedQuery($"{ShopWords.Brands[b].ToLowerInvariant()} {nouns[noun]}", leaf, noun, -1, b)));
            }
        }

        return [.. queries];
    }

    /// <returns>A price in cents that ends in 9: 12.34 gives 1229.</returns>
    public static int PriceEnding(double price) => Math.Max(9, (int)Math.Round(price * 10) * 10 - 1);

    private static float[] Unit(Random random) => Normalized([.. Enumerable.Range(0, VectorSize).Select(_ => (float)random.Normal())]);

    private static float[] Normalized(float[] vector)
    {
        double norm = Math.Sqrt(Dot(vector, vector));
        return [.. vector.Select(x => (float)(x / norm))];
    }

    private static float[] Sum(params ReadOnlySpan<(float[] Vector, double Weight)> parts)
    {
        float[] sum = new float[VectorSize];
        foreach ((float[] vector, double weight) in parts)
        {
            for (int i = 0; i < VectorSize; i++)
            {
                sum[i] += (float)(weight * vector[i]);
            }
        }

        return sum;
    }
}
