using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Tries options one after the other and keeps those that rank held-out steps best, by NDCG@10. The first of equals stays.</summary>
/// <remarks>
/// The held-out steps are the validation cases. Where these have too few targets to tell options apart, a random fifth of each training
/// sequence's products is held out for the choice, in a small shop three times over, for a mean that luck sways less; the model of the chosen
/// options then learns from all: for models that know no order.
/// </remarks>
internal sealed class OptionSearch<TOptions>(TrainingData data, FitOptions options, string name, Func<TrainingData, TOptions, IRecommendationModel> fit,
    IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    where TOptions : class
{
    private const int MostCases = 3_000;

    private readonly TrainingData[] _learned = OptionChoice.DrawsFor(data, options.Seed);
    private double _reached = double.NegativeInfinity;
    private int _tried;

    /// <summary>Set once something was tried.</summary>
    public TOptions Best { get; private set; } = null!;

    /// <summary>The model of the best options as it was tried last; null where nothing was.</summary>
    public IRecommendationModel? BestModel { get; private set; }

    /// <summary>The model of the best options, learned from all training data.</summary>
    public IRecommendationModel Model => ReferenceEquals(_learned[0], data) ? BestModel! : fit(data, Best);

    public void Try(params IEnumerable<TOptions> candidates)
    {
        foreach (TOptions candidate in candidates.ToArray())
        {
            IRecommendationModel model = null!;
            double reached = 0;
            foreach (TrainingData learned in _learned)
            {
                model = fit(learned, candidate);
                reached += RankingMeasure.Run(model.ScoreMany, model.ProductCount, learned.Validation.Sample(MostCases), [10], cancellationToken).Mean("ndcg@10") / _learned.Length;
            }

            _tried++;
            progress?.Report(new RunProgress($"choosing the options of {name}", _tried, _tried, "models")
            {
                Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["ndcg@10"] = reached },
            });
            if (reached > _reached)
            {
                (Best, BestModel, _reached) = (candidate, model, reached);
            }
        }
    }
}

/// <summary>What options are chosen by, for models that know no order.</summary>
internal static class OptionChoice
{
    private const int FewTargets = 2_000;
    private const int Draws = 3;

    /// <summary>Products up to which options are tried on several draws: beyond, each model takes long.</summary>
    private const int FewProducts = 5_000;

    /// <summary>The data as it is, or, where its validation cases have too few targets to tell options apart, with a random fifth of each training sequence's products held out.</summary>
    public static TrainingData DataFor(TrainingData data, int seed) => DrawsFor(data, seed)[0];

    /// <summary>As <see cref="DataFor"/>; several draws of the held-out fifth where the shop is small.</summary>
    public static TrainingData[] DrawsFor(TrainingData data, int seed)
    {
        if (data.Validation.TargetCount >= FewTargets)
        {
            return [data];
        }

        TrainingData more = HoldOut(data, seed, draw: 0);
        return more.Validation.TargetCount <= data.Validation.TargetCount ? [data]
            : data.ProductCount > FewProducts ? [more]
            : [more, .. Enumerable.Range(1, Draws - 1).Select(draw => HoldOut(data, seed, draw))];
    }

    private static TrainingData HoldOut(TrainingData data, int seed, int draw)
    {
        var random = Seeds.Random((ulong)seed, (ulong)draw);
        var parts = new StepPart[data.Sequences.StepCount];
        for (int s = 0; s < data.Sequences.Count; s++)
        {
            foreach (int step in RandomSplit.FirstSteps(data.Sequences, s, parts))
            {
                parts[step] = random.Next(5) == 0 ? StepPart.Validation : StepPart.Train;
            }
        }

        RankingSplit split = RankingSplit.Cut(data.Sequences, parts, data.Validation.ExcludesHistory, onlyKnown: true);
        return data with { Sequences = split.Train, Validation = split.Validation };
    }
}
