using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Autograd;

/// <summary>One operation against the ones that it is made of.</summary>
public sealed class AffineMapsTests
{
    private static readonly (Func<Tensor, Tensor, Tensor, Tensor> Fused, Func<Tensor, Tensor> After)[] Maps =
    [
        ((x, w, b) => x.Affine(w, b), sum => sum),
        ((x, w, b) => x.Affine(w, b, Activation.Relu), sum => sum.Relu()),
        ((x, w, b) => x.Affine(w, b, Activation.Gelu), sum => sum.Gelu()),
    ];

    /// <summary>Rows, inputs and outputs: with gradients in one pass, with few rows, and with more weights than one pass takes.</summary>
    public static TheoryData<int, int, int> Sizes => new() { { 20, 5, 7 }, { 2, 5, 7 }, { 9, 300, 120 }, { 0, 5, 7 } };

    [Theory, MemberData(nameof(Sizes))]
    public void Is_the_product_the_sum_and_the_function(int m, int k, int n)
    {
        foreach ((Func<Tensor, Tensor, Tensor, Tensor> fused, Func<Tensor, Tensor> after) in Maps)
        {
            AssertSame(m, k, n, (x, w, b, _) => fused(x, w, b), (x, w, b, _) => after(x.MatMul(w, transposeY: true) + b));
        }

        AssertSame(m, k, n, (x, w, b, added) => x.AffineAdded(w, b, added), (x, w, b, added) => added + (x.MatMul(w, transposeY: true) + b));
    }

    [Fact]
    public void What_is_frozen_gets_no_gradient()
    {
        Tensor x = Tensor.Watched(Values(1, 12), 4, 3);
        Tensor weight = Initialize.Normal(new Random(2), 1, 2, 3);
        Tensor bias = Initialize.Constant(0, 2);
        using (FrozenWeights.Begin())
        {
            x.Affine(weight, bias, Activation.Gelu).Sum().Backward();
        }

        Assert.Equal(12, x.Gradient.Length);
        Assert.True(weight.Gradient.IsEmpty);
        Assert.True(bias.Gradient.IsEmpty);
    }

    // Each is used twice, so that gradients are written and added to.
    private static void AssertSame(
        int m, int k, int n, Func<Tensor, Tensor, Tensor, Tensor, Tensor> fused, Func<Tensor, Tensor, Tensor, Tensor, Tensor> plain)
    {
        float[][] Run(Func<Tensor, Tensor, Tensor, Tensor, Tensor> map)
        {
            using TensorScope scope = TensorScope.Begin();
            Tensor[] inputs =
            [
                Tensor.Parameter(Values(1, m * k), m, k), Tensor.Parameter(Values(2, n * k), n, k),
                Tensor.Parameter(Values(3, n), n), Tensor.Parameter(Values(4, m * n), m, n),
            ];
            Tensor y = map(inputs[0], inputs[1], inputs[2], inputs[3]);
            ((y * y).Sum() + map(inputs[0], inputs[1], inputs[2], inputs[3]).Sum()).Backward();
            return [y.ToArray(), .. inputs.Select(input => input.Gradient.ToArray())];
        }

        foreach ((float[] expected, float[] actual) in Run(plain).Zip(Run(fused)))
        {
            float largest = expected.Select(Math.Abs).DefaultIfEmpty().Max();
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -2e-5f * largest, 2e-5f * largest));
        }
    }

    private static float[] Values(int seed, int count) => Initialize.Normal(new Random(seed), 1, count).ToArray();
}
