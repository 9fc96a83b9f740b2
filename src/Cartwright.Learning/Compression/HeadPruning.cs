using Cartwright.Learning.Layers;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Compression;

/// <summary>Takes the heads out of an attention layer that have least to say, so that its four matrices become smaller.</summary>
/// <remarks>
/// Most heads of a trained model can go: Michel, Levy and Neubig, "Are Sixteen Heads Really Better than One?", NeurIPS 2019. Differs from the
/// paper: a head counts by the magnitudes of the weights that its words pass, in and out, in place of the loss's slope by a gate, so that no
/// data is needed. Train on afterwards, with an optimizer made after the pruning; a file of the pruned model loads into one whose
/// heads were pruned to the same number.
/// </remarks>
public static class HeadPruning
{
    /// <param name="layer">Loses heads; what it reads and gives keeps its width.</param>
    /// <param name="keepCount">Heads that stay: 1 to the layer's heads.</param>
    /// <returns>The heads that stay, rising.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The layer hasn't as many heads as are to stay.</exception>
    public static int[] Prune(MultiHeadAttention layer, int keepCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepCount, layer.HeadCount);
        int[] kept = [.. Enumerable.Range(0, layer.HeadCount).OrderByDescending(head => Weight(layer, head)).Take(keepCount).Order()];
        layer.KeepHeads(kept);
        return kept;
    }

    /// <summary>0 for a head that has no values, or whose values nobody reads.</summary>
    private static double Weight(MultiHeadAttention layer, int head)
    {
        ReadOnlySpan<float> values = layer.Value.Weight.Values;
        ReadOnlySpan<float> output = layer.Output.Weight.Values;
        (int inputs, int outputs, int width) = (layer.Value.Weight.Shape[1], layer.Output.Weight.Shape[0], layer.Output.Weight.Shape[1]);
        int size = width / layer.HeadCount;
        double spoken = TensorPrimitives.SumOfMagnitudes(values.Slice(head * size * inputs, size * inputs));
        spoken += layer.Value.Bias is { } bias ? TensorPrimitives.SumOfMagnitudes(bias.Values.Slice(head * size, size)) : 0;
        double heard = 0;
        for (int row = 0; row < outputs; row++)
        {
            heard += TensorPrimitives.SumOfMagnitudes(output.Slice((row * width) + (head * size), size));
        }

        return spoken * heard;
    }
}
