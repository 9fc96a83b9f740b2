using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Histories as sets: each product once, by rising number.</summary>
internal sealed class ProductBags
{
    private ProductBags(int[] products, int[] offsets) => (Products, Offsets) = (products, offsets);

    /// <summary>Products of all bags, one bag after the other.</summary>
    public int[] Products { get; }

    /// <summary>Bag b is Products[Offsets[b]] up to Products[Offsets[b + 1]].</summary>
    public int[] Offsets { get; }

    public int Count => Offsets.Length - 1;

    public ReadOnlySpan<int> this[int bag] => Products.AsSpan(Offsets[bag]..Offsets[bag + 1]);

    public static ProductBags Of(ReadOnlySpan<Steps> histories)
    {
        List<int> products = [];
        int[] offsets = new int[histories.Length + 1];
        for (int i = 0; i < histories.Length; i++)
        {
            products.AddRange(Distinct(histories[i].Products.Span));
            offsets[i + 1] = products.Count;
        }

        return new ProductBags([.. products], offsets);
    }

    /// <param name="bags">Products of each bag, each once.</param>
    public static ProductBags Joined(IReadOnlyList<int[]> bags)
    {
        int[] offsets = new int[bags.Count + 1];
        for (int i = 0; i < bags.Count; i++)
        {
            offsets[i + 1] = offsets[i] + bags[i].Length;
        }

        return new ProductBags([.. bags.SelectMany(bag => bag)], offsets);
    }

    /// <summary>A number for each bag, by how many products it has.</summary>
    public float[] Lengths(Func<int, float> of) => [.. Enumerable.Range(0, Count).Select(bag => of(Offsets[bag + 1] - Offsets[bag]))];

    /// <summary>The different products of each sequence that has at least so many.</summary>
    public static int[][] Of(Sequences sequences, int atLeast) =>
        [.. Enumerable.Range(0, sequences.Count).Select(s => Distinct(sequences.ProductsOf(s))).Where(bag => bag.Length >= atLeast)];

    private static int[] Distinct(ReadOnlySpan<int> products)
    {
        int[] sorted = products.ToArray();
        Array.Sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                sorted[count++] = sorted[i];
            }
        }

        return sorted[..count];
    }
}
