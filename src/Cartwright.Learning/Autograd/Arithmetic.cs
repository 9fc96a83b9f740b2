using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Sums, differences, products and the like, element by element.</summary>
public static class Arithmetic
{
    /// <summary>x + y. Shapes broadcast: axes are matched from the last, and an axis of size 1 is repeated.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Tensor Add(this Tensor x, Tensor y)
    {
        if (!HaveSameShape(x, y))
        {
            return IsRowOf(y, x)
                ? AddRow(x, y)
                : Broadcasting.Apply<BinaryFunctions.Sum, BinaryFunctions.One, BinaryFunctions.One>(x, y, "Add");
        }

        Tensor sum = Tensor.Result(x.Dimensions, [x, y], sum =>
        {
            AddGradient(x, sum.Gradient);
            AddGradient(y, sum.Gradient);
        });
        Elementwise.Combine<BinaryFunctions.Sum>(x.Values, y.Values, sum.Output);
        OperationTrace.Current?.Record(sum, "Add", [x, y]);
        return sum;
    }

    /// <summary>x − y; shapes broadcast as for <see cref="Add"/>.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Tensor Subtract(this Tensor x, Tensor y)
    {
        if (!HaveSameShape(x, y))
        {
            return Broadcasting.Apply<BinaryFunctions.Difference, BinaryFunctions.One, BinaryFunctions.MinusOne>(x, y, "Sub");
        }

        Tensor difference = Tensor.Result(x.Dimensions, [x, y], difference =>
        {
            AddGradient(x, difference.Gradient);
            AddScaledGradient(y, difference.Gradient, -1);
        });
        Elementwise.Combine<BinaryFunctions.Difference>(x.Values, y.Values, difference.Output);
        OperationTrace.Current?.Record(difference, "Sub", [x, y]);
        return difference;
    }

    /// <summary>x · y, element by element; shapes broadcast as for <see cref="Add"/>.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Tensor Multiply(this Tensor x, Tensor y)
    {
        if (!HaveSameShape(x, y))
        {
            return Broadcasting.Apply<BinaryFunctions.Product, BinaryFunctions.Second, BinaryFunctions.First>(x, y, "Mul");
        }

        Tensor product = Tensor.Result(x.Dimensions, [x, y], product =>
        {
            AddProduct(x, product.Gradient, y.Values);
            AddProduct(y, product.Gradient, x.Values);
        });
        Elementwise.Combine<BinaryFunctions.Product>(x.Values, y.Values, product.Output);
        OperationTrace.Current?.Record(product, "Mul", [x, y]);
        return product;
    }

    /// <summary>x / y, element by element; shapes broadcast as for <see cref="Add"/>.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Tensor Divide(this Tensor x, Tensor y) =>
        Broadcasting.Apply<BinaryFunctions.Quotient, BinaryFunctions.QuotientByFirst, BinaryFunctions.QuotientBySecond>(x, y, "Div");

    /// <summary>x to the power of y, element by element; shapes broadcast as for <see cref="Add"/>.</summary>
    /// <remarks>A negative x gives NaN unless y is whole. The slope by y is 0 where x is 0.</remarks>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Tensor Pow(this Tensor x, Tensor y) =>
        Broadcasting.Apply<BinaryFunctions.Power, BinaryFunctions.PowerByFirst, BinaryFunctions.PowerBySecond>(x, y, "Pow");

    /// <summary>The larger of x and y, element by element; shapes broadcast as for <see cref="Add"/>. Of equals both get half of the gradient.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Tensor Maximum(this Tensor x, Tensor y) =>
        Broadcasting.Apply<BinaryFunctions.Larger, BinaryFunctions.IsAbove, BinaryFunctions.IsBelow>(x, y, "Max");

    /// <summary>The smaller of x and y, element by element; shapes broadcast as for <see cref="Add"/>. Of equals both get half of the gradient.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Tensor Minimum(this Tensor x, Tensor y) =>
        Broadcasting.Apply<BinaryFunctions.Smaller, BinaryFunctions.IsBelow, BinaryFunctions.IsAbove>(x, y, "Min");

    /// <summary>x · factor.</summary>
    public static Tensor Scale(this Tensor x, float factor)
    {
        Tensor scaled = Tensor.Result(x.Dimensions, [x], scaled => AddScaledGradient(x, scaled.Gradient, factor));
        Elementwise.AddScaled(x.Values, factor, scaled.Output, isFresh: true);
        OperationTrace.Current?.Record(scaled, "Mul", [x, Tensor.From([factor])]);
        return scaled;
    }

    /// <summary>The sum of all numbers: a scalar.</summary>
    public static Tensor Sum(this Tensor x)
    {
        Tensor sum = Tensor.Result([], [x], sum =>
        {
            Span<float> gradient = x.Storage.GradientToFill(out bool isFresh);
            SumKernel.Backward(sum.Gradient[0], gradient, isFresh);
        });
        sum.Output[0] = (float)SumKernel.Of(x.Values);
        OperationTrace.Current?.Record(sum, "ReduceSum", [x], ("keepdims", 0L));
        return sum;
    }

    /// <summary>The mean of all numbers: a scalar; 0 of none.</summary>
    public static Tensor Mean(this Tensor x) => x.Sum().Scale(x.Length == 0 ? 0 : 1f / x.Length);

    /// <summary>Rows one under the other, the first of x on top: [x.Rows + y.Rows, columns].</summary>
    /// <exception cref="ShapeException">The last axes differ.</exception>
    public static Tensor ConcatRows(this Tensor x, Tensor y)
    {
        ShapeException.Require(x.Columns == y.Columns, $"Rows put below each other have equally many columns; found {x} and {y}.");
        Tensor both = Tensor.Result([x.Rows + y.Rows, x.Columns], [x, y], both =>
        {
            AddGradient(x, both.Gradient[..x.Length]);
            AddGradient(y, both.Gradient[x.Length..]);
        });
        x.Values.CopyTo(both.Output);
        y.Values.CopyTo(both.Output[x.Length..]);
        if (OperationTrace.Current is { } trace)
        {
            int[] rows = [-1, x.Columns];
            trace.Record(both, "Concat", [trace.Node("Reshape", [x, rows]), trace.Node("Reshape", [y, rows])], ("axis", 0L));
        }

        return both;
    }

    private static bool HaveSameShape(Tensor x, Tensor y) => x.Dimensions.SequenceEqual(y.Dimensions);

    private static bool IsRowOf(Tensor row, Tensor x) =>
        row.Rank > 0 && row.Rank <= x.Rank && row.Columns == x.Columns && !row.Dimensions[..^1].ContainsAnyExcept(1);

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
            Elementwise.Combine<BinaryFunctions.Sum>(sum, gradient, sum);
        }
    }

    private static Tensor AddRow(Tensor x, Tensor row)
    {
        Tensor sum = Tensor.Result(x.Dimensions, [x, row], sum =>
        {
            AddGradient(x, sum.Gradient);
            if (row.RequiresGradient)
            {
                BiasKernel.Backward(sum.Gradient, row.GradientSum, x.Rows, x.Columns);
            }
        });
        BiasKernel.Add(x.Values, row.Values, sum.Output, x.Rows, x.Columns);
        OperationTrace.Current?.Record(sum, "Add", [x, row]);
        return sum;
    }

    internal static void AddScaledGradient(Tensor x, ReadOnlySpan<float> gradient, float factor)
    {
        if (!x.RequiresGradient)
        {
            return;
        }

        Span<float> sum = x.Storage.GradientToFill(out bool isFresh);
        Elementwise.AddScaled(gradient, factor, sum, isFresh);
    }

    private static void AddProduct(Tensor x, ReadOnlySpan<float> gradient, ReadOnlySpan<float> factors)
    {
        if (!x.RequiresGradient)
        {
            return;
        }

        Elementwise.AddGradient<UnaryFunctions.Same>(gradient, factors, x.Storage.GradientToFill(out bool isFresh), isFresh);
    }
}
