namespace Cartwright.Learning.Kernels;

/// <summary>−ln of the probability that a sequence of class scores spells its labels, over all ways to align them.</summary>
/// <remarks>
/// Graves et al., "Connectionist Temporal Classification", ICML 2006, section 4. State 2i + 1 is label i, even states are the blank before, between
/// and behind. All sums are of logarithms, in double: products of hundreds of probabilities leave float's range and digits.
/// </remarks>
internal static unsafe class CtcKernel
{
    private const double Never = double.NegativeInfinity;

    /// <param name="logProbabilities">[tokens, classes], softmax already taken. Becomes the gradient by the logits where <paramref name="withGradient"/>.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="labels">Labels of all sequences, one after the other.</param>
    /// <param name="labelOffsets">Those of sequence s are labelOffsets[s] up to labelOffsets[s + 1].</param>
    /// <param name="blank">The class that says nothing.</param>
    /// <param name="scales">[sequences]: factor of each loss's gradient.</param>
    /// <param name="losses">[sequences]: positive infinity where the labels do not fit into the tokens; the gradient is zero there.</param>
    public static void Invoke(
        Span<float> logProbabilities,
        int[] offsets,
        int[] labels,
        int[] labelOffsets,
        int classes,
        int blank,
        ReadOnlySpan<float> scales,
        Span<double> losses,
        bool withGradient)
    {
        ShapeException.ThrowUnlessEqual(logProbabilities.Length, (long)offsets[^1] * classes);
        ShapeException.ThrowUnlessEqual(labels.Length, labelOffsets[^1]);
        ShapeException.ThrowUnlessEqual(labelOffsets.Length, offsets.Length);
        ShapeException.ThrowUnlessEqual(scales.Length, offsets.Length - 1);
        ShapeException.ThrowUnlessEqual(losses.Length, scales.Length);
        fixed (float* lp = logProbabilities, ps = scales)
        fixed (double* pl = losses)
        {
            ParallelWork.For(
                losses.Length, new Sequence(lp, offsets, labels, labelOffsets, classes, blank, ps, pl, withGradient));
        }
    }

    private readonly struct Sequence(
        float* logProbabilities,
        int[] offsets,
        int[] labels,
        int[] labelOffsets,
        int classes,
        int blank,
        float* scales,
        double* losses,
        bool withGradient)
        : IWorkItem
    {
        public void Run(int index)
        {
            int steps = offsets[index + 1] - offsets[index];
            ReadOnlySpan<int> own = labels.AsSpan(labelOffsets[index]..labelOffsets[index + 1]);
            float* rows = logProbabilities + ((nint)offsets[index] * classes);
            if (steps == 0)
            {
                losses[index] = own.IsEmpty ? 0 : double.PositiveInfinity;
                return;
            }

            // One double takes the room of two floats; a row more for the backward's two running rows and for the classes.
            int states = (2 * own.Length) + 1;
            double* forward = (double*)Scratch.Take(
                Scratch.Use.Alignments, 2 * (((nint)steps * states) + (2 * states) + classes));
            double log = Forward(rows, own, steps, states, forward);
            losses[index] = -log;
            if (withGradient)
            {
                Gradient(rows, own, steps, states, forward, forward + ((nint)steps * states), log, scales[index]);
            }
        }

        /// <summary>forward[t, s]: ln of the probability of all ways that are in state s at step t, that step's class included.</summary>
        private double Forward(float* rows, ReadOnlySpan<int> own, int steps, int states, double* forward)
        {
            new Span<double>(forward, states).Fill(Never);
            forward[0] = rows[blank];
            if (states > 1)
            {
                forward[1] = rows[own[0]];
            }

            for (int t = 1; t < steps; t++)
            {
                float* row = rows + ((nint)t * classes);
                double* before = forward + ((nint)(t - 1) * states);
                double* now = before + states;
                for (int s = 0; s < states; s++)
                {
                    // What can't be reached yet, or leads nowhere any more, costs no logarithm.
                    if (s > (2 * t) + 1 || s < states - (2 * (steps - t)))
                    {
                        now[s] = Never;
                        continue;
                    }

                    now[s] = row[Class(own, s)] + LogSum(before[s], s > 0 ? before[s - 1] : Never, Skips(own, s) ? before[s - 2] : Never);
                }
            }

            double* last = forward + ((nint)(steps - 1) * states);
            return LogSum(last[states - 1], states > 1 ? last[states - 2] : Never, Never);
        }

        /// <summary>Writes scale · (softmax − share of the ways that are at that class at that step) over the log-probabilities.</summary>
        private void Gradient(
            float* rows, ReadOnlySpan<int> own, int steps, int states, double* forward, double* running, double log, float scale)
        {
            double* next = running;                     // ln of the probability of all ways from state s on, this step's class not included
            double* now = running + states;
            double* shares = running + (2 * states);
            for (int t = steps - 1; t >= 0; t--)
            {
                float* row = rows + ((nint)t * classes);
                double* alphas = forward + ((nint)t * states);
                new Span<double>(shares, classes).Clear();
                for (int s = 0; s < states; s++)
                {
                    // At the last step the ways end, in the last label or the blank behind it; else "next" has that step's class added.
                    now[s] = t == steps - 1
                        ? (s >= states - 2 ? 0 : Never)
                        : LogSum(next[s], s + 1 < states ? next[s + 1] : Never, s + 2 < states && Skips(own, s + 2) ? next[s + 2] : Never);
                    double way = alphas[s] + now[s] - log;
                    if (way > -100)
                    {
                        shares[Class(own, s)] += Math.Exp(way);
                    }
                }

                for (int s = 0; s < states; s++)
                {
                    now[s] += row[Class(own, s)];
                }

                bool fits = log != Never;
                for (int c = 0; c < classes; c++)
                {
                    row[c] = fits ? (float)(scale * (Math.Exp(row[c]) - shares[c])) : 0;
                }

                double* used = next;
                next = now;
                now = used;
            }
        }

        private int Class(ReadOnlySpan<int> own, int state) => (state & 1) == 0 ? blank : own[state >> 1];

        /// <summary>True where a way may come from two states before: to a label that is not the one before it.</summary>
        private static bool Skips(ReadOnlySpan<int> own, int state) =>
            (state & 1) == 1 && state > 1 && own[state >> 1] != own[(state >> 1) - 1];

        private static double LogSum(double x, double y, double z)
        {
            double max = Math.Max(x, Math.Max(y, z));
            return max == Never ? Never : max + Math.Log(Math.Exp(x - max) + Math.Exp(y - max) + Math.Exp(z - max));
        }
    }
}
