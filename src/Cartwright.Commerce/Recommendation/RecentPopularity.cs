using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The same list for everybody: the products that most of the latest steps are about.</summary>
/// <remarks>
/// The window is a share of all steps, counted back from the newest, so that it means the same whether times are real or only an order.
/// Which share is chosen by NDCG@10 on the validation cases; the card says it. Products with equal counts in the window are ordered by
/// their count in all steps. Y. Ji et al., "A Re-visit of the Popularity Baseline in Recommender Systems", SIGIR 2020.
/// </remarks>
public sealed class RecentPopularityTrainer : IRecommendationTrainer
{
    private const string WindowShare = "windowShare";
    private static readonly double[] Shares = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];

    public string Name => "recent-popularity";

    public bool IsBaseline => true;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        int[] products = NewestFirst(data.Sequences);
        RankingCases validation = data.Validation.Sample(3_000);
        (double share, float[] scores) = Shares
            .Select(share => (share, scores: Scores(products, share, data.ProductCount)))
            .MaxBy(window => RankingMeasure.Run(PopularityOf(window.scores), data.ProductCount, validation, [10], cancellationToken).Mean("ndcg@10"));
        return Of(share, scores);
    }

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        double share = double.Parse(chosen.Card[WindowShare], CultureInfo.InvariantCulture);
        return Of(share, Scores(NewestFirst(whole.Sequences), share, whole.ProductCount));
    }

    public IRecommendationModel Load(string folder) => Popularity.Load(Name, folder);

    /// <param name="products">Product of each step, newest first.</param>
    internal static float[] Scores(ReadOnlySpan<int> products, double share, int productCount)
    {
        float[] scores = PopularityTrainer.Count(products[..(int)Math.Ceiling(products.Length * share)], productCount);
        float[] all = PopularityTrainer.Count(products, productCount);
        for (int p = 0; p < productCount; p++)
        {
            scores[p] += all[p] / (products.Length + 1);         // less than one step, so it only orders what is equal
        }

        return scores;
    }

    private static int[] NewestFirst(Sequences sequences) =>
        [.. Enumerable.Range(0, sequences.StepCount).OrderByDescending(step => sequences.At[step]).Select(step => sequences.Product[step])];

    private Popularity Of(double share, float[] scores) =>
        new(Name, scores, new Dictionary<string, string>(StringComparer.Ordinal) { [WindowShare] = share.ToString(CultureInfo.InvariantCulture) });

    private static BatchScorer PopularityOf(float[] scores) => (histories, rows) =>
    {
        for (int i = 0; i < histories.Length; i++)
        {
            scores.CopyTo(rows[(i * scores.Length)..]);
        }
    };
}
