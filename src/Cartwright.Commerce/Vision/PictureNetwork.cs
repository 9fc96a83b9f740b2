using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Vision;

internal sealed record PictureNetworkOptions
{
    public required int ClassCount { get; init; }

    /// <summary>Side of the square pictures that it reads, in places; larger sees more and takes longer, with the square.</summary>
    [Range(8, 512)]
    public required int Size { get; init; }

    /// <summary>Channels of the first stage; each of the next has twice as many.</summary>
    [Range(4, 256)]
    public int Width { get; init; } = 32;

    /// <summary>Share of the embedding that is left out in training, so that no number of it is relied upon.</summary>
    [Range(0.0, 0.9)]
    public float Dropout { get; init; } = 0.2f;

    /// <summary>Pictures of more than 40 places begin with every other place: their sharp detail is worth less than the time it takes.</summary>
    public int FirstStride => Size > 40 ? 2 : 1;
}

/// <summary>A network that tells what a picture shows: places, their mean, and one linear layer.</summary>
/// <remarks>
/// With the mean between them, the score of a class is the mean of a score of each place (Lin, Chen and Yan, "Network in Network", 2014), pictures
/// of another size fit, and the mean itself is the picture's embedding.
/// </remarks>
internal abstract class PictureNetwork(PictureNetworkOptions options, int embeddingSize, Random random) : Module
{
    private readonly Dropout _dropout = new(options.Dropout);
    private readonly Dense _head = new(embeddingSize, options.ClassCount, random);

    public PictureNetworkOptions Options { get; } = options;

    public int EmbeddingSize { get; } = embeddingSize;

    protected Part Head => new("head", _head);

    protected Part Drop => new("dropout", _dropout);

    /// <param name="x">[batch, 3, size, size]</param>
    /// <returns>What is seen at each place: [batch, embedding, height, width].</returns>
    public abstract Tensor Places(Tensor x);

    /// <returns>[batch, embedding]</returns>
    public Tensor Embed(Tensor x) => Places(x).AdaptiveAveragePool2d(1).Flatten();

    /// <returns>A logit for each class: [batch, classes].</returns>
    public Tensor Forward(Tensor x) => _head.Forward(_dropout.Forward(Embed(x)));
}
