using System.Collections.Concurrent;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Scores products that a model has never seen: from their records, where it reads them, or by the known products most like them.</summary>
/// <remarks>
/// likeness(a, b) = sum of idf over shared values / sqrt(sum of idf of a * sum of idf of b), values being tags, brand and category levels,
/// idf = ln(products / products with the value). The ten likest count; the score is their mean, weighted by likeness.
/// </remarks>
internal sealed class NewProducts(LiveShop shop, RenumberedModel model)
{
    private const int NeighborCount = 10;

    /// <summary>Products whose neighbors are looked up in one request, at most; the next request goes on.</summary>
    private const int LookupsPerRequest = 100;

    private readonly ConcurrentDictionary<int, Likest> _likest = new();
    private readonly ConcurrentDictionary<int, (Product Of, float[]? Description)> _described = new();
    private readonly Lazy<Inverted> _known = new(() => new Inverted(shop, model));
    private readonly int[] _unknown = [.. Enumerable.Range(0, model.ProductCount).Where(product => !model.Knows(product))];

    /// <summary>Fills in the scores of new products after a history; those of known ones stand already.</summary>
    /// <param name="scoreOf">The score of a known product that has none yet; null where all have one.</param>
    public void Score(Steps history, Span<float> scores, Func<int, float>? scoreOf = null)
    {
        if (!model.ReadsContent)
        {
            Score(scores, scoreOf);
            return;
        }

        int lookups = LookupsPerRequest;
        var products = new List<int>();
        var described = new List<float[]>();
        foreach (int product in Unknown(scores.Length))
        {
            if ((_described.ContainsKey(product) || --lookups >= 0) && Describe(product) is { } description)
            {
                products.Add(product);
                described.Add(description);
            }
        }

        float[] found = new float[products.Count];
        model.ScoreDescribed(history, described, found);
        for (int i = 0; i < found.Length; i++)
        {
            scores[products[i]] = found[i];
        }
    }

    /// <summary>Fills in the scores of new products by the known products that are most like them.</summary>
    /// <param name="scoreOf">The score of a known product that has none yet; null where all have one.</param>
    public void Score(Span<float> scores, Func<int, float>? scoreOf = null)
    {
        int lookups = LookupsPerRequest;
        foreach (int product in Unknown(scores.Length))
        {
            Score(product, scores, scoreOf, ref lookups);
        }
    }

    /// <summary>Writes the likeness of every known product that is like a new one.</summary>
    public void ScoreLikeness(int product, Span<float> scores)
    {
        Likest likest = Find(product);
        for (int n = 0; n < likest.Products.Length; n++)
        {
            scores[likest.Products[n]] = likest.Weights[n];
        }
    }

    /// <summary>Products that the model doesn't know, below <paramref name="end"/>.</summary>
    private IEnumerable<int> Unknown(int end)
    {
        int last = Math.Min(end, shop.Products.Count);
        return _unknown.Where(product => product < end).Concat(Enumerable.Range(model.ProductCount, Math.Max(0, last - model.ProductCount)));
    }

    /// <summary>Once, and again when the product's record was replaced.</summary>
    private float[]? Describe(int product)
    {
        Product now = shop.Products[product];
        if (!_described.TryGetValue(product, out (Product Of, float[]? Description) kept) || !ReferenceEquals(kept.Of, now))
        {
            kept = (now, model.Describe(now));
            _described[product] = kept;
        }

        return kept.Description;
    }

    private void Score(int product, Span<float> scores, Func<int, float>? scoreOf, ref int lookups)
    {
        if (!_likest.ContainsKey(product) && --lookups < 0)
        {
            return;
        }

        Likest likest = Find(product);
        float sum = 0, weights = 0;
        for (int n = 0; n < likest.Products.Length; n++)
        {
            float score = scores[likest.Products[n]];
            sum += likest.Weights[n] * (scoreOf is null || score > float.NegativeInfinity ? score : scoreOf(likest.Products[n]));
            weights += likest.Weights[n];
        }

        scores[product] = weights > 0 ? sum / weights : float.NegativeInfinity;
    }

    /// <summary>Looked up once, and again when the product's record was replaced.</summary>
    private Likest Find(int product)
    {
        Product now = shop.Products[product];
        if (!_likest.TryGetValue(product, out Likest? likest) || !ReferenceEquals(likest.Of, now))
        {
            likest = _known.Value.Likest(now);
            _likest[product] = likest;
        }

        return likest;
    }

    private sealed record Likest(Product Of, int[] Products, float[] Weights);

    private sealed class Inverted
    {
        private readonly Dictionary<string, List<int>> _productsWith = new(StringComparer.Ordinal);
        private readonly Dictionary<int, float> _lengths = [];
        private readonly int _count;

        public Inverted(LiveShop shop, RenumberedModel model)
        {
            for (int product = 0; product < model.ProductCount; product++)
            {
                if (model.Knows(product))
                {
                    _count++;
                    foreach (string name in Names(shop.Products[product]))
                    {
                        (_productsWith.TryGetValue(name, out List<int>? products) ? products : _productsWith[name] = []).Add(product);
                    }
                }
            }

            foreach ((string name, List<int> products) in _productsWith)
            {
                foreach (int product in products)
                {
                    _lengths[product] = _lengths.GetValueOrDefault(product) + Idf(name);
                }
            }
        }

        public Likest Likest(Product newcomer)
        {
            var shared = new Dictionary<int, float>();
            float length = 0;
            foreach (string name in Names(newcomer))
            {
                length += Idf(name);
                foreach (int product in _productsWith.GetValueOrDefault(name, []))
                {
                    shared[product] = shared.GetValueOrDefault(product) + Idf(name);
                }
            }

            (int Product, float Weight)[] likest = [.. shared
                .Select(pair => (pair.Key, pair.Value / MathF.Sqrt(length * _lengths[pair.Key])))
                .Where(pair => pair.Item2 > 0)
                .OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key)
                .Take(NeighborCount)];
            return new Likest(newcomer, [.. likest.Select(l => l.Product)], [.. likest.Select(l => l.Weight)]);
        }

        private static IEnumerable<string> Names(Product product) => ProductContent.NamesOf(product).Distinct(StringComparer.Ordinal);

        private float Idf(string name) => _productsWith.TryGetValue(name, out List<int>? products) ? MathF.Log((float)_count / products.Count) : 0;
    }
}
