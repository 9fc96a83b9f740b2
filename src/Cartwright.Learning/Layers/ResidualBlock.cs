using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Two 3 by 3 convolutions whose result is added to the input.</summary>
/// <remarks>He et al., "Deep Residual Learning for Image Recognition", CVPR 2016: the basic block, its shortcut a 1 by 1 convolution where sizes change.</remarks>
/// <param name="inChannels">Channels of the input.</param>
/// <param name="outChannels">Channels of the output.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="stride">2 halves the picture.</param>
public sealed class ResidualBlock(int inChannels, int outChannels, Random random, int stride = 1) : Module
{
    private readonly Conv2d _first = new(
        Ranges.Size(inChannels, nameof(ResidualBlock)), Ranges.Size(outChannels, nameof(ResidualBlock)), 3, random,
        new ConvOptions { Stride = Ranges.Size(stride, nameof(ResidualBlock)), Padding = 1 }, hasBias: false);
    private readonly BatchNorm _firstNorm = new(outChannels);
    private readonly Conv2d _second = new(outChannels, outChannels, 3, random, new ConvOptions { Padding = 1 }, hasBias: false);
    private readonly BatchNorm _secondNorm = new(outChannels);
    private readonly Conv2d? _shortcut = stride == 1 && inChannels == outChannels
        ? null : new Conv2d(inChannels, outChannels, 1, random, new ConvOptions { Stride = stride }, hasBias: false);
    private readonly BatchNorm? _shortcutNorm = stride == 1 && inChannels == outChannels ? null : new BatchNorm(outChannels);

    protected internal override IEnumerable<Part> Parts => Part.Present(
        new("conv1", _first), new("bn1", _firstNorm), new("conv2", _second), new("bn2", _secondNorm),
        _shortcut is null ? null : new Part("downsample.0", _shortcut), _shortcutNorm is null ? null : new Part("downsample.1", _shortcutNorm));

    /// <param name="x">[batch, inChannels, height, width]</param>
    /// <returns>[batch, outChannels, height / stride, width / stride], rounded up.</returns>
    public Tensor Forward(Tensor x)
    {
        ShapeException.Require(
            x.Rank == 4 && x.Shape[1] == inChannels && x.Shape[2] > 0 && x.Shape[3] > 0,
            $"ResidualBlock takes pictures [batch, {inChannels}, height, width]; found {x}.");
        Tensor y = _firstNorm.Forward(_first.Forward(x)).Relu();
        y = _secondNorm.Forward(_second.Forward(y));
        return (y + (_shortcut is null ? x : _shortcutNorm!.Forward(_shortcut.Forward(x)))).Relu();
    }
}
