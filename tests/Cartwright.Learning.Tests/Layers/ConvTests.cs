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

        Assert.Contains("pictures with 3 channels", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(1, 2, 8, 8))).Message);
        Assert.Contains("more padding", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(1, 3, 4, 8))).Message);
        Assert.Contains("four axes", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(3, 8, 8))).Message);
    }

    [Fact]
    public void Refuses_options_out_of_their_range()
    {
        Tensor x = Tensor.Zeros(1, 2, 4, 4), weight = Tensor.Zeros(2, 2, 1, 1);

        foreach (ConvOptions options in (ConvOptions[])[
            new() { Stride = 0 }, new() { Dilation = 0 }, new() { Padding = -1 }, new() { Groups = 0 }, new() { OutputPadding = 1 },
            new() { Stride = 1 << 30 }, new() { Dilation = 1 << 30 }, new() { Padding = 1 << 30 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => x.Conv2d(weight, null, options));
        }
    }

    /// <summary>What no number can hold is refused, not wrapped around.</summary>
    [Fact]
    public void Refuses_sizes_whose_product_is_too_large()
    {
        Tensor x = Tensor.Zeros(1, 1, 4, 4), weight = Tensor.Zeros(1, 1, 3, 3), none = Tensor.Zeros(1, 1, 0, 3);
        var wide = new ConvOptions { Dilation = 1 << 20, Padding = 1 << 20 };

        Assert.Contains("places around each channel", Assert.Throws<ShapeException>(() => x.Conv2d(weight, null, wide)).Message);
        Assert.Contains("places around each channel", Assert.Throws<ShapeException>(() => x.ConvTranspose2d(weight, null, wide)).Message);
        Assert.Contains("1 is the fewest", Assert.Throws<ShapeException>(() => x.Conv2d(none, null, new ConvOptions())).Message);
        Assert.Throws<ShapeException>(() => x.MaxPool2d(1 << 30, 1, 1 << 30));
        Assert.Throws<ShapeException>(() => x.Pad(0, int.MaxValue, 1));
    }

    [Fact]
    public void A_stride_far_longer_than_the_picture_sees_its_first_place()
    {
        Tensor x = Tensor.Watched([3, 4, 5, 6], 1, 1, 2, 2), weight = Tensor.From([2], 1, 1, 1, 1);
        var options = new ConvOptions { Stride = 1 << 24 };

        Tensor y = x.Conv2d(weight, null, options);
        y.Sum().Backward();
        Tensor back = y.ConvTranspose2d(weight, null, options);

        Assert.Equal([6f], y.ToArray());
        Assert.Equal([2f, 0, 0, 0], x.Gradient.ToArray());
        Assert.Equal([12f], back.ToArray());
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
