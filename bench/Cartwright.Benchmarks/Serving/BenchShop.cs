using System.Text.Json;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Benchmarks.Serving;

/// <summary>A shop that is made for a measurement, with something to learn for each family: chains of products that follow each other, and what everybody buys.</summary>
internal sealed record BenchShop(int Products, int Shoppers, int ActsPerShopper, double Rate, double MostMilliseconds, string What, IReadOnlyList<(string Name, int Epochs)> Models, RecommendationPipeline? Pipeline)
{
    private const int Brands = 90;
    private const int Rooms = 20;
    private const int Shelves = 200;
    private const int ListLength = 5;
    private const double LooksAtNext = 0.7;

    public static BenchShop Plain { get; } = new(12_000, 6_000, 12, 1_200, 5, "no pipeline", [("sasrec", 1)], null);

    public static BenchShop Full { get; } = new(100_000, 25_000, 20, 300, 15, "ranker, diversity, category cap, seven rules, products left out",
        [("item-knn", 1), ("session-knn", 1), ("popularity", 1)],
        new RecommendationPipeline
        {
            Weights = new Dictionary<string, double>(StringComparer.Ordinal) { ["item-knn"] = 1, ["session-knn"] = 0.8, ["als"] = 0.6, ["sasrec"] = 0.5, ["popularity"] = 0.1 },
            Diversity = 0.3,
            CategoryCap = 3,
            Rules =
            [
                new MerchandisingRule { Id = "room", Action = MerchandisingAction.Boost, Category = "Room 3", Strength = 0.5 },
                new MerchandisingRule { Id = "brand", Action = MerchandisingAction.Bury, Brand = "Brand 7" },
                new MerchandisingRule { Id = "tag", Action = MerchandisingAction.Boost, Tag = "sale", Strength = 0.2 },
                new MerchandisingRule { Id = "color", Action = MerchandisingAction.Boost, Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["color"] = "red" }, Strength = 0.2 },
                new MerchandisingRule { Id = "old", Action = MerchandisingAction.Hide, Category = "Room 5 > Shelf 25" },
                new MerchandisingRule { Id = "first", Action = MerchandisingAction.Pin, ProductIds = ["p1", "p12345"], Place = 3 },
                new MerchandisingRule { Id = "best", Action = MerchandisingAction.Pin, Brand = "Brand 11", Place = 6 },
            ],
        });

    /// <summary>What the i-th visitor asks.</summary>
    public RecommendRequest Question(int i) => new()
    {
        ShopperId = $"s{i % Shoppers}",
        ExcludeProducts = Pipeline is null ? [] : [$"p{i % Products}", $"p{(i + 17) % Products}"],
    };

    /// <summary>The same as JSON bodies.</summary>
    public byte[][] Bodies() => [.. Enumerable.Range(0, Shoppers).Select(Question)
        .Select(question => JsonSerializer.SerializeToUtf8Bytes(new { shopperId = question.ShopperId, excludeProducts = question.ExcludeProducts }))];

    /// <summary>Writes its shop folder.</summary>
    public void Write(string folder)
    {
        var random = new Random(3);
        using (var products = new StreamWriter(Path.Combine(folder, "products.csv")))
        {
            products.WriteLine("id,title,category,brand,price,stock,tags,color");
            for (int p = 0; p < Products; p++)
            {
                string tags = p % 10 == 0 ? "sale" : "", color = p % 7 == 0 ? "red" : "blue";
                products.WriteLine($"p{p},Product {p},Room {p % Rooms} > Shelf {p % Shelves},Brand {p % Brands},{5 + (p % 300)}.50,{p % 50},{tags},{color}");
            }
        }

        using var interactions = new StreamWriter(Path.Combine(folder, "interactions.csv"));
        interactions.WriteLine("id,at,shopper,session,kind,product,position");
        for (int s = 0; s < Shoppers; s++)
        {
            int product = random.Next(Products);
            for (int i = 0; i < ActsPerShopper; i++)
            {
                // Two of three along the chain.
                int bought = random.Next(3) > 0 ? product : (int)(Products * Math.Pow(random.NextDouble(), 4));
                int at = 1_760_000_000 + (s * 60) + (i * 3600);
                string visit = "";
                if (Pipeline is not null && s % 10 == 0 && i % 4 == 3)
                {
                    visit = $"v{s}-{i}";
                    WriteList(interactions, random, visit, $"{at - 60},s{s},{visit},impression", bought);
                }

                interactions.WriteLine($"{s}-{i},{at},s{s},{visit},purchase,p{bought},");
                product = (product + random.Next(1, 20)) % Products;
            }
        }
    }

    /// <summary>A list of what was shown before a purchase, the bought product where somebody looks who looks at each place less often than at the one above.</summary>
    private void WriteList(StreamWriter interactions, Random random, string id, string row, int bought)
    {
        int place = 1;
        while (place < ListLength && random.NextDouble() > LooksAtNext)
        {
            place++;
        }

        for (int at = 1; at <= ListLength; at++)
        {
            interactions.WriteLine($"{id}-{at},{row},p{(at == place ? bought : random.Next(Products))},{at}");
        }
    }
}
