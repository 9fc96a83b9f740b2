using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Benchmarks.Peers.Rows;

/// <summary>A small convolution network and a depthwise convolution on pictures of 32 × 32, beside both memory layouts that PyTorch has.</summary>
internal static class PictureRows
{
    public static IEnumerable<PeerRow> All => [.. Beside("channels first"), .. Beside("channels last")];

    private static PeerRow[] Beside(string layout) =>
    [
        new("conv", $"convolution network, 64 pictures, forward, {layout} there", 1.2, Forward),
        new("conv", $"convolution network, 64 pictures, Adam step, {layout} there", 1.2, Step),
        new("conv", $"depthwise convolution, 3 × 3, 64 × 96 × 32 × 32, forward, {layout} there", null, DepthwiseForward),
        new("conv", $"depthwise convolution, 3 × 3, 64 × 96 × 32 × 32, forward and backward, {layout} there", null, DepthwiseStep),
    ];

    public static Action Forward()
    {
        var network = new Network(new Random(1));
        Tensor x = Pictures();
        return RequestRows.Answer(() => network.Forward(x));
    }

    public static Action Step()
    {
        var network = new Network(new Random(1));
        Tensor x = Pictures();
        int[] kinds = [.. Enumerable.Range(0, x.Shape[0]).Select(i => i % 10)];
        return TrainingStep.With(new Adam(network, new AdamOptions()), () => CrossEntropy.Loss(network.Forward(x), kinds));
    }

    private static Action DepthwiseForward()
    {
        Conv2d layer = Depthwise();
        Tensor x = DepthwisePictures();
        return () =>
        {
            using var scope = TensorScope.Begin();
            using NoGradient answering = NoGradient.Begin();
            _ = layer.Forward(x);
        };
    }

    private static Action DepthwiseStep()
    {
        Conv2d layer = Depthwise();
        Tensor x = DepthwisePictures();
        return TrainingStep.WithoutOptimizer(() => layer.Forward(x).Sum(), [x, .. TrainingStep.Weights(layer)]);
    }

    private static Conv2d Depthwise() => new(96, 96, 3, new Random(1), new ConvOptions { Padding = 1, Groups = 96 });

    private static Tensor DepthwisePictures() => Initialize.Normal(new Random(2), 1, 64, 96, 32, 32);

    private static Tensor Pictures()
    {
        using NoGradient constant = NoGradient.Begin();
        return Initialize.Normal(new Random(2), 1, 64, 3, 32, 32).Scale(1);
    }

    private sealed class Network(Random random) : Module
    {
        private readonly Conv2d _first = new(3, 32, 3, random);
        private readonly Conv2d _second = new(32, 64, 3, random);
        private readonly Conv2d _third = new(64, 64, 3, random);
        private readonly Dense _inner = new(64 * 4 * 4, 64, random);
        private readonly Dense _output = new(64, 10, random);

        protected internal override IEnumerable<Part> Parts =>
            [new("first", _first), new("second", _second), new("third", _third), new("inner", _inner), new("output", _output)];

        public Tensor Forward(Tensor x)
        {
            x = _first.Forward(x, thenRelu: true).MaxPool2d(2);
            x = _second.Forward(x, thenRelu: true).MaxPool2d(2);
            x = _third.Forward(x, thenRelu: true);
            return _output.Forward(_inner.Forward(x.Flatten()).Relu());
        }
    }
}
