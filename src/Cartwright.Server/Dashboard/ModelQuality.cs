using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Runs;

namespace Cartwright.Server.Dashboard;

/// <summary>Says in a sentence how good a version is, beside the plainest thing one could do instead.</summary>
internal static class ModelQuality
{
    private const string Hits = "recall@10";
    private const int SearchedRuns = 200;

    /// <summary>The 95 % intervals of versions' figures, by version, as the runs that trained them found them.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricEstimate>>> IntervalsAsync(RunService runs)
    {
        var intervals = new Dictionary<string, IReadOnlyDictionary<string, MetricEstimate>>(StringComparer.Ordinal);
        foreach (Run run in await runs.ListAsync(SearchedRuns))
        {
            if (RunWords.ResultOf<TrainResponse>(run, "recommendation", "train") is { } trained)
            {
                intervals[trained.Version] = trained.Estimates;
            }
        }

        return intervals;
    }

    /// <summary>"Finds the next product in its top 10 for 9.3 % (8.8 to 9.9) of shoppers (popularity alone: 1.5 %)." Null where it was not measured.</summary>
    public static string? Sentence(ModelVersion version, IReadOnlyDictionary<string, MetricEstimate>? intervals)
    {
        if (Share(version, version.Model, Hits, intervals) is not { } own)
        {
            return null;
        }

        string sentence = $"Finds the next product in its top 10 for {own} of shoppers";
        return Value(version, "popularity", Hits) is { } plain
            ? $"{sentence} (popularity alone: {Figures.Percent(plain)})."
            : sentence + ".";
    }

    /// <summary>A share with its interval where that is known: "9.3 % (8.8 to 9.9)". Null where it was not measured.</summary>
    public static string? Share(ModelVersion version, string model, string name, IReadOnlyDictionary<string, MetricEstimate>? intervals) =>
        Value(version, model, name) is not { } value ? null
        : intervals?.GetValueOrDefault($"{model} {name}") is { } estimate
            ? $"{value * 100:0.0}\u00A0% ({estimate.Low * 100:0.0}\u00A0to\u00A0{estimate.High * 100:0.0})"
            : Figures.Percent(value);

    private static double? Value(ModelVersion version, string model, string name) =>
        version.Metrics.TryGetValue($"{model} {name}", out double value)
        || (model == version.Model && version.Metrics.TryGetValue(name, out value)) ? value : null;

    /// <summary>The name people know a model by.</summary>
    public static string Name(string model) => model switch
    {
        "sasrec" => "SASRec (self-attention)",
        "sasrec-bce" => "SASRec with its paper's loss",
        "sasrec-plus" => "SASRec with attributes, price and time",
        "gru4rec" => "GRU4Rec (recurrent)",
        "narm" => "NARM (recurrent, attention)",
        "ease" => "EASE (linear)",
        "als" => "Implicit ALS (factors)",
        "bpr" => "BPR (factors, pairwise)",
        "biased-mf" => "Biased factors (stars)",
        "mean-rating" => "Mean rating",
        "user-knn" => "User neighbors",
        "session-knn" => "Session neighbors",
        "blend" => "Blend of models",
        "neumf" => "NeuMF (factors and perceptron)",
        "two-tower" => "Two towers (ids and content)",
        "mult-vae" => "Mult-VAE (autoencoder)",
        "cfgan" => "CFGAN (adversarial)",
        "item-knn" => "Item neighbors",
        "popularity" => "Popularity",
        "recent-popularity" => "Recent popularity",
        _ => model,
    };
}
