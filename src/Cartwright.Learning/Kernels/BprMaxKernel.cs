using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>BPR-max row by row: -ln Σ s[j] σ(x[target] - x[j]) + regularization Σ s[j] x[j]², s the softmax over the negatives j.</summary>
/// <remarks>
/// The first term is computed as ln Σ e^x[j] - ln Σ e^a[j] with a[j] = x[j] - ln(1 + e^(x[j] - x[target])): no probability
/// is ever rounded to 0 before its logarithm is taken.
/// </remarks>
internal static unsafe class BprMaxKernel
{
    /// <param name="scores">[rows, columns]</param>
    /// <param name="targets">[rows], a column each; all others are negatives.</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="gradient">[rows, columns], written.</param>
    /// <returns>The sum of the losses.</returns>
    public static double Invoke(
        ReadOnlySpan<float> scores, ReadOnlySpan<int> targets, float regularization, float scale, Span<float> gradient, int columns) =>
        NegativeLosses.Invoke(scores, targets, new Loss(regularization, scale, columns), gradient, columns);

    private readonly struct Loss(float regularization, float scale, int columns) : INegativeLoss
    {
        public double Row(float* x, int target, float* g, float* scratch)
        {
            float* shares = scratch;
            float* slopes = scratch + columns;
            float* posterior = slopes + columns;
            (float max, float shareSum) = NegativeSoftmax.Write(x, target, g, shares, columns);
            float square = WriteExponents(x, x[target], max, shares, g, slopes) / shareSum;
            g[target] = float.NegativeInfinity;
            float largest = Reduce.Max(g, columns);
            float posteriorSum = Exponentials.Write(g, largest, posterior, columns);

            WriteGradient(x, shares, slopes, posterior, 1 / shareSum, 1 / posteriorSum, square, g);
            g[target] = -scale * Reduce.Dot(posterior, slopes, columns) / posteriorSum;
            return MathF.Log(shareSum) - largest - MathF.Log(posteriorSum) + (regularization * square);
        }

        /// <summary>Writes a[j] - max, and σ(x[j] - x[target]) beside it; returns Σ shares[j] x[j]².</summary>
        private float WriteExponents(float* x, float positive, float max, float* shares, float* exponents, float* slopes)
        {
            int i = 0;
            float square = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> total = Vector<float>.Zero;
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> score = Vector.Load(x + i);
                    Vector<float> softplus = Logistic.Softplus(score - new Vector<float>(positive), out Vector<float> sigmoid);
                    (score - new Vector<float>(max) - softplus).Store(exponents + i);
                    sigmoid.Store(slopes + i);
                    total += score * score * Vector.Load(shares + i);
                }

                square = Vector.Sum(total);
            }

            for (; i < columns; i++)
            {
                float softplus = Logistic.Softplus(x[i] - positive, out float sigmoid);
                exponents[i] = x[i] - max - softplus;
                slopes[i] = sigmoid;
                square += x[i] * x[i] * shares[i];
            }

            return square;
        }

        /// <summary>g[j] = s[j] - p[j] (1 - σ[j]) + regularization s[j] (x[j]² + 2 x[j] - Σ s x²), p the softmax of a.</summary>
        private void WriteGradient(
            float* x, float* shares, float* slopes, float* posterior, float ofShare, float ofPosterior, float square, float* g)
        {
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> score = Vector.Load(x + i);
                    Vector<float> share = Vector.Load(shares + i) * ofShare;
                    Vector<float> kept = Vector.Load(posterior + i) * ofPosterior * (Vector<float>.One - Vector.Load(slopes + i));
                    Vector<float> pull = ((score + new Vector<float>(2)) * score) - new Vector<float>(square);
                    ((share - kept + (share * pull * regularization)) * scale).Store(g + i);
                }
            }

            for (; i < columns; i++)
            {
                float share = shares[i] * ofShare;
                float kept = posterior[i] * ofPosterior * (1 - slopes[i]);
                g[i] = (share - kept + (share * (((x[i] + 2) * x[i]) - square) * regularization)) * scale;
            }
        }
    }
}
