using Cartwright.Learning.Autograd;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Optimizers;

public sealed record PrivateGradientOptions
{
    /// <summary>Longest gradient of one example, more than 0; longer ones are shortened to it. Larger learns from odd examples and needs more noise.</summary>
    public required float MaxNorm { get; init; }

    /// <summary>Standard deviation of the noise in units of <see cref="MaxNorm"/>, 0 or more; larger is more private.</summary>
    public required float NoiseMultiplier { get; init; }

    /// <summary>Examples of a batch on average: their number times the chance of each, 1 or more. Where several processes train, of the
    /// batch of all of them.</summary>
    public required float ExpectedBatchSize { get; init; }

    /// <summary>The processes that train together, each with its part of the batch: the same group as the trainer's. Null for this process alone.</summary>
    public ProcessGroup? Group { get; init; }
}

/// <summary>Gradients that tell little about any one example: each is shortened, and noise is added to their sum.</summary>
/// <remarks>
/// Abadi et al., "Deep Learning with Differential Privacy", CCS 2016 (DP-SGD). Every example goes forward and backward by itself, so a step takes
/// about as long as its examples one by one and as much memory as one of them: a larger batch needs no accumulation of gradients, which is
/// refused, since it would shorten noise that was added before. An example whose gradient is not finite is left out: a batch without it is as
/// private, and no other example suffers. <see cref="PrivacyAccountant"/> says what was spent. The noise follows from the
/// seed: who knows the seed can take it away again.
/// <para>
/// In several processes each shortens the gradients of its part of one batch (<see cref="DrawBatch"/> with the same seed, then
/// <see cref="ProcessGroup.PartOf"/>), rank 0 alone adds the noise, and the trainer sums. The accountant is told the chance of an example to be
/// in the batch of all ranks.
/// </para>
/// </remarks>
public sealed class PrivateGradients
{
    private readonly KeyValuePair<string, Tensor>[] _weights;
    private readonly float[][] _sums;
    private readonly PrivateGradientOptions _options;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    /// <exception cref="ArgumentException">The model keeps means of its examples, which no noise hides.</exception>
    public PrivateGradients(Module module, PrivateGradientOptions options)
    {
        Ranges.ThrowUnlessPositive(options.MaxNorm);
        Ranges.ThrowUnlessNotNegative(options.NoiseMultiplier);
        if (!(options.ExpectedBatchSize >= 1 && float.IsFinite(options.ExpectedBatchSize)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.ExpectedBatchSize,
                "ExpectedBatchSize must be 1 or more and finite: the number of examples times the chance of each, not the chance alone.");
        }

        if (module.Modules().FirstOrDefault(inner => inner.Value is BatchNorm) is { Value: not null, Key: var name })
        {
            throw new ArgumentException(
                $"The batch normalization '{name}' mixes examples and keeps their mean without noise, so nothing can be promised. Take LayerNorm in its place.",
                nameof(module));
        }

        _options = options;
        _weights = [.. module.Parameters()];
        _sums = [.. _weights.Select(weight => new float[weight.Value.Length])];
    }

    /// <summary>Draws a batch as the accountant asks for it: every example by itself with the same chance.</summary>
    /// <param name="exampleCount">Examples to draw from, 0 or more.</param>
    /// <param name="samplingRate">Chance of each, from 0 to 1.</param>
    /// <returns>Numbers from 0 to exampleCount − 1, rising; there may be none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of examples or the chance is outside of its range.</exception>
    public static int[] DrawBatch(int exampleCount, double samplingRate, ulong seed)
    {
        if (exampleCount < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(exampleCount), exampleCount, "The number of examples to draw from must be 0 or more.");
        }

        Ranges.ThrowUnlessShare(samplingRate);
        return [.. Enumerable.Range(0, exampleCount).Where(i => (Seeds.Mix(seed, (ulong)i) >> 11) * (1.0 / (1UL << 53)) < samplingRate)];
    }

    /// <summary>Gives the weights the noisy mean of the shortened gradients of a batch.</summary>
    /// <param name="examples">The batch, as <see cref="DrawBatch"/> draws it; of several processes this one's part of it.</param>
    /// <param name="loss">The loss of one example: a scalar.</param>
    /// <param name="seed">The noise follows from it, and dropout.</param>
    /// <returns>The mean loss of the examples that were not left out, which nothing depends on: a plan can return it as the loss of the step. 0 for
    /// no examples. It has no noise, so it is not for others to see.</returns>
    /// <exception cref="InvalidOperationException">A weight holds a gradient already: of a batch whose step was not taken, or of another loss.</exception>
    public Tensor Compute(IReadOnlyCollection<int> examples, Func<int, Tensor> loss, ulong seed)
    {
        if (Array.Find(_weights, weight => weight.Value.Storage.HasGradient) is { Value: not null, Key: var name })
        {
            throw new InvalidOperationException(
                $"Weight '{name}' holds a gradient already, so noise would be shortened and example and noise could not be told apart. Take the optimizer's step, or clear the gradients, before the next private batch; in place of accumulating gradients take a larger batch.");
        }

        foreach (float[] sum in _sums)
        {
            Array.Clear(sum);
        }

        double losses = 0;
        int count = 0;

        // Ranks draw other dropout for the examples at the same places of their parts.
        ulong position = (ulong)(_options.Group?.Rank ?? 0) << 32;
        foreach (int example in examples)
        {
            using var scope = TensorScope.Begin(Seeds.Mix(seed, ++position));
            Tensor value = loss(example);
            value.Backward();
            if (TryAddShortened())
            {
                losses += value.Item();
                count++;
            }
        }

        AddNoise(Seeds.Mix(seed, 0));
        return Tensor.From([(float)(losses / Math.Max(1, count))], []);
    }

    /// <summary>Adds the gradient of an example to the sums, and takes it away from the weights.</summary>
    /// <returns>False where it is not finite, so that no factor shortens it; then the sums stay as they are.</returns>
    private bool TryAddShortened()
    {
        double norm = Math.Sqrt(_weights.Sum(weight => SumOfSquares.Of(weight.Value.Gradient)));
        bool isFinite = double.IsFinite(norm);
        float factor = (float)(norm <= _options.MaxNorm ? 1 : _options.MaxNorm / norm);
        for (int i = 0; i < _weights.Length; i++)
        {
            Tensor weight = _weights[i].Value;
            if (weight.Storage.HasGradient)
            {
                if (isFinite)
                {
                    TensorPrimitives.MultiplyAdd(weight.Gradient, factor, _sums[i], _sums[i]);
                }

                weight.Storage.ClearGradient();
            }
        }

        return isFinite;
    }

    private void AddNoise(ulong seed)
    {
        for (int i = 0; i < _weights.Length; i++)
        {
            // One rank's noise is the noise of the sum; from each it would add up.
            if (_options.Group is null or { Rank: 0 })
            {
                NoiseKernel.Add(_sums[i], _options.MaxNorm * _options.NoiseMultiplier, Seeds.Mix(seed, (ulong)i));
            }

            Arithmetic.AddScaledGradient(_weights[i].Value, _sums[i], 1 / _options.ExpectedBatchSize);
        }
    }
}
