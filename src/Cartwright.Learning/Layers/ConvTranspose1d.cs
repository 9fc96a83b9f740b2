using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>A convolution over sequences turned around: a short one grows to a long one.</summary>
/// <param name="inChannels">Channels of the input.</param>
/// <param name="outChannels">Channels of the output.</param>
/// <param name="kernel">Places of the kernel; a multiple of the stride covers all places alike.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="options">Of each pair the width counts; null for stride 1 without padding.</param>
/// <param name="hasBias">Adds a learned number to every output channel.</param>
public sealed class ConvTranspose1d(int inChannels, int outChannels, int kernel, Random random, ConvOptions? options = null, bool hasBias = true) : Module
{
    private readonly ConvOptions _options = (options ?? new ConvOptions()).CheckedFor(nameof(ConvTranspose1d), inChannels, outChannels, new Extent(1, kernel));

    /// <summary>[inChannels, outChannels / groups, kernel]</summary>
    public Tensor Weight { get; } = Initialize.KaimingNormal(random, inChannels, outChannels / (options?.Groups ?? 1), kernel);

    /// <summary>[outChannels]; null where the layer has none.</summary>
    public Tensor? Bias { get; } = hasBias ? Initialize.Constant(0, outChannels) : null;

    protected internal override IEnumerable<Part> Parts => Part.Present(new("weight", Weight), Bias is null ? null : new Part("bias", Bias));

    /// <param name="x">[batch, inChannels, length]</param>
    /// <returns>[batch, outChannels, out length]</returns>
    public Tensor Forward(Tensor x) => x.ConvTranspose1d(Weight, Bias, _options);
}
