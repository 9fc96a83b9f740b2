using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class TranspositionTests
{
    [Theory, InlineData(1, 1), InlineData(3, 9), InlineData(4, 4), InlineData(5, 3), InlineData(8, 17), InlineData(13, 6)]
    public unsafe void Turns_rows_into_columns(int rows, int columns)
    {
        float[] from = Samples.Normal(1, rows * columns);
        float[] to = new float[from.Length];

        fixed (float* f = from, t = to)
        {
            Transposition.Copy(f, columns, rows, columns, t, rows);
        }

        Assert.Equal(Enumerable.Range(0, to.Length).Select(i => from[(i % rows * columns) + (i / rows)]), to);
    }
}
