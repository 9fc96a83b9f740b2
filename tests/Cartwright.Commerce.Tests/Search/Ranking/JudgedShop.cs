using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Search;

/// <summary>A shop whose judges know something that words don't say: the thing is meant and not its case, whose title is shorter and so better by BM25.</summary>
internal static class JudgedShop
{
    private static readonly string[] Things = ["laptop", "phone", "camera", "tablet", "printer", "monitor", "speaker", "router"];
    private static readonly string[] Colors = ["black", "white", "red", "silver", "blue"];
    private static readonly string[] Makers = ["Acme", "Norda", "Velt"];

    public static List<Product> Products()
    {
        var random = new Random(5);
        var products = new List<Product>();
        foreach (string thing in Things)
        {
            foreach (string color in Colors)
            {
                foreach (string maker in Makers)
                {
                    Add($"{maker} {color} {thing} with charger, manual and two years of service", 200 + random.Next(400));
                    Add($"{color} {thing} case {maker}", 10 + random.Next(20));
                }
            }
        }

        return products;

        void Add(string title, int price) => products.Add(new Product { Id = $"p{products.Count}", Title = title, Brand = title.Split(' ')[0], Price = price });
    }

    /// <summary>3 for the thing in the color, 1 for it in another, 0 for a case.</summary>
    public static List<Judgment> Judgments(IReadOnlyList<Product> products) =>
    [
        .. Things.SelectMany(_ => Colors, (thing, color) => (thing, color)).SelectMany(asked => products.Where(product => product.Title.Contains(asked.thing, StringComparison.Ordinal))
            .Select(product => new Judgment
            {
                Query = $"{asked.color} {asked.thing}", Product = product.Id,
                Grade = product.Title.Contains("case", StringComparison.Ordinal) ? 0 : product.Title.Contains(asked.color, StringComparison.Ordinal) ? 3 : 1,
            })),
    ];
}
