using Cartwright.Learning.Linear;

namespace Cartwright.Learning.Kernels;

/// <summary>Some steps of conjugate gradients for each row's own least squares, all rows at once on all threads.</summary>
/// <remarks>
/// Row u's equations are A x = b with A = shared + sum over its columns of w y y' + penalty_u, b = sum of w y. A is never written down:
/// A p = shared p + sum of w (y p) y + penalty_u p. Hestenes and Stiefel, "Methods of Conjugate Gradients for Solving Linear Systems", 1952.
/// </remarks>
internal static unsafe class ImplicitRowsKernel
{
    /// <param name="shared">[factors, factors], symmetric.</param>
    /// <param name="y">[columns of the rows, factors]</param>
    /// <param name="x">[rows, factors]: where the steps start, and where they end.</param>
    /// <param name="penalty">For each of a row's numbers.</param>
    /// <param name="basePenalty">Of every row, beside that.</param>
    public static void Improve(
        SparseRows rows, ReadOnlySpan<float> shared, ReadOnlySpan<float> y, Span<float> x, int factors, float penalty, float basePenalty, int steps)
    {
        ShapeException.ThrowUnlessLength(shared.Length, (long)factors * factors);
        ShapeException.ThrowUnlessLength(y.Length, (long)rows.ColumnCount * factors);
        ShapeException.ThrowUnlessLength(x.Length, (long)rows.RowCount * factors);
        fixed (float* ps = shared, py = y, px = x)
        {
            var blocks = new RowBlocks(rows.RowCount, factors * 8);
            ParallelWork.For(blocks.Count, new Block(rows, blocks, ps, py, px, factors, penalty, basePenalty, steps));
        }
    }

    private readonly struct Block(
        SparseRows rows, RowBlocks blocks, float* shared, float* y, float* x, int factors, float penalty, float basePenalty, int steps) : IWorkItem
    {
        public void Run(int index)
        {
            float* memory = Scratch.Take(Scratch.Use.Products, 3 * factors);
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                Improve(row, x + ((nint)row * factors), memory, memory + factors, memory + (2 * factors));
            }
        }

        private void Improve(int row, float* solution, float* residual, float* direction, float* curved)
        {
            int count = rows.Starts[row + 1] - rows.Starts[row];
            if (count == 0)
            {
                new Span<float>(solution, factors).Clear();
                return;
            }

            float diagonal = (penalty * count) + basePenalty;
            Apply(row, solution, residual, diagonal);
            for (int f = 0; f < factors; f++)
            {
                residual[f] = -residual[f];
            }

            fixed (int* columns = rows.Columns)
            fixed (float* weights = rows.Values)
            {
                for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
                {
                    Reduce.AddScaled(y + ((nint)columns[i] * factors), weights[i], residual, factors);
                }
            }

            new ReadOnlySpan<float>(residual, factors).CopyTo(new Span<float>(direction, factors));
            float strength = Reduce.Dot(residual, residual, factors);
            for (int step = 0; step < steps && strength > 1e-12f; step++)
            {
                Apply(row, direction, curved, diagonal);
                float size = strength / Reduce.Dot(direction, curved, factors);
                Reduce.AddScaled(direction, size, solution, factors);
                Reduce.AddScaled(curved, -size, residual, factors);
                float next = Reduce.Dot(residual, residual, factors);
                float kept = next / strength;
                for (int f = 0; f < factors; f++)
                {
                    direction[f] = residual[f] + (kept * direction[f]);
                }

                strength = next;
            }
        }

        /// <summary>Writes A times a vector.</summary>
        private void Apply(int row, float* vector, float* product, float diagonal)
        {
            for (int f = 0; f < factors; f++)
            {
                product[f] = diagonal * vector[f];
            }

            for (int f = 0; f < factors; f++)
            {
                Reduce.AddScaled(shared + ((nint)f * factors), vector[f], product, factors);
            }

            fixed (int* columns = rows.Columns)
            fixed (float* weights = rows.Values)
            {
                for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
                {
                    float* of = y + ((nint)columns[i] * factors);
                    Reduce.AddScaled(of, weights[i] * Reduce.Dot(of, vector, factors), product, factors);
                }
            }
        }
    }
}
