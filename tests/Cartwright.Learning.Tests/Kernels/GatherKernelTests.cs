using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class GatherKernelTests
{
    public static TheoryData<int> Columns => Samples.Columns;

    [Theory, MemberData(nameof(Columns))]
    public void Copies_the_rows_and_adds_their_gradients_back(int columns)
    {
        const int Rows = 20;
        float[] table = Samples.Normal(1, Rows * columns);
        int[] ids = [.. Enumerable.Range(0, 500).Select(i => i * i % 7)];
        float[] output = new float[ids.Length * columns];
        float[] gradTable = Samples.Normal(2, table.Length);
        double[] expected = [.. gradTable];

        GatherKernel.Forward(table, ids, output, columns);
        for (int i = 0; i < output.Length; i++)
        {
            Assert.Equal(table[(ids[i / columns] * columns) + (i % columns)], output[i]);
            expected[(ids[i / columns] * columns) + (i % columns)] += output[i];
        }

        GatherKernel.ScatterAdd(output, ids, gradTable, columns);
        Samples.AssertClose(expected, gradTable, 2e-5);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        int[] ids = [.. Enumerable.Range(0, 4000).Select(i => i * i % 101)];
        float[] gradOutput = Samples.Normal(1, ids.Length * 16);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] gradTable = new float[101 * 16];
            GatherKernel.ScatterAdd(gradOutput, ids, gradTable, 16);
            return [gradTable];
        });
    }

    [Theory, MemberData(nameof(Columns))]
    public void Sums_chains_of_rows_behind_what_is_there(int columns)
    {
        float[] gradients = Samples.Normal(1, 4 * columns);
        float[] sums = Samples.Normal(2, 3 * columns);
        double[] expected = [.. sums];
        for (int i = 0; i < columns; i++)
        {
            expected[i] += (double)gradients[i] + gradients[(3 * columns) + i];
            expected[(2 * columns) + i] = (double)gradients[columns + i] + gradients[(2 * columns) + i];
        }

        // Rows 0 and 3 are added to the first sum, nothing to the second; the third is written from rows 1 and 2.
        GatherKernel.SumChains(gradients, [0, -1, 1], [3, 2, -1, -1], sums, columns, known: 2);
        Samples.AssertClose(expected, sums, 2e-6);
    }

    [Fact]
    public void An_id_that_is_no_row_is_refused_and_no_ids_are_fine()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GatherKernel.Forward(new float[6], [2], new float[3], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => GatherKernel.ScatterAdd(new float[3], [-1], new float[6], 3));
        Assert.Throws<ShapeException>(() => GatherKernel.Forward(new float[6], [1], new float[4], 3));

        GatherKernel.Forward([], [], [], 3);
        GatherKernel.ScatterAdd([], [], new float[6], 3);
    }
}
