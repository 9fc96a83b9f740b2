using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Channels brought to one scale over a whole batch.</summary>
public static class BatchNormalization
{
    /// <summary>(x − mean) / sqrt(variance + epsilon) · gain + bias for each channel, with the mean and variance of the batch itself.</summary>
    /// <remarks>Ioffe and Szegedy, "Batch Normalization", ICML 2015.</remarks>
    /// <param name="x">[batch, channels], or with any axes behind, which count as further examples.</param>
    /// <param name="gain">[channels]</param>
    /// <param name="bias">[channels]</param>
    /// <param name="epsilon">Keeps a constant channel from dividing by zero.</param>
    /// <param name="mean">[channels]: is set to the mean of the batch.</param>
    /// <param name="variance">[channels]: is set to the variance of the batch, divided by the count of its numbers.</param>
    public static Tensor BatchNorm(this Tensor x, Tensor gain, Tensor bias, float epsilon, out Tensor mean, out Tensor variance)
    {
        ThrowUnlessChannels(x, gain, bias);
        mean = Tensor.Uninitialized(gain.Dimensions);
        variance = Tensor.Uninitialized(gain.Dimensions);
        Tensor channels = x.Rank == 2 ? AsChannels(x) : x;
        BatchNormKernel.Measure(channels.Values, mean.Output, variance.Output, SizeOf(channels));
        Tensor y = Normalize(channels, gain, bias, mean, variance, epsilon, isMeasured: true);
        return x.Rank == 2 ? AsRows(y) : y;
    }

    /// <summary>The same with a mean and a variance that are given, as when answering.</summary>
    /// <param name="x">[batch, channels], or with any axes behind.</param>
    /// <param name="gain">[channels]</param>
    /// <param name="bias">[channels]</param>
    /// <param name="mean">[channels], takes no gradient.</param>
    /// <param name="variance">[channels], takes no gradient.</param>
    /// <param name="epsilon">Is added to the variance.</param>
    public static Tensor BatchNorm(this Tensor x, Tensor gain, Tensor bias, Tensor mean, Tensor variance, float epsilon)
    {
        ThrowUnlessChannels(x, gain, bias);
        Tensor channels = x.Rank == 2 ? AsChannels(x) : x;
        Tensor y = Normalize(channels, gain, bias, mean, variance, epsilon, isMeasured: false);
        return x.Rank == 2 ? AsRows(y) : y;
    }

    private static Tensor Normalize(Tensor x, Tensor gain, Tensor bias, Tensor mean, Tensor variance, float epsilon, bool isMeasured)
    {
        int size = SizeOf(x);
        Tensor y = Tensor.Result(x.Dimensions, [x, gain, bias], y => BatchNormKernel.Backward(
            y.Gradient, x.Values, mean.Values, variance.Values, gain.Values,
            x.RequiresGradient ? x.GradientSum : [], Normalization.SumOrWaste(gain), Normalization.SumOrWaste(bias), size, epsilon, isMeasured));
        BatchNormKernel.Forward(x.Values, mean.Values, variance.Values, gain.Values, bias.Values, y.Output, size, epsilon);
        if (!isMeasured)
        {
            OperationTrace.Current?.Record(y, "BatchNormalization", [x, gain, bias, mean, variance], ("epsilon", epsilon));
        }

        return y;
    }

    private static int SizeOf(Tensor x) => Tensor.Product(x.Dimensions[2..]);

    // The numbers of a channel side by side, as one picture of all examples.
    private static Tensor AsChannels(Tensor x) => x.Transpose().Reshape(1, x.Shape[1], x.Shape[0]);

    private static Tensor AsRows(Tensor y) => y.Reshape(y.Shape[1], y.Shape[2]).Transpose();

    private static void ThrowUnlessChannels(Tensor x, Tensor gain, Tensor bias)
    {
        ShapeException.Require(
            x.Rank >= 2 && gain.Length == x.Shape[1] && bias.Length == x.Shape[1],
            $"Batch normalization of {gain.Length} channels takes [batch, {gain.Length}, …]; found {x}.");
    }
}
