using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>A convolution and residual blocks, the picture halved and the channels doubled between the stages.</summary>
/// <remarks>
/// He et al., "Deep Residual Learning for Image Recognition", CVPR 2016. Differs from the paper: one block a stage, as He's smallest networks for
/// small pictures have three; the first convolution is 3 by 3 and followed by a pool over 2 by 2, so that the blocks see a quarter of the places.
/// </remarks>
internal sealed class ResidualNetwork : PictureNetwork
{
    private const int StageCount = 3;

    private readonly Conv2d _first;
    private readonly BatchNorm _firstNorm;
    private readonly ResidualBlock[] _blocks;

    public ResidualNetwork(PictureNetworkOptions options, Random random)
        : base(options, options.Width << (StageCount - 1), random)
    {
        _first = new Conv2d(Picture.Channels, options.Width, 3, random, new ConvOptions { Padding = 1, Stride = options.FirstStride }, hasBias: false);
        _firstNorm = new BatchNorm(options.Width);
        _blocks = [.. Enumerable.Range(0, StageCount).Select(i =>
            new ResidualBlock(options.Width << Math.Max(0, i - 1), options.Width << i, random, stride: i == 0 ? 1 : 2))];
    }

    protected override IEnumerable<Part> Parts => [new("first", _first), new("first_norm", _firstNorm), .. Part.List("blocks", _blocks), Drop, Head];

    public override Tensor Places(Tensor x)
    {
        x = _firstNorm.Forward(_first.Forward(x)).Relu().MaxPool2d(2);
        foreach (ResidualBlock block in _blocks)
        {
            x = block.Forward(x);
        }

        return x;
    }
}
