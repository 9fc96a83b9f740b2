namespace Cartwright.Learning.Kernels;

/// <summary>Softmax cross-entropy of queries against all rows of a table, with both gradients, tile by tile.</summary>
/// <remarks>
/// A tile is all queries by 256 candidates, which stays in the second cache. First each tile's logits become
/// e^(x − the row's maximum in the tile); then the tiles of a row are brought to one scale, as in Milakov and Gimelshein, "Online
/// Normalizer Calculation for Softmax", 2018, and multiplied on. So the logits go out to memory once and come back once.
/// </remarks>
internal static unsafe class TableSoftmaxKernel
{
    private const int TileColumns = 256;
    private const int TilesPerStrip = 4;

    /// <summary>Candidates that one piece of work takes.</summary>
    private const int StripColumns = TileColumns * TilesPerStrip;

    /// <summary>Numbers of working memory that <see cref="Invoke"/> needs.</summary>
    public static int WorkSize(int rows, int candidates, int hidden) => checked(
        (rows * candidates) + (2 * rows * Tiles(candidates)) + rows + (Strips(candidates) * rows * hidden));

    /// <param name="queries">[rows, hidden]</param>
    /// <param name="table">[candidates, hidden]</param>
    /// <param name="targets">[rows]: the right candidate of each.</param>
    /// <param name="scale">Factor of both gradients.</param>
    /// <param name="losses">[rows], written.</param>
    /// <param name="gradQueries">[rows, hidden], written.</param>
    /// <param name="gradTable">[candidates, hidden], written.</param>
    /// <param name="addToTable">True where the table's gradient is added to what is there.</param>
    /// <param name="work"><see cref="WorkSize"/> numbers of any value.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target is no candidate.</exception>
    public static void Invoke(
        ReadOnlySpan<float> queries,
        ReadOnlySpan<float> table,
        ReadOnlySpan<int> targets,
        float scale,
        Span<float> losses,
        Span<float> gradQueries,
        Span<float> gradTable,
        bool addToTable,
        Span<float> work,
        int hidden)
    {
        int rows = targets.Length;
        int candidates = hidden == 0 ? 0 : table.Length / hidden;
        ShapeException.ThrowUnlessLength(queries.Length, (long)rows * hidden);
        ShapeException.ThrowUnlessLength(table.Length, (long)candidates * hidden);
        ShapeException.ThrowUnlessLength(losses.Length, rows);
        ShapeException.ThrowUnlessLength(gradQueries.Length, queries.Length);
        ShapeException.ThrowUnlessLength(gradTable.Length, table.Length);
        ShapeException.ThrowUnlessLength(work.Length, WorkSize(rows, candidates, hidden));
        CrossEntropyKernel.ThrowUnlessColumns(targets, candidates);
        fixed (float* q = queries, t = table, gq = gradQueries, gt = gradTable, l = losses, w = work)
        fixed (int* right = targets)
        {
            int tiles = Tiles(candidates);
            int strips = Strips(candidates);
            float* sums = w + ((nint)rows * candidates);
            float* factors = sums + ((nint)rows * tiles);
            float* targetLogits = factors + ((nint)rows * tiles);
            var strip = new Strip(q, t, right, w, factors, sums, targetLogits, rows, candidates, hidden);
            ParallelWork.For(strips, strip);
            Normalize(factors, sums, targetLogits, l, scale, rows, tiles);

            float* partial = targetLogits + rows;
            ParallelWork.For(strips, new GradientStrip(strip, scale, partial, gt, addToTable));
            new Span<float>(gq, rows * hidden).Clear();
            for (int s = 0; s < strips; s++)
            {
                Reduce.Add(partial + ((nint)s * rows * hidden), gq, rows * hidden);
            }
        }
    }

    private static int Tiles(int candidates) => (candidates + TileColumns - 1) / TileColumns;

    private static int Strips(int candidates) => (candidates + StripColumns - 1) / StripColumns;

    // From each tile's maximum and sum to the factor that brings its numbers to scale · softmax.
    private static void Normalize(
        float* factors, float* sums, float* targetLogits, float* losses, float scale, int rows, int tiles)
    {
        for (int row = 0; row < rows; row++)
        {
            float* ofRow = factors + ((nint)row * tiles);
            float max = Reduce.Max(ofRow, tiles);
            _ = Exponentials.Write(ofRow, max, ofRow, tiles);
            float sum = Reduce.Dot(ofRow, sums + ((nint)row * tiles), tiles);
            Exponentials.Scale(ofRow, scale / sum, tiles);
            losses[row] = max + MathF.Log(sum) - targetLogits[row];
        }
    }

    /// <summary>Logits of a strip of candidates, and from them exponentials, tile after tile.</summary>
    private readonly struct Strip(
        float* queries, float* table, int* targets, float* exponentials, float* factors, float* sums, float* targetLogits,
        int rows, int candidates, int hidden)
        : IWorkItem
    {
        public int Rows => rows;

        public int Hidden => hidden;

        public int Candidates => candidates;

        public ReadOnlySpan<float> Queries => new(queries, rows * hidden);

        public int TargetOf(int row) => targets[row];

        public float FactorOf(int row, int tile) => factors[((nint)row * Tiles(candidates)) + tile];

        public int Width(int tile) => Math.Min(TileColumns, candidates - (tile * TileColumns));

        /// <summary>[rows, width]</summary>
        public Span<float> Tile(int tile) => new(exponentials + ((nint)tile * TileColumns * rows), rows * Width(tile));

        public ReadOnlySpan<float> TableOf(int tile) => new(table + ((nint)tile * TileColumns * hidden), Width(tile) * hidden);

        public void Run(int index)
        {
            int tiles = Tiles(candidates);
            for (int tile = index * TilesPerStrip; tile < Math.Min(tiles, (index + 1) * TilesPerStrip); tile++)
            {
                int width = Width(tile);
                Span<float> logits = Tile(tile);
                Gemm.Multiply(Queries, false, TableOf(tile), true, logits, rows, width, hidden, 0);
                fixed (float* l = logits)
                {
                    for (int row = 0; row < rows; row++)
                    {
                        float* x = l + ((nint)row * width);
                        int target = targets[row] - (tile * TileColumns);
                        if ((uint)target < (uint)width)
                        {
                            targetLogits[row] = x[target];
                        }

                        float max = Reduce.Max(x, width);
                        factors[((nint)row * tiles) + tile] = max;
                        sums[((nint)row * tiles) + tile] = Exponentials.Write(x, max, x, width);
                    }
                }
            }
        }
    }

    /// <summary>Exponentials of a strip to the gradient of its logits, and on to those of queries and candidates.</summary>
    private readonly struct GradientStrip(Strip strip, float scale, float* gradQueries, float* gradTable, bool addToTable) : IWorkItem
    {
        public void Run(int index)
        {
            (int rows, int hidden) = (strip.Rows, strip.Hidden);
            Span<float> ofQueries = new(gradQueries + ((nint)index * rows * hidden), rows * hidden);
            int first = index * TilesPerStrip;
            for (int tile = first; tile < Math.Min(Tiles(strip.Candidates), first + TilesPerStrip); tile++)
            {
                int width = strip.Width(tile);
                Span<float> gradients = strip.Tile(tile);
                ToGradients(gradients, tile, width);
                Span<float> ofTable = new(gradTable + ((nint)tile * TileColumns * hidden), width * hidden);
                Gemm.Multiply(gradients, false, strip.TableOf(tile), false, ofQueries, rows, hidden, width, tile == first ? 0 : 1);
                Gemm.Multiply(gradients, true, strip.Queries, false, ofTable, width, hidden, rows, addToTable ? 1 : 0);
            }
        }

        private void ToGradients(Span<float> exponentials, int tile, int width)
        {
            fixed (float* e = exponentials)
            {
                for (int row = 0; row < strip.Rows; row++)
                {
                    float* x = e + ((nint)row * width);
                    Exponentials.Scale(x, strip.FactorOf(row, tile), width);
                    int target = strip.TargetOf(row) - (tile * TileColumns);
                    if ((uint)target < (uint)width)
                    {
                        x[target] -= scale;
                    }
                }
            }
        }
    }
}
