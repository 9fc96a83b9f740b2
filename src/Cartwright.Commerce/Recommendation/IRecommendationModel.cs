using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Ranks all products for a history. Safe to ask from several threads.</summary>
public interface IRecommendationModel
{
    /// <summary>Lower-case name from the paper: "sasrec".</summary>
    string Name { get; }

    /// <summary>Products it can score, by dense index from 0.</summary>
    int ProductCount { get; }

    /// <summary>Numbers that were learned or counted.</summary>
    long ParameterCount { get; }

    /// <summary>The options it was trained with and what was measured on the way, for its card.</summary>
    IReadOnlyDictionary<string, string> Card { get; }

    /// <summary>True where the model has an answer of its own for this history; if not, the fallback answers.</summary>
    bool CanScore(Steps history);

    /// <summary>Writes a score for every product; higher is better. One thread, no allocation that grows.</summary>
    /// <param name="history">What was done, oldest first, by the model's product numbers.</param>
    /// <param name="scores">[ProductCount]</param>
    void Score(Steps history, Span<float> scores);

    /// <summary>Scores several histories in one go; the same figures as one by one, to rounding.</summary>
    /// <param name="histories">Each as <see cref="Score"/> takes it.</param>
    /// <param name="scores">[histories.Length, ProductCount], row by row.</param>
    void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        for (int i = 0; i < histories.Length; i++)
        {
            Score(histories[i], scores.Slice(i * ProductCount, ProductCount));
        }
    }

    /// <summary>Writes how like <paramref name="product"/> every product is; higher is more.</summary>
    void ScoreSimilar(int product, Span<float> scores);

    /// <summary>Writes <c>model.safetensors</c> into a folder that exists.</summary>
    void Save(string folder);
}
