namespace Cartwright.Learning.Optimizers;

/// <summary>How much a training with clipped and noised gradients can have told about any one example.</summary>
/// <remarks>
/// Rényi differential privacy of the Gaussian mechanism on a random subset: Mironov, "Rényi Differential Privacy", CSF 2017, and Mironov,
/// Talwar and Zhang, "Rényi Differential Privacy of the Sampled Gaussian Mechanism", 2019, section 3.3 for whole orders. It holds where every
/// example is in a batch with the same chance, independently of the others (<see cref="PrivateGradients.DrawBatch"/>); shuffled batches of a fixed
/// size are not covered.
/// </remarks>
public sealed class PrivacyAccountant
{
    private static readonly int[] Orders = [.. Enumerable.Range(2, 62), 72, 80, 96, 128, 160, 192, 256, 384, 512];
    private readonly double[] _divergences = new double[Orders.Length];

    /// <summary>Adds steps of one kind to what was spent; steps of several kinds add up.</summary>
    /// <param name="samplingRate">Chance of an example to be in a batch, more than 0 and at most 1.</param>
    /// <param name="noiseMultiplier">Standard deviation of the noise, in lengths of the longest gradient; more than 0.</param>
    /// <param name="steps">0 or more.</param>
    public void AddSteps(double samplingRate, double noiseMultiplier, int steps)
    {
        Ranges.ThrowUnlessPositive(samplingRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samplingRate, 1);
        Ranges.ThrowUnlessPositive(noiseMultiplier);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        for (int i = 0; i < Orders.Length; i++)
        {
            _divergences[i] += steps * Divergence(samplingRate, noiseMultiplier, Orders[i]);
        }
    }

    /// <summary>The ε of (ε, δ)-differential privacy that holds for all steps so far; smaller tells less.</summary>
    /// <param name="delta">Chance that the promise fails, between 0 and 1: well below one in the number of examples.</param>
    /// <returns>0 or more; the best over the orders.</returns>
    /// <remarks>Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy", 2020, proposition 12.</remarks>
    public double Epsilon(double delta)
    {
        Ranges.ThrowUnlessPositive(delta);
        Ranges.ThrowUnlessBelowOne(delta);
        if (_divergences[0] == 0)
        {
            return 0;                                   // no step was taken
        }

        double best = double.PositiveInfinity;
        for (int i = 0; i < Orders.Length; i++)
        {
            double order = Orders[i];
            double epsilon = _divergences[i] + double.LogP1(-1 / order) - ((Math.Log(delta) + Math.Log(order)) / (order - 1));
            best = Math.Min(best, epsilon);
        }

        return Math.Max(0, best);
    }

    /// <summary>The Rényi divergence of one step at a whole order.</summary>
    /// <remarks>ln Σ_k C(order, k) (1 − q)^(order − k) q^k e^((k² − k) / (2 noise²)) / (order − 1), in logarithms throughout.</remarks>
    internal static double Divergence(double samplingRate, double noiseMultiplier, int order)
    {
        double variance = noiseMultiplier * noiseMultiplier;
        if (samplingRate == 1)
        {
            return order / (2 * variance);
        }

        double logBinomial = 0;
        double max = double.NegativeInfinity;
        double[] terms = new double[order + 1];
        for (int k = 0; k <= order; k++)
        {
            terms[k] = logBinomial + ((order - k) * double.LogP1(-samplingRate)) + (k * Math.Log(samplingRate))
                + (((double)k * k) - k) / (2 * variance);
            max = Math.Max(max, terms[k]);
            logBinomial += Math.Log((double)(order - k) / (k + 1));
        }

        return (max + Math.Log(terms.Sum(term => Math.Exp(term - max)))) / (order - 1);
    }
}
