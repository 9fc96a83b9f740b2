using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained network of sequences as a model.</summary>
internal sealed class SequenceModel(string name, SequenceAnswers answers) : IRecommendationModel
{
    public string Name => name;

    /// <summary>How the network is asked.</summary>
    public SequenceAnswerOptions Answers => answers.Options;

    public int ProductCount => answers.Vectors.Rows;

    public long ParameterCount { get; init; }

    public IReadOnlyDictionary<string, string> Card { get; init; } = NetworkLesson.NoCard;

    /// <summary>Writes it into a folder.</summary>
    public Action<string> Write { get; init; } = _ => throw new InvalidOperationException("The network is still learning.");

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores) => answers.ScoreMany([history], scores);

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores) => answers.ScoreMany(histories, scores);

    /// <summary>Cosine of the products' vectors.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(answers.Vectors, product, scores);

    public void Save(string folder) => Write(folder);
}
