using Cartwright.Learning.Autograd;
using Cartwright.Learning.Compression;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Compression;

public sealed class ChannelPruningTests
{
    private const int Size = 12;

    [Fact]
    public void Taking_channels_out_makes_a_model_smaller_and_quicker_and_training_on_makes_up_for_it()
    {
        Stripes model = new(24, new Random(1));
        model.Train(60, rate: 0.003f);
        double atOnce = double.NaN;
        (Tensor pictures, _) = Draw(64, new Random(3));

        var report = CompressionReport.Measure("channels", model, model.Accuracy, Answer, Compress, TimeProvider.System);

        Assert.True(report.Before.Quality > 0.9, report.ToString());
        Assert.True(report.SizeRatio > 3, report.ToString());
        Assert.True(report.Speedup > 1, report.ToString());
        Assert.True(report.QualityLoss < 0.03, report.ToString());
        Assert.True(report.After.Quality > atOnce, $"{atOnce} before training on; {report}");

        void Compress()
        {
            ChannelPruning.Prune(model.First, model.Second, 10, model.FirstNorm, model.Depthwise, model.DepthwiseNorm);
            ChannelPruning.Prune(model.Second, model.Output, 10, model.SecondNorm);
            atOnce = model.Accuracy();
            model.Train(40, rate: 0.003f);
        }

        void Answer()
        {
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            model.Forward(pictures);
        }
    }

    [Fact]
    public void A_dense_layer_whose_norm_was_made_for_all_inputs_is_refused_before_anything_changes()
    {
        Conv2d layer = new(3, 8, 3, new Random(1));
        Dense next = new(8, 2, new Random(1), hasSpectralNorm: true);

        Assert.Throws<ArgumentException>(() => ChannelPruning.Prune(layer, next, 3));

        Assert.Equal(8, layer.Weight.Shape[0]);
    }

    [Fact]
    public void Channels_that_say_nothing_go_first_and_a_model_without_them_gives_the_same()
    {
        Stripes model = new(6, new Random(1));
        (Tensor pictures, _) = Draw(3, new Random(3));
        foreach (int dead in (int[])[1, 4])
        {
            Silence(model.FirstNorm, dead);
            Silence(model.DepthwiseNorm, dead);
            Silence(model.SecondNorm, dead);
        }

        float[] expected = model.Forward(pictures).ToArray();

        int[] kept = ChannelPruning.Prune(model.First, model.Second, 4, model.FirstNorm, model.Depthwise, model.DepthwiseNorm);
        int[] keptLast = ChannelPruning.Prune(model.Second, model.Output, 4, model.SecondNorm);

        Assert.Equal([0, 2, 3, 5], kept);
        Assert.Equal([0, 2, 3, 5], keptLast);
        Assert.Equal([4, 1, 3, 3], model.First.Weight.Shape);
        Assert.Equal([4, 1, 3, 3], model.Depthwise.Weight.Shape);
        Assert.Equal([4, 4, 3, 3], model.Second.Weight.Shape);
        Assert.Equal([3, 4 * 9], model.Output.Weight.Shape);
        Assert.All(expected.Zip(model.Forward(pictures).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Without_a_normalization_the_smallest_kernels_go()
    {
        Conv2d layer = new(2, 5, 3, new Random(1)), next = new(5, 3, 1, new Random(2));
        layer.Weight.Output.Slice(2 * 18, 18).Clear();
        Tensor x = Tensor.From(Kernels.Samples.Normal(1, 2 * 2 * 25), 2, 2, 5, 5);
        float[] expected = next.Forward(layer.Forward(x, thenRelu: true)).ToArray();

        int[] kept = ChannelPruning.Prune(layer, next, 4);

        Assert.Equal([0, 1, 3, 4], kept);
        Assert.All(expected.Zip(next.Forward(layer.Forward(x, thenRelu: true)).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_pruned_model_loads_into_one_that_is_made_with_the_smaller_sizes()
    {
        Stripes model = new(6, new Random(1));
        ChannelPruning.Prune(model.First, model.Second, 4, model.FirstNorm, model.Depthwise, model.DepthwiseNorm);
        ChannelPruning.Prune(model.Second, model.Output, 4, model.SecondNorm);
        (Tensor pictures, _) = Draw(3, new Random(3));

        Stripes small = new(4, new Random(2));
        small.Load(model.State().ToDictionary());

        Assert.Equal(model.Forward(pictures).ToArray(), small.Forward(pictures).ToArray());
    }

    [Fact]
    public void Layers_that_do_not_follow_each_other_are_refused_and_stay_whole()
    {
        Conv2d layer = new(2, 6, 3, new Random(1)), next = new(6, 4, 3, new Random(1));

        Assert.Throws<ShapeException>(() => ChannelPruning.Prune(layer, layer, 2));
        Assert.Throws<ShapeException>(() => ChannelPruning.Prune(layer, new Dense(7, 2, new Random(1)), 2));
        Assert.Throws<ShapeException>(() => ChannelPruning.Prune(layer, next, 2, new BatchNorm(4)));
        Assert.Throws<ArgumentException>(() => ChannelPruning.Prune(layer, new Conv2d(6, 6, 3, new Random(1), new ConvOptions { Groups = 2 }), 2));
        Assert.Throws<ArgumentException>(() => ChannelPruning.Prune(layer, next, 2, depthwise: new Conv2d(6, 6, 3, new Random(1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelPruning.Prune(layer, next, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelPruning.Prune(layer, next, 7));
        Assert.Equal([6, 2, 3, 3], layer.Weight.Shape);
        Assert.Equal([4, 6, 3, 3], next.Weight.Shape);
    }

    private static void Silence(BatchNorm norm, int channel) => (norm.Weight.Output[channel], norm.Bias.Output[channel]) = (0, 0);

    /// <summary>Noise with lines down, across or aslant in it.</summary>
    private static (Tensor Pictures, int[] Kinds) Draw(int count, Random random)
    {
        float[] numbers = new float[count * Size * Size];
        int[] kinds = [.. Enumerable.Range(0, count).Select(_ => random.Next(3))];
        for (int i = 0; i < count; i++)
        {
            int shift = random.Next(4);
            for (int place = 0; place < Size * Size; place++)
            {
                (int row, int column) = (place / Size, place % Size);
                int across = kinds[i] switch { 0 => column, 1 => row, _ => row + column };
                numbers[(i * Size * Size) + place] = ((across + shift) % 4 < 2 ? 1 : -1) + (6 * (random.NextSingle() - 0.5f));
            }
        }

        return (Tensor.From(numbers, count, 1, Size, Size), kinds);
    }

    private sealed class Stripes(int channels, Random random) : Module
    {
        public Conv2d First { get; } = new(1, channels, 3, random, new ConvOptions { Padding = 1 }, hasBias: false);

        public BatchNorm FirstNorm { get; } = new(channels);

        public Conv2d Depthwise { get; } = new(channels, channels, 3, random, new ConvOptions { Padding = 1, Groups = channels }, hasBias: false);

        public BatchNorm DepthwiseNorm { get; } = new(channels);

        public Conv2d Second { get; } = new(channels, channels, 3, random, new ConvOptions { Padding = 1 }, hasBias: false);

        public BatchNorm SecondNorm { get; } = new(channels);

        public Dense Output { get; } = new(channels * 9, 3, random);

        protected internal override IEnumerable<Part> Parts =>
        [
            new("first", First), new("first_norm", FirstNorm), new("depthwise", Depthwise), new("depthwise_norm", DepthwiseNorm),
            new("second", Second), new("second_norm", SecondNorm), new("output", Output),
        ];

        public Tensor Forward(Tensor x)
        {
            x = FirstNorm.Forward(First.Forward(x)).Relu();
            x = DepthwiseNorm.Forward(Depthwise.Forward(x)).Relu().MaxPool2d(2);
            x = SecondNorm.Forward(Second.Forward(x)).Relu().MaxPool2d(2);       // [batch, channels, 3, 3]
            return Output.Forward(x.Flatten());
        }

        public void Train(int steps, float rate)
        {
            var (random, optimizer) = (new Random(2), new Adam(this, new AdamOptions { LearningRate = rate }));
            IsTraining = true;
            for (int step = 1; step <= steps; step++)
            {
                using var scope = TensorScope.Begin((ulong)step);
                (Tensor pictures, int[] kinds) = Draw(64, random);
                CrossEntropy.Loss(Forward(pictures), kinds).Backward();
                optimizer.Step();
            }

            IsTraining = false;
        }

        public double Accuracy()
        {
            using var scope = TensorScope.Begin();
            (Tensor pictures, int[] kinds) = Draw(500, new Random(9));
            return Forward(pictures).ArgMax().Zip(kinds).Count(pair => pair.First == pair.Second) / 500.0;
        }
    }
}
