using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Layers;

public sealed class ConvTests
{
    [Fact]
    public void Refuses_what_does_not_fit_and_says_what_would()
    {
        var layer = new Conv2d(3, 4, 5, new Random(1));

        Assert.Contains("takes 3 channels", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(1, 2, 8, 8))).Message);
        Assert.Contains("more padding", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(1, 3, 4, 8))).Message);
        Assert.Contains("four axes", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(3, 8, 8))).Message);
    }

    [Fact]
    public void Refuses_options_out_of_their_range()
    {
        Tensor x = Tensor.Zeros(1, 2, 4, 4), weight = Tensor.Zeros(2, 2, 1, 1);

        foreach (ConvOptions options in (ConvOptions[])[
            new() { Stride = 0 }, new() { Dilation = 0 }, new() { Padding = -1 }, new() { Groups = 0 }, new() { OutputPadding = 1 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => x.Conv2d(weight, null, options));
        }
    }

    [Fact]
    public void Goes_on_to_relu_with_the_same_numbers_and_gradients()
    {
        var random = new Random(1);
        var layer = new Conv2d(3, 9, 3, random, new ConvOptions { Padding = 1 });
        Tensor x = Initialize.Normal(random, 1, 2, 3, 8, 7), same = Tensor.Parameter(x.ToArray(), x.Shape.ToArray());

        Tensor inOne = layer.Forward(x, thenRelu: true);
        Tensor inTwo = layer.Forward(same).Relu();
        (inOne * inOne).Sum().Backward();
        (inTwo * inTwo).Sum().Backward();

        Assert.Equal(inTwo.ToArray(), inOne.ToArray());
        Assert.Equal(same.Gradient.ToArray(), x.Gradient.ToArray());
    }
}
