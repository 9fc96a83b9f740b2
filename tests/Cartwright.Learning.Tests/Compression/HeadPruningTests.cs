using Cartwright.Learning.Autograd;
using Cartwright.Learning.Compression;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Compression;

public sealed class HeadPruningTests
{
    private const int Length = 6, Width = 16, HeadCount = 4, ClassCount = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Heads_that_say_nothing_go_first_and_a_layer_without_them_gives_the_same(bool hasRotaryPositions)
    {
        MultiHeadAttention layer = new(Width, HeadCount, 0, new Random(1), hasRotaryPositions);
        foreach (int dead in (int[])[0, 2])
        {
            layer.Value.Weight.Output.Slice(dead * 4 * Width, 4 * Width).Clear();
        }

        Tensor x = Tensor.From(Kernels.Samples.Normal(1, 9 * Width), 9, Width);
        float[] expected = layer.Forward(x, [0, 4, 9], causal: true).ToArray();

        int[] kept = HeadPruning.Prune(layer, 2);

        Assert.Equal([1, 3], kept);
        Assert.Equal(2, layer.HeadCount);
        Assert.Equal([8, Width], layer.Value.Weight.Shape);
        Assert.Equal([Width, 8], layer.Output.Weight.Shape);
        Assert.All(expected.Zip(layer.Forward(x, [0, 4, 9], causal: true).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Taking_half_of_the_heads_makes_a_model_smaller_and_training_on_makes_up_for_it()
    {
        Classifier model = new(new Random(1));
        model.Train(200);
        (Tensor batch, _) = Examples(new Random(7), 50);

        var report = CompressionReport.Measure("heads", model, model.Accuracy, () => model.Forward(batch), () =>
        {
            HeadPruning.Prune(model.Attention, HeadCount / 2);
            model.Train(100);
        }, TimeProvider.System);

        Assert.True(report.Before.Quality > 0.85, report.ToString());
        Assert.True(report.SizeRatio > 1.5, report.ToString());
        Assert.True(report.QualityLoss < 0.03, report.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(HeadCount + 1)]
    public void What_can_not_stay_is_refused(int keepCount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HeadPruning.Prune(new MultiHeadAttention(Width, HeadCount, 0, new Random(1)), keepCount));

    /// <summary>Sequences, and which of their first three numbers is largest on the mean.</summary>
    private static (Tensor X, int[] Classes) Examples(Random random, int count)
    {
        float[] x = Initialize.Normal(random, 1, count * Length, Width).ToArray();
        int[] classes = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, ClassCount)
            .MaxBy(c => Enumerable.Range(0, Length).Sum(token => x[(((i * Length) + token) * Width) + c])))];
        return (Tensor.From(x, count * Length, Width), classes);
    }

    private sealed class Classifier(Random random) : Module
    {
        private readonly Dense _output = new(Length * Width, ClassCount, random);

        public MultiHeadAttention Attention { get; } = new(Width, HeadCount, 0, random);

        protected internal override IEnumerable<Part> Parts => [new("attention", Attention), new("output", _output)];

        public Tensor Forward(Tensor x)
        {
            int[] offsets = [.. Enumerable.Range(0, (x.Rows / Length) + 1).Select(s => s * Length)];
            return _output.Forward(Attention.Forward(x, offsets, causal: false).Reshape(-1, Length * Width));
        }

        public void Train(int steps)
        {
            Adam optimizer = new(this, new AdamOptions { LearningRate = 0.01f });
            var draws = new Random(2);
            for (int step = 0; step < steps; step++)
            {
                using var scope = TensorScope.Begin((ulong)step);
                (Tensor x, int[] classes) = Examples(draws, 64);
                CrossEntropy.Loss(Forward(x), classes).Backward();
                optimizer.Step();
            }
        }

        /// <summary>Share of fresh examples that it classifies rightly.</summary>
        public double Accuracy()
        {
            using var scope = TensorScope.Begin();
            (Tensor x, int[] classes) = Examples(new Random(3), 500);
            Tensor logits = Forward(x);
            return classes.Select((right, i) => logits.Values.Slice(i * ClassCount, ClassCount).IndexOf(
                System.Numerics.Tensors.TensorPrimitives.Max(logits.Values.Slice(i * ClassCount, ClassCount))) == right ? 1.0 : 0).Average();
        }
    }
}
