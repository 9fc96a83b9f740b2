using System.Buffers;
using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A model asked by other product numbers than those it was trained with: those of a shop as it is now.</summary>
/// <remarks>Products that the model never saw get negative infinity; products that are gone are left out of histories and answers.</remarks>
internal sealed class RenumberedModel : IRecommendationModel
{
    /// <summary>Steps of a history that are handed to the model, the latest ones.</summary>
    private const int MaxHistory = 256;

    private readonly IRecommendationModel _model;
    private readonly int[] _shopOf;
    private readonly int[] _modelOf;
    private readonly bool _isSame;
    private readonly ProductIndex? _index;

    /// <param name="productIds">By the model's numbers.</param>
    /// <param name="numberOf">The shop's number of a product, or <see cref="Snapshot.None"/>.</param>
    /// <param name="productCount">Products of the shop.</param>
    /// <param name="indexFrom">Products of the model from which on the best are looked up in an index.</param>
    /// <param name="graphFrom">Products from which on that is a graph.</param>
    public RenumberedModel(
        IRecommendationModel model,
        IReadOnlyList<string> productIds,
        Func<string, int> numberOf,
        int productCount,
        int indexFrom = ProductIndex.FewestProducts,
        int graphFrom = ProductIndex.FewestProductsForGraph)
    {
        _model = model;
        _shopOf = [.. productIds.Select(numberOf)];
        _modelOf = new int[productCount];
        Array.Fill(_modelOf, Snapshot.None);
        for (int m = 0; m < _shopOf.Length; m++)
        {
            if (_shopOf[m] != Snapshot.None)
            {
                _modelOf[_shopOf[m]] = m;
            }
        }

        _isSame = _shopOf.Index().All(pair => pair.Item == pair.Index);
        _index = model is IVectorModel vectors ? new ProductIndex(vectors, indexFrom, graphFrom) : null;
    }

    private RenumberedModel(RenumberedModel same, IRecommendationModel model)
    {
        _model = model;
        _shopOf = same._shopOf;
        _modelOf = same._modelOf;
        _isSame = same._isSame;
    }

    public string Name => _model.Name;

    /// <summary>Products that the shop had when the numbers were matched.</summary>
    public int ProductCount => _modelOf.Length;

    public long ParameterCount => _model.ParameterCount;

    public IReadOnlyDictionary<string, string> Card => _model.Card;

    public bool Knows(int product) => product < _modelOf.Length && _modelOf[product] != Snapshot.None;

    /// <summary>True where the model scores products that it never saw by what their records say.</summary>
    public bool ReadsContent => _model is IContentModel;

    public bool CanScore(Steps history)
    {
        return _model.CanScore(Known(history));
    }

    /// <param name="history">The shop's product numbers, oldest first.</param>
    /// <param name="scores">[<see cref="ProductCount"/> or more]</param>
    public void Score(Steps history, Span<float> scores)
    {
        Steps known = Known(history);
        if (_isSame)
        {
            ScoreKnown(known, scores[.._model.ProductCount]);
            scores[_model.ProductCount..].Fill(float.NegativeInfinity);
            return;
        }

        float[] own = ArrayPool<float>.Shared.Rent(_model.ProductCount);
        ScoreKnown(known, own.AsSpan(0, _model.ProductCount));
        Place(own, scores);
        ArrayPool<float>.Shared.Return(own);
    }

    /// <param name="histories">The shop's product numbers, oldest first, each.</param>
    /// <param name="scores">Rows of equal width, <see cref="ProductCount"/> or more.</param>
    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        int width = scores.Length / histories.Length;
        var known = new List<Steps>(histories.Length);
        foreach (Steps history in histories)
        {
            known.Add(Known(history));
        }

        float[] own = ArrayPool<float>.Shared.Rent(histories.Length * _model.ProductCount);
        if (known.TrueForAll(_model.CanScore))
        {
            _model.ScoreMany(CollectionsMarshal.AsSpan(known), own.AsSpan(0, histories.Length * _model.ProductCount));
        }
        else
        {
            for (int i = 0; i < known.Count; i++)
            {
                ScoreKnown(known[i], own.AsSpan(i * _model.ProductCount, _model.ProductCount));
            }
        }

        for (int i = 0; i < histories.Length; i++)
        {
            Place(own.AsSpan(i * _model.ProductCount, _model.ProductCount), scores.Slice(i * width, width));
        }

        ArrayPool<float>.Shared.Return(own);
    }

    /// <param name="product">One that it <see cref="Knows"/>.</param>
    /// <param name="scores">[<see cref="ProductCount"/> or more]</param>
    public void ScoreSimilar(int product, Span<float> scores)
    {
        float[] own = ArrayPool<float>.Shared.Rent(_model.ProductCount);
        _model.ScoreSimilar(_modelOf[product], own.AsSpan(0, _model.ProductCount));
        Place(own, scores);
        ArrayPool<float>.Shared.Return(own);
    }

    /// <inheritdoc cref="IRanker.ScoreBest"/>
    public bool ScoreBest(Steps history, int count, Span<float> scores)
    {
        Steps known = Known(history);
        if (_index is null || !_model.CanScore(known))
        {
            return false;
        }

        int[] products = new int[count];
        float[] best = new float[count];
        return Place(products, best, _index.Find(known, products, best), scores);
    }

    /// <inheritdoc cref="IRanker.ScoreMostSimilar"/>
    public bool ScoreMostSimilar(int product, int count, Span<float> scores)
    {
        int[] products = new int[count];
        float[] best = new float[count];
        return Place(products, best, _index?.FindSimilar(_modelOf[product], products, best) ?? 0, scores);
    }

    /// <summary>The scores of some products after a history, where <see cref="ScoreBest"/> has one.</summary>
    /// <returns>Takes the shop's number of a product that it <see cref="Knows"/>.</returns>
    public Func<int, float> ScorerOf(Steps history)
    {
        var vectors = (IVectorModel)_model;
        float[] vector = new float[vectors.VectorSize];
        vectors.WriteVector(Known(history), vector);
        return product => _index!.Score(vector, _modelOf[product]);
    }

    /// <inheritdoc cref="IContentModel.Describe"/>
    public float[]? Describe(Product product) => ((IContentModel)_model).Describe(product);

    /// <summary>Scores of products that it never saw; 0 like those of all others where the history says nothing to the model.</summary>
    /// <param name="history">The shop's product numbers, oldest first.</param>
    public void ScoreDescribed(Steps history, IReadOnlyList<float[]> described, Span<float> scores)
    {
        Steps known = Known(history);
        if (_model.CanScore(known))
        {
            ((IContentModel)_model).ScoreDescribed(known, described, scores);
        }
        else
        {
            scores.Clear();
        }
    }

    /// <summary>A blend with other weights; null where the model adds none.</summary>
    public RenumberedModel? With(IReadOnlyDictionary<string, double> weights) => _model is Blend blend ? new RenumberedModel(this, blend.With(weights)) : null;

    /// <inheritdoc cref="IRanker.Weights"/>
    public IReadOnlyDictionary<string, double> Weights => _model is Blend blend
        ? blend.Models.Zip(blend.Weights).ToDictionary(one => one.First.Name, one => (double)one.Second, StringComparer.Ordinal)
        : new Dictionary<string, double>(StringComparer.Ordinal);

    /// <inheritdoc cref="IRanker.LogParts"/>
    public void LogParts(Steps history, ReadOnlySpan<int> products, StageLog stages)
    {
        if (_model is not Blend blend)
        {
            return;
        }

        int[] known = [.. products.ToArray().Where(Knows)];
        float[][] parts = blend.Contributions(Known(history), Array.ConvertAll(known, product => _modelOf[product]));
        for (int m = 0; m < parts.Length; m++)
        {
            for (int p = 0; p < known.Length; p++)
            {
                stages.Add(known[p], $"model {blend.Models[m].Name}", parts[m][p]);
            }
        }
    }

    /// <summary>The models that generate candidates: those of a blend, else itself.</summary>
    public IReadOnlyList<string> Generators => [.. GeneratorScores.Of(_model).Select(model => model.Name)];

    /// <summary>Numbers that are kept of every generator: <see cref="Score(Steps, Span{float}, Span{float})"/>.</summary>
    public int RowsLength => GeneratorScores.Of(_model).Count * _model.ProductCount;

    /// <summary>As <see cref="Score(Steps, Span{float})"/>, and keeps what each generator said.</summary>
    /// <param name="rows">Filled, by the model's own numbers: [<see cref="RowsLength"/> or more].</param>
    public void Score(Steps history, Span<float> scores, Span<float> rows)
    {
        if (_isSame)
        {
            GeneratorScores.ReadAll(_model, Known(history), rows, scores[.._model.ProductCount]);
            scores[_model.ProductCount..].Fill(float.NegativeInfinity);
            return;
        }

        float[] own = ArrayPool<float>.Shared.Rent(_model.ProductCount);
        GeneratorScores.ReadAll(_model, Known(history), rows, own.AsSpan(0, _model.ProductCount));
        Place(own, scores);
        ArrayPool<float>.Shared.Return(own);
    }

    /// <summary>Some products out of what was kept, each generator's word on one scale; of a product that none knows, what all scores together say.</summary>
    /// <param name="products">The shop's numbers.</param>
    /// <param name="scores">What was made of all products together.</param>
    /// <param name="parts">Filled: [products, generators + 1], row by row.</param>
    public void Take(ReadOnlySpan<float> rows, ReadOnlySpan<int> products, ReadOnlySpan<float> scores, Span<float> parts)
    {
        int width = GeneratorScores.Of(_model).Count + 1;
        (double mean, double deviation) = BlendScales.Moments(scores);
        float weights = _model is Blend blend ? blend.Weights.Sum() : 0;
        for (int p = 0; p < products.Length; p++)
        {
            Span<float> row = parts.Slice(p * width, width);
            if (Knows(products[p]))
            {
                GeneratorScores.Take(_model, rows, [_modelOf[products[p]]], row);
                continue;
            }

            float score = scores[products[p]];
            float total = _model is Blend ? score : (float)((score - mean) / Math.Max(deviation, 1e-9));
            row.Fill(weights > 0 ? total / weights : total);
            row[^1] = total;
        }
    }

    public void Save(string folder) => _model.Save(folder);

    /// <summary>A history that says nothing to the model leaves all products alike: 0.</summary>
    private void ScoreKnown(Steps known, Span<float> scores)
    {
        if (_model.CanScore(known))
        {
            _model.Score(known, scores);
        }
        else
        {
            scores.Clear();
        }
    }

    /// <summary>The steps with products that the model knows, by its numbers.</summary>
    private Steps Known(Steps history)
    {
        Steps latest = history.Latest(MaxHistory);
        ReadOnlySpan<int> products = latest.Products.Span;
        Span<int> kept = stackalloc int[products.Length];
        int count = 0;
        for (int i = 0; i < products.Length; i++)
        {
            if (Knows(products[i]))
            {
                kept[count++] = i;
            }
        }

        Steps known = latest.Only(kept[..count]);
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = _modelOf[known.Products.Span[i]];
        }

        return known with { Products = numbers };
    }

    private bool Place(ReadOnlySpan<int> products, ReadOnlySpan<float> best, int count, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        for (int i = 0; i < count; i++)
        {
            if (_shopOf[products[i]] is var product and not Snapshot.None)
            {
                scores[product] = best[i];
            }
        }

        return count > 0;
    }

    private void Place(ReadOnlySpan<float> own, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        for (int m = 0; m < _shopOf.Length; m++)
        {
            if (_shopOf[m] != Snapshot.None)
            {
                scores[_shopOf[m]] = own[m];
            }
        }
    }
}
