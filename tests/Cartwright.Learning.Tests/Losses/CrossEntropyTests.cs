using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Losses;

public sealed class CrossEntropyTests
{
    private const float Masked = float.NegativeInfinity;

    // PyTorch 1.13: F.cross_entropy of [1, -inf, 2, 0.5] and class 0.
    private const float OfMasked = 1.46436882f;

    private static Tensor Logits() => Tensor.Watched([1, Masked, 2, 0.5f], 1, 4);

    [Fact]
    public void A_masked_class_costs_nothing_without_smoothing_whatever_the_weights()
    {
        Tensor logits = Logits();

        Tensor loss = CrossEntropy.Loss(logits, [0], new() { ClassWeights = [1, 2, 1, 1] });
        loss.Backward();

        Assert.Equal(OfMasked, CrossEntropy.Loss(Logits(), [0]).Item(), 1e-6f);
        Assert.Equal(OfMasked, loss.Item(), 1e-6f);
        AssertNear([-0.76877612f, 0, 0.62853169f, 0.14024438f], logits.Gradient);
    }

    [Fact]
    public void A_masked_class_that_smoothing_reaches_costs_infinitely_much_and_its_gradient_is_finite()
    {
        Tensor logits = Logits();

        Tensor loss = CrossEntropy.Loss(logits, [0], new() { LabelSmoothing = 0.1f });
        loss.Backward();

        Assert.Equal(float.PositiveInfinity, loss.Item());
        AssertNear([-0.69377607f, -0.025f, 0.6035316f, 0.11524437f], logits.Gradient);
    }

    /// <summary>Around the widths of vectors, with the masked class in each place.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(40)]
    public void A_masked_class_without_weight_counts_for_nothing(int classes)
    {
        float[] numbers = [.. Enumerable.Range(0, classes).Select(i => (i % 5) * 0.5f)];
        for (int masked = 1; masked < classes; masked++)
        {
            float[] withMask = [.. numbers], weights = [.. Enumerable.Repeat(1f, classes)];
            (withMask[masked], weights[masked]) = (Masked, 0);
            double all = withMask.Sum(x => Math.Exp(x));
            double expected = -0.9 * Math.Log(Math.Exp(withMask[0]) / all)
                - Enumerable.Range(0, classes).Where(c => c != masked).Sum(c => 0.1 / classes * Math.Log(Math.Exp(withMask[c]) / all));

            float loss = CrossEntropy.Loss(Tensor.From(withMask, 1, classes), [0], new() { LabelSmoothing = 0.1f, ClassWeights = weights }).Item();

            Assert.Equal((float)expected, loss, 1e-5f);
        }
    }

    [Fact]
    public void A_smoothing_out_of_its_range_is_refused()
    {
        foreach (float smoothing in (float[])[-0.1f, 1, float.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy.Loss(Logits(), [0], new() { LabelSmoothing = smoothing }));
        }
    }

    private static void AssertNear(float[] expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }
}
