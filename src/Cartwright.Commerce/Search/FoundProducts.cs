using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>What a query found: every product that answers it, and how the query was read.</summary>
internal sealed class FoundProducts
{
    private int[] _products = [];
    private float[] _scores = [];

    private readonly Dictionary<int, RankShare> _shares = [];

    /// <summary>Products found, in no order.</summary>
    public int Count { get; private set; }

    /// <summary>Dense indexes in the shop.</summary>
    public ReadOnlySpan<int> Products => _products.AsSpan(0, Count);

    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, Count);

    /// <summary>How each word was read, those that were left out too.</summary>
    public IReadOnlyList<WordMatch> Words { get; set; } = [];

    public IReadOnlyList<Correction> Corrected { get; set; } = [];

    /// <summary>Words that were left out, as they were typed.</summary>
    public IReadOnlyList<string> Relaxed { get; set; } = [];

    /// <summary>Every product of the shop that may be in the answer, with no score.</summary>
    public static FoundProducts All(LiveShop shop, Func<int, bool> allows)
    {
        int[] products = [.. Enumerable.Range(0, shop.Products.Count).Where(allows)];
        return new FoundProducts { _products = products, _scores = new float[products.Length], Count = products.Length };
    }

    /// <param name="allows">Whether a product may be in the answer; null where all may.</param>
    public void Add(Segment segment, ReadOnlySpan<int> docs, ReadOnlySpan<float> scores, Func<int, bool>? allows)
    {
        if (Count + docs.Length > _products.Length)
        {
            Array.Resize(ref _products, Count + docs.Length);
            Array.Resize(ref _scores, Count + docs.Length);
        }

        for (int i = 0; i < docs.Length; i++)
        {
            int product = segment.Products[docs[i]];
            if (allows is null || allows(product))
            {
                _products[Count] = product;
                _scores[Count++] = scores[i];
            }
        }
    }

    /// <summary>The parts of a product's score by the ranker; null for one that words alone placed.</summary>
    public RankShare? ShareOf(int product) => _shares.TryGetValue(product, out RankShare share) ? share : null;

    /// <summary>Gives some of the products other scores, above all that the others have.</summary>
    /// <param name="lifted">Products that were found.</param>
    /// <param name="shares">The parts of each one's score.</param>
    public void Lift(ReadOnlySpan<int> lifted, ReadOnlySpan<RankShare> shares)
    {
        if (lifted.IsEmpty)
        {
            return;                                          // nothing to stand above: all keep their scores
        }

        var given = new Dictionary<int, float>(lifted.Length);
        float lowest = float.PositiveInfinity;
        for (int i = 0; i < lifted.Length; i++)
        {
            given.Add(lifted[i], shares[i].Score);
            _shares.Add(lifted[i], shares[i]);
            lowest = Math.Min(lowest, shares[i].Score);
        }

        // The others keep their order among themselves: below the lowest, by less than 1.
        float highest = Scores.IsEmpty ? 1 : Math.Max(1e-6f, System.Numerics.Tensors.TensorPrimitives.Max(Scores));
        for (int i = 0; i < Count; i++)
        {
            _scores[i] = given.TryGetValue(_products[i], out float score) ? score : lowest - 2 + (_scores[i] / highest);
        }
    }

    /// <summary>The best by score; of equal ones those with the lower index.</summary>
    public void Best(Span<int> products, Span<float> scores, out int count)
    {
        var list = new Evaluation.TopList(products, scores);
        float threshold = float.NegativeInfinity;
        for (int i = 0; i < Count; i++)
        {
            if (_scores[i] >= threshold)
            {
                list.Offer(_products[i], _scores[i]);
                threshold = list.Threshold;
            }
        }

        list.Sort();
        count = list.Count;
    }
}
