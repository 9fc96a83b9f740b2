using Cartwright.Learning.Linear;

namespace Cartwright.Learning.Tests.Linear;

public sealed class ImplicitLeastSquaresTests
{
    private const int Factors = 5;

    [Fact]
    public void Enough_steps_end_where_the_objective_is_flat()
    {
        (SparseRows rows, float[] y) = Draw(30, 12);
        float[] x = new float[30 * Factors];

        ImplicitLeastSquares.Improve(rows, y, x, Factors, unobservedWeight: 0.3f, regularization: 0.1f, steps: 20);

        for (int row = 0; row < 30; row++)
        {
            (ReadOnlyMemory<int> columns, ReadOnlyMemory<float> weights) = rows.Row(row);
            double[] at = [.. x.Skip(row * Factors).Take(Factors).Select(value => (double)value)];
            double penalty = 0.1 * (columns.Length + (0.3 * 12));
            for (int f = 0; f < Factors; f++)
            {
                // Half the derivative of the objective by x_f.
                double slope = penalty * at[f];
                for (int i = 0; i < 12; i++)
                {
                    slope += 0.3 * Score(at, y, i) * y[(i * Factors) + f];
                }

                for (int c = 0; c < columns.Length; c++)
                {
                    int i = columns.Span[c];
                    slope += weights.Span[c] * (Score(at, y, i) - 1) * y[(i * Factors) + f];
                }

                Assert.True(columns.Length == 0 ? at[f] == 0 : Math.Abs(slope) < 1e-4, $"row {row}: {slope}");
            }
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        (SparseRows rows, float[] y) = Draw(2_000, 40);
        int before = Compute.ThreadCount;
        float[] alone = new float[2_000 * Factors], together = new float[2_000 * Factors];

        try
        {
            Compute.ThreadCount = 1;
            ImplicitLeastSquares.Improve(rows, y, alone, Factors, 0.1f, 0.01f);
            Compute.ThreadCount = 3;
            ImplicitLeastSquares.Improve(rows, y, together, Factors, 0.1f, 0.01f);
        }
        finally
        {
            Compute.ThreadCount = before;
        }

        Assert.Equal(alone, together);
    }

    private static double Score(double[] x, float[] y, int column) => Enumerable.Range(0, Factors).Sum(f => x[f] * y[(column * Factors) + f]);

    private static (SparseRows Rows, float[] Y) Draw(int rows, int columns)
    {
        var random = new Random(rows);
        var starts = new List<int> { 0 };
        var of = new List<int>();
        for (int row = 0; row < rows; row++)
        {
            of.AddRange(Enumerable.Range(0, columns).Where(_ => row > 0 && random.Next(4) == 0));   // the first row has nothing
            starts.Add(of.Count);
        }

        float[] weights = [.. of.Select(_ => 0.5f + random.NextSingle())];
        return (new SparseRows([.. starts], [.. of], weights, columns), [.. Enumerable.Range(0, columns * Factors).Select(_ => random.NextSingle() - 0.5f)]);
    }
}
