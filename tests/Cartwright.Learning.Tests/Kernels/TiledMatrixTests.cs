using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class TiledMatrixTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 17, 3)]
    [InlineData(6, 16, 256)]
    [InlineData(13, 31, 300)]
    [InlineData(24, 48, 600)]
    public unsafe void Multiplies_as_the_definition_does(int rows, int n, int k)
    {
        float[] a = Samples.Normal(1, rows * k);
        float[] b = Samples.Normal(2, k * n);
        float[] start = Samples.Normal(3, rows * n);
        float[] product = [.. start], added = [.. start];
        float[] memory = new float[TiledMatrix.Size(k, n)];

        fixed (float* pa = a, pb = b, pc = product, pd = added, pm = memory)
        {
            var matrix = new TiledMatrix(new MatrixView(pb, n, 1), k, n, pm);
            matrix.Multiply(pa, rows, pc, accumulate: false);
            matrix.Multiply(pa, rows, pd, accumulate: true);
        }

        double[] expected = [.. start.Select((_, i) => Enumerable.Range(0, k).Sum(p => (double)a[(i / n * k) + p] * b[(p * n) + (i % n)]))];
        Samples.AssertClose(expected, product, 1e-4);
        Samples.AssertClose([.. expected.Zip(start, (x, y) => x + y)], added, 1e-4);
    }
}
