using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a product's shoppers weigh when two products are compared.</summary>
public enum ItemSimilarity
{
    /// <summary>Every shopper weighs 1.</summary>
    Cosine,

    /// <summary>ln(products / products of the shopper): who has few tells more.</summary>
    TfIdf,

    /// <summary>As TF-IDF, less for a product that many have, and without the division by both lengths: popular products have closer neighbors.</summary>
    Bm25,

    /// <summary>Stars less the shopper's mean stars; where nobody gives stars there are no neighbors.</summary>
    AdjustedCosine,
}

/// <summary>The kept neighbors of each product, most similar first.</summary>
internal sealed record Neighbors(int[][] Products, float[][] Similarities);

/// <summary>Which sequence has which products, each once, read both ways.</summary>
/// <remarks>
/// similarity(i, j) = sum over the shoppers u of both of w_ui w_uj / (sqrt(sum w_ui^2 * sum w_uj^2) + shrinkage); for BM25 the line below is the
/// mean of sum w_ui^2 over the products, plus shrinkage. Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009,
/// with shoppers for terms and products for documents, k = 1.2 and b = 0.75.
/// </remarks>
internal sealed class ItemBaskets
{
    private const float Saturation = 1.2f;
    private const float LengthShare = 0.75f;

    private readonly int _productCount;
    private readonly DistinctSteps[] _baskets;
    private readonly (int Basket, int Place)[][] _basketsOf;

    /// <summary>Mean baskets of a product.</summary>
    private readonly float _typicalCount;

    /// <param name="maxLength">Distinct products of a sequence that count, the latest ones.</param>
    public ItemBaskets(TrainingData data, int maxLength)
    {
        _productCount = data.ProductCount;
        _baskets = [.. Enumerable.Range(0, data.Sequences.Count).Select(s => DistinctSteps.Of(data.Sequences.StepsOf(s)).Latest(maxLength))];
        HasStars = Array.Exists(data.Sequences.Value, float.IsFinite);
        int[] counts = new int[_productCount];
        foreach (int product in _baskets.SelectMany(basket => basket.Products))
        {
            counts[product]++;
        }

        _typicalCount = Math.Max(1, counts.Sum(count => (long)count)) / (float)_productCount;
        _basketsOf = [.. counts.Select(count => new (int, int)[count])];
        Array.Clear(counts);
        for (int b = 0; b < _baskets.Length; b++)
        {
            for (int place = 0; place < _baskets[b].Products.Length; place++)
            {
                int product = _baskets[b].Products[place];
                _basketsOf[product][counts[product]++] = (b, place);
            }
        }
    }

    /// <summary>True where a step is a rating.</summary>
    public bool HasStars { get; }

    /// <summary>Share of the sequences that have each product.</summary>
    public float[] Popularity() => [.. _basketsOf.Select(baskets => (float)baskets.Length / Math.Max(1, _baskets.Length))];

    public Neighbors Neighbors(ItemKnnOptions options, CancellationToken cancellationToken)
    {
        float[][] weights = [.. _baskets.Select(basket => Weights(basket, options.Similarity))];
        float[] squares = [.. _basketsOf.Select(baskets => baskets.Sum(at => weights[at.Basket][at.Place] * weights[at.Basket][at.Place]))];
        float mean = squares.Where(square => square > 0).DefaultIfEmpty(1).Average();
        var products = new int[_productCount][];
        var similarities = new float[_productCount][];
        Parallel.For(0, _productCount, new ParallelOptions { CancellationToken = cancellationToken }, () => new Meetings(_productCount), (i, _, meetings) =>
        {
            meetings.Of(i, _basketsOf[i], _baskets, weights);
            int count = Math.Min(options.NeighborCount, meetings.Met.Count);
            products[i] = new int[count];
            similarities[i] = new float[count];
            var best = new TopList(products[i], similarities[i]);
            foreach (int other in meetings.Met)
            {
                float below = options.Similarity == ItemSimilarity.Bm25 ? mean : MathF.Sqrt(squares[i] * squares[other]);
                best.Offer(other, meetings.Sums[other] > 0 ? meetings.Sums[other] / (below + options.Shrinkage) : float.NegativeInfinity);
            }

            best.Sort();
            (products[i], similarities[i]) = (products[i][..best.Count], similarities[i][..best.Count]);
            return meetings;
        }, _ => { });
        return new Neighbors(products, similarities);
    }

    private float[] Weights(DistinctSteps basket, ItemSimilarity similarity)
    {
        float rarity = MathF.Log((float)_productCount / basket.Products.Length);
        float mean = basket.Stars.Where(float.IsFinite).DefaultIfEmpty().Average();
        return [.. basket.Products.Select((product, place) => similarity switch
        {
            ItemSimilarity.Cosine => 1,
            ItemSimilarity.TfIdf => rarity,
            ItemSimilarity.Bm25 => rarity * (Saturation + 1) / (1 + (Saturation * (1 - LengthShare + (LengthShare * _basketsOf[product].Length / _typicalCount)))),
            _ => float.IsFinite(basket.Stars[place]) ? basket.Stars[place] - mean : 0,
        })];
    }

    /// <summary>The products that one product meets in baskets, and the sums of weights: memory of one thread, used again for every product.</summary>
    private sealed class Meetings(int productCount)
    {
        private readonly bool[] _isMet = new bool[productCount];

        public float[] Sums { get; } = new float[productCount];

        public List<int> Met { get; } = [];

        public void Of(int product, (int Basket, int Place)[] basketsOf, DistinctSteps[] baskets, float[][] weights)
        {
            foreach (int other in Met)
            {
                Sums[other] = 0;
                _isMet[other] = false;
            }

            Met.Clear();
            foreach ((int basket, int place) in basketsOf)
            {
                int[] products = baskets[basket].Products;
                float own = weights[basket][place];
                for (int n = 0; n < products.Length; n++)
                {
                    int other = products[n];
                    Sums[other] += own * weights[basket][n];
                    if (!_isMet[other] && other != product)
                    {
                        _isMet[other] = true;
                        Met.Add(other);
                    }
                }
            }

            Sums[product] = 0;
        }
    }
}
