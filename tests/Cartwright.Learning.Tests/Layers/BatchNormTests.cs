using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Layers;

public sealed class BatchNormTests
{
    [Fact]
    public void Follows_mean_and_variance_while_learning_and_keeps_them_while_answering()
    {
        var norm = new BatchNorm(2) { IsTraining = true };
        Tensor x = Tensor.From([1, 10, 2, 10, 3, 10, 6, 14], 4, 2);

        norm.Forward(x);
        norm.IsTraining = false;
        norm.Forward(x * 100);

        Assert.Equal([0.3f, 1.1f], norm.RunningMean.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-6f);
        Assert.Equal([0.9f + (0.1f * 14 / 3), 0.9f + (0.1f * 4)], norm.RunningVariance.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Saves_what_it_follows_and_learns_only_its_weights()
    {
        var norm = new BatchNorm(2);

        Assert.Equal(["weight", "bias", "running_mean", "running_var"], norm.State().Select(part => part.Key));
        Assert.Equal(["weight", "bias"], norm.Parameters().Select(part => part.Key));
    }

    [Fact]
    public void Refuses_another_number_of_channels()
    {
        var norm = new BatchNorm(2);

        Assert.Throws<ShapeException>(() => norm.Forward(Tensor.Zeros(4, 3)));
    }
}
