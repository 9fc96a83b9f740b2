using System.Buffers;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Takes the first candidates of the generators after a history and lets the ranker look at them, as a shop in service would at a moment.</summary>
/// <param name="generators">Who scores all products.</param>
/// <param name="products">As the ranker reads them, by the generators' numbers.</param>
/// <param name="popularity">Steps of interest with each product, over the mean of all products.</param>
/// <param name="at">The moment, in microseconds since 1970; null where times only keep an order.</param>
internal sealed class CandidateReader(IRecommendationModel generators, ClickModel ranker, ClickProduct[] products, float[] popularity, long? at)
{
    public IRecommendationModel Generators => generators;

    /// <summary>Another ranker behind the same generators at the same moment.</summary>
    /// <param name="itsProducts">As that ranker reads them.</param>
    public CandidateReader With(ClickModel other, ClickProduct[] itsProducts) => new(generators, other, itsProducts, popularity, at);

    public Candidates Read(Steps history, bool excludesHistory)
    {
        float[] scores = ArrayPool<float>.Shared.Rent(generators.ProductCount);
        Candidates read = Score(history, scores.AsSpan(0, generators.ProductCount), excludesHistory);
        ArrayPool<float>.Shared.Return(scores);
        return read;
    }

    /// <param name="scores">Filled with the generators' of all products; those of the history are taken out where they are excluded.</param>
    public Candidates Score(Steps history, Span<float> scores, bool excludesHistory)
    {
        using var alone = Compute.OnThisThread();
        int width = GeneratorScores.Of(generators).Count + 1;
        float[] rows = ArrayPool<float>.Shared.Rent((width - 1) * generators.ProductCount);
        GeneratorScores.ReadAll(generators, history, rows, scores);
        foreach (int product in excludesHistory ? history.Products.Span : [])
        {
            scores[product] = float.NegativeInfinity;
        }

        Span<int> best = stackalloc int[Reordering.PoolSize];
        Span<float> bestScores = stackalloc float[Reordering.PoolSize];
        var list = new TopList(best, bestScores);
        list.OfferAll(scores);
        list.Sort();
        int[] pool = best[..list.Count].ToArray();
        float[] parts = new float[pool.Length * width];
        GeneratorScores.Take(generators, rows, pool, parts);
        ArrayPool<float>.Shared.Return(rows);
        float[] logits = CandidateBatch.Logits(ranker, history, pool, product => products[product], product => popularity[product], at, parts);
        return new Candidates(pool, [.. pool.Select((_, i) => parts[(i * width) + width - 1])], logits);
    }
}

/// <summary>What the ranker makes of candidates.</summary>
internal static class CandidateBatch
{
    /// <param name="products">Candidates, by any numbers that the history shares.</param>
    /// <param name="parts">What the generators say: [products, generators + 1], row by row.</param>
    /// <returns>Log-odds: [products].</returns>
    public static float[] Logits(ClickModel ranker, Steps history, int[] products, Func<int, ClickProduct> read, Func<int, float> popularityOf, long? at, ReadOnlySpan<float> parts)
    {
        if (products.Length == 0)
        {
            return [];
        }

        int generators = ranker.Generators.Count;
        int width = ClickNumbers.Count(generators);
        int[] latest = history.Latest(ranker.MaxHistory).Products.ToArray();
        ClickProduct[] steps = Array.ConvertAll(latest, product => read(product));
        float[] numbers = new float[products.Length * width];
        var all = new ClickProduct[products.Length + steps.Length];
        for (int i = 0; i < products.Length; i++)
        {
            all[i] = read(products[i]);
            ClickNumbers.Write(all[i], products[i], steps, latest, history.Count, parts.Slice(i * (generators + 1), generators + 1), popularityOf(products[i]), at,
                numbers.AsSpan(i * width, width));
        }

        steps.CopyTo(all, products.Length);
        int[] tokens = new int[products.Length * steps.Length];
        int[] offsets = new int[products.Length + 1];
        for (int i = 0; i < products.Length; i++)
        {
            offsets[i + 1] = offsets[i] + steps.Length;
            for (int s = 0; s < steps.Length; s++)
            {
                tokens[offsets[i] + s] = products.Length + s;
            }
        }

        return ranker.Logits(new ClickBatch(all, Array.ConvertAll(all, product => product.Number), [.. Enumerable.Range(0, products.Length)], tokens, offsets, numbers, [], []));
    }
}

/// <summary>The generators with the ranker behind them, as one model that is measured like any other.</summary>
internal sealed class ReorderedModel(CandidateReader reader, double share, bool excludesHistory) : IRecommendationModel
{
    public string Name => RankerTraining.ModelName;

    public int ProductCount => reader.Generators.ProductCount;

    public long ParameterCount => reader.Generators.ParameterCount;

    public IReadOnlyDictionary<string, string> Card => NetworkLesson.NoCard;

    public bool CanScore(Steps history) => reader.Generators.CanScore(history);

    public void Score(Steps history, Span<float> scores)
    {
        Candidates candidates = reader.Score(history, scores, excludesHistory);
        Reordering.Deal(scores, candidates.Products, Reordering.Order(candidates.Totals, candidates.Logits, share));
    }

    public void ScoreSimilar(int product, Span<float> scores) => reader.Generators.ScoreSimilar(product, scores);

    /// <exception cref="NotSupportedException">Always: its parts are kept each for itself.</exception>
    public void Save(string folder) => throw new NotSupportedException("The generators and the ranker are kept each for itself.");
}
