using Cartwright.Learning;

namespace Cartwright.Commerce.Vision;

/// <summary>How a network of pictures is trained. The defaults were chosen on validation pictures.</summary>
internal sealed record PictureLesson
{
    public const string Plain = "cnn";
    public const string Residual = "residual";

    /// <summary>Pictures of so few places are seen as they are.</summary>
    private const int SmallSide = 40;
    private const int LeastSide = 16;
    private const int PhotoSide = 64;
    private const int ResidualWidth = 48;                        // sixteen channels are computed at once: 40 cost as much
    private const int PlainWidth = 32;
    private const int FewestEpochs = 12;
    private const int MostEpochs = 80;
    private const int PicturesLearned = 200_000;

    public static IReadOnlyList<string> Models { get; } = [Residual, Plain];

    public required string Model { get; init; }

    /// <summary>Side of the squares that the network sees.</summary>
    public required int Size { get; init; }

    public required int Width { get; init; }

    public required int Epochs { get; init; }

    public int BatchSize { get; init; } = 64;

    public float LearningRate { get; init; } = 0.1f;

    public float WeightDecay { get; init; } = 5e-4f;

    public float LabelSmoothing { get; init; } = 0.1f;

    public required PictureAugmentation Augmentation { get; init; }

    /// <param name="side">Usual shorter side of the pictures.</param>
    /// <param name="count">Pictures to learn from.</param>
    public static PictureLesson For(string model, int side, int count, int? epochs) => new()
    {
        Model = model,
        Size = side <= SmallSide ? Math.Max(LeastSide, side) : PhotoSide,
        Width = model == Residual ? ResidualWidth : PlainWidth,
        Epochs = epochs ?? Math.Clamp(PicturesLearned / Math.Max(1, count), FewestEpochs, MostEpochs),
        Augmentation = side <= SmallSide
            ? new PictureAugmentation { MostShift = 0.07f }
            : new PictureAugmentation { LeastArea = 0.4f, MostStretch = 1.3f, MostColor = 0.3f, HiddenSide = 0.25f },
    };

    /// <summary>How much larger than what the network sees the pictures are kept, so that a part of one is still sharp.</summary>
    public int Kept => Augmentation.LeastArea < 1 ? Size * 5 / 4 : Size;

    public PictureNetwork Network(int classCount, int seed)
    {
        var options = new PictureNetworkOptions { ClassCount = classCount, Size = Size, Width = Width };
        return NetworkOf(Model, options, Seeds.Random((ulong)seed, 0));
    }

    public static PictureNetwork NetworkOf(string model, PictureNetworkOptions options, Random random) =>
        model == Residual ? new ResidualNetwork(options, random) : new PlainNetwork(options, random);
}
