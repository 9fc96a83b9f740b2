using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Optimizers;

public sealed class PrivateGradientsTests
{
    private static readonly PrivateGradientOptions NoNoise = new() { MaxNorm = 1, NoiseMultiplier = 0, ExpectedBatchSize = 4 };

    [Fact]
    public void Without_noise_it_is_the_mean_of_the_shortened_gradients()
    {
        Embedding table = new(3, 2, new Random(1));
        PrivateGradients gradients = new(table, NoNoise);

        // Gradients (3, 4), of length 5, and (0.3, 0.4), of length 0.5.
        Tensor loss = gradients.Compute([0, 1], example => (table.Forward([example]) * Tensor.From(example == 0 ? [3, 4] : [0.3f, 0.4f], 1, 2)).Sum(), seed: 1);

        Assert.Equal([0.6f / 4, 0.8f / 4, 0.3f / 4, 0.4f / 4, 0, 0], table.Weight.Gradient.ToArray(), (x, y) => Math.Abs(x - y) < 1e-6f);
        Assert.Empty(loss.Shape);
        Assert.False(loss.RequiresGradient);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_example_whose_gradient_is_not_finite_is_left_out(float slope)
    {
        Embedding table = new(3, 2, new Random(1));
        table.Weight.Output.Fill(1);
        PrivateGradients gradients = new(table, NoNoise);

        Tensor loss = gradients.Compute([0, 1], example => (table.Forward([example]) * Tensor.From(example == 0 ? [slope, 4] : [0.3f, 0.4f], 1, 2)).Sum(), seed: 1);

        Assert.Equal([0, 0, 0.3f / 4, 0.4f / 4, 0, 0], table.Weight.Gradient.ToArray(), (x, y) => Math.Abs(x - y) < 1e-6f);
        Assert.Equal(0.7f, loss.Item(), 1e-6f);
    }

    [Fact]
    public void A_gradient_whose_square_is_too_large_for_float_is_shortened_like_any_other()
    {
        Embedding table = new(1, 2, new Random(1));
        PrivateGradients gradients = new(table, NoNoise);

        gradients.Compute([0], example => (table.Forward([example]) * Tensor.From([1e30f, 2], 1, 2)).Sum(), seed: 1);

        Assert.Equal([1f / 4, 0], table.Weight.Gradient.ToArray(), (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    [Fact]
    public void The_noise_is_as_large_as_asked_for_and_follows_from_the_seed()
    {
        Embedding table = new(2000, 8, new Random(1));
        PrivateGradients gradients = new(table, new PrivateGradientOptions { MaxNorm = 0.5f, NoiseMultiplier = 3, ExpectedBatchSize = 10 });
        Sgd optimizer = new(table, new SgdOptions());

        float[] first = Noise(1);
        float[] again = Noise(1);
        float[] second = Noise(2);

        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
        Assert.Equal(0.15, Math.Sqrt(first.Average(x => x * (double)x)), 0.003);

        float[] Noise(ulong seed)
        {
            gradients.Compute([], _ => Tensor.Zeros(), seed);
            float[] noise = table.Weight.Gradient.ToArray();
            optimizer.Step();
            return noise;
        }
    }

    [Fact]
    public void A_weight_that_holds_a_gradient_already_is_refused_so_that_no_noise_is_shortened()
    {
        Embedding table = new(3, 2, new Random(1));
        PrivateGradients gradients = new(table, NoNoise);
        Sgd optimizer = new(table, new SgdOptions());
        Compute();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(Compute);
        Assert.Contains("'weight' holds a gradient already", e.Message, StringComparison.Ordinal);

        optimizer.Step();
        Compute();
        Trainer trainer = new(new TrainerOptions { Seed = 1, GradientAccumulation = 2 }, TimeProvider.System);
        Assert.Throws<InvalidOperationException>(() => trainer.Train(new TrainingPlan
        {
            Model = table,
            Optimizer = optimizer,
            StepsPerEpoch = 2,
            Loss = step => gradients.Compute([0], example => table.Forward([example]).Sum(), step.Seed),
        }));

        void Compute() => gradients.Compute([0], example => table.Forward([example]).Sum(), seed: 1);
    }

    [Fact]
    public void A_model_that_keeps_means_of_its_examples_is_refused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new PrivateGradients(new ResidualBlock(2, 2, new Random(1)), NoNoise));

        Assert.Contains("LayerNorm", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_chance_that_is_none_is_refused(double samplingRate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PrivateGradients.DrawBatch(5, samplingRate, 1));

    [Fact]
    public void Fewer_examples_than_none_are_refused() => PlainWords.Assert(
        Assert.Throws<ArgumentOutOfRangeException>("exampleCount", () => PrivateGradients.DrawBatch(-5, 0.5, 1)), "exampleCount");

    [Theory]
    [InlineData(0.01f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_batch_of_less_than_one_example_is_refused(float size) => Assert.Contains(
        "ExpectedBatchSize must be 1 or more",
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrivateGradients(new Embedding(3, 2, new Random(1)), NoNoise with { ExpectedBatchSize = size })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Each_example_is_drawn_with_the_same_chance()
    {
        int[] counts = new int[50];
        for (ulong step = 0; step < 4000; step++)
        {
            foreach (int example in PrivateGradients.DrawBatch(50, 0.2, Seeds.Mix(9, step)))
            {
                counts[example]++;
            }
        }

        Assert.All(counts, count => Assert.InRange(count / 4000.0, 0.17, 0.23));
        Assert.Empty(PrivateGradients.DrawBatch(50, 0, 1));
        Assert.Equal(50, PrivateGradients.DrawBatch(50, 1, 1).Length);
    }

    /// <summary>Two clouds of points, ε of about 2: most are told apart, and the promise is kept.</summary>
    [Fact]
    public void A_classifier_learns_in_private()
    {
        const int Count = 600;
        const double Rate = 0.1;
        Random random = new(4);
        float[][] points = [.. Enumerable.Range(0, Count).Select(i => (float[])[(i % 2) + random.NextSingle() - 1, (i % 2) + random.NextSingle() - 1])];
        Dense model = new(2, 1, new Random(2));
        Sgd optimizer = new(model, new SgdOptions { LearningRate = 0.5f });
        PrivateGradients gradients = new(model, new PrivateGradientOptions { MaxNorm = 1, NoiseMultiplier = 2.5f, ExpectedBatchSize = (float)(Count * Rate) });
        PrivacyAccountant accountant = new();

        for (ulong step = 0; step < 60; step++)
        {
            int[] batch = PrivateGradients.DrawBatch(Count, Rate, Seeds.Mix(5, step));
            gradients.Compute(batch, i => BinaryCrossEntropy.Loss(model.Forward(Tensor.From(points[i], 1, 2)), Tensor.From([i % 2], 1, 1)), Seeds.Mix(6, step));
            optimizer.Step();
            accountant.AddSteps(Rate, 2.5, 1);
        }

        Tensor logits = model.Forward(Tensor.From([.. points.SelectMany(point => point)], Count, 2));
        double accuracy = Enumerable.Range(0, Count).Count(i => logits.Values[i] > 0 == (i % 2 == 1)) / (double)Count;
        Assert.True(accuracy > 0.9, $"{accuracy:P1} were told apart.");
        Assert.InRange(accountant.Epsilon(1e-4), 0.5, 2.5);
    }
}
