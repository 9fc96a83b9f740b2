using System.Numerics.Tensors;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Vision;

/// <summary>Chances out of logits, and the temperature that sets them right.</summary>
/// <remarks>Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 4.2.</remarks>
internal static class PictureTemperature
{
    private const double Least = 0.2;
    private const double Most = 5;
    private const int Cuts = 40;

    /// <summary>How many pictures' worth it is held to 1: a handful that are all told right say nothing of how sure one may be.</summary>
    private const double Hold = 10;

    /// <param name="logits">[rows, classes]</param>
    /// <returns>[rows, classes]; each row sums to 1.</returns>
    public static float[] Softmax(ReadOnlySpan<float> logits, int classes, float temperature)
    {
        float[] chances = new float[logits.Length];
        for (int row = 0; row < logits.Length; row += classes)
        {
            Span<float> of = chances.AsSpan(row, classes);
            TensorPrimitives.Divide(logits.Slice(row, classes), temperature, of);
            TensorPrimitives.Subtract(of, TensorPrimitives.Max<float>(of), of);
            TensorPrimitives.SoftMax<float>(of, of);
        }

        return chances;
    }

    /// <summary>The temperature with the least loss; the loss has one valley in its logarithm.</summary>
    /// <param name="targets">The class of each row.</param>
    /// <returns>From 0.2 to 5; 1 where there are no rows.</returns>
    public static float Fit(ReadOnlySpan<float> logits, int[] targets)
    {
        if (targets.Length == 0)
        {
            return 1;
        }

        double golden = (Math.Sqrt(5) - 1) / 2;
        (double low, double high) = (Math.Log(Least), Math.Log(Most));
        for (int i = 0; i < Cuts; i++)
        {
            double left = high - (golden * (high - low));
            double right = low + (golden * (high - low));
            (low, high) = Loss(logits, targets, left) < Loss(logits, targets, right) ? (low, right) : (left, high);
        }

        return (float)Math.Exp((low + high) / 2);
    }

    private static double Loss(ReadOnlySpan<float> logits, int[] targets, double logarithm)
    {
        int classes = logits.Length / targets.Length;
        float[] chances = Softmax(logits, classes, (float)Math.Exp(logarithm));
        double sum = Hold * logarithm * logarithm;
        for (int row = 0; row < targets.Length; row++)
        {
            sum += Classification.LogLoss(chances[(row * classes) + targets[row]]);
        }

        return sum;
    }
}
