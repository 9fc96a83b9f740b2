using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The same list for everybody: the products that most steps are about.</summary>
public sealed class PopularityTrainer : IRecommendationTrainer
{
    public string Name => "popularity";

    public bool IsBaseline => true;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
        => new Popularity(Name, Count(data.Sequences.Product, data.ProductCount), new Dictionary<string, string>(StringComparer.Ordinal));

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
        => Fit(whole, options, progress, cancellationToken);

    public IRecommendationModel Load(string folder) => Popularity.Load(Name, folder);

    internal static float[] Count(ReadOnlySpan<int> products, int productCount)
    {
        float[] counts = new float[productCount];
        foreach (int product in products)
        {
            counts[product]++;
        }

        return counts;
    }
}

/// <summary>Scores every product by a number of its own, whoever asks.</summary>
internal sealed class Popularity(string name, float[] counts, IReadOnlyDictionary<string, string> card) : IRecommendationModel
{
    private const string WeightsFile = "model.safetensors";

    public string Name => name;

    public int ProductCount => counts.Length;

    public long ParameterCount => counts.Length;

    public IReadOnlyDictionary<string, string> Card => card;

    public bool CanScore(Steps history) => true;

    public void Score(Steps history, Span<float> scores) => counts.CopyTo(scores);

    /// <summary>Knows no likeness: the popular products.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => counts.CopyTo(scores);

    public void Save(string folder) => Safetensors.Write(Path.Combine(folder, WeightsFile),
        new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["counts"] = Tensor.From(counts, counts.Length) }, card);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static Popularity Load(string name, string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        return content.Tensors.TryGetValue("counts", out Tensor? counts)
            ? new Popularity(name, counts.ToArray(), content.Metadata)
            : throw new ModelFormatException(path, $"The file is no {name} model. Train again.");
    }
}
