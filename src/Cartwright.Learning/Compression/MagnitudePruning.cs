using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Compression;

/// <summary>Sets the smallest weights of a model to 0 and keeps them there while the others are trained further.</summary>
/// <remarks>
/// One bound for all matrices; vectors, as biases and gains, stay whole. The matrices keep their size and cost: what is gained is what
/// compresses, and what a smaller layer made of it would save. Han et al., "Learning both Weights and Connections for Efficient
/// Neural Networks", NIPS 2015.
/// </remarks>
public sealed class MagnitudePruning
{
    private readonly (Tensor Weight, bool[] IsPruned)[] _masks;

    private MagnitudePruning((Tensor, bool[])[] masks) => _masks = masks;

    /// <param name="model">Whose weights are pruned.</param>
    /// <param name="share">Share of the weights set to 0, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is outside of its range.</exception>
    public static MagnitudePruning Prune(Module model, double share)
    {
        if (!(share is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of weights that are pruned is from 0 to 1.");
        }

        Tensor[] weights = [.. model.Parameters().Select(p => p.Value).Where(weight => weight.Rank > 1)];
        float[] magnitudes = [.. weights.SelectMany(weight => weight.ToArray()).Select(MathF.Abs)];
        int[] positions = [.. Enumerable.Range(0, magnitudes.Length)];
        Array.Sort(magnitudes, positions);
        bool[] isPruned = new bool[magnitudes.Length];
        foreach (int position in positions.AsSpan(0, (int)(share * positions.Length)))
        {
            isPruned[position] = true;
        }

        int start = 0;
        var masks = new (Tensor, bool[])[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            masks[i] = (weights[i], isPruned[start..(start += weights[i].Length)]);
        }

        MagnitudePruning pruning = new(masks);
        pruning.Hold();
        return pruning;
    }

    /// <summary>Sets the pruned weights to 0 again: for <see cref="Training.TrainingPlan.AfterStep"/>.</summary>
    public void Hold()
    {
        foreach ((Tensor weight, bool[] isPruned) in _masks)
        {
            Span<float> values = weight.Output;
            for (int i = 0; i < isPruned.Length; i++)
            {
                values[i] = isPruned[i] ? 0 : values[i];
            }
        }
    }
}
