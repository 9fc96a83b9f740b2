using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Keeps sessions for <see cref="SessionKnn"/>, and chooses by NDCG@10 on the validation cases how to weigh them.</summary>
/// <remarks>One option after the other, few values each; the card says which were chosen.</remarks>
internal sealed class SessionKnnTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<SessionKnnOptions> Tuned = new(new(), RecommendationJson.Default.SessionKnnOptions);

    private const int ValidationCases = 3_000;
    private const float Endless = 1e9f;
    private static readonly float[] HistoryReaches = [2, 1, 4, 16];
    private static readonly float[] PlaceReaches = [Endless, 8, 3, 1];
    private static readonly float[] AgeReaches = [Endless, 0.5f, 0.2f, 0.05f];
    private static readonly float[] RarityPowers = [0, 1];
    private static readonly float[] RepeatWeights = [1, 0.3f, 0.1f];
    private static readonly int[] NeighborCounts = [500, 150, 1500];

    public string Name => "session-knn";

    public bool IsBaseline => true;

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (Tuned.Read(options.Options) is { } given)
        {
            return new SessionKnn(given, KnownSessions.Of(data, given.MaxLength, given.SampleCount));
        }

        var chosen = new SessionKnnOptions();
        var sessions = KnownSessions.Of(data, chosen.MaxLength, chosen.SampleCount);
        RankingCases validation = data.Validation.Sample(ValidationCases);
        chosen = Best(PlaceReaches.Select(value => chosen with { PlaceReach = value }));
        chosen = Best(HistoryReaches.Select(value => chosen with { HistoryReach = value }));
        chosen = Best(AgeReaches.Select(value => chosen with { AgeReach = value }));
        chosen = Best(RarityPowers.Select(value => chosen with { RarityPower = value }));
        chosen = Best(NeighborCounts.Select(value => chosen with { NeighborCount = value }));
        if (!validation.ExcludesHistory)
        {
            chosen = Best(RepeatWeights.Select(value => chosen with { RepeatWeight = value }));
        }

        return new SessionKnn(chosen, sessions);

        SessionKnnOptions Best(IEnumerable<SessionKnnOptions> candidates) => candidates.MaxBy(candidate =>
        {
            IRecommendationModel model = new SessionKnn(candidate, sessions);
            return RankingMeasure.Run(model.ScoreMany, data.ProductCount, validation, [10], cancellationToken).Mean("ndcg@10");
        })!;
    }

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        ((SessionKnn)chosen).Options is var known ? new SessionKnn(known, KnownSessions.Of(whole, known.MaxLength, known.SampleCount)) : chosen;

    public IRecommendationModel Load(string folder) => SessionKnn.Load(folder);
}
