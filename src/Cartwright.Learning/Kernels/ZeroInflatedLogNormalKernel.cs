namespace Cartwright.Learning.Kernels;

/// <summary>-ln of the density of an amount that is 0 or log-normal, and its slopes by the three outputs of a network.</summary>
/// <remarks>In double and number by number: the network's other layers take far longer than three outputs a row.</remarks>
internal static unsafe class ZeroInflatedLogNormalKernel
{
    /// <summary>Least standard deviation: √1e-7, as the paper's code has it.</summary>
    private const double LeastDeviation = 3.16227766016837933e-4;

    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>Outputs of a row: logit of buying, mean of the logarithm, deviation before its softplus.</summary>
    public const int Columns = 3;

    /// <summary>Writes scale * slope to the gradient and returns the sum of the losses.</summary>
    public static double Invoke(ReadOnlySpan<float> outputs, ReadOnlySpan<float> amounts, double scale, Span<float> gradient)
    {
        ShapeException.ThrowUnlessLength(outputs.Length, (long)amounts.Length * Columns);
        ShapeException.ThrowUnlessLength(gradient.Length, outputs.Length);
        var blocks = new RowBlocks(amounts.Length, 32);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* o = outputs, a = amounts, g = gradient)
        {
            ParallelWork.For(blocks.Count, new Block(blocks, o, a, scale, g, sums));
        }

        return sums.Total();
    }

    private readonly struct Block(RowBlocks blocks, float* outputs, float* amounts, double scale, float* gradient, BlockSums sums)
        : IWorkItem
    {
        public void Run(int index)
        {
            double sum = 0;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * Columns;
                sum += Row(outputs + at, amounts[row], gradient + at);
            }

            sums[index] = sum;
        }

        private double Row(float* output, float amount, float* g)
        {
            bool isBought = amount > 0;
            double loss = Logistic.Softplus(isBought ? -output[0] : output[0], out float sigmoid);
            g[0] = (float)(scale * (isBought ? -sigmoid : sigmoid));
            g[1] = 0;
            g[2] = 0;
            if (!isBought)
            {
                return loss;
            }

            double deviation = Logistic.Softplus(output[2], out float slope);
            if (deviation < LeastDeviation)
            {
                (deviation, slope) = (LeastDeviation, 0);
            }

            double log = Math.Log(amount);
            double z = (log - output[1]) / deviation;
            g[1] = (float)(scale * -z / deviation);
            g[2] = (float)(scale * slope * (1 - (z * z)) / deviation);
            return loss + HalfLogTwoPi + Math.Log(deviation) + log + (z * z / 2);
        }
    }
}
