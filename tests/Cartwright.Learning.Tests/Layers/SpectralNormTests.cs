using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Layers;

public sealed class SpectralNormTests
{
    [Fact]
    public void Divides_a_weight_by_its_largest_singular_value()
    {
        // A stretch by 5 and by 2 along turned axes.
        (float c, float s) = (MathF.Cos(0.4f), MathF.Sin(0.4f));
        Tensor weight = Tensor.Parameter([5 * c, -2 * s, 5 * s, 2 * c], 2, 2);
        var norm = new SpectralNorm(2, 2, new Random(1)) { IsTraining = true };

        for (int step = 0; step < 30; step++)
        {
            norm.Forward(weight);
        }

        Assert.Equal(weight.ToArray().Select(number => number / 5), norm.Forward(weight).ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Has_the_gradient_that_differences_say()
    {
        Tensor weight = Initialize.Normal(new Random(2), 1, 4, 3);
        var norm = new SpectralNorm(4, 3, new Random(1)) { IsTraining = true };
        for (int step = 0; step < 300; step++)
        {
            norm.Forward(weight);
        }

        Tensor factors = Initialize.Normal(new Random(3), 1, 4, 3);
        NumericalGradient.Assert(() => (norm.Forward(weight) * factors).Sum(), [new("weight", weight)]);
    }

    [Fact]
    public void Stays_as_it_is_while_answering()
    {
        Tensor weight = Initialize.Normal(new Random(2), 1, 4, 3);
        var layer = new Conv2d(3, 4, 1, new Random(1), hasBias: false, hasSpectralNorm: true);
        float[] first = layer.Forward(Tensor.From(new float[3 * 4], 1, 3, 2, 2) + weight.Reshape(1, 3, 2, 2)).ToArray();

        Assert.Equal(first, layer.Forward(weight.Reshape(1, 3, 2, 2)).ToArray());
        Assert.Equal(["weight", "spectral_norm.u", "spectral_norm.v"], layer.State().Select(part => part.Key));
    }
}
