using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Kernels;

namespace Cartwright.Learning.Tests.Tensors;

/// <summary>The gradient of a table of which some rows are used holds what that of the whole would hold.</summary>
public sealed class RowGradientTests
{
    private static readonly int[] Ids = [4, 1, 4, 0];

    [Fact]
    public void Holds_the_sum_for_each_row_whatever_the_order_of_uses()
    {
        float[] expected = [2, 2, 1, 1, 0, 0, 0, 0, 2, 2];
        Tensor table = Table();

        table.TakeRows(Ids).Sum().Backward();
        table.TakeRows([0]).Sum().Backward();
        Assert.Equal(expected, table.Gradient.ToArray());

        // What uses the whole table adds to that.
        table.Sum().Backward();
        Assert.Equal(expected.Select(g => g + 1), table.Gradient.ToArray());

        // And rows add to what is there for the whole.
        table.TakeRows([2]).Sum().Backward();
        Assert.Equal([3, 3, 2, 2, 2, 2, 1, 1, 3, 3], table.Gradient.ToArray());
    }

    [Fact]
    public void Is_read_after_a_change_in_place_and_after_a_clearing()
    {
        Tensor table = Table();
        table.TakeRows(Ids).Sum().Backward();
        _ = table.Gradient;

        foreach (ref float g in table.Storage.GradientInPlace)
        {
            g *= 10;
        }

        Assert.Equal([10, 10, 10, 10, 0, 0, 0, 0, 20, 20], table.Gradient.ToArray());

        table.Storage.ClearGradient();
        Assert.True(table.Gradient.IsEmpty);

        table.TakeRows([3]).Sum().Backward();
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 0, 0], table.Gradient.ToArray());
    }

    [Fact]
    public void Holds_nothing_of_earlier_steps_and_has_the_same_bits_on_any_thread_count()
    {
        const int Rows = 1000, Size = 16;
        Tensor table = Initialize.Normal(new Random(1), 1, Rows, Size);
        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            for (int step = 1; step <= 4; step++)
            {
                int[] ids = [.. Enumerable.Range(0, 3000).Select(i => i * step * 7919 % (Rows - step))];
                table.Storage.ClearGradient();
                table.TakeRows(ids[..1000]).Sum().Backward();
                table.TakeRows(ids[1000..]).Sum().Backward();

                float[] expected = new float[Rows * Size];
                foreach (int id in ids)
                {
                    expected.AsSpan(id * Size, Size)[0]++;
                }

                Assert.Equal(expected.Where((_, i) => i % Size == 0), table.Gradient.ToArray().Where((_, i) => i % Size == 5));
            }

            return [table.Gradient.ToArray()];
        });
    }

    [Fact]
    public void Belongs_to_all_rows_of_what_lives_for_a_step()
    {
        Tensor table = Table();
        using var scope = TensorScope.Begin();

        Tensor twice = table * 2;
        twice.TakeRows([1, 1]).Sum().Backward();

        Assert.Equal([0, 0, 4, 4, 0, 0, 0, 0, 0, 0], table.Gradient.ToArray());
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Steps_as_the_gradient_of_the_whole_table_would(bool touchedOnly)
    {
        var rows = new Embedding(5, 2, new Random(1));
        var whole = new Embedding(5, 2, new Random(1));
        Adam rowsOptimizer = new(rows, new AdamOptions { UpdatesTouchedRowsOnly = touchedOnly });
        Adam wholeOptimizer = new(whole, new AdamOptions());
        Tensor weights = Tensor.From([1, 1, 1, 1, 0, 0, 0, 0, 2, 2], 5, 2);
        for (int step = 0; step < 3; step++)
        {
            rows.Forward(Ids).Sum().Backward();
            rowsOptimizer.Step();
            (whole.Weight * weights).Sum().Backward();
            wholeOptimizer.Step();
        }

        // Rows with no gradient stay where they are under Adam without decay, touched or not.
        Assert.Equal(whole.Weight.ToArray(), rows.Weight.ToArray());
    }

    private static Tensor Table() => Tensor.Parameter([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5, 2);
}
