using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Server.Storefront;

/// <summary>Which attributes of a catalog are worth a filter, counted once per snapshot.</summary>
internal sealed class StoreFacets
{
    private const int Count = 3;
    private const int MaxValueCount = 30;
    private const double MinShare = 0.2;

    private volatile Kept? _kept;

    /// <returns>The attributes that most products have, with few enough values to choose from; numbers are no choice.</returns>
    public IReadOnlyList<string> Of(Snapshot snapshot)
    {
        Kept? kept = _kept;
        if (kept?.Snapshot != snapshot)
        {
            _kept = kept = new Kept(snapshot, Choose(snapshot.Products));
        }

        return kept.Names;
    }

    private static string[] Choose(IReadOnlyList<Product> products)
    {
        var values = new Dictionary<string, (int Products, HashSet<string> Values)>(StringComparer.Ordinal);
        foreach ((string name, string value) in products.SelectMany(product => product.Attributes).Where(one => !double.TryParse(one.Value, CultureInfo.InvariantCulture, out _)))
        {
            (int count, HashSet<string> seen) = values.TryGetValue(name, out var known) ? known : (0, new HashSet<string>(StringComparer.OrdinalIgnoreCase));
            if (seen.Count <= MaxValueCount)
            {
                seen.Add(value);
            }

            values[name] = (count + 1, seen);
        }

        return [.. values.Where(one => one.Value.Products >= MinShare * products.Count && one.Value.Values.Count is > 1 and <= MaxValueCount)
            .OrderByDescending(one => one.Value.Products).ThenBy(one => one.Key, StringComparer.Ordinal).Take(Count).Select(one => one.Key)];
    }

    private sealed record Kept(Snapshot Snapshot, string[] Names);
}
