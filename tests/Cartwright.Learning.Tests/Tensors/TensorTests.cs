using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void Two_losses_that_share_a_part_add_their_gradients()
    {
        Tensor weight = Tensor.Parameter([1], 1);
        Tensor shared = weight * Tensor.From([2], 1);
        Tensor first = shared.Sum();
        Tensor second = (shared.Reshape(1, 1) * 3f).Sum();

        first.Backward();
        second.Backward();

        Assert.Equal([2f + 6f], weight.Gradient.ToArray());
        Assert.Equal([3f], shared.Gradient.ToArray());
    }

    [Fact]
    public void The_same_loss_twice_has_twice_the_gradient()
    {
        Tensor weight = Tensor.Parameter([1], 1);
        Tensor loss = (weight * 2f * 3f).Sum();

        loss.Backward();
        loss.Backward();

        Assert.Equal([12f], weight.Gradient.ToArray());
    }

    [Fact]
    public void A_detached_tensor_has_the_numbers_and_passes_no_gradient_on()
    {
        Tensor weight = Tensor.Parameter([3], 1);
        Tensor twice = weight * 2f;

        Tensor detached = twice.Detach();
        (twice * detached).Sum().Backward();

        Assert.False(detached.RequiresGradient);
        Assert.Equal([6f], detached.ToArray());
        Assert.Equal([12f], weight.Gradient.ToArray());
    }
}
