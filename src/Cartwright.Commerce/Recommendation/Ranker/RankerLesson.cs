using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>One training of a ranker, cut by time so that nothing that it reads knows what came later.</summary>
/// <remarks>
/// Generators learn from what was done before the first half of the pages was shown: their scores of later pages are then those of products that
/// they have not seen the shopper choose, as in service. Of the later pages three fifths teach the ranker, a fifth chooses its epoch and sets its
/// chances right, and the last fifth judges it.
/// </remarks>
internal sealed record RankerLesson
{
    private static readonly double[] Cuts = [0.5, 0.8, 0.9];

    /// <summary>Share of the generators' steps that choose their options and epochs, the latest.</summary>
    private const double ValidationShare = 0.05;

    public required ClickModel Ranker { get; init; }

    /// <summary>How much its word counts beside the generators'.</summary>
    public required double Share { get; init; }

    /// <summary>Who generated its candidates while it learned.</summary>
    public required IRecommendationModel Generators { get; init; }

    /// <summary>What it learned from.</summary>
    public required ClickRows Train { get; init; }

    /// <summary>What chose its epoch.</summary>
    public required ClickRows Validation { get; init; }

    /// <summary>What judges it.</summary>
    public required ClickRows Test { get; init; }

    /// <summary>Each shopper's first step after the judges' time began.</summary>
    public required RankingSplit Steps { get; init; }

    /// <summary>Candidates at the judges' time.</summary>
    public required CandidateReader Candidates { get; init; }

    /// <summary>Impressions of the whole log, and clicks among them.</summary>
    public required (int Shown, int Clicked) Log { get; init; }

    /// <param name="where">What holds the data, for errors: "The shop".</param>
    /// <param name="fit">Makes the generators.</param>
    /// <exception cref="ValidationException">There are too few impressions or clicks.</exception>
    public static RankerLesson Run(Snapshot shop, string where, Func<TrainingData, IRecommendationModel> fit, int seed, int? epochs, TimeSpan? timeLimit, TimeProvider clock,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new RunProgress("reading impressions", 0, 0, "impressions"));
        var log = ImpressionLog.Of(shop, cancellationToken);
        log.RequireEnough(where);
        IReadOnlyList<ImpressionPage> pages = log.Pages;
        long[] from = Array.ConvertAll(Cuts, cut => pages[(int)(pages.Count * cut)].At);
        var catalog = ClickCatalog.Of(shop.Products);
        ClickProduct[] products = [.. shop.Products.Select(catalog.Read)];
        Sequences steps = SequenceReader.ByShopper(shop, Enum.GetValues<InteractionKind>().Where(kind => kind.IsInterest()).ToHashSet(), merged: true);
        var comparison = new ModelComparison(shop.Products, shop.Info.HasRealTimes, clock);
        RankingSplit learned = GeneratorSplit(steps, from[0]);
        if (learned.Train.Count == 0)
        {
            throw new ValidationException($"{where} has impressions, but nothing was done before the first half of them was shown, so the generators have nothing to learn from.");
        }

        IRecommendationModel generators = fit(comparison.TrainingDataOf(learned));
        string[] names = [.. GeneratorScores.Of(generators).Select(model => model.Name)];
        ClickRows Rows(long begin, long end, string name)
        {
            ImpressionPage[] some = [.. pages.Where(page => page.At >= begin && page.At < end)];
            progress?.Report(new RunProgress($"scoring what was shown, to {name}", 0, some.Length, "pages"));
            return new ClickRows(some, products, PageScores.Of(generators, some, cancellationToken), names.Length, shop.Info.HasRealTimes, ClickNetworkOptions.DefaultHistory);
        }

        ClickRows train = Rows(from[0], from[1], "learn"), validation = Rows(from[1], from[2], "choose"), test = Rows(from[2], long.MaxValue, "judge");
        ClickModel ranker = new ClickLearning(clock).Fit(catalog, names, train, validation, seed, epochs, timeLimit, progress, cancellationToken);
        CandidateReader At(long moment) => new(generators, ranker, products, StepShares.Of(steps, moment, products.Length), shop.Info.HasRealTimes ? moment : null);
        progress?.Report(new RunProgress("weighing the ranker", 0, 0, "shoppers"));
        RankingSplit chosen = NextSteps(steps, from[1], from[2]);
        return new RankerLesson
        {
            Ranker = ranker,
            Share = ReorderingShare.Choose(At(from[1]), chosen.Test, cancellationToken),
            Generators = generators,
            Train = train,
            Validation = validation,
            Test = test,
            Steps = NextSteps(steps, from[2], long.MaxValue),
            Candidates = At(from[2]),
            Log = (log.Count, log.ClickCount),
        };
    }

    /// <summary>Steps before a moment; each sequence's first of the latest validates.</summary>
    private static RankingSplit GeneratorSplit(Sequences steps, long until)
    {
        long[] before = [.. steps.At.Where(at => at < until)];
        long validate = before.Length == 0 ? until : TimeSplit.MidnightBefore(before, ValidationShare);
        return Cut(steps, validate, until, StepPart.Validation);
    }

    /// <summary>Each sequence's first step from a moment on, after what it did before; none where it did nothing until the end.</summary>
    private static RankingSplit NextSteps(Sequences steps, long from, long until) => Cut(steps, from, until, StepPart.Test);

    private static RankingSplit Cut(Sequences steps, long from, long until, StepPart part)
    {
        var parts = new StepPart[steps.StepCount];
        for (int s = 0; s < steps.Count; s++)
        {
            bool hasTarget = false;
            for (int step = steps.Start[s]; step < steps.Start[s + 1]; step++)
            {
                bool isTarget = !hasTarget && steps.At[step] >= from && steps.At[step] < until;
                parts[step] = steps.At[step] < from ? StepPart.Train : isTarget ? part : StepPart.None;
                hasTarget |= isTarget;
            }
        }

        return RankingSplit.Cut(steps, parts, RankingSplit.RarelyRepeats(steps), onlyKnown: true);
    }
}
