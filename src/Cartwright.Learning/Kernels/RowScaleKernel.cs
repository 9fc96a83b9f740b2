namespace Cartwright.Learning.Kernels;

/// <summary>output[i] += factors[i] · rows[i], row by row.</summary>
internal static unsafe class RowScaleKernel
{
    public static void AddScaledRows(ReadOnlySpan<float> rows, ReadOnlySpan<float> factors, Span<float> output, int columns)
    {
        ShapeException.ThrowUnlessLength(rows.Length, output.Length);
        ShapeException.ThrowUnlessLength(rows.Length, (long)factors.Length * columns);
        fixed (float* r = rows, f = factors, o = output)
        {
            var blocks = new RowBlocks(factors.Length, columns);
            ParallelWork.For(blocks.Count, new Block(blocks, r, f, o, columns));
        }
    }

    private readonly struct Block(RowBlocks blocks, float* rows, float* factors, float* output, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                Reduce.AddScaled(rows + at, factors[row], output + at, columns);
            }
        }
    }
}
