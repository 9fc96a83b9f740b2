using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Benchmarks.Peers.Rows;

/// <summary>Whole networks, one training step.</summary>
internal static class NetworkRows
{
    public static IEnumerable<PeerRow> All =>
    [
        new("mlp", "network 13-64-32-1, batch 256, Adam step", 8, () => PerceptronStep(256, 13, 64, 32, 1)),
        new("mlp", "network 429-256-128-64-1, batch 1,024, Adam step", null, () => PerceptronStep(1024, 429, 256, 128, 64, 1)),
        new("attention", "attention block, 128 × 50 × 64, 2 heads, inner 64, forward and backward", 2, () => Attention(128, 50, 64, 2, 64)),
        new("attention", "attention block, 128 × 50 × 64, 2 heads, inner 256, forward and backward", 2, () => Attention(128, 50, 64, 2, 256)),
        new("batched", "batched product, 256 of 50 × 50 × 32, second transposed", 2, () => BatchedProduct([256, 50, 32], [256, 50, 32], transposeY: true)),
        new("batched", "batched product, 256 of 50 × 32 × 50", 2, () => BatchedProduct([256, 50, 50], [256, 50, 32], transposeY: false)),
        new("recurrent", "LSTM, 128 × 50 × 128, hidden 128, forward and backward", 1.5, () =>
        {
            var layer = new Lstm(128, 128, new Random(1));
            return Recurrent(layer, (x, offsets) => layer.Forward(x, offsets));
        }),
        new("recurrent", "GRU, 128 × 50 × 128, hidden 128, forward and backward", 1.5, () =>
        {
            var layer = new Gru(128, 128, new Random(1));
            return Recurrent(layer, (x, offsets) => layer.Forward(x, offsets));
        }),
    ];

    /// <summary>An attention block's forward, backward and step of Adam.</summary>
    public static Action AttentionStep()
    {
        (TransformerBlock block, Tensor x, int[] offsets) = BlockAndBatch(128, 50, 64, 2, 64);
        return TrainingStep.With(new Adam(block, new AdamOptions()), () => block.Forward(x, offsets, causal: true).Sum());
    }

    /// <summary>The same block's answer.</summary>
    public static Action AttentionAnswer()
    {
        (TransformerBlock block, Tensor x, int[] offsets) = BlockAndBatch(128, 50, 64, 2, 64);
        return RequestRows.Answer(() => block.Forward(x, offsets, causal: true));
    }

    private static Action PerceptronStep(int batch, params int[] sizes)
    {
        var random = new Random(1);
        var network = new Perceptron(random, sizes);
        var optimizer = new Adam(network, new AdamOptions());
        Tensor x = Tensor.From(Initialize.Normal(random, 1, batch, sizes[0]).Values, batch, sizes[0]);
        Tensor y = Tensor.From([.. Enumerable.Range(0, batch).Select(_ => (float)random.Next(2))], batch, 1);
        return TrainingStep.With(optimizer, () => BinaryCrossEntropy.Loss(network.Forward(x), y));
    }

    private static Action Attention(int batch, int length, int width, int heads, int inner)
    {
        (TransformerBlock block, Tensor x, int[] offsets) = BlockAndBatch(batch, length, width, heads, inner);
        return TrainingStep.WithoutOptimizer(() => block.Forward(x, offsets, causal: true).Sum(), [x, .. TrainingStep.Weights(block)]);
    }

    private static (TransformerBlock Block, Tensor X, int[] Offsets) BlockAndBatch(int batch, int length, int width, int heads, int inner)
    {
        var random = new Random(1);
        var block = new TransformerBlock(width, heads, inner, 0, random);
        return (block, Initialize.Normal(random, 1, batch * length, width), Offsets(batch, length));
    }

    /// <summary>What attention multiplies, heads and sequences as one batch: queries by keys, and probabilities by values.</summary>
    private static Action BatchedProduct(int[] left, int[] right, bool transposeY)
    {
        var random = new Random(1);
        (Tensor x, Tensor y) = (Initialize.Normal(random, 1, left), Initialize.Normal(random, 1, right));
        return RequestRows.Answer(() => x.MatMul(y, transposeY));
    }

    private static Action Recurrent(RecurrentLayer layer, Func<Tensor, int[], RecurrentOutput> forward)
    {
        const int Batch = 128, Length = 50;
        Tensor x = Initialize.Normal(new Random(1), 1, Batch * Length, layer.InputSize);
        int[] offsets = Offsets(Batch, Length);
        return TrainingStep.WithoutOptimizer(() => forward(x, offsets).Output.Sum(), [x, .. TrainingStep.Weights(layer)]);
    }

    private static int[] Offsets(int batch, int length) => [.. Enumerable.Range(0, batch + 1).Select(s => s * length)];
}
