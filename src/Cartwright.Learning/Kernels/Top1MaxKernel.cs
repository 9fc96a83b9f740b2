using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>TOP1-max row by row: Σ s[j] (σ(x[j] - x[target]) + regularization σ(x[j]²)), s the softmax over the negatives j.</summary>
internal static unsafe class Top1MaxKernel
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
            float* terms = scratch + columns;
            float* slopes = terms + columns;
            (_, float shareSum) = NegativeSoftmax.Write(x, target, g, shares, columns);
            WriteTerms(x, x[target], terms, slopes, g);
            float loss = Reduce.Dot(shares, terms, columns) / shareSum;
            float ofTarget = Reduce.Dot(shares, slopes, columns) / shareSum;

            // The terms' own slopes stand in g already; what is added is the slope of the shares.
            float factor = scale / shareSum;
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> slope = Vector.Load(g + i) + Vector.Load(terms + i) - new Vector<float>(loss);
                    (Vector.Load(shares + i) * slope * factor).Store(g + i);
                }
            }

            for (; i < columns; i++)
            {
                g[i] = shares[i] * (g[i] + terms[i] - loss) * factor;
            }

            g[target] = -scale * ofTarget;
            return loss;
        }

        /// <summary>
        /// Writes t[j] = σ(x[j] - x[target]) + regularization σ(x[j]²), its slope by x[j], and the part of that slope which x[target] shares.
        /// </summary>
        private void WriteTerms(float* x, float positive, float* terms, float* ofDifference, float* ofScore)
        {
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> score = Vector.Load(x + i);
                    Vector<float> above = SigmoidKernel.Value.Of(score - new Vector<float>(positive));
                    Vector<float> size = SigmoidKernel.Value.Of(score * score);
                    Vector<float> slope = SigmoidKernel.Slope.Of(above);
                    slope.Store(ofDifference + i);
                    (above + (size * regularization)).Store(terms + i);
                    (slope + (score * SigmoidKernel.Slope.Of(size) * (2 * regularization))).Store(ofScore + i);
                }
            }

            for (; i < columns; i++)
            {
                float above = SigmoidKernel.Value.Of(x[i] - positive);
                float size = SigmoidKernel.Value.Of(x[i] * x[i]);
                ofDifference[i] = SigmoidKernel.Slope.Of(above);
                terms[i] = above + (size * regularization);
                ofScore[i] = ofDifference[i] + (x[i] * SigmoidKernel.Slope.Of(size) * (2 * regularization));
            }
        }
    }
}
