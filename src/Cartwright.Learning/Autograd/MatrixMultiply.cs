using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Products of matrices.</summary>
public static class MatrixMultiply
{
    /// <summary>The matrix product: [m, k] · [k, n] gives [m, n].</summary>
    /// <param name="x">[..., k]; axes before the last count as rows. With a y of more than two axes: [..., m, k].</param>
    /// <param name="y">
    /// [k, n], or [n, k] where <paramref name="transposeY"/> is set. With more axes in front, there is a product for each pair of
    /// matrices; the axes in front broadcast.
    /// </param>
    /// <param name="transposeY">Reads y as its transpose, which copies nothing.</param>
    /// <exception cref="ShapeException">The inner sizes differ, the axes in front do not broadcast, or a tensor has fewer than two axes.</exception>
    public static Tensor MatMul(this Tensor x, Tensor y, bool transposeY = false)
    {
        if (y.Rank > 2)
        {
            return MultiplyBatches(x, y, transposeY);
        }

        ShapeException.Require(y.Rank == 2, $"The second factor of a matrix product has two axes or more; found {y}.");
        (int m, int k, int n) = (x.Rows, x.Columns, transposeY ? y.Shape[0] : y.Shape[1]);
        ShapeException.Require(
            k == (transposeY ? y.Shape[1] : y.Shape[0]),
            $"The product of {x} and {y}{(transposeY ? " turned" : "")} does not exist: rows of {k} numbers meet columns of {(transposeY ? y.Shape[1] : y.Shape[0])}.");

        Tensor product = Tensor.Result([.. x.Dimensions[..^1], n], [x, y], product => AddGradients(product, x, y, transposeY));
        Gemm.Multiply(x.Values, false, y.Values, transposeY, product.Output, m, n, k, 0);
        Record(product, x, y, transposeY);
        return product;
    }

    private static void AddGradients(Tensor product, Tensor x, Tensor y, bool transposeY) =>
        AddGradients(product.Gradient, x, y, product.Columns, transposeY);

    /// <summary>Adds to the gradients of x and y, given that of their product.</summary>
    internal static void AddGradients(ReadOnlySpan<float> gradient, Tensor x, Tensor y, int n, bool transposeY)
    {
        (int m, int k) = (x.Rows, x.Columns);
        if (x.RequiresGradient)
        {
            Span<float> gradX = x.Storage.GradientToFill(out bool isFresh);
            Gemm.Multiply(gradient, false, y.Values, !transposeY, gradX, m, k, n, isFresh ? 0 : 1);
        }

        if (y.RequiresGradient)
        {
            Span<float> gradY = y.Storage.GradientToFill(out bool isFresh);
            if (transposeY)
            {
                Gemm.Multiply(gradient, true, x.Values, false, gradY, n, k, m, isFresh ? 0 : 1);
            }
            else
            {
                Gemm.Multiply(x.Values, true, gradient, false, gradY, k, n, m, isFresh ? 0 : 1);
            }
        }
    }

    private static Tensor MultiplyBatches(Tensor x, Tensor y, bool transposeY)
    {
        if (x.Rank < 2)
        {
            throw new ShapeException($"{x} is no batch of matrices, as {y} is: it needs two axes or more.");
        }

        int[] batches = StridedLoop.BroadcastShape(x.Dimensions[..^2], y.Dimensions[..^2]);
        (Tensor firstX, Tensor firstY) = (x, y);
        x = x.Expand([.. batches, .. x.Dimensions[^2..]]);
        y = y.Expand([.. batches, .. y.Dimensions[^2..]]);
        (int batch, int m, int k, int n) = (Tensor.Product(batches), x.Shape[^2], x.Columns, y.Shape[transposeY ? ^2 : ^1]);
        ShapeException.Require(
            k == y.Shape[transposeY ? ^1 : ^2],
            $"The product of {x} and {y}{(transposeY ? " turned" : "")} does not exist: rows of {k} numbers meet columns of {y.Shape[transposeY ? ^1 : ^2]}.");

        Tensor product = Tensor.Result([.. batches, m, n], [x, y], product =>
        {
            if (x.RequiresGradient)
            {
                Span<float> gradX = x.Storage.GradientToFill(out bool isFresh);
                Gemm.MultiplyBatched(product.Gradient, false, y.Values, !transposeY, gradX, batch, m, k, n, isFresh ? 0 : 1);
            }

            if (y.RequiresGradient)
            {
                Span<float> gradY = y.Storage.GradientToFill(out bool isFresh);
                if (transposeY)
                {
                    Gemm.MultiplyBatched(product.Gradient, true, x.Values, false, gradY, batch, n, k, m, isFresh ? 0 : 1);
                }
                else
                {
                    Gemm.MultiplyBatched(x.Values, true, product.Gradient, false, gradY, batch, k, n, m, isFresh ? 0 : 1);
                }
            }
        });
        Gemm.MultiplyBatched(x.Values, false, y.Values, transposeY, product.Output, batch, m, n, k, 0);
        Record(product, firstX, firstY, transposeY);
        return product;
    }

    private static void Record(Tensor product, Tensor x, Tensor y, bool transposeY)
    {
        if (OperationTrace.Current is not { } trace)
        {
            return;
        }

        if (!transposeY)
        {
            trace.Record(product, "MatMul", [x, y]);
        }
        else if (x.Rank == 2 && y.Rank == 2)
        {
            trace.Record(product, "Gemm", [x, y], ("transB", 1L));
        }
        else
        {
            long[] order = [.. Enumerable.Range(0, y.Rank).Select(axis => (long)axis)];
            order.AsSpan(y.Rank - 2).Reverse();
            trace.Record(product, "MatMul", [x, trace.Node("Transpose", [y], ("perm", order))]);
        }
    }

    /// <summary>The transpose of a matrix: [m, n] gives [n, m].</summary>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    public static Tensor Transpose(this Tensor x)
    {
        ShapeException.Require(x.Rank == 2, $"A transpose is of a matrix; found {x}. Name the order of its axes, as in Transpose(0, 2, 1).");
        (int m, int n) = (x.Shape[0], x.Shape[1]);
        Tensor transposed = Tensor.Result([n, m], [x], transposed =>
        {
            ReadOnlySpan<float> gradient = transposed.Gradient;
            Span<float> sum = x.GradientSum;
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    sum[(i * n) + j] += gradient[(j * m) + i];
                }
            }
        });

        ReadOnlySpan<float> values = x.Values;
        Span<float> output = transposed.Output;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                output[(j * m) + i] = values[(i * n) + j];
            }
        }

        OperationTrace.Current?.Record(transposed, "Transpose", [x], ("perm", new long[] { 1, 0 }));
        return transposed;
    }
}
