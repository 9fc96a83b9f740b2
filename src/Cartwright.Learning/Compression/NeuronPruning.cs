using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Compression;

/// <summary>Takes the neurons out of a dense layer that have least to say, so that its matrix and the next one's become smaller.</summary>
/// <remarks>
/// A neuron counts by the sum of its weights' magnitudes: Li et al., "Pruning Filters for Efficient ConvNets", ICLR 2017. Train on
/// afterwards, with an optimizer made after the pruning; a file of the pruned model loads into one that is made with the smaller sizes.
/// </remarks>
public static class NeuronPruning
{
    /// <param name="layer">Loses neurons.</param>
    /// <param name="next">Reads them and nothing else, through an activation that treats each number alone.</param>
    /// <param name="keepCount">Neurons that stay: 1 to the layer's outputs.</param>
    /// <returns>The neurons that stay, rising.</returns>
    /// <exception cref="ShapeException">The second layer doesn't read what the first gives.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The layer hasn't as many neurons as are to stay.</exception>
    public static int[] Prune(Dense layer, Dense next, int keepCount)
    {
        (int outputs, int inputs) = (layer.Weight.Shape[0], layer.Weight.Shape[1]);
        ShapeException.Require(
            next.Weight.Shape[1] == outputs,
            $"The next layer reads {next.Weight.Shape[1]} numbers, and the pruned one writes {outputs}: give the layer that reads its outputs.");
        ArgumentOutOfRangeException.ThrowIfLessThan(keepCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepCount, outputs);

        float[] weights = layer.Weight.ToArray();
        int[] kept = [.. Enumerable.Range(0, outputs)
            .OrderByDescending(neuron => weights.AsSpan(neuron * inputs, inputs).ToArray().Sum(w => (double)MathF.Abs(w)))
            .Take(keepCount)
            .Order()];

        layer.KeepOutputs(kept);
        next.KeepInputs(kept);
        return kept;
    }
}
