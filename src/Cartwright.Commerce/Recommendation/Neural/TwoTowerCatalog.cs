using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What <see cref="TwoTower"/> reads of products: their features and pictures, and how often each was met.</summary>
internal sealed class TwoTowerCatalog
{
    private readonly int[][] _features;
    private readonly float[] _counts;
    private readonly int _stepCount;
    private readonly PictureVectors? _pictures;

    public TwoTowerCatalog(TrainingData data)
    {
        _counts = PopularityTrainer.Count(data.Sequences.Product, data.ProductCount);
        _stepCount = data.Sequences.StepCount;
        _pictures = data.Pictures;
        Met = [.. Enumerable.Range(0, data.ProductCount).Where(WasMet)];
        Features = ProductFeatures.SharedBy(Met.Select(product => data.Content.Products[product]));
        _features = [.. data.Content.Products.Select(Features.Of)];
    }

    /// <summary>Products that somebody did something with: nothing is learned of the others' own vectors.</summary>
    public int[] Met { get; }

    /// <summary>Those of products that were met: nothing is learned of others.</summary>
    public ProductFeatures Features { get; }

    /// <summary>Numbers of a picture's vector; 0 where there are no pictures.</summary>
    public int PictureSize => _pictures is null ? 0 : PictureVectors.Size;

    public bool WasMet(int product) => _counts[product] > 0;

    /// <summary>Share of all steps that are this product's.</summary>
    public float ShareOf(int product) => _counts[product] / _stepCount;

    public bool HasPicture(int product) => _pictures is not null && _pictures.Of(product).ContainsAnyExcept(0);

    /// <param name="random">Draws which are not looked at; all are where it is null.</param>
    /// <param name="hidden">Share of the products that are not.</param>
    /// <returns>[products, <see cref="PictureSize"/>]; null where there are no pictures.</returns>
    public Tensor? PicturesOf(int[] products, Random? random = null, float hidden = 0)
    {
        if (_pictures is null)
        {
            return null;
        }

        float[] rows = new float[products.Length * PictureVectors.Size];
        for (int i = 0; i < products.Length; i++)
        {
            if (random is null || random.NextSingle() >= hidden)
            {
                _pictures.Of(products[i]).CopyTo(rows.AsSpan(i * PictureVectors.Size));
            }
        }

        return Tensor.From(rows, products.Length, PictureVectors.Size);
    }

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
