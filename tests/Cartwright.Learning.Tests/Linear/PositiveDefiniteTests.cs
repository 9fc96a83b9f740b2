using Cartwright.Learning.Linear;

namespace Cartwright.Learning.Tests.Linear;

public sealed class PositiveDefiniteTests
{
    public static TheoryData<int> Sizes => [1, 2, 7, 64, 255, 256, 257, 530];   // around one and two blocks

    [Theory, MemberData(nameof(Sizes))]
    public void The_inverse_times_the_matrix_is_the_identity(int size)
    {
        float[] matrix = Draw(size);
        float[] inverse = [.. matrix];

        PositiveDefinite.Invert(inverse, size);

        var random = new Random(3);
        for (int check = 0; check < 200; check++)
        {
            int i = random.Next(size), j = check % 2 == 0 ? i : random.Next(size);
            double sum = Enumerable.Range(0, size).Sum(k => (double)matrix[(i * size) + k] * inverse[(k * size) + j]);
            Assert.Equal(i == j ? 1 : 0, sum, 1e-4);
            Assert.Equal(inverse[(i * size) + j], inverse[(j * size) + i]);
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        int before = Compute.ThreadCount;
        float[] alone = Draw(600), together = [.. alone];

        try
        {
            Compute.ThreadCount = 1;
            PositiveDefinite.Invert(alone, 600);
            Compute.ThreadCount = 3;
            PositiveDefinite.Invert(together, 600);
        }
        finally
        {
            Compute.ThreadCount = before;
        }

        Assert.Equal(alone, together);
    }

    [Theory, InlineData(1), InlineData(5), InlineData(33), InlineData(64)]
    public void The_solution_solves_the_equations(int size)
    {
        float[] matrix = Draw(size);
        float[] expected = [.. Enumerable.Range(0, size).Select(i => (i % 5) - 2f)];
        float[] b = [.. Enumerable.Range(0, size).Select(i => (float)Enumerable.Range(0, size).Sum(j => (double)matrix[(i * size) + j] * expected[j]))];

        PositiveDefinite.Solve(matrix, b);

        Assert.All(expected.Zip(b), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused()
    {
        Assert.Throws<ArithmeticException>(() => PositiveDefinite.Invert([1, 2, 2, 1], 2));
        Assert.Throws<ArithmeticException>(() => PositiveDefinite.Solve([1, 2, 2, 1], [1, 1]));
    }

    /// <summary>The Gram matrix of random rows, with 1 on the diagonal.</summary>
    private static float[] Draw(int size)
    {
        var random = new Random(size);
        float[][] columns = [.. Enumerable.Range(0, size).Select(_ => Enumerable.Range(0, 40).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        float[] matrix = new float[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                matrix[(i * size) + j] = columns[i].Zip(columns[j], (x, y) => x * y).Sum() + (i == j ? 1 : 0);
            }
        }

        return matrix;
    }
}
