using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Draws pictures of 32 by 32 places out of noise.</summary>
/// <remarks>
/// Radford, Metz and Chintala, "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks", ICLR 2016, one stage
/// fewer, since the pictures are small.
/// </remarks>
internal sealed class PictureGenerator(int width, Random random) : Module
{
    /// <summary>Side of the pictures, in places.</summary>
    public const int Side = 32;

    /// <summary>Numbers of noise for a picture.</summary>
    public const int NoiseSize = 64;

    private const int SeedSide = 4;

    private static readonly ConvOptions Doubling = new() { Stride = 2, Padding = 1 };

    private readonly Dense _seed = new(NoiseSize, 4 * width * SeedSide * SeedSide, random);
    private readonly BatchNorm _seedNorm = new(4 * width);
    private readonly ConvTranspose2d _first = new(4 * width, 2 * width, 4, random, Doubling, hasBias: false);
    private readonly BatchNorm _firstNorm = new(2 * width);
    private readonly ConvTranspose2d _second = new(2 * width, width, 4, random, Doubling, hasBias: false);
    private readonly BatchNorm _secondNorm = new(width);
    private readonly ConvTranspose2d _paint = new(width, Picture.Channels, 4, random, Doubling);

    protected override IEnumerable<Part> Parts =>
    [
        new("seed", _seed), new("seed_norm", _seedNorm), new("first", _first), new("first_norm", _firstNorm),
        new("second", _second), new("second_norm", _secondNorm), new("paint", _paint),
    ];

    /// <param name="noise">[batch, 64]</param>
    /// <returns>Colors from -1 to 1: [batch, 3, 32, 32].</returns>
    public Tensor Forward(Tensor noise)
    {
        Tensor x = _seed.Forward(noise).Reshape(noise.Shape[0], 4 * width, SeedSide, SeedSide);
        x = _first.Forward(_seedNorm.Forward(x).Relu());             // [batch, 2 * width, 8, 8]
        x = _second.Forward(_firstNorm.Forward(x).Relu());           // [batch, width, 16, 16]
        return _paint.Forward(_secondNorm.Forward(x).Relu()).Tanh();
    }
}

/// <summary>Tells real pictures from drawn ones.</summary>
/// <remarks>As in the paper, with spectral normalization in place of batch normalization: Miyato et al., ICLR 2018.</remarks>
internal sealed class PictureDiscriminator(int width, Random random) : Module
{
    private const float Leak = 0.2f;
    private const int LastSide = 4;

    private static readonly ConvOptions Halving = new() { Stride = 2, Padding = 1 };

    private readonly Conv2d _first = new(Picture.Channels, width, 4, random, Halving, hasSpectralNorm: true);
    private readonly Conv2d _second = new(width, 2 * width, 4, random, Halving, hasSpectralNorm: true);
    private readonly Conv2d _third = new(2 * width, 4 * width, 4, random, Halving, hasSpectralNorm: true);
    private readonly Dense _output = new(4 * width * LastSide * LastSide, 1, random, hasSpectralNorm: true);

    protected override IEnumerable<Part> Parts => [new("first", _first), new("second", _second), new("third", _third), new("output", _output)];

    /// <param name="x">[batch, 3, 32, 32]</param>
    /// <returns>A score for each picture, high for real ones: [batch, 1].</returns>
    public Tensor Forward(Tensor x) => _output.Forward(Leaky(_third.Forward(Leaky(_second.Forward(Leaky(_first.Forward(x)))))).Flatten());

    private static Tensor Leaky(Tensor x) => x.Relu() - ((-x).Relu() * Leak);
}
