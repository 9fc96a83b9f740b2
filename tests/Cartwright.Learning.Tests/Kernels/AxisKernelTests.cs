using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>The kernels that walk axes: broadcasting, copying with strides, reducing, blending.</summary>
public sealed class AxisKernelTests
{
    private static readonly int[] Shape = [5, 37, 260];

    [Theory, MemberData(nameof(Samples.Columns), MemberType = typeof(Samples))]
    public void A_broadcast_function_follows_its_definition_at_any_row_length(int columns)
    {
        float[] x = Samples.Normal(1, 3 * columns), column = Samples.Normal(2, 3), row = Samples.Normal(3, columns), g = Samples.Normal(4, 3);
        float[] sums = new float[3 * columns], products = new float[3 * columns];
        int[] shape = [3, columns], whole = StridedLoop.Contiguous(shape), down = [1, 0], along = [0, 1];

        BroadcastKernel.Apply<BinaryFunctions.Sum>(new StridedLoop(shape, whole, down, whole), x, column, sums);
        BroadcastKernel.ApplyTimes<BinaryFunctions.Product>(new StridedLoop(shape, whole, along, down), x, row, g, products);

        Samples.AssertClose([.. x.Select((v, i) => (double)v + column[i / columns])], sums);
        Samples.AssertClose([.. x.Select((v, i) => (double)v * row[i % columns] * g[i / columns])], products);
    }

    [Theory]
    [InlineData(new[] { true, false, false })]
    [InlineData(new[] { false, true, false })]
    [InlineData(new[] { false, false, true })]
    [InlineData(new[] { true, false, true })]
    [InlineData(new[] { true, true, true })]
    public void A_reduction_sums_the_axes_that_go(bool[] isReduced)
    {
        float[] x = Samples.Normal(1, Shape[0] * Shape[1] * Shape[2]);
        int[] kept = [.. Shape.Select((size, axis) => isReduced[axis] ? 1 : size)];
        double[] expected = new double[kept[0] * kept[1] * kept[2]];
        for (int i = 0; i < x.Length; i++)
        {
            (int a, int b, int c) = (i / Shape[2] / Shape[1], i / Shape[2] % Shape[1], i % Shape[2]);
            expected[((((isReduced[0] ? 0 : a) * kept[1]) + (isReduced[1] ? 0 : b)) * kept[2]) + (isReduced[2] ? 0 : c)] += x[i];
        }

        float[] actual = new float[expected.Length];
        AxisReduceKernel.Reduce<AxisReduceKernel.Sum>(Shape, isReduced, x, actual);

        Samples.AssertClose(expected, actual, 1e-4);
    }

    [Fact]
    public void Results_have_the_same_bits_on_any_thread_count()
    {
        int length = Shape[0] * Shape[1] * Shape[2];
        float[] x = Samples.Normal(1, length), row = Samples.Normal(2, Shape[2]);
        int[] whole = StridedLoop.Contiguous(Shape), turned = [1, Shape[0] * Shape[2], Shape[0]], places = [3, 0, 4, 4, 1, 2, 0];

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] product = new float[length], copy = new float[length], sums = new float[Shape[1]], gathered = new float[7 * length / 5], gradient = new float[length];
            BroadcastKernel.Apply<BinaryFunctions.Product>(new StridedLoop(Shape, whole, [0, 0, 1], whole), x, row, product);
            StridedCopyKernel.Copy(new StridedLoop(Shape, whole, turned), x, copy);
            StridedCopyKernel.Add(new StridedLoop(Shape, turned, whole), x, copy);
            AxisReduceKernel.Reduce<AxisReduceKernel.Sum>(Shape, [true, false, true], x, sums);
            AxisBlendKernel.Forward(x, gathered, 1, 5, length / 5, places, [], []);
            AxisBlendKernel.Backward(gathered, gradient, 1, 5, length / 5, places, [], []);
            return [product, copy, sums, gathered, gradient];
        });
    }
}
