using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class FaithfulnessTests
{
    [Theory]
    [InlineData("item-knn")]
    [InlineData("sasrec")]
    [InlineData("gru4rec")]
    public void The_reasons_carry_the_score_more_than_others_do(string name)
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 2, out RankingSplit split);
        IRecommendationModel Fit(string model) => RecommendationModels.Named(model).Fit(data, new FitOptions { Epochs = 20 }, null, CancellationToken.None);

        IReadOnlyDictionary<string, MetricEstimate> measured = new Faithfulness(Fit(name), Fit("item-knn"), split.Test, seed: 1).Measure(CancellationToken.None);

        Assert.True(measured["deletion over random"].Low > 0, $"{measured["deletion over random"]}");
        Assert.True(measured["deletion over nearest"].Low >= 0, $"{measured["deletion over nearest"]}");
        Assert.True(measured["deletion"].Value > 0);
    }

    [Fact]
    public void Of_a_score_that_is_a_sum_over_the_history_exactly_the_two_largest_parts_are_lost()
    {
        var model = new SumModel();
        RankingCases cases = new() { Cases = [new RankingCase(0, new[] { 0, 1, 2, 3 }, new[] { 4 })], ExcludesHistory = true };

        IReadOnlyDictionary<string, MetricEstimate> measured = new Faithfulness(model, model, cases, seed: 1).Measure(CancellationToken.None);

        float[] scores = new float[model.ProductCount];
        model.Score(new[] { 0, 1, 2, 3 }, scores);
        Assert.Equal((4 + 3) / BlendScales.Deviation(scores), measured["deletion"].Value, 4);
        Assert.Equal((4 + 3 - 1 - 2) / BlendScales.Deviation(scores), measured["deletion over nearest"].Value, 4);
    }

    [Fact]
    public void Who_has_every_product_is_recommended_none_and_asked_for_no_reason()
    {
        var model = new SumModel();
        RankingCases cases = new() { Cases = [new RankingCase(0, new[] { 0, 1, 2, 3, 4, 5 }, new[] { 4 })], ExcludesHistory = false };

        Assert.Empty(new Faithfulness(model, model, cases, seed: 1).Measure(CancellationToken.None));
    }

    /// <summary>Product 4 gets p + 1 from each product p of the history, all others nothing; 0 and 1 are called most like it.</summary>
    private sealed class SumModel : IRecommendationModel
    {
        public string Name => "sum";

        public int ProductCount => 6;

        public long ParameterCount => 0;

        public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>(StringComparer.Ordinal);

        public bool CanScore(Steps history) => true;

        public void Score(Steps history, Span<float> scores)
        {
            scores.Clear();
            scores[4] = history.Products.ToArray().Sum(product => product + 1);
        }

        public void ScoreSimilar(int product, Span<float> scores)
        {
            for (int other = 0; other < scores.Length; other++)
            {
                scores[other] = -other;
            }
        }

        public void Save(string folder) => throw new NotSupportedException();
    }
}
