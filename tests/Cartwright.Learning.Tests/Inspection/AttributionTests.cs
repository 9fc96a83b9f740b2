using Cartwright.Learning.Autograd;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Training;

namespace Cartwright.Learning.Tests.Inspection;

public sealed class AttributionTests
{
    private static readonly SmallClassifier Model = SmallClassifier.Trained(epochs: 3);
    private static readonly Tensor Input = Tensor.Buffer(SmallClassifier.Examples(3, 1).X, SmallClassifier.InputSize);
    private static readonly Tensor Baseline = Tensor.Buffer(new float[SmallClassifier.InputSize], SmallClassifier.InputSize);

    [Fact]
    public void Integrated_gradients_sum_to_the_difference_of_the_scores()
    {
        Attribution attribution = IntegratedGradients.Attribute(ClassTwo, Input, Baseline, steps: 200);

        Assert.True(Math.Abs(attribution.Score - attribution.BaselineScore) > 0.5, "The example says nothing.");
        Assert.Equal(0, attribution.Residual, 0.01 * Math.Abs(attribution.Score - attribution.BaselineScore));
    }

    [Fact]
    public void Integrated_gradients_of_a_square_are_the_integral()
    {
        // The gradient of x² from 1 to 3 has the mean 4; times 2 that is 9 - 1. A linear number gets its weight times its way.
        Attribution attribution = IntegratedGradients.Attribute(
            x => ((x * x) * Tensor.From([1, 0, 1, 0], x.Dimensions) + (x * Tensor.From([0, 5, 0, 5], x.Dimensions))).MatMul(Tensor.From([1, 1], 2, 1)),
            Tensor.From([3, 4], 2), Tensor.From([1, 2], 2), steps: 2);

        Assert.Equal([8, 10], attribution.Values);
        Assert.Equal(0, attribution.Residual, 1e-5);
    }

    [Fact]
    public void Asking_for_gradients_of_the_input_leaves_those_of_the_weights_alone()
    {
        SmallClassifier model = new(8, new Random(1));
        float[] expected = NumericalInputGradient(model);

        float[] gradient = InputGradient.Of(model.Forward, Input.Reshape(1, -1));

        Assert.All(expected.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        Assert.All(model.Parameters(), weight => Assert.True(weight.Value.Gradient.IsEmpty, weight.Key));
    }

    [Fact]
    public void Occlusion_is_the_fall_of_the_score()
    {
        Attribution attribution = Occlusion.Attribute(
            x => x.MatMul(Tensor.From([1, 2, 3, 4], 4, 1)), Tensor.From([1, 1, 1, 1], 4), Tensor.From([0, 0, 0, 0.5f], 4), [[0], [1, 2], [3], []]);

        Assert.Equal([1, 5, 2, 0], attribution.Values);
        Assert.Equal(10, attribution.Score);
        Assert.Equal(2, attribution.BaselineScore);
    }

    [Fact]
    public void Squares_cover_a_picture_in_all_channels_and_are_cut_off_at_its_edge()
    {
        IReadOnlyList<int[]> squares = Occlusion.Squares(channels: 2, height: 3, width: 5, size: 2, stride: 2);

        Assert.Equal(6, squares.Count);
        Assert.Equal([0, 1, 5, 6, 15, 16, 20, 21], squares[0]);
        Assert.Equal([14, 29], squares[^1]);
        Assert.Equal(Enumerable.Range(0, 30), squares.SelectMany(square => square).Order());
    }

    [Fact]
    public void Shapley_values_of_a_small_game_are_those_of_all_orders()
    {
        Func<Tensor, Tensor> game = x => Tensor.From([.. Enumerable.Range(0, x.Rows).Select(i => Payoff(x.Values.Slice(i * 3, 3)))], x.Rows);

        Attribution attribution = ShapleySampling.Attribute(
            game, Tensor.From([1, 1, 1], 3), Tensor.From([0, 0, 0], 1, 3), Occlusion.Numbers(3), samples: 4000, new Random(1));

        // All six orders by hand: the pair 0, 1 shares its 12 evenly, 1 and 2 share their product 6, 2 has 3 for itself.
        Assert.Equal(6, attribution.Values[0], 0.2f);
        Assert.Equal(9, attribution.Values[1], 0.2f);
        Assert.Equal(6, attribution.Values[2], 0.2f);
        Assert.Equal(0, attribution.Residual, 1e-3);

        static float Payoff(ReadOnlySpan<float> x) => (12 * x[0] * x[1]) + (6 * x[1] * x[2]) + (3 * x[2]);
    }

    [Fact]
    public void Shapley_values_of_a_linear_model_are_exact_and_sum_to_the_difference_of_the_scores()
    {
        Tensor weights = Tensor.From([2, -3, 0.5f], 3, 1);

        Attribution attribution = ShapleySampling.Attribute(
            x => x.MatMul(weights), Tensor.From([1, 2, 4], 3), Tensor.From([0, 1, 0], 1, 3), Occlusion.Numbers(3), samples: 3, new Random(1));

        Assert.All(attribution.Values.Zip([2f, -3f, 2f]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        Assert.Equal(0, attribution.Residual, 1e-5);
    }

    [Fact]
    public void Shapley_values_over_a_background_are_efficient()
    {
        Attribution attribution = ShapleySampling.Attribute(
            ClassTwo, Input, Tensor.From(SmallClassifier.Examples(4, 20).X, 20, SmallClassifier.InputSize), [[0, 1], [2], [3], [4, 5, 6]], 50, new Random(2));

        Assert.Equal(0, attribution.Residual, 1e-4);
        Assert.Equal(4, attribution.Values.Length);
    }

    private static Tensor ClassTwo(Tensor x) => Model.Forward(x).MatMul(Tensor.From([0, 0, 1, 0], 4, 1));

    private static float[] NumericalInputGradient(SmallClassifier model)
    {
        float[] gradient = new float[Input.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (SumAt(i, 1e-2f) - SumAt(i, -1e-2f)) / 2e-2f;
        }

        return gradient;

        float SumAt(int i, float change)
        {
            float[] x = Input.ToArray();
            x[i] += change;
            return model.Forward(Tensor.From(x, 1, x.Length)).Sum().Item();
        }
    }
}
