using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Autograd;

/// <summary>The elementary functions, applied to every number.</summary>
public static class ElementaryFunctions
{
    /// <summary>e^x.</summary>
    public static Tensor Exp(this Tensor x) => OfOutput<UnaryFunctions.Exp, UnaryFunctions.Same>(x, "Exp");

    /// <summary>ln x: NaN below 0, −∞ at 0.</summary>
    public static Tensor Log(this Tensor x) => OfInput<UnaryFunctions.Log, UnaryFunctions.Reciprocal>(x, "Log");

    /// <summary>√x: NaN below 0. The slope at 0 is infinite.</summary>
    public static Tensor Sqrt(this Tensor x) => OfOutput<UnaryFunctions.Sqrt, UnaryFunctions.SqrtSlope>(x, "Sqrt");

    /// <summary>|x|. The slope at 0 is 0.</summary>
    public static Tensor Abs(this Tensor x) => OfInput<UnaryFunctions.Abs, UnaryFunctions.Sign>(x, "Abs");

    /// <summary>−x.</summary>
    public static Tensor Negate(this Tensor x) => OfInput<UnaryFunctions.Negative, UnaryFunctions.MinusOne>(x, "Neg");

    /// <summary>The error function, 2/√π ∫ e^(−t²) dt from 0 to x.</summary>
    public static Tensor Erf(this Tensor x) => OfInput<UnaryFunctions.Erf, UnaryFunctions.ErfSlope>(x, "Erf");

    /// <summary>The sine of x, in radians.</summary>
    public static Tensor Sin(this Tensor x) => OfInput<UnaryFunctions.Sin, UnaryFunctions.Cos>(x, "Sin");

    /// <summary>The cosine of x, in radians.</summary>
    public static Tensor Cos(this Tensor x) => OfInput<UnaryFunctions.Cos, UnaryFunctions.MinusSin>(x, "Cos");

    /// <summary>x kept from <paramref name="min"/> to <paramref name="max"/>. Beyond a bound the slope is 0, on it 1.</summary>
    /// <exception cref="ArgumentException">The bounds are the wrong way round.</exception>
    public static Tensor Clip(this Tensor x, float min, float max)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => ClipKernel.Backward(y.Gradient, x.Values, x.GradientSum, min, max));
        TensorPrimitives.Clamp(x.Values, min, max, y.Output);
        OperationTrace.Current?.Record(y, "Clip", [x, Tensor.From([min]), Tensor.From([max])]);
        return y;
    }

    private static Tensor OfInput<TFunction, TSlope>(Tensor x, string onnxType)
        where TFunction : struct, IFunction
        where TSlope : struct, IFunction
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => Elementwise.AddGradient<TSlope>(y.Gradient, x.Values, x.Storage.GradientToFill(out bool isFresh), isFresh));
        Elementwise.Map<TFunction>(x.Values, y.Output);
        OperationTrace.Current?.Record(y, onnxType, [x]);
        return y;
    }

    /// <summary>A function whose slope follows from what came out.</summary>
    private static Tensor OfOutput<TFunction, TSlope>(Tensor x, string onnxType)
        where TFunction : struct, IFunction
        where TSlope : struct, IFunction
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => Elementwise.AddGradient<TSlope>(y.Gradient, y.Values, x.Storage.GradientToFill(out bool isFresh), isFresh));
        Elementwise.Map<TFunction>(x.Values, y.Output);
        OperationTrace.Current?.Record(y, onnxType, [x]);
        return y;
    }
}
