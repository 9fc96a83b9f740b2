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

    [Fact]
    public void Gradients_flow_back_through_what_another_thread_computed()
    {
        Tensor weight = Tensor.Parameter([2], 1);
        for (int i = 0; i < 100; i++)
        {
            _ = Tensor.Zeros(1);                        // this thread is far ahead of the other
        }

        Tensor squared = weight * weight;
        Tensor? loss = null;
        Thread other = new(() => loss = (squared.Reshape(1, 1) * squared.Reshape(1, 1)).Sum());
        other.Start();
        other.Join();
        loss!.Backward();

        Assert.Equal([32f], weight.Gradient.ToArray());   // of w to the fourth
    }
}
