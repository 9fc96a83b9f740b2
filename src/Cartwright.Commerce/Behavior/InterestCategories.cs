using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>The categories that shoppers are told apart by, and how each shopper's interest spreads over them.</summary>
internal sealed class InterestCategories
{
    private const int MostCategories = 16;

    /// <summary>A category with less of the purchases is not worth a name.</summary>
    private const double LeastShare = 0.005;

    private readonly int[] _categoryOf;                 // of each product; -1 for none of the named

    private InterestCategories(string[] names, int[] categoryOf) => (Names, _categoryOf) = (names, categoryOf);

    /// <summary>Paths, the largest first; none where products have no categories.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The first level of the paths where it has three categories or more, else the deepest one.</summary>
    public static InterestCategories Of(Snapshot shop)
    {
        string?[] first = [.. shop.Products.Select(product => product.Category is { } path ? CategoryPath.WithParents(path).Last() : null)];
        string?[] level = first.Distinct(StringComparer.Ordinal).Count(name => name is not null) >= 3 ? first : [.. shop.Products.Select(product => product.Category)];
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        InteractionColumns rows = shop.Interactions;
        long all = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows.Kind[i] == InteractionKind.Purchase && rows.Shopper[i] >= 0 && rows.Product[i] >= 0)
            {
                all++;
                if (level[rows.Product[i]] is { } name)
                {
                    counts[name] = counts.GetValueOrDefault(name) + 1;
                }
            }
        }

        string[] names = [.. counts.Where(count => count.Value >= LeastShare * all).OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)
            .Take(MostCategories).Select(count => count.Key)];
        Dictionary<string, int> index = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        return new InterestCategories(names, [.. level.Select(name => name is not null && index.TryGetValue(name, out int i) ? i : -1)]);
    }

    /// <summary>Each category's share of what a shopper bought, or looked at where nothing was bought.</summary>
    /// <param name="end">Microseconds since 1970 up to which counts.</param>
    /// <param name="shares">One for each of <see cref="Names"/>; NaN where the shopper did nothing with a product.</param>
    public void Share(InteractionColumns rows, int shopper, bool isBuyer, long end, Span<double> shares)
    {
        shares.Clear();
        double count = 0;
        for (int i = rows.ShopperStart[shopper]; i < rows.ShopperStart[shopper + 1] && rows.At[i] <= end; i++)
        {
            bool counts = isBuyer ? rows.Kind[i] == InteractionKind.Purchase : rows.Kind[i].IsInterest();
            if (counts && rows.Product[i] >= 0)
            {
                count++;
                if (_categoryOf[rows.Product[i]] is >= 0 and int category)
                {
                    shares[category]++;
                }
            }
        }

        for (int c = 0; c < shares.Length; c++)
        {
            shares[c] /= count;
        }
    }
}
