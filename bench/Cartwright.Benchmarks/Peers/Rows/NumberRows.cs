using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Benchmarks.Peers.Rows;

/// <summary>Work on a million numbers that each pass does once.</summary>
internal static class NumberRows
{
    private const int Count = 1 << 20;

    public static IEnumerable<PeerRow> All =>
    [
        new("numbers", "dropout 0.2, 1M numbers, forward", 5, () => Forward(x => x.Dropout(0.2f))),
        new("numbers", "dropout 0.2, 1M numbers, forward and backward", 5, () => Both(x => x.Dropout(0.2f))),
        new("numbers", "tanh, 1M numbers, forward", 3, () => Forward(x => x.Tanh())),
        new("numbers", "tanh, 1M numbers, forward and backward", null, () => Both(x => x.Tanh())),
        new("numbers", "layer norm, 16,384 × 64, forward", 1.2, () => Forward(new LayerNorm(64).Forward, Count / 64, 64)),
        new("numbers", "layer norm, 16,384 × 64, forward and backward", 1.2, LayerNormBoth),
    ];

    private static Action Forward(Func<Tensor, Tensor> function, params int[] shape)
    {
        Tensor x = Numbers(shape);
        ulong seed = 0;
        return () =>
        {
            using var scope = TensorScope.Begin(++seed);
            using NoGradient answering = NoGradient.Begin();
            _ = function(x);
        };
    }

    private static Action Both(Func<Tensor, Tensor> function)
    {
        Tensor x = Numbers([]);
        return TrainingStep.WithoutOptimizer(() => function(x).Sum(), x);
    }

    private static Action LayerNormBoth()
    {
        var norm = new LayerNorm(64);
        Tensor x = Numbers([Count / 64, 64]);
        return TrainingStep.WithoutOptimizer(() => norm.Forward(x).Sum(), [x, .. TrainingStep.Weights(norm)]);
    }

    private static Tensor Numbers(int[] shape) =>
        Initialize.Normal(new Random(1), 1, shape.Length == 0 ? [Count] : shape);
}
