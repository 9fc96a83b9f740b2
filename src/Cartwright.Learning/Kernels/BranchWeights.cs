namespace Cartwright.Learning.Kernels;

/// <summary>The weights of a branch of a transformer block, W₂ · middle(W₁ · norm(x) + b₁) + b₂, or their gradients, of which empty ones are left out.</summary>
internal readonly ref struct BranchWeights
{
    /// <summary>[width]: of the layer norm.</summary>
    public required Span<float> Gain { get; init; }

    /// <summary>[width]: of the layer norm.</summary>
    public required Span<float> Shift { get; init; }

    /// <summary>[columns, width]: W₁.</summary>
    public required Span<float> InWeight { get; init; }

    /// <summary>[columns]: b₁.</summary>
    public required Span<float> InBias { get; init; }

    /// <summary>[width, inner]: W₂.</summary>
    public required Span<float> OutWeight { get; init; }

    /// <summary>[width]: b₂.</summary>
    public required Span<float> OutBias { get; init; }

    public void ThrowUnlessSizes(in BranchShape shape)
    {
        ShapeException.ThrowUnlessLength(Gain.Length, shape.Width);
        ShapeException.ThrowUnlessLength(Shift.Length, shape.Width);
        ShapeException.ThrowUnlessLength(InWeight.Length, (long)shape.Columns * shape.Width);
        ShapeException.ThrowUnlessLength(InBias.Length, shape.Columns);
        ShapeException.ThrowUnlessLength(OutWeight.Length, (long)shape.Width * shape.Inner);
        ShapeException.ThrowUnlessLength(OutBias.Length, shape.Width);
    }
}

/// <summary>The sizes of a branch, and what else it needs to know.</summary>
/// <param name="Rows">Tokens.</param>
/// <param name="Width">Numbers of a token, where the branch begins and ends.</param>
/// <param name="Columns">Numbers of a token before the middle.</param>
/// <param name="Inner">Numbers of a token behind the middle.</param>
/// <param name="Epsilon">Of the layer norm.</param>
/// <param name="Dropout">Share dropped where the branch ends, and of a network in its middle.</param>
/// <param name="MiddleSeed">Of what is dropped in the middle.</param>
/// <param name="EndSeed">Of what is dropped at the end.</param>
internal readonly record struct BranchShape(
    int Rows, int Width, int Columns, int Inner, float Epsilon, float Dropout, ulong MiddleSeed, ulong EndSeed)
{
    /// <summary>More weights would not stay in the second cache with a few rows of everything between them.</summary>
    private const int MostWeights = 1 << 16;

    private const int RowsOfPart = 512;
    private const int MostParts = 16;

    /// <summary>Whether a branch of these sizes is quicker in one pass than an operation after the other.</summary>
    public static bool IsWorthwhile(int width, int columns, int inner) => width > 0 && (long)width * (columns + inner) <= MostWeights;

    /// <summary>Parts of the rows that have gradients of the weights for themselves, which are added in their order.</summary>
    public int PartCount => Math.Clamp(Rows / RowsOfPart, 1, MostParts);
}

/// <summary>The gradients of a branch's weights for each part of the rows.</summary>
internal readonly unsafe struct BranchPartials
{
    private readonly BranchShape _shape;
    private readonly float* _memory;

    public BranchPartials(in BranchShape shape)
    {
        _shape = shape;
        _memory = Scratch.Take(Scratch.Use.BranchPartials, Size * shape.PartCount);
    }

    private int InCount => _shape.Columns * _shape.Width;

    private int OutCount => _shape.Inner * _shape.Width;

    private nint Size => InCount + OutCount + _shape.Columns + (3 * _shape.Width);

    public float* InWeight(int part) => _memory + (Size * part);

    public float* OutWeight(int part) => InWeight(part) + InCount;

    public float* InBias(int part) => OutWeight(part) + OutCount;

    public float* OutBias(int part) => InBias(part) + _shape.Columns;

    public float* Gain(int part) => OutBias(part) + _shape.Width;

    public float* Shift(int part) => Gain(part) + _shape.Width;

    /// <summary>Zeros, but for the gradients of both matrices, which the first rows write.</summary>
    public void Clear(int part) => new Span<float>(InBias(part), _shape.Columns + (3 * _shape.Width)).Clear();

    public void AddTo(in BranchWeights gradients)
    {
        for (int part = 0; part < _shape.PartCount; part++)
        {
            Add(InWeight(part), gradients.InWeight);
            Add(OutWeight(part), gradients.OutWeight);
            Add(InBias(part), gradients.InBias);
            Add(OutBias(part), gradients.OutBias);
            Add(Gain(part), gradients.Gain);
            Add(Shift(part), gradients.Shift);
        }
    }

    private static void Add(float* numbers, Span<float> gradient)
    {
        fixed (float* sum = gradient)
        {
            Reduce.Add(numbers, sum, gradient.Length);
        }
    }
}
