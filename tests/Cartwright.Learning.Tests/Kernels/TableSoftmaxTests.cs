using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class TableSoftmaxTests
{
    private const int Hidden = 5;

    // Around vector widths, tiles of 256 candidates and strips of 1,024.
    public static TheoryData<int> Candidates => [1, 3, 8, 17, 255, 256, 257, 1023, 1025, 2311];

    [Theory, MemberData(nameof(Candidates))]
    public void Has_loss_and_gradients_by_the_definition(int candidates)
    {
        foreach (bool addToTable in new[] { false, true })
        {
            Case c = new(7, candidates, 3);
            double[] losses = new double[c.Rows];
            double[] gradQueries = new double[c.Queries.Length];
            double[] gradTable = [.. Enumerable.Repeat(addToTable ? 1.0 : 0.0, c.Table.Length)];
            for (int row = 0; row < c.Rows; row++)
            {
                double[] x = [.. Enumerable.Range(0, candidates).Select(j =>
                    Enumerable.Range(0, Hidden).Sum(h => (double)c.Queries[(row * Hidden) + h] * c.Table[(j * Hidden) + h]))];
                double logSum = x.Max() + Math.Log(x.Sum(v => Math.Exp(v - x.Max())));
                losses[row] = logSum - x[c.Targets[row]];
                for (int i = 0; i < candidates * Hidden; i++)
                {
                    (int j, int h) = (i / Hidden, i % Hidden);
                    double g = 0.25 * (Math.Exp(x[j] - logSum) - (j == c.Targets[row] ? 1 : 0));
                    gradQueries[(row * Hidden) + h] += g * c.Table[i];
                    gradTable[i] += g * c.Queries[(row * Hidden) + h];
                }
            }

            float[][] actual = c.Run(addToTable);

            Samples.AssertClose(losses, actual[0], 1e-5);
            Samples.AssertClose(gradQueries, actual[1], 1e-5);
            Samples.AssertClose(gradTable, actual[2], 1e-5);
        }
    }

    [Fact]
    public void Bears_logits_of_a_thousand_in_any_tile()
    {
        Case c = new(4, 2311, 300);

        float[][] actual = c.Run(addToTable: false);

        Assert.All(actual, numbers => Assert.DoesNotContain(numbers, v => !float.IsFinite(v)));
        Assert.Contains(actual[0], loss => loss > 1000);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        Case c = new(40, 5000, 1);

        Samples.AssertSameBitsOnAnyThreadCount(() => c.Run(addToTable: false));
    }

    [Fact]
    public void A_target_that_is_no_candidate_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => (new Case(3, 4, 1) { Targets = [0, 4, 1] }).Run(false));
        Assert.Throws<ArgumentOutOfRangeException>(() => (new Case(3, 4, 1) { Targets = [0, -1, 1] }).Run(false));
    }

    private sealed record Case(int Rows, int Count, float Deviation)
    {
        public float[] Queries { get; } = Samples.Normal(1, Rows * Hidden, Deviation);

        public float[] Table { get; } = Samples.Normal(2, Count * Hidden);

        public int[] Targets { get; init; } = [.. Enumerable.Range(0, Rows).Select(row => row * 397 % Count)];

        /// <summary>Losses, gradients of the queries, gradients of the table.</summary>
        public float[][] Run(bool addToTable)
        {
            float[] losses = new float[Rows];
            float[] gradQueries = [.. Enumerable.Repeat(float.NaN, Queries.Length)];
            float[] gradTable = [.. Enumerable.Repeat(addToTable ? 1 : float.NaN, Table.Length)];
            float[] work = [.. Enumerable.Repeat(float.NaN, TableSoftmaxKernel.WorkSize(Rows, Count, Hidden))];
            TableSoftmaxKernel.Invoke(Queries, Table, Targets, 0.25f, losses, gradQueries, gradTable, addToTable, work, Hidden);
            return [losses, gradQueries, gradTable];
        }
    }
}
