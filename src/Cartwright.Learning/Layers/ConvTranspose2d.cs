using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>A convolution turned around: every place of a small picture paints the kernel onto a large one. Generators grow pictures with it.</summary>
/// <param name="inChannels">Channels of the input.</param>
/// <param name="outChannels">Channels of the output.</param>
/// <param name="kernel">Size of the kernel; a multiple of the stride covers all places alike.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="options">Those of the convolution that it turns around; null for stride 1 without padding.</param>
/// <param name="hasBias">Adds a learned number to every output channel.</param>
public sealed class ConvTranspose2d(int inChannels, int outChannels, Extent kernel, Random random, ConvOptions? options = null, bool hasBias = true) : Module
{
    private readonly ConvOptions _options = (options ?? new ConvOptions()).CheckedFor(nameof(ConvTranspose2d), inChannels, outChannels, kernel);

    /// <summary>[inChannels, outChannels / groups, kernel height, kernel width]</summary>
    public Tensor Weight { get; } = Initialize.KaimingNormal(random, inChannels, outChannels / (options?.Groups ?? 1), kernel.Height, kernel.Width);

    /// <summary>[outChannels]; null where the layer has none.</summary>
    public Tensor? Bias { get; } = hasBias ? Initialize.Constant(0, outChannels) : null;

    protected internal override IEnumerable<Part> Parts => Part.Present(new("weight", Weight), Bias is null ? null : new Part("bias", Bias));

    /// <param name="x">[batch, inChannels, height, width]</param>
    /// <returns>[batch, outChannels, out height, out width]</returns>
    public Tensor Forward(Tensor x) => x.ConvTranspose2d(Weight, Bias, _options);
}
