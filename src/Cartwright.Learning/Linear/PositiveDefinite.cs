using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Linear;

/// <summary>Symmetric positive definite matrices, such as a Gram matrix with something added to its diagonal. Row by row, [size, size].</summary>
/// <remarks>Only the half below the diagonal is read. Same bits on any number of threads.</remarks>
public static class PositiveDefinite
{
    /// <summary>Writes the inverse over the matrix, on all threads: size^3 / 2 multiply-adds and no second matrix.</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite: add more to its diagonal.</exception>
    /// <exception cref="ShapeException">The matrix has not size * size numbers.</exception>
    /// <exception cref="OperationCanceledException">Canceled; the matrix is no longer what it was.</exception>
    public static void Invert(Span<float> matrix, int size, CancellationToken cancellation = default)
    {
        if (!SweepKernel.Invert(matrix, size, cancellation))
        {
            throw NotPositiveDefinite();
        }
    }

    /// <summary>Solves matrix * x = b for one small matrix on the calling thread, by Cholesky's decomposition.</summary>
    /// <param name="matrix">Overwritten.</param>
    /// <param name="b">[size]; overwritten by x.</param>
    /// <exception cref="ArithmeticException">The matrix is not positive definite: add more to its diagonal.</exception>
    /// <exception cref="ShapeException">The lengths do not fit.</exception>
    public static void Solve(Span<float> matrix, Span<float> b)
    {
        if (!CholeskyKernel.Solve(matrix, b, b.Length))
        {
            throw NotPositiveDefinite();
        }
    }

    private static ArithmeticException NotPositiveDefinite() =>
        new("The matrix is not positive definite. Add more to its diagonal.");
}
