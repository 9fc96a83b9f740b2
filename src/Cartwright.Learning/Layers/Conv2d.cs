using Cartwright.Learning.Autograd;
using Cartwright.Learning.Compression;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>A learned kernel that moves over pictures. LeCun et al., "Backpropagation Applied to Handwritten Zip Code Recognition", 1989.</summary>
/// <param name="inChannels">Channels of the input.</param>
/// <param name="outChannels">Channels of the output, each with its own kernel.</param>
/// <param name="kernel">Size of the kernel: 3 for 3 by 3.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="options">Stride, padding, dilation, groups; null for the plain convolution.</param>
/// <param name="hasBias">Adds a learned number to every output channel.</param>
/// <param name="hasSpectralNorm">Divides the kernel by its largest singular value: for discriminators.</param>
public sealed class Conv2d(
    int inChannels, int outChannels, Extent kernel, Random random, ConvOptions? options = null, bool hasBias = true, bool hasSpectralNorm = false) : Module
{
    private ConvOptions _options = (options ?? new ConvOptions()).CheckedFor(nameof(Conv2d), inChannels, outChannels, kernel);
    private readonly SpectralNorm? _spectralNorm = hasSpectralNorm
        ? new SpectralNorm(outChannels, inChannels / (options?.Groups ?? 1) * kernel.Height * kernel.Width, random) : null;

    private Tensor? _weight = Initialize.KaimingNormal(random, outChannels, inChannels / (options?.Groups ?? 1), kernel.Height, kernel.Width);
    private Int8Kernel? _compressed;

    /// <summary>[outChannels, inChannels / groups, kernel height, kernel width]</summary>
    /// <exception cref="InvalidOperationException">The layer was compressed.</exception>
    public Tensor Weight => _weight ?? throw new InvalidOperationException(
        "This layer was compressed and keeps its weights in fewer bits. To train it, load the model again.");

    /// <summary>[outChannels]; null where the layer has none.</summary>
    public Tensor? Bias { get; private set; } = hasBias ? Initialize.Constant(0, outChannels) : null;

    internal ConvOptions Options => _options;

    internal bool HasSpectralNorm => _spectralNorm is not null;

    /// <summary>The weights in 8 bits, in place of <see cref="Weight"/>, which is then no more; null for a layer that can learn.</summary>
    internal override ICompressedWeights? Compressed
    {
        get => _compressed;
        set => (_compressed, _weight) = ((Int8Kernel?)value, null);
    }

    internal override ICompressedWeights? ReadCompressed(Func<string, Tensor?> stored) => _spectralNorm is not null || _options.Groups > 1
        ? null : CompressedState.Kernel(stored, [.. _weight?.Shape ?? _compressed!.Shape], _options);

    protected internal override IEnumerable<Part> Parts => Part.Present(
        _weight is null ? null : new Part("weight", _weight), Bias is null ? null : new Part("bias", Bias), _spectralNorm is null ? null : new Part("spectral_norm", _spectralNorm));

    /// <param name="x">[batch, inChannels, height, width]</param>
    /// <param name="thenRelu">Goes on to max(0, y) in the same pass.</param>
    /// <returns>[batch, outChannels, out height, out width]</returns>
    public Tensor Forward(Tensor x, bool thenRelu = false) =>
        _compressed is not null ? _compressed.Convolve(x, Bias, thenRelu)
        : OperationWatch.Tell(this, x.Conv2d(_spectralNorm?.Forward(Weight) ?? Weight, Bias, _options, thenRelu));

    /// <summary>Becomes a layer with these of its output channels; optimizers made before know nothing of it.</summary>
    internal void KeepOutputs(int[] kept)
    {
        (float[] weights, int size) = (Weight.ToArray(), Weight.Length / Weight.Shape[0]);
        _weight = Tensor.Parameter([.. kept.SelectMany(channel => weights[(channel * size)..((channel + 1) * size)])], [kept.Length, .. Weight.Dimensions[1..]]);
        Bias = Bias is null ? null : Tensor.Parameter([.. kept.Select(channel => Bias.Values[channel])], kept.Length);
    }

    /// <summary>Becomes a layer that reads these of its input channels.</summary>
    internal void KeepInputs(int[] kept)
    {
        (float[] weights, int outputs, int inputs) = (Weight.ToArray(), Weight.Shape[0], Weight.Shape[1]);
        int size = Weight.Length / (outputs * inputs);
        float[] left = [.. Enumerable.Range(0, outputs).SelectMany(output => kept.SelectMany(input => weights.AsSpan(((output * inputs) + input) * size, size).ToArray()))];
        _weight = Tensor.Parameter(left, [outputs, kept.Length, .. Weight.Dimensions[2..]]);
    }

    /// <summary>Becomes a layer with these of its groups, each of one channel.</summary>
    internal void KeepGroups(int[] kept)
    {
        KeepOutputs(kept);
        _options = _options with { Groups = kept.Length };
    }
}
