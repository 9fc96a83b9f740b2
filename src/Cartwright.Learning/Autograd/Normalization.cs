using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Rows brought to one scale.</summary>
public static class Normalization
{
    /// <summary>(x − mean) / sqrt(variance + epsilon) · gain + bias over the last axis.</summary>
    /// <remarks>Ba, Kiros and Hinton, "Layer Normalization", 2016. The variance divides by the number of columns.</remarks>
    /// <param name="x">[..., columns]</param>
    /// <param name="gain">[columns]</param>
    /// <param name="bias">[columns]</param>
    /// <param name="epsilon">Keeps a constant row from dividing by zero.</param>
    public static Tensor LayerNorm(this Tensor x, Tensor gain, Tensor bias, float epsilon)
    {
        (int rows, int columns) = (x.Rows, x.Columns);
        ShapeException.Require(
            gain.Length == columns && bias.Length == columns, $"Layer normalization of {gain.Length} numbers takes as many in the last axis; found {x}.");
        Tensor mean = Tensor.Uninitialized([rows]);
        Tensor inverseDeviation = Tensor.Uninitialized([rows]);
        Tensor y = Tensor.Result(x.Dimensions, [x, gain, bias], y =>
        {
            bool isFresh = true;
            Span<float> gradX = x.RequiresGradient ? x.Storage.GradientToFill(out isFresh) : Tensor.Uninitialized(x.Dimensions).Output;
            LayerNormKernel.Backward(y.Gradient, x.Values, gain.Values, mean.Values, inverseDeviation.Values,
                gradX, isFresh, SumOrWaste(gain), SumOrWaste(bias), rows, columns);
        });
        LayerNormKernel.Forward(x.Values, gain.Values, bias.Values, y.Output, mean.Output, inverseDeviation.Output,
            rows, columns, epsilon);
        OperationTrace.Current?.Record(y, "LayerNormalization", [x, gain, bias], ("axis", -1L), ("epsilon", epsilon));
        return y;
    }

    /// <summary>x / sqrt(mean(x²) + epsilon) · gain over the last axis.</summary>
    /// <remarks>Zhang and Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.</remarks>
    /// <param name="x">[..., columns]</param>
    /// <param name="gain">[columns]</param>
    /// <param name="epsilon">Keeps a row of zeros from dividing by zero.</param>
    public static Tensor RmsNorm(this Tensor x, Tensor gain, float epsilon)
    {
        (int rows, int columns) = (x.Rows, x.Columns);
        ShapeException.Require(
            gain.Length == columns, $"Root mean square normalization of {gain.Length} numbers takes as many in the last axis; found {x}.");
        Tensor inverse = Tensor.Uninitialized([rows]);
        Tensor y = Tensor.Result(x.Dimensions, [x, gain], y =>
        {
            RmsNormKernel.Backward(y.Gradient, x.Values, gain.Values, inverse.Values, SumOrWaste(x), SumOrWaste(gain), rows, columns);
        });
        RmsNormKernel.Forward(x.Values, gain.Values, y.Output, inverse.Output, rows, columns, epsilon);
        if (OperationTrace.Current is { } trace)
        {
            TracedValue squares = trace.Node("ReduceMean", [trace.Node("Mul", [x, x]), (int[])[-1]], ("keepdims", 1L));
            TracedValue size = trace.Node("Sqrt", [trace.Node("Add", [squares, Tensor.From([epsilon])])]);
            trace.Record(y, "Mul", [trace.Node("Div", [x, size]), gain]);
        }

        return y;
    }

    /// <summary>The kernels fill all gradients; what is not asked for goes to a buffer that nobody reads.</summary>
    internal static Span<float> SumOrWaste(Tensor x) => x.RequiresGradient ? x.GradientSum : Tensor.Zeros(x.Dimensions).Output;
}
