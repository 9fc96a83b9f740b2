using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class SequenceAnswersTests
{
    [Fact]
    public void Coming_back_to_a_product_is_worth_more_the_more_often_and_the_later_it_was_met()
    {
        var answers = SequenceAnswers.Of(new LastProduct(4), 4, new SequenceAnswerOptions { MaxLength = 2, RepeatWeight = 3, RepeatDecay = 0.5f });
        float[] scores = new float[4];

        answers.ScoreMany([new[] { 2, 0, 2, 1 }], scores);

        // Product 1 is the last one; 2 was met two and four steps ago.
        float[] expected = [3 * MathF.Log(1.25f), 1 + (3 * MathF.Log(2)), 3 * MathF.Log(1 + 0.5f + 0.125f), 0];
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void An_empty_history_scores_all_alike_beside_others()
    {
        var answers = SequenceAnswers.Of(new LastProduct(3), 3, new SequenceAnswerOptions());
        float[] scores = new float[9];

        answers.ScoreMany([new[] { 1 }, default, new[] { 1, 2 }], scores);

        Assert.Equal([0, 1, 0, 0, 0, 0, 0, 0, 1], scores);
    }

    [Fact]
    public void Time_between_steps_is_read_in_powers_of_two_of_a_second()
    {
        const long Second = 1_000_000;
        var steps = new Steps { Products = new[] { 1, 2, 3, 4, 5 }, At = new[] { 0, 0, 1 * Second, 4 * Second, 4000 * Second } };

        SequenceBatch batch = SequenceBatch.Of([steps], hasNext: false);

        Assert.Equal([0, 1, 2, 3, 13], batch.Gaps);
        Assert.Equal([0, 1, 2, 3], SequenceBatch.Of([steps], hasNext: true).Gaps);
    }

    /// <summary>Expects the product that was just met.</summary>
    private sealed class LastProduct(int count) : ISequenceNetwork
    {
        public Tensor Vectors(int[] products) =>
            Tensor.From([.. products.SelectMany(product => Enumerable.Range(0, count).Select(i => i == product ? 1f : 0))], products.Length, count);

        public Tensor Expected(Tensor vectors, SequenceBatch batch) => vectors;
    }
}
