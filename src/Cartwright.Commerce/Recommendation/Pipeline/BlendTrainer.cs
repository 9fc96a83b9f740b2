using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains several models and finds what each should weigh, by NDCG@10 on the validation cases.</summary>
/// <remarks>
/// Begins with the model that is best alone; then one weight after the other is tried at several values, three times around, and kept where
/// the figure rises. A model that ends with weight 0 is not kept.
/// </remarks>
public sealed class BlendTrainer : IRecommendationTrainer
{
    public const string ModelName = "blend";

    private const int Rounds = 3;
    private const int ValidationCases = 4_000;
    private const int QuickCatalog = 15_000;

    private static readonly string[] Quick = ["item-knn", "session-knn", "ease", "als", "sasrec-plus"];
    private static readonly float[] Weights = [0, 0.05f, 0.1f, 0.2f, 0.35f, 0.5f, 0.75f, 1, 1.5f, 2, 3];

    /// <summary>The models that are added: those that are named, else of each family the one that is quick to train; EASE, whose time grows with
    /// the cube of the catalog and whose memory with its square, only up to <see cref="QuickCatalog"/> products: a matrix has 0.9 GB there.</summary>
    /// <exception cref="ValidationException">One that is named is no model, a blend itself, or named twice.</exception>
    public static IReadOnlyList<string> GeneratorsOf(IReadOnlyList<string>? asked, int productCount)
    {
        if (asked is not { Count: > 0 })
        {
            return [.. Quick.Where(name => name != "ease" || productCount <= QuickCatalog)];
        }

        foreach (string name in asked)
        {
            _ = RecommendationModels.Named(name);
        }

        return !asked.Contains(ModelName, StringComparer.Ordinal) && asked.Distinct(StringComparer.Ordinal).Count() == asked.Count ? asked
            : throw new ValidationException($"A blend adds other models, each once; it was given {string.Join(", ", asked)}.");
    }

    public string Name => ModelName;

    public bool IsBaseline => false;

    public IRecommendationModel Load(string folder) => Blend.Load(folder);

    /// <exception cref="ValidationException">A generator is no model, or is named twice.</exception>
    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        long start = options.Clock.GetTimestamp();
        IRecommendationModel[] models = [.. GeneratorsOf(options.Generators, data.ProductCount)
            .Select(name => FitOrNone(name, data, OptionsOf(options, name, options.Clock.GetElapsedTime(start)), progress, cancellationToken)).OfType<IRecommendationModel>()];
        if (models.Length == 0)
        {
            throw new NothingToLearnException(Name);
        }

        string[] names = [.. models.Select(model => model.Name)];
        progress?.Report(new RunProgress("weighing the models", 0, models.Length, "models"));
        (BlendScale scale, float[] weights) = Choose(models, data.Validation.Sample(ValidationCases), cancellationToken);
        int[] kept = [.. Enumerable.Range(0, models.Length).Where(m => weights[m] > 0)];
        return new Blend(
            new BlendOptions { Scale = scale, Models = [.. kept.Select(m => names[m])], Weights = [.. kept.Select(m => weights[m])] },
            [.. kept.Select(m => models[m])]);
    }

    /// <summary>Each model that is kept learns once more; what they weigh stays.</summary>
    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var blend = (Blend)chosen;
        return blend.Of([.. blend.Models.Select(model => options.Fitted?.GetValueOrDefault(model.Name)
            ?? RecommendationModels.Named(model.Name).Refit(model, whole, options, progress, cancellationToken))]);
    }

    /// <returns>Null for a model that has nothing to learn from; the others answer without it.</returns>
    private static IRecommendationModel? FitOrNone(string name, TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return options.Fitted?.GetValueOrDefault(name) ?? RecommendationModels.Named(name).Fit(data, options, progress, cancellationToken);
        }
        catch (NothingToLearnException)
        {
            return null;
        }
    }

    /// <summary>Each model has a checkpoint folder of its own, and the time that those before it left.</summary>
    private static FitOptions OptionsOf(FitOptions options, string name, TimeSpan elapsed) => options with
    {
        TimeLimit = options.TimeLimit is { } limit ? TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, (limit - elapsed).Ticks)) : null,
        CheckpointFolder = options.CheckpointFolder is { } folder ? Path.Combine(folder, name) : null,
    };

    private static (BlendScale Scale, float[] Weights) Choose(IRecommendationModel[] models, RankingCases cases, CancellationToken cancellationToken)
    {
        (BlendScale Scale, float[] Weights, double Reached) best = (BlendScale.Standard, [.. models.Select((_, m) => m == 0 ? 1f : 0f)], -1);
        foreach (BlendScale scale in cases.Cases.Count == 0 ? [] : Enum.GetValues<BlendScale>())
        {
            var trial = new BlendTrial(models, scale, cases, cancellationToken);
            (float[] weights, double reached) = Climb(trial, models.Length);
            if (reached > best.Reached)
            {
                best = (scale, weights, reached);
            }
        }

        return (best.Scale, best.Weights);
    }

    private static (float[] Weights, double Reached) Climb(BlendTrial trial, int count)
    {
        float[][] alone = [.. Enumerable.Range(0, count).Select(m => Enumerable.Range(0, count).Select(other => other == m ? 1f : 0f).ToArray())];
        float[] weights = alone.MaxBy(trial.Ndcg)!;
        double reached = trial.Ndcg(weights);
        for (int round = 0; round < Rounds; round++)
        {
            for (int m = 0; m < count; m++)
            {
                foreach (float weight in Weights)
                {
                    float[] tried = [.. weights];
                    tried[m] = weight;
                    if (Array.Exists(tried, w => w > 0) && trial.Ndcg(tried) is var figure && figure > reached)
                    {
                        (weights, reached) = (tried, figure);
                    }
                }
            }
        }

        return (weights, reached);
    }
}
