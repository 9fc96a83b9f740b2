using System.Buffers;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained model, bound to the products that the shop has now.</summary>
/// <remarks>
/// A product that is newer than the model is scored from its record where the model is an <see cref="IContentModel"/>; with another it gets
/// the mean score of the known products that it shares most tags, brand and category with (<see cref="NewProducts"/>). Where its record
/// says nothing of use it is not ranked until the next training.
/// </remarks>
internal sealed class TrainedRanker : IRanker
{
    /// <summary>Histories that are scored together when a score is explained.</summary>
    private const int BatchSize = 16;

    private readonly LiveShop _shop;
    private readonly RenumberedModel _model;
    private readonly NewProducts _newProducts;

    /// <param name="productIds">By the model's product numbers.</param>
    public TrainedRanker(LiveShop shop, IRecommendationModel model, string version, IReadOnlyList<string> productIds)
    {
        _shop = shop;
        _model = new RenumberedModel(model, productIds, shop.ProductIndex, shop.Products.Count);
        _newProducts = new NewProducts(shop, _model);
        Version = version;
        ReadsHistory = model is not Popularity;
    }

    private TrainedRanker(LiveShop shop, RenumberedModel model, string? version)
    {
        _shop = shop;
        _model = model;
        _newProducts = new NewProducts(shop, model);
        Version = version;
        ReadsHistory = true;
    }

    public string Model => _model.Name;

    public string? Version { get; }

    public bool ReadsHistory { get; }

    public bool CanScore(Steps history) => _model.CanScore(history);

    public void Score(Steps history, Span<float> scores)
    {
        using var alone = Compute.OnThisThread();
        _model.Score(history, scores);
        _newProducts.Score(history, scores);
    }

    public bool ScoreBest(Steps history, int count, Span<float> scores)
    {
        using var alone = Compute.OnThisThread();
        if (!_model.ScoreBest(history, count, scores))
        {
            return false;
        }

        _newProducts.Score(history, scores, _model.ScorerOf(history));
        return true;
    }

    public bool ScoreMostSimilar(int product, int count, Span<float> scores) => _model.Knows(product) && _model.ScoreMostSimilar(product, count, scores);

    public void ScoreSimilar(int product, Span<float> scores)
    {
        if (_model.Knows(product))
        {
            using var alone = Compute.OnThisThread();
            _model.ScoreSimilar(product, scores);
            _newProducts.Score(scores);
        }
        else
        {
            scores.Fill(float.NegativeInfinity);
            _newProducts.ScoreLikeness(product, scores);
        }
    }

    public void ScoreProducts(ReadOnlySpan<Steps> histories, ReadOnlySpan<int> products, Span<float> scores)
    {
        int width = _model.ProductCount;
        foreach (int product in products)
        {
            width = Math.Max(width, product + 1);
        }

        using var alone = Compute.OnThisThread();
        float[] rows = ArrayPool<float>.Shared.Rent(Math.Min(histories.Length, BatchSize) * width);
        for (int start = 0; start < histories.Length; start += BatchSize)
        {
            int count = Math.Min(BatchSize, histories.Length - start);
            _model.ScoreMany(histories.Slice(start, count), rows.AsSpan(0, count * width));
            for (int i = 0; i < count; i++)
            {
                Span<float> row = rows.AsSpan(i * width, width);
                _newProducts.Score(histories[start + i], row);
                for (int p = 0; p < products.Length; p++)
                {
                    scores[((start + i) * products.Length) + p] = row[products[p]];
                }
            }
        }

        ArrayPool<float>.Shared.Return(rows);
    }

    public IRanker With(IReadOnlyDictionary<string, double> weights) =>
        weights.Count > 0 && _model.With(weights) is { } weighted ? new TrainedRanker(_shop, weighted, Version) : this;

    public IReadOnlyDictionary<string, double> Weights => _model.Weights;

    public void LogParts(Steps history, ReadOnlySpan<int> products, StageLog stages) => _model.LogParts(history, products, stages);

    /// <inheritdoc cref="RenumberedModel.Generators"/>
    public IReadOnlyList<string> Generators => _model.Generators;

    /// <inheritdoc cref="RenumberedModel.RowsLength"/>
    public int RowsLength => _model.RowsLength;

    /// <summary>As <see cref="Score(Steps, Span{float})"/>, and keeps what each generator said.</summary>
    public void Score(Steps history, Span<float> scores, Span<float> rows)
    {
        using var alone = Compute.OnThisThread();
        _model.Score(history, scores, rows);
        _newProducts.Score(history, scores);
    }

    /// <inheritdoc cref="RenumberedModel.Take"/>
    public void Take(ReadOnlySpan<float> rows, ReadOnlySpan<int> products, ReadOnlySpan<float> scores, Span<float> parts) => _model.Take(rows, products, scores, parts);

    public Reason? ReasonOf(int product) => null;
}
