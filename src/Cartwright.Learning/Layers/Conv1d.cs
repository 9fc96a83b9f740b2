using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>A learned kernel that moves over sequences.</summary>
/// <param name="inChannels">Channels of the input.</param>
/// <param name="outChannels">Channels of the output, each with its own kernel.</param>
/// <param name="kernel">Places that the kernel sees.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="options">Of each pair the width counts; null for the plain convolution.</param>
/// <param name="hasBias">Adds a learned number to every output channel.</param>
public sealed class Conv1d(int inChannels, int outChannels, int kernel, Random random, ConvOptions? options = null, bool hasBias = true) : Module
{
    private readonly ConvOptions _options = (options ?? new ConvOptions()).CheckedFor(nameof(Conv1d), inChannels, outChannels, new Extent(1, kernel));

    /// <summary>[outChannels, inChannels / groups, kernel]</summary>
    public Tensor Weight { get; } = Initialize.KaimingNormal(random, outChannels, inChannels / (options?.Groups ?? 1), kernel);

    /// <summary>[outChannels]; null where the layer has none.</summary>
    public Tensor? Bias { get; } = hasBias ? Initialize.Constant(0, outChannels) : null;

    protected internal override IEnumerable<Part> Parts => Part.Present(new("weight", Weight), Bias is null ? null : new Part("bias", Bias));

    /// <param name="x">[batch, inChannels, length]</param>
    /// <param name="thenRelu">Goes on to max(0, y) in the same pass.</param>
    /// <returns>[batch, outChannels, out length]</returns>
    public Tensor Forward(Tensor x, bool thenRelu = false) => x.Conv1d(Weight, Bias, _options, thenRelu);
}
