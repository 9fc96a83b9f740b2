using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Functions applied to every number, and softmax over rows.</summary>
public static class Activations
{
    /// <summary>max(0, x).</summary>
    public static Tensor Relu(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => AddSlopes<SlopeOf<ReluKernel>>(x, y, x.Values));
        ReluKernel.Forward(x.Values, y.Output);
        OperationTrace.Current?.Record(y, "Relu", [x]);
        return y;
    }

    /// <summary>x above 0, leak · x below, so that no unit dies. Maas, Hannun and Ng, "Rectifier Nonlinearities", 2013.</summary>
    /// <param name="leak">Slope below 0; 0 is ReLU.</param>
    public static Tensor LeakyRelu(this Tensor x, float leak = 0.01f)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => LeakyReluKernel.Backward(y.Gradient, x.Values, x.GradientSum, leak));
        LeakyReluKernel.Forward(x.Values, y.Output, leak);
        OperationTrace.Current?.Record(y, "LeakyRelu", [x], ("alpha", leak));
        return y;
    }

    /// <summary>x above 0, alpha · (e^x − 1) below. Clevert, Unterthiner and Hochreiter, "Exponential Linear Units", ICLR 2016.</summary>
    /// <param name="alpha">What is reached far below 0, the sign turned.</param>
    public static Tensor Elu(this Tensor x, float alpha = 1)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => EluKernel.Backward(y.Gradient, x.Values, x.GradientSum, alpha));
        EluKernel.Forward(x.Values, y.Output, alpha);
        OperationTrace.Current?.Record(y, "Elu", [x], ("alpha", alpha));
        return y;
    }

    /// <summary>x · sigmoid(x), also called SiLU. Ramachandran, Zoph and Le, "Searching for Activation Functions", 2017.</summary>
    public static Tensor Swish(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => SwishKernel.Backward(y.Gradient, x.Values, x.GradientSum));
        SwishKernel.Forward(x.Values, y.Output);
        if (OperationTrace.Current is { } trace)
        {
            trace.Record(y, "Mul", [x, trace.Node("Sigmoid", [x])]);
        }

        return y;
    }

    /// <summary>x / 6 + 1 / 2, held between 0 and 1: a sigmoid of three lines.</summary>
    public static Tensor HardSigmoid(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => HardSigmoidKernel.Backward(y.Gradient, x.Values, x.GradientSum));
        HardSigmoidKernel.Forward(x.Values, y.Output);
        OperationTrace.Current?.Record(y, "HardSigmoid", [x], ("alpha", 1 / 6f), ("beta", 0.5f));
        return y;
    }

    /// <summary>x · HardSigmoid(x). Howard et al., "Searching for MobileNetV3", ICCV 2019.</summary>
    public static Tensor HardSwish(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => HardSwishKernel.Backward(y.Gradient, x.Values, x.GradientSum));
        HardSwishKernel.Forward(x.Values, y.Output);
        OperationTrace.Current?.Record(y, "HardSwish", [x]);
        return y;
    }

    /// <summary>x · Φ(x), with the exact normal distribution function. Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.</summary>
    public static Tensor Gelu(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => AddSlopes<SlopeOf<GeluKernel>>(x, y, x.Values));
        GeluKernel.Forward(x.Values, y.Output);
        OperationTrace.Current?.Record(y, "Gelu", [x]);
        return y;
    }

    /// <summary>1 / (1 + e^−x).</summary>
    public static Tensor Sigmoid(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => AddSlopes<SigmoidKernel.Slope>(x, y, y.Values));
        SigmoidKernel.Forward(x.Values, y.Output);
        OperationTrace.Current?.Record(y, "Sigmoid", [x]);
        return y;
    }

    public static Tensor Tanh(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => AddSlopes<TanhKernel.Slope>(x, y, y.Values));
        TanhKernel.Forward(x.Values, y.Output);
        OperationTrace.Current?.Record(y, "Tanh", [x]);
        return y;
    }

    /// <summary>ln(1 + e^x), without overflow.</summary>
    public static Tensor Softplus(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => AddSlopes<SigmoidKernel.Value>(x, y, x.Values));
        SoftplusKernel.Forward(x.Values, y.Output);
        OperationTrace.Current?.Record(y, "Softplus", [x]);
        return y;
    }

    /// <summary>e^x / Σ e^x over the last axis; each row sums to 1.</summary>
    public static Tensor Softmax(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => SoftmaxKernel.Backward(y.Gradient, y.Values, x.GradientSum, x.Rows, x.Columns));
        SoftmaxKernel.Forward(x.Values, y.Output, x.Rows, x.Columns);
        OperationTrace.Current?.Record(y, "Softmax", [x], ("axis", -1L));
        return y;
    }

    /// <summary>x − ln Σ e^x over the last axis.</summary>
    public static Tensor LogSoftmax(this Tensor x)
    {
        Tensor y = Tensor.Result(x.Dimensions, [x], y => LogSoftmaxKernel.Backward(y.Gradient, y.Values, x.GradientSum, x.Rows, x.Columns));
        LogSoftmaxKernel.Forward(x.Values, y.Output, x.Rows, x.Columns);
        OperationTrace.Current?.Record(y, "LogSoftmax", [x], ("axis", -1L));
        return y;
    }

    /// <summary>Zeroes numbers at random and scales the rest by 1 / (1 − rate), so that the mean stays.</summary>
    /// <remarks>Srivastava et al., "Dropout", JMLR 2014. Needs an open <see cref="TensorScope"/> with a seed.</remarks>
    public static Tensor Dropout(this Tensor x, float rate)
    {
        if (rate <= 0)
        {
            return x;
        }

        ulong seed = TensorScope.NextSeed();
        Tensor y = Tensor.Result(x.Dimensions, [x], y =>
        {
            Span<float> gradient = x.Storage.GradientToFill(out bool isFresh);
            if (isFresh)
            {
                DropoutKernel.Apply(y.Gradient, gradient, rate, seed);
                return;
            }

            Tensor masked = Tensor.Uninitialized(x.Dimensions);
            DropoutKernel.Apply(y.Gradient, masked.Output, rate, seed);
            Arithmetic.AddGradient(x, masked.Values);
        });
        DropoutKernel.Apply(x.Values, y.Output, rate, seed);
        return y;
    }

    /// <summary>The function by its name.</summary>
    internal static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Relu => x.Relu(),
        Activation.Gelu => x.Gelu(),
        _ => x,
    };

    // Writes where nothing is to be added to, which saves a pass over the gradient.
    private static void AddSlopes<TSlope>(Tensor x, Tensor y, ReadOnlySpan<float> at)
        where TSlope : struct, IFunction
    {
        Span<float> gradX = x.Storage.GradientToFill(out bool isFresh);
        Elementwise.AddGradient<TSlope>(y.Gradient, at, gradX, isFresh);
    }
}
