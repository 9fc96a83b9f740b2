using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Autograd;

/// <summary>Sums, differences and products, element by element.</summary>
public static class Arithmetic
{
    /// <summary>x + y, of the same shape, or y a row that is added to every row of x.</summary>
    /// <exception cref="ShapeException">The lengths differ and y is not one row of x.</exception>
    public static Tensor Add(this Tensor x, Tensor y)
    {
        if (y.Length != x.Length)
        {
            return AddRow(x, y);
        }

        Tensor sum = Tensor.Result(x.Dimensions, [x, y], sum =>
        {
            AddGradient(x, sum.Gradient);
            AddGradient(y, sum.Gradient);
        });
        TensorPrimitives.Add(x.Values, y.Values, sum.Output);
        return sum;
    }

    /// <summary>x − y, of the same shape.</summary>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Subtract(this Tensor x, Tensor y)
    {
        ShapeException.ThrowUnlessEqual(x.Length, y.Length);
        Tensor difference = Tensor.Result(x.Dimensions, [x, y], difference =>
        {
            AddGradient(x, difference.Gradient);
            AddScaledGradient(y, difference.Gradient, -1);
        });
        TensorPrimitives.Subtract(x.Values, y.Values, difference.Output);
        return difference;
    }

    /// <summary>x · y, of the same shape, element by element.</summary>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Multiply(this Tensor x, Tensor y)
    {
        ShapeException.ThrowUnlessEqual(x.Length, y.Length);
        Tensor product = Tensor.Result(x.Dimensions, [x, y], product =>
        {
            AddProduct(x, product.Gradient, y.Values);
            AddProduct(y, product.Gradient, x.Values);
        });
        TensorPrimitives.Multiply(x.Values, y.Values, product.Output);
        return product;
    }

    /// <summary>x · factor.</summary>
    public static Tensor Scale(this Tensor x, float factor)
    {
        Tensor scaled = Tensor.Result(x.Dimensions, [x], scaled => AddScaledGradient(x, scaled.Gradient, factor));
        TensorPrimitives.Multiply(x.Values, factor, scaled.Output);
        return scaled;
    }

    /// <summary>The sum of all numbers: a scalar.</summary>
    public static Tensor Sum(this Tensor x)
    {
        Tensor sum = Tensor.Result([], [x], sum =>
        {
            Span<float> gradient = x.GradientSum;
            TensorPrimitives.Add(gradient, sum.Gradient[0], gradient);
        });
        sum.Output[0] = TensorPrimitives.Sum(x.Values);
        return sum;
    }

    /// <summary>The mean of all numbers: a scalar; 0 of none.</summary>
    public static Tensor Mean(this Tensor x) => x.Sum().Scale(x.Length == 0 ? 0 : 1f / x.Length);

    /// <summary>Rows one under the other, the first of x on top: [x.Rows + y.Rows, columns].</summary>
    /// <exception cref="ShapeException">The last axes differ.</exception>
    public static Tensor ConcatRows(this Tensor x, Tensor y)
    {
        ShapeException.ThrowUnlessEqual(x.Columns, y.Columns);
        Tensor both = Tensor.Result([x.Rows + y.Rows, x.Columns], [x, y], both =>
        {
            AddGradient(x, both.Gradient[..x.Length]);
            AddGradient(y, both.Gradient[x.Length..]);
        });
        x.Values.CopyTo(both.Output);
        y.Values.CopyTo(both.Output[x.Length..]);
        return both;
    }

    internal static void AddGradient(Tensor x, ReadOnlySpan<float> gradient)
    {
        if (!x.RequiresGradient)
        {
            return;
        }

        Span<float> sum = x.Storage.GradientToFill(out bool isFresh);
        if (isFresh)
        {
            gradient.CopyTo(sum);
        }
        else
        {
            TensorPrimitives.Add(sum, gradient, sum);
        }
    }

    private static Tensor AddRow(Tensor x, Tensor row)
    {
        ShapeException.ThrowUnlessEqual(x.Columns, row.Length);
        Tensor sum = Tensor.Result(x.Dimensions, [x, row], sum =>
        {
            AddGradient(x, sum.Gradient);
            if (row.RequiresGradient)
            {
                BiasKernel.Backward(sum.Gradient, row.GradientSum, x.Rows, x.Columns);
            }
        });
        BiasKernel.Add(x.Values, row.Values, sum.Output, x.Rows, x.Columns);
        return sum;
    }

    internal static void AddScaledGradient(Tensor x, ReadOnlySpan<float> gradient, float factor)
    {
        if (x.RequiresGradient)
        {
            Span<float> sum = x.GradientSum;
            TensorPrimitives.MultiplyAdd(gradient, factor, sum, sum);
        }
    }

    private static void AddProduct(Tensor x, ReadOnlySpan<float> gradient, ReadOnlySpan<float> factors)
    {
        if (x.RequiresGradient)
        {
            Span<float> sum = x.GradientSum;
            TensorPrimitives.MultiplyAdd(gradient, factors, sum, sum);
        }
    }
}
