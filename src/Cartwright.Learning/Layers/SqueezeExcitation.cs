using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Scales every channel by a number from 0 to 1 that depends on the means of all channels.</summary>
/// <remarks>Hu, Shen and Sun, "Squeeze-and-Excitation Networks", CVPR 2018.</remarks>
/// <param name="channels">Channels of the input.</param>
/// <param name="squeezed">Width of the middle; the paper takes a sixteenth of the channels.</param>
/// <param name="random">Draws the first weights.</param>
public sealed class SqueezeExcitation(int channels, int squeezed, Random random) : Module
{
    private readonly Dense _squeeze = new(Ranges.Size(channels, nameof(SqueezeExcitation)), Ranges.Size(squeezed, nameof(SqueezeExcitation)), random);
    private readonly Dense _excite = new(squeezed, channels, random);

    protected internal override IEnumerable<Part> Parts => [new("fc1", _squeeze), new("fc2", _excite)];

    /// <param name="x">[batch, channels, height, width]</param>
    public Tensor Forward(Tensor x)
    {
        ShapeException.Require(
            x.Rank == 4 && x.Shape[1] == channels && x.Shape[2] > 0 && x.Shape[3] > 0,
            $"SqueezeExcitation takes pictures [batch, {channels}, height, width]; found {x}.");
        Tensor scale = _excite.Forward(_squeeze.Forward(x.AdaptiveAveragePool2d(1).Flatten()).Relu()).Sigmoid();
        return x * scale.Reshape(x.Shape[0], channels, 1, 1);
    }
}
