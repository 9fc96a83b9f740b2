namespace Cartwright.Learning.Kernels;

/// <summary>The gradients of a recurrent layer's input, weights and biases, given those of its gates, a few tokens at a time.</summary>
/// <remarks>The gradients of the gates are the most numbers there are: what they are multiplied by is done while they are in the second cache.</remarks>
internal static unsafe class RecurrentOnePass
{
    /// <summary>More weights would not stay in the second cache beside the gates of a few tokens.</summary>
    private const int MostWeights = 1 << 17;

    /// <summary>Tokens that have gradients of the weights for themselves, which are added in their order.</summary>
    private const int TokensOfPart = 1024;
    private const int MostParts = 8;

    /// <summary>Gates whose gradients are brought into panels at a time, for the input and for the state.</summary>
    private const int ColumnsAtOnce = 128;

    /// <summary>Whether it is quicker than a product after the other, of gates · size columns.</summary>
    public static bool IsWorthwhile(int tokens, int columns, int inputs, int size) =>
        tokens >= TokensOfPart && (long)columns * (inputs + size) <= MostWeights;

    /// <summary>Adds all gradients to what the spans hold, but for gradX where it is fresh.</summary>
    /// <param name="gates">[tokens, gates · size]: what <see cref="RecurrentKernel.Backward"/> made of the gates.</param>
    /// <param name="kept">[tokens, size]: what it made of what a GRU kept, which stands in for the last gate on the state's side; else empty.</param>
    /// <param name="previous">[tokens, size]</param>
    /// <param name="x">[tokens, inputs]</param>
    /// <param name="inputWeight">[gates · size, inputs]</param>
    /// <param name="gradX">[tokens, inputs]; this and the others may be empty where nobody asks for them.</param>
    /// <param name="gradInput">[gates · size, inputs]</param>
    /// <param name="gradHidden">[gates · size, size]</param>
    /// <param name="gradInputBias">[gates · size]</param>
    /// <param name="gradHiddenBias">[gates · size]</param>
    public static void Backward(
        ReadOnlySpan<float> gates,
        ReadOnlySpan<float> kept,
        ReadOnlySpan<float> previous,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> inputWeight,
        Span<float> gradX,
        bool isFresh,
        Span<float> gradInput,
        Span<float> gradHidden,
        Span<float> gradInputBias,
        Span<float> gradHiddenBias,
        int tokens,
        int inputs,
        int size)
    {
        int columns = gates.Length / tokens;
        ShapeException.ThrowUnlessLength(gates.Length, (long)tokens * columns);
        ShapeException.ThrowUnlessLength(previous.Length, (long)tokens * size);
        ShapeException.ThrowUnlessLength(kept.IsEmpty ? previous.Length : kept.Length, previous.Length);
        ShapeException.ThrowUnlessLength(x.Length, (long)tokens * inputs);
        ShapeException.ThrowUnlessLength(inputWeight.Length, (long)columns * inputs);
        ShapeException.ThrowUnlessLength(gradX.IsEmpty ? x.Length : gradX.Length, x.Length);
        ThrowUnlessEmptyOr(gradInput, inputWeight.Length);
        ThrowUnlessEmptyOr(gradHidden, (long)columns * size);
        ThrowUnlessEmptyOr(gradInputBias, columns);
        ThrowUnlessEmptyOr(gradHiddenBias, columns);

        int parts = Math.Clamp(tokens / TokensOfPart, 1, MostParts);
        fixed (float* pg = gates, pk = kept, pp = previous, px = x, pw = inputWeight, pgx = gradX)
        {
            TiledMatrix tiles = pgx == null ? default : new TiledMatrix(
                new MatrixView(pw, inputs, 1), columns, inputs, Scratch.Take(Scratch.Use.RecurrentWeights, TiledMatrix.Size(columns, inputs)));
            var part = new Part
            {
                Partials = Scratch.Take(Scratch.Use.Products, (nint)parts * Part.SizeOf(columns, inputs, size)),
                Parts = parts,
                Gates = pg,
                Kept = pk,
                Previous = pp,
                X = px,
                Tiles = tiles,
                GradX = pgx,
                IsFresh = isFresh,
                Tokens = tokens,
                Columns = columns,
                Inputs = inputs,
                Size = size,
            };
            ParallelWork.For(parts, part);
            for (int index = 0; index < parts; index++)
            {
                Add(part.Input(index), gradInput);
                Add(part.Hidden(index), gradHidden);
                Add(part.Bias(index), gradInputBias);

                // The last gate of a GRU has another gradient on the state's side.
                int shared = kept.IsEmpty || gradHiddenBias.IsEmpty ? gradHiddenBias.Length : columns - size;
                Add(part.Bias(index), gradHiddenBias[..shared]);
                Add(part.KeptBias(index), gradHiddenBias[shared..]);
            }
        }
    }

    private static void ThrowUnlessEmptyOr(Span<float> gradient, long length) =>
        ShapeException.ThrowUnlessLength(gradient.IsEmpty ? length : gradient.Length, length);

    private static void Add(float* numbers, Span<float> gradient)
    {
        fixed (float* sum = gradient)
        {
            Reduce.Add(numbers, sum, gradient.Length);
        }
    }

    private struct Part : IWorkItem
    {
        public float* Partials;
        public int Parts;
        public float* Gates;
        public float* Kept;
        public float* Previous;
        public float* X;
        public TiledMatrix Tiles;
        public float* GradX;
        public bool IsFresh;
        public int Tokens;
        public int Columns;
        public int Inputs;
        public int Size;

        public static nint SizeOf(int columns, int inputs, int size) => ((nint)columns * (inputs + size + 1)) + size;

        public readonly float* Input(int part) => Partials + (part * SizeOf(Columns, Inputs, Size));

        public readonly float* Hidden(int part) => Input(part) + ((nint)Columns * Inputs);

        public readonly float* Bias(int part) => Hidden(part) + ((nint)Columns * Size);

        public readonly float* KeptBias(int part) => Bias(part) + Columns;

        public readonly void Run(int index)
        {
            int start = (int)((long)Tokens * index / Parts);
            int count = (int)((long)Tokens * (index + 1) / Parts) - start;
            int chains = (count + AffineRows.MostRows - 1) / AffineRows.MostRows;
            new Span<float>(Bias(index), Columns + Size).Clear();
            for (int chain = 0; chain < chains; chain++)
            {
                int token = start + (int)((long)count * chain / chains);
                Rows(index, token, start + (int)((long)count * (chain + 1) / chains) - token, accumulate: chain > 0);
            }
        }

        private readonly void Rows(int part, int token, int rows, bool accumulate)
        {
            float* gates = Gates + ((nint)token * Columns);
            if (GradX != null)
            {
                Tiles.Multiply(gates, rows, GradX + ((nint)token * Inputs), accumulate: !IsFresh);
            }

            AffineRows.GradientOfSums<Identity>(gates, gates, gates, Bias(part), rows, Columns);
            float* x = X + ((nint)token * Inputs);
            float* previous = Previous + ((nint)token * Size);
            int shared = Kept == null ? Columns : Columns - Size;
            for (int column = 0; column < Columns; column += ColumnsAtOnce)
            {
                int count = Math.Min(ColumnsAtOnce, Columns - column);
                Multiply(gates + column, Columns, x, Inputs, Input(part) + ((nint)column * Inputs), count, rows, accumulate);
                count = Math.Min(count, shared - column);
                if (count > 0)
                {
                    Multiply(gates + column, Columns, previous, Size, Hidden(part) + ((nint)column * Size), count, rows, accumulate);
                }
            }

            if (Kept != null)
            {
                float* kept = Kept + ((nint)token * Size);
                AffineRows.GradientOfSums<Identity>(kept, kept, kept, KeptBias(part), rows, Size);
                Multiply(kept, Size, previous, Size, Hidden(part) + ((nint)shared * Size), Size, rows, accumulate);
            }
        }

        // gradient [m, n] = leftᵀ · right, or that added to it.
        private static void Multiply(float* left, int leftStride, float* right, int n, float* gradient, int m, int rows, bool accumulate) =>
            GemmBlock.Multiply(
                new MatrixView(left, 1, leftStride), new MatrixView(right, n, 1), null, 0, 0, gradient, n, m, n, rows, accumulate);
    }
}
