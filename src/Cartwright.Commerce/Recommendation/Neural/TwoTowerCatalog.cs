namespace Cartwright.Commerce.Recommendation;

/// <summary>What <see cref="TwoTower"/> reads of products: their features, and how often each was met.</summary>
internal sealed class TwoTowerCatalog
{
    private readonly int[][] _features;
    private readonly float[] _counts;
    private readonly int _stepCount;

    public TwoTowerCatalog(TrainingData data)
    {
        _counts = PopularityTrainer.Count(data.Sequences.Product, data.ProductCount);
        _stepCount = data.Sequences.StepCount;
        Met = [.. Enumerable.Range(0, data.ProductCount).Where(WasMet)];
        Features = ProductFeatures.SharedBy(Met.Select(product => data.Content.Products[product]));
        _features = [.. data.Content.Products.Select(Features.Of)];
    }

    /// <summary>Products that somebody did something with: nothing is learned of the others' own vectors.</summary>
    public int[] Met { get; }

    /// <summary>Those of products that were met: nothing is learned of others.</summary>
    public ProductFeatures Features { get; }

    public bool WasMet(int product) => _counts[product] > 0;

    /// <summary>Share of all steps that are this product's.</summary>
    public float ShareOf(int product) => _counts[product] / _stepCount;

    /// <returns>Product i has Features[Offsets[i]] up to Features[Offsets[i + 1]].</returns>
    public (int[] Features, int[] Offsets) FeaturesOf(int[] products)
    {
        int[] offsets = new int[products.Length + 1];
        for (int i = 0; i < products.Length; i++)
        {
            offsets[i + 1] = offsets[i] + _features[products[i]].Length;
        }

        return ([.. products.SelectMany(product => _features[product])], offsets);
    }
}
