using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

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
    public void Is_followed_on_from_where_a_checkpoint_left_it()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        float[] Train()
        {
            var norm = new BatchNorm(2);
            new Trainer(new TrainerOptions { Seed = 1, Epochs = 1, CheckpointFolder = folder }, TimeProvider.System).Train(new TrainingPlan
            {
                Model = norm,
                Optimizer = new Sgd(norm, new SgdOptions()),
                StepsPerEpoch = 3,
                Loss = _ => norm.Forward(Tensor.From([1, 10, 2, 10, 3, 10, 6, 14], 4, 2)).Sum(),
            });
            return norm.RunningMean.ToArray();
        }

        float[] trained = Train();
        float[] resumed = Train();

        Assert.NotEqual([0, 0], trained);
        Assert.Equal(trained, resumed);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Refuses_another_number_of_channels()
    {
        var norm = new BatchNorm(2);

        Assert.Throws<ShapeException>(() => norm.Forward(Tensor.Zeros(4, 3)));
    }

    [Fact]
    public void A_batch_that_is_not_finite_is_not_followed()
    {
        BatchNorm norm = new(2) { IsTraining = true };

        Tensor y = norm.Forward(Tensor.From([1, 2, float.NaN, 4], 2, 2));

        Assert.Contains(y.ToArray(), float.IsNaN);
        Assert.Equal([0f, 0f], norm.RunningMean.ToArray());
        Assert.Equal([1f, 1f], norm.RunningVariance.ToArray());
    }
}
