namespace Cartwright.Learning.Kernels;

/// <summary>The beginning and the end of a branch of a transformer block, W₁ · norm(x) + b₁ and x + drop(W₂ · a + b₂), a few rows at a time.</summary>
/// <remarks>What the layer norm and the products write is used while it is in the nearest caches, forward and backward.</remarks>
internal readonly unsafe struct BranchEnds
{
    private readonly BranchShape _shape;
    private readonly TiledMatrix _in;
    private readonly TiledMatrix _out;
    private readonly float* _gain;
    private readonly float* _shift;
    private readonly float* _inBias;
    private readonly float* _outBias;
    private readonly CounterHash _hash;

    /// <param name="isBackward">The gradients go through the matrices the other way.</param>
    public BranchEnds(
        in BranchShape shape, float* gain, float* shift, float* inWeight, float* inBias, float* outWeight, float* outBias, bool isBackward)
    {
        (int width, int columns, int inner) = (shape.Width, shape.Columns, shape.Inner);
        _shape = shape;
        _gain = gain;
        _shift = shift;
        _inBias = inBias;
        _outBias = outBias;
        _hash = new CounterHash(shape.EndSeed, shape.Dropout);
        (int inDepth, int inColumns) = isBackward ? (columns, width) : (width, columns);
        (int outDepth, int outColumns) = isBackward ? (width, inner) : (inner, width);
        _in = new TiledMatrix(
            MatrixView.Contiguous(inWeight, inDepth, inColumns, isTransposed: !isBackward),
            inDepth, inColumns, Scratch.Take(Scratch.Use.BranchInWeights, TiledMatrix.Size(inDepth, inColumns)));
        _out = new TiledMatrix(
            MatrixView.Contiguous(outWeight, outDepth, outColumns, isTransposed: !isBackward),
            outDepth, outColumns, Scratch.Take(Scratch.Use.BranchOutWeights, TiledMatrix.Size(outDepth, outColumns)));
    }

    /// <summary>f(W₁ · norm(x) + b₁), which needs the slopes of f for its backward.</summary>
    /// <param name="x">[rows, width]</param>
    /// <param name="y">[rows, columns]</param>
    /// <param name="slopes">[rows, columns]; null where nobody asks for them.</param>
    public void Begin<TActivation>(float* x, float* means, float* inverses, float* y, float* slopes, int rows)
        where TActivation : struct, IActivation
    {
        float* normal = Scratch.Take(Scratch.Use.BranchRows, (nint)rows * _shape.Width);
        LayerNormRows.Forward(x, _gain, _shift, normal, means, inverses, rows, _shape.Width, _shape.Epsilon);
        _in.Multiply(normal, rows, y, accumulate: false);
        AffineRows.Finish<TActivation>(y, _inBias, added: null, slopes, rows, _shape.Columns);
    }

    /// <summary>y = x + drop(W₂ · a + b₂).</summary>
    /// <param name="a">[rows, inner]</param>
    /// <param name="x">[rows, width]</param>
    /// <param name="y">[rows, width]</param>
    /// <param name="firstRow">Its place among all rows.</param>
    public void End(float* a, float* x, float* y, int firstRow, int rows)
    {
        _out.Multiply(a, rows, y, accumulate: false);
        AffineRows.Finish<Identity>(y, _outBias, _shape.Dropout > 0 ? null : x, slopes: null, rows, _shape.Width);
        if (_shape.Dropout > 0)
        {
            _hash.Apply((uint)(firstRow * _shape.Width), y, rows * _shape.Width);
            Reduce.Add(x, y, rows * _shape.Width);
        }
    }

    /// <summary>The gradients of a and of what <see cref="End"/> takes, but for x.</summary>
    /// <param name="gradA">[rows, inner]: is given the gradient.</param>
    /// <param name="isFirst">True for the first rows of a part.</param>
    public void EndBackward(float* gradY, float* a, float* gradA, in BranchPartials partials, int part, int firstRow, int rows, bool isFirst)
    {
        int count = rows * _shape.Width;
        float* gradient = gradY;
        if (_shape.Dropout > 0)
        {
            gradient = Scratch.Take(Scratch.Use.BranchDropped, count);
            new ReadOnlySpan<float>(gradY, count).CopyTo(new Span<float>(gradient, count));
            _hash.Apply((uint)(firstRow * _shape.Width), gradient, count);
        }

        AffineRows.GradientOfSums<Identity>(gradient, gradient, gradient, partials.OutBias(part), rows, _shape.Width);
        AffineRows.GradientOfWeight(gradient, a, partials.OutWeight(part), rows, _shape.Width, _shape.Inner, accumulate: !isFirst);
        _out.Multiply(gradient, rows, gradA, accumulate: false);
    }

    /// <summary>The gradients of x, gradY passed on among it, and of what <see cref="Begin"/> takes.</summary>
    /// <param name="gradSums">[rows, columns]: of what goes into f.</param>
    /// <param name="gradX">[rows, width]: is written where <paramref name="isFresh"/>, else added to.</param>
    public void BeginBackward(
        float* gradSums, float* gradY, float* x, float* means, float* inverses, float* gradX, bool isFresh, in BranchPartials partials, int part, int rows, bool isFirst)
    {
        (int width, int columns) = (_shape.Width, _shape.Columns);
        float* normal = Scratch.Take(Scratch.Use.BranchRows, (nint)rows * width);
        LayerNormRows.Again(x, _gain, _shift, normal, means, inverses, rows, width);
        AffineRows.GradientOfWeight(gradSums, normal, partials.InWeight(part), rows, columns, width, accumulate: !isFirst);
        float* gradNormal = normal;
        _in.Multiply(gradSums, rows, gradNormal, accumulate: false);
        if (!isFresh)
        {
            Reduce.Add(gradY, gradX, rows * width);
        }

        LayerNormRows.Backward(
            gradNormal, x, _gain, means, inverses, isFresh ? gradY : gradX, gradX, partials.Gain(part), partials.Shift(part), rows, width);
    }
}
