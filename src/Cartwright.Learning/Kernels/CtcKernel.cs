using System.Numerics;

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
        ShapeException.ThrowUnlessLength(logProbabilities.Length, (long)SequenceOffsets.TotalOf(offsets) * classes);
        ShapeException.ThrowUnlessLength(labels.Length, SequenceOffsets.TotalOf(labelOffsets));
        ShapeException.ThrowUnlessLength(labelOffsets.Length, offsets.Length);
        ShapeException.ThrowUnlessLength(scales.Length, offsets.Length - 1);
        ShapeException.ThrowUnlessLength(losses.Length, scales.Length);
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

            // One double takes the room of two floats. Rows have two states more than there are, which nothing reaches.
            int states = (2 * own.Length) + 1;
            int stride = states + 2;
            double* work = (double*)Scratch.Take(Scratch.Use.Alignments, 2 * (((nint)(steps + 5) * stride) + classes));
            double* skips = work;
            double* emitted = skips + stride;
            double* running = emitted + stride;
            double* shares = running + (3 * stride);
            double* forward = shares + classes;
            FindSkips(own, skips, stride);
            double log = Forward(rows, own, steps, skips, emitted, forward);
            losses[index] = -log;
            if (withGradient)
            {
                Gradient(rows, own, steps, skips, emitted, running, shares, forward, log, scales[index]);
            }
        }

        /// <summary>forward[t, s + 2]: ln of the probability of all ways that are in state s at step t, that step's class included.</summary>
        private double Forward(float* rows, ReadOnlySpan<int> own, int steps, double* skips, double* emitted, double* forward)
        {
            int states = (2 * own.Length) + 1;
            int stride = states + 2;
            new Span<double>(forward, stride).Fill(Never);
            forward[2] = rows[blank];
            if (states > 1)
            {
                forward[3] = rows[own[0]];
            }

            for (int t = 1; t < steps; t++)
            {
                Emit(rows + ((nint)t * classes), own, emitted);
                double* before = forward + ((nint)(t - 1) * stride);
                double* now = before + stride;
                now[0] = now[1] = Never;
                Step(before + 2, before + 1, before, skips, emitted, now + 2, states);
            }

            double* last = forward + ((nint)(steps - 1) * stride);
            return LogSum(last[stride - 1], states > 1 ? last[stride - 2] : Never, Never);
        }

        /// <summary>Writes scale · (softmax − share of the ways that are at that class at that step) over the log-probabilities.</summary>
        private void Gradient(
            float* rows, ReadOnlySpan<int> own, int steps, double* skips, double* emitted, double* running, double* shares,
            double* forward, double log, float scale)
        {
            if (log == Never)
            {
                new Span<float>(rows, steps * classes).Clear();
                return;
            }

            // ln of the probability of all ways from state s on: with the step's class ("next"), and without it ("now").
            int states = (2 * own.Length) + 1;
            int stride = states + 2;
            double* next = running;
            double* now = running + stride;
            double* zeros = running + (2 * stride);
            new Span<double>(zeros, stride).Clear();
            new Span<double>(next, stride).Fill(Never);
            new Span<double>(now, stride).Fill(Never);
            for (int s = Math.Max(0, states - 2); s < states; s++)
            {
                now[s] = 0;
            }

            for (int t = steps - 1; t >= 0; t--)
            {
                float* row = rows + ((nint)t * classes);
                if (t < steps - 1)
                {
                    Step(next, next + 1, next + 2, skips + 2, zeros, now, states);
                }

                double* ways = forward + ((nint)t * stride) + 2;
                new Span<double>(shares, classes).Clear();
                Emit(row, own, emitted);
                for (int s = 0; s < states; s++)
                {
                    double way = ways[s] + now[s] - log;
                    shares[Class(own, s)] += way > -100 ? Math.Exp(way) : 0;
                    next[s] = now[s] + emitted[s];
                }

                Exponentials.Write(row, 0, row, classes);
                for (int c = 0; c < classes; c++)
                {
                    row[c] = (float)(scale * (row[c] - shares[c]));
                }
            }
        }

        /// <summary>y[s] = ln(e^a[s] + e^b[s] + e^(c[s] + skips[s])) + added[s].</summary>
        private static void Step(double* a, double* b, double* c, double* skips, double* added, double* y, int states)
        {
            int s = 0;
            if (Vector.IsHardwareAccelerated)
            {
                // Where all three are negative infinity, so is the sum: the floor keeps their difference from being no number.
                var floor = new Vector<double>(double.MinValue);
                for (; s <= states - Vector<double>.Count; s += Vector<double>.Count)
                {
                    Vector<double> x = Vector.Load(a + s), w = Vector.Load(b + s), z = Vector.Load(c + s) + Vector.Load(skips + s);
                    Vector<double> max = Vector.Max(Vector.Max(x, w), Vector.Max(z, floor));
                    Vector<double> sum = Vector.Exp(x - max) + Vector.Exp(w - max) + Vector.Exp(z - max);
                    (max + Vector.Log(sum) + Vector.Load(added + s)).Store(y + s);
                }
            }

            for (; s < states; s++)
            {
                y[s] = LogSum(a[s], b[s], c[s] + skips[s]) + added[s];
            }
        }

        /// <summary>0 where a way may come from two states before, to a label that is not the one before it; negative infinity elsewhere.</summary>
        private static void FindSkips(ReadOnlySpan<int> own, double* skips, int stride)
        {
            new Span<double>(skips, stride).Fill(Never);
            for (int i = 1; i < own.Length; i++)
            {
                skips[(2 * i) + 1] = own[i] != own[i - 1] ? 0 : Never;
            }
        }

        private void Emit(float* row, ReadOnlySpan<int> own, double* emitted)
        {
            emitted[0] = row[blank];
            for (int i = 0; i < own.Length; i++)
            {
                emitted[(2 * i) + 1] = row[own[i]];
                emitted[(2 * i) + 2] = row[blank];
            }
        }

        private int Class(ReadOnlySpan<int> own, int state) => (state & 1) == 0 ? blank : own[state >> 1];

        private static double LogSum(double x, double y, double z)
        {
            double max = Math.Max(x, Math.Max(y, z));
            return max == Never ? Never : max + Math.Log(Math.Exp(x - max) + Math.Exp(y - max) + Math.Exp(z - max));
        }
    }
}
