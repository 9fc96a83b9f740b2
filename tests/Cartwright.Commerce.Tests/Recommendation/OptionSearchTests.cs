using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class OptionSearchTests
{
    [Fact]
    public void In_a_small_shop_the_mean_of_three_draws_chooses_and_the_model_learns_from_all()
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 1, out _);
        data = data with { Validation = data.Validation with { Cases = [.. data.Validation.Cases.Take(3)] } };
        var learned = new List<TrainingData>();
        var search = new OptionSearch<string>(data, new FitOptions { Seed = 1 }, "test", (from, candidate) =>
        {
            learned.Add(from);
            int draw = (learned.Count - 1) % 3;
            return new Knowing(from, candidate == "lucky" ? draw == 0 : draw < 2);
        }, null, CancellationToken.None);

        search.Try("lucky", "steady");
        _ = search.Model;

        Assert.Equal("steady", search.Best);
        Assert.Equal(7, learned.Count);
        Assert.Equal(3, learned.Take(3).Select(draw => string.Join(' ', draw.Sequences.Product)).Distinct().Count());
        Assert.Equal(learned.Take(3), learned.Skip(3).Take(3));
        Assert.All(learned.Take(6), draw => Assert.True(draw.Sequences.StepCount < data.Sequences.StepCount));
        Assert.Same(data, learned[^1]);
    }

    /// <summary>Puts first what was held out most often, or last.</summary>
    private sealed class Knowing(TrainingData data, bool isRight) : IRecommendationModel
    {
        private readonly float[] _counts = [.. Enumerable.Range(0, data.ProductCount)
            .Select(product => (isRight ? 1f : -1f) * data.Validation.Cases.Count(held => held.Targets.Span.Contains(product)))];

        public string Name => "knowing";

        public int ProductCount => _counts.Length;

        public long ParameterCount => 0;

        public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>();

        public bool CanScore(Steps history) => true;

        public void Score(Steps history, Span<float> scores) => _counts.CopyTo(scores);

        public void ScoreSimilar(int product, Span<float> scores) => throw new NotSupportedException();

        public void Save(string folder) => throw new NotSupportedException();
    }
}
