using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Three stages of two 3 by 3 convolutions, the picture halved and the channels doubled between them.</summary>
/// <remarks>
/// Simonyan and Zisserman, "Very Deep Convolutional Networks", ICLR 2015. Differs from the paper: normalized over the batch after each convolution
/// (Ioffe and Szegedy, 2015), and one linear layer after the mean in place of three wide ones.
/// </remarks>
internal sealed class PlainNetwork : PictureNetwork
{
    private const int StageCount = 3;
    private const int ConvolutionsPerStage = 2;

    private readonly Conv2d[] _convolutions;
    private readonly BatchNorm[] _norms;

    public PlainNetwork(PictureNetworkOptions options, Random random)
        : base(options, options.Width << (StageCount - 1), random)
    {
        int count = StageCount * ConvolutionsPerStage;
        int Channels(int i) => options.Width << (i / ConvolutionsPerStage);
        _convolutions = [.. Enumerable.Range(0, count).Select(i => new Conv2d(i == 0 ? Picture.Channels : Channels(i - 1), Channels(i), 3, random,
            new ConvOptions { Padding = 1, Stride = i == 0 ? options.FirstStride : 1 }, hasBias: false))];
        _norms = [.. Enumerable.Range(0, count).Select(i => new BatchNorm(Channels(i)))];
    }

    protected override IEnumerable<Part> Parts => [.. Part.List("convolutions", _convolutions), .. Part.List("norms", _norms), Drop, Head];

    public override Tensor Places(Tensor x)
    {
        for (int i = 0; i < _convolutions.Length; i++)
        {
            if (i > 0 && i % ConvolutionsPerStage == 0)
            {
                x = x.MaxPool2d(2);                                  // [batch, channels, height / 2, width / 2]
            }

            x = _norms[i].Forward(_convolutions[i].Forward(x)).Relu();
        }

        return x;
    }
}
