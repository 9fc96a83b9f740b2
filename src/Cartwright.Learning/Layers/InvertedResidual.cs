using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Widens the channels, looks at each by itself, and narrows them again; added to the input where sizes are the same.</summary>
/// <remarks>Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018, with its ReLU cut off at 6.</remarks>
/// <param name="inChannels">Channels of the input.</param>
/// <param name="outChannels">Channels of the output.</param>
/// <param name="random">Draws the first weights.</param>
/// <param name="stride">2 halves the picture.</param>
/// <param name="expansion">How many times wider the middle is, 1 or more; with 1 nothing widens.</param>
public sealed class InvertedResidual(int inChannels, int outChannels, Random random, int stride = 1, int expansion = 6) : Module
{
        private readonly Conv2d? _expand = expansion == 1 ? null : new Conv2d(inChannels, MiddleOf(inChannels, expansion), 1, random, hasBias: false);
    private readonly BatchNorm? _expandNorm = expansion == 1 ? null : new BatchNorm(MiddleOf(inChannels, expansion));
    private readonly Conv2d _depthwise = new(MiddleOf(inChannels, expansion), MiddleOf(inChannels, expansion), 3, random,
        new ConvOptions { Stride = Ranges.Size(stride, nameof(InvertedResidual)), Padding = 1, Groups = MiddleOf(inChannels, expansion) }, hasBias: false);
    private readonly BatchNorm _depthwiseNorm = new(MiddleOf(inChannels, expansion));
    private readonly Conv2d _project = new(MiddleOf(inChannels, expansion), Ranges.Size(outChannels, nameof(InvertedResidual)), 1, random, hasBias: false);
    private readonly BatchNorm _projectNorm = new(outChannels);

    protected internal override IEnumerable<Part> Parts => Part.Present(
        _expand is null ? null : new Part("expand", _expand), _expandNorm is null ? null : new Part("expand_norm", _expandNorm),
        new("depthwise", _depthwise), new("depthwise_norm", _depthwiseNorm), new("project", _project), new("project_norm", _projectNorm));

    /// <param name="x">[batch, inChannels, height, width]</param>
    /// <returns>[batch, outChannels, height / stride, width / stride], rounded up.</returns>
    public Tensor Forward(Tensor x)
    {
        ShapeException.Require(
            x.Rank == 4 && x.Shape[1] == inChannels && x.Shape[2] > 0 && x.Shape[3] > 0,
            $"InvertedResidual takes pictures [batch, {inChannels}, height, width]; found {x}.");
        Tensor wide = _expand is null ? x : _expandNorm!.Forward(_expand.Forward(x)).Clip(0, 6);
        wide = _depthwiseNorm.Forward(_depthwise.Forward(wide)).Clip(0, 6);
        Tensor y = _projectNorm.Forward(_project.Forward(wide));
        return stride == 1 && inChannels == outChannels ? x + y : y;
    }

    private static int MiddleOf(int inChannels, int expansion)
    {
        long middle = (long)Ranges.Size(inChannels, nameof(InvertedResidual)) * Ranges.Size(expansion, nameof(InvertedResidual));
        return middle <= int.MaxValue ? (int)middle : throw new ArgumentOutOfRangeException(
            nameof(expansion), expansion, $"InvertedResidual with {inChannels} channels can't be {expansion} times wider in the middle.");
    }
}
