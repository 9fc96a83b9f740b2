using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Ranks the products of a <see cref="Catalog.LiveShop"/>, by its dense indexes: a trained model, or a count that is kept up to date.</summary>
internal interface IRanker
{
    string Model { get; }

    /// <summary>Null where nothing was trained.</summary>
    string? Version { get; }

    /// <summary>False where the score is the same whatever the history says.</summary>
    bool ReadsHistory { get; }

    bool CanScore(Steps history);

    /// <summary>Writes a score for every product of the shop; negative infinity for one that it can say nothing about.</summary>
    /// <param name="history">Live product indexes, oldest first.</param>
    /// <param name="scores">[products of the live shop]; products that were added a moment ago may be missing.</param>
    void Score(Steps history, Span<float> scores);

    /// <summary>As <see cref="Score"/>, for the best products alone, found without a look at each: all others get negative infinity.</summary>
    /// <param name="count">How many are wanted, at least; some may be missing where others were found that are nearly as good.</param>
    /// <returns>False where every product has to be looked at: the model is none of vectors, or the shop is not so large.</returns>
    bool ScoreBest(Steps history, int count, Span<float> scores) => false;

    /// <summary>As <see cref="ScoreSimilar"/>, in the same way.</summary>
    /// <inheritdoc cref="ScoreBest"/>
    bool ScoreMostSimilar(int product, int count, Span<float> scores) => false;

    /// <inheritdoc cref="IRecommendationModel.ScoreSimilar"/>
    void ScoreSimilar(int product, Span<float> scores);

    /// <summary>Scores one product after each of several histories: what an explanation asks.</summary>
    /// <param name="scores">[histories.Length, products.Length], row by row.</param>
    void ScoreProducts(ReadOnlySpan<Steps> histories, ReadOnlySpan<int> products, Span<float> scores);

    /// <summary>The same with other weights of the models that it adds; itself where it adds none.</summary>
    IRanker With(IReadOnlyDictionary<string, double> weights) => this;

    /// <summary>The models that it adds, with what each weighs; nothing where it adds none.</summary>
    IReadOnlyDictionary<string, double> Weights => new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>What each of the models that it adds gives to some products; nothing where it adds none.</summary>
    /// <param name="stages">Filled.</param>
    void LogParts(Steps history, ReadOnlySpan<int> products, StageLog stages)
    {
    }

    /// <summary>The reason that is not in the history, where there is one: how often a product was wanted.</summary>
    Reason? ReasonOf(int product);
}
