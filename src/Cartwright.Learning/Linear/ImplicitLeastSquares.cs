using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Linear;

/// <summary>Factors of a matrix of which what is there counts as 1 and all else, weakly, as 0: one side is solved while the other stands still.</summary>
/// <remarks>
/// For row u with its columns N(u), x_u minimizes sum over N(u) of w (x y_i - 1)^2 + unobservedWeight * sum over all columns of (x y_i)^2
/// + regularization * (|N(u)| + unobservedWeight * columns) * |x|^2. Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback
/// Datasets", ICDM 2008, with the frequency-scaled penalty of Rendle et al., "Revisiting the Performance of iALS on Item Recommendation
/// Benchmarks", RecSys 2022. Conjugate gradients start from the row as it is: Takács, Pilászy and Tikk, "Applications of the Conjugate
/// Gradient Method for Implicit Feedback Collaborative Filtering", RecSys 2011.
/// </remarks>
public static class ImplicitLeastSquares
{
    /// <summary>Moves every row towards its minimum. Same bits on any number of threads.</summary>
    /// <param name="rows">What is there, with its weights w.</param>
    /// <param name="y">Factors of the columns: [columns, factors].</param>
    /// <param name="x">Factors of the rows, [rows, factors]: where to start from, and the result. A row that has nothing becomes 0.</param>
    /// <param name="unobservedWeight">0 or more.</param>
    /// <param name="regularization">More than 0.</param>
    /// <param name="steps">Steps of conjugate gradients for each row; 1 or more. Three are enough when the sides take turns.</param>
    /// <exception cref="ShapeException">The lengths do not fit.</exception>
    public static void Improve(
        SparseRows rows, ReadOnlySpan<float> y, Span<float> x, int factors, float unobservedWeight, float regularization, int steps = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factors, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Ranges.ThrowUnlessNotNegative(unobservedWeight);
        Ranges.ThrowUnlessPositive(regularization);
        ShapeException.Require(
            y.Length == (long)rows.ColumnCount * factors && x.Length == (long)rows.RowCount * factors,
            $"{rows.RowCount} rows and {rows.ColumnCount} columns with {factors} factors each need {(long)rows.RowCount * factors} and {(long)rows.ColumnCount * factors} numbers; found {x.Length} and {y.Length}.");
        float[] shared = Gram(y, factors, unobservedWeight);
        ImplicitRowsKernel.Improve(rows, shared, y, x, factors, regularization, regularization * unobservedWeight * rows.ColumnCount, steps);
    }

    /// <summary>weight * Y'Y: [factors, factors].</summary>
    public static float[] Gram(ReadOnlySpan<float> y, int factors, float weight)
    {
        float[] gram = new float[factors * factors];
        Gemm.Multiply(y, true, y, false, gram, factors, factors, y.Length / factors, 0);
        for (int i = 0; i < gram.Length; i++)
        {
            gram[i] *= weight;
        }

        return gram;
    }
}
