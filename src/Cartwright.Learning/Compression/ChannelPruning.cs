using Cartwright.Learning.Layers;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Compression;

/// <summary>Takes the channels out of a convolution that have least to say, so that its kernels and what reads them become smaller.</summary>
/// <remarks>
/// A channel counts by the sum of its kernel's magnitudes: Li et al., "Pruning Filters for Efficient ConvNets", ICLR 2017. Where a
/// normalization follows, which undoes the kernel's size, by the magnitude of its gain: Liu et al., "Learning Efficient Convolutional Networks
/// through Network Slimming", ICCV 2017. Train on afterwards, with an optimizer made after the pruning; a file of the pruned model loads into
/// one that is made with the smaller sizes.
/// </remarks>
public static class ChannelPruning
{
    /// <param name="layer">Loses channels; of one group, without spectral normalization.</param>
    /// <param name="next">Reads them and nothing else, through pools and activations that treat each channel alone; the same.</param>
    /// <param name="keepCount">Channels that stay: 1 to the layer's output channels.</param>
    /// <param name="norm">The normalization between the two; null where there is none.</param>
    /// <param name="depthwise">A convolution between the two with a group for each channel, which loses the same; null where there is none.</param>
    /// <param name="depthwiseNorm">The normalization behind that one; null where there is none.</param>
    /// <returns>The channels that stay, rising.</returns>
    /// <exception cref="ShapeException">The layers don't read what those before give.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The layer hasn't as many channels as are to stay.</exception>
    /// <exception cref="ArgumentException">A convolution has groups, or one of the layers spectral normalization.</exception>
    public static int[] Prune(
        Conv2d layer, Conv2d next, int keepCount, BatchNorm? norm = null, Conv2d? depthwise = null, BatchNorm? depthwiseNorm = null)
    {
        ThrowUnlessPlain(next, groups: 1, nameof(next));
        ShapeException.Require(
            next.Weight.Shape[1] == layer.Weight.Shape[0],
            $"The next layer reads {next.Weight.Shape[1]} channels, and the pruned one gives {layer.Weight.Shape[0]}: give the layer that reads its outputs.");
        int[] kept = Keep(layer, keepCount, norm, depthwise, depthwiseNorm);
        next.KeepInputs(kept);
        return kept;
    }

    /// <summary>The same where a dense layer reads the picture as one row: all places of the first channel, then those of the second.</summary>
    /// <param name="next">Reads [batch, channels · places], or [batch, channels] after a global pool.</param>
    /// <inheritdoc cref="Prune(Conv2d, Conv2d, int, BatchNorm?, Conv2d?, BatchNorm?)"/>
    public static int[] Prune(
        Conv2d layer, Dense next, int keepCount, BatchNorm? norm = null, Conv2d? depthwise = null, BatchNorm? depthwiseNorm = null)
    {
        if (next.HasSpectralNorm)
        {
            throw new ArgumentException("A dense layer with spectral normalization can't lose inputs: its norm was made for all of them. Prune in front of one without it.", nameof(next));
        }

        (int inputs, int channels) = (next.Weight.Shape[1], layer.Weight.Shape[0]);
        ShapeException.Require(
            inputs % channels == 0, $"The next layer reads {inputs} numbers, which {channels} channels of the pruned one can't share evenly: give the layer that reads its outputs.");
        int places = inputs / channels;
        int[] kept = Keep(layer, keepCount, norm, depthwise, depthwiseNorm);
        next.KeepInputs([.. kept.SelectMany(channel => Enumerable.Range(channel * places, places))]);
        return kept;
    }

    private static int[] Keep(Conv2d layer, int keepCount, BatchNorm? norm, Conv2d? depthwise, BatchNorm? depthwiseNorm)
    {
        int channels = layer.Weight.Shape[0];
        ThrowUnlessPlain(layer, groups: 1, nameof(layer));
        ArgumentOutOfRangeException.ThrowIfLessThan(keepCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepCount, channels);
        foreach (BatchNorm between in new[] { norm, depthwiseNorm }.OfType<BatchNorm>())
        {
            ShapeException.Require(
                between.Weight.Length == channels, $"The normalization has {between.Weight.Length} channels, and the pruned layer before it gives {channels}.");
        }

        if (depthwise is not null)
        {
            ThrowUnlessPlain(depthwise, groups: channels, nameof(depthwise));
            ShapeException.Require(
                depthwise.Weight.Shape[0] == channels,
                $"The convolution between has {depthwise.Weight.Shape[0]} channels, and the pruned layer before it gives {channels}.");
        }

        int[] kept = [.. Enumerable.Range(0, channels).OrderByDescending(channel => Weight(layer, norm, channel)).Take(keepCount).Order()];
        layer.KeepOutputs(kept);
        norm?.Keep(kept);
        depthwise?.KeepGroups(kept);
        depthwiseNorm?.Keep(kept);
        return kept;
    }

    private static float Weight(Conv2d layer, BatchNorm? norm, int channel)
    {
        int size = layer.Weight.Length / layer.Weight.Shape[0];
        return norm is null ? TensorPrimitives.SumOfMagnitudes(layer.Weight.Values.Slice(channel * size, size)) : Math.Abs(norm.Weight.Values[channel]);
    }

    private static void ThrowUnlessPlain(Conv2d layer, int groups, string name)
    {
        if (layer.HasSpectralNorm)
        {
            throw new ArgumentException("A convolution with spectral normalization can't lose channels: its norm was made for all of them. Prune one without it.", name);
        }

        if (layer.Options.Groups != groups)
        {
            throw new ArgumentException(
                $"A convolution in {layer.Options.Groups} groups can't lose channels here; give one in {groups}, as 'layer' and 'next' have 1 and 'depthwise' has one for each channel.", name);
        }
    }
}
