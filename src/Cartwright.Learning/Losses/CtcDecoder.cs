using Cartwright.Learning.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Losses;

/// <summary>Reads labels from the logits of a network that was trained with <see cref="Ctc"/>.</summary>
/// <param name="blank">The class that says nothing.</param>
/// <param name="beamWidth">Readings that <see cref="Beam"/> keeps at each step, 1 or more; more is nearer to the best and slower.</param>
/// <param name="languageScore">Added to ln p of a reading when a label (second) follows the labels so far (first): a language model's ln p
/// times its weight, plus what a longer reading should be worth. Null for none.</param>
public sealed class CtcDecoder(int blank = 0, int beamWidth = 16, Func<IReadOnlyList<int>, int, double>? languageScore = null)
{
    /// <summary>Labels this far, in ln p, below a step's likeliest class are not tried: hardly any reading is lost, and most of the time is saved.</summary>
    private const float LeastLog = -16;

    private readonly int _beamWidth = Ranges.Size(beamWidth, nameof(CtcDecoder));

    /// <summary>The likeliest class at each step, repetitions merged and blanks dropped: quick, and the best where the network is sure.</summary>
    /// <param name="logits">[steps, classes]</param>
    /// <param name="classes">Classes, the blank among them.</param>
    public int[] Greedy(ReadOnlySpan<float> logits, int classes)
    {
        List<int> labels = [];
        int before = blank;
        for (int step = 0; step < Steps(logits, classes); step++)
        {
            ReadOnlySpan<float> row = logits.Slice(step * classes, classes);
            int best = 0;
            for (int c = 1; c < classes; c++)
            {
                best = row[c] > row[best] ? c : best;
            }

            if (best != before && best != blank)
            {
                labels.Add(best);
            }

            before = best;
        }

        return [.. labels];
    }

    /// <summary>The likeliest readings, each with the sum over its alignments; the best first.</summary>
    /// <remarks>
    /// Prefix beam search: Hannun et al., "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs", 2014.
    /// </remarks>
    /// <param name="logits">[steps, classes]</param>
    /// <param name="classes">Classes, the blank among them.</param>
    public IReadOnlyList<CtcReading> Beam(ReadOnlySpan<float> logits, int classes)
    {
        int steps = Steps(logits, classes);
        float[] logs = new float[logits.Length];
        LogSoftmaxKernel.Forward(logits, logs, steps, classes);

        List<Prefix> beam = [Prefix.Empty()];
        for (int step = 0; step < steps; step++)
        {
            beam = Next(beam, logs.AsSpan(step * classes, classes));
        }

        return [.. beam.Select(prefix => new CtcReading(prefix.Labels, prefix.Score))];
    }

    private int Steps(ReadOnlySpan<float> logits, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ShapeException.Require(logits.Length % classes == 0, $"{logits.Length} logits are no whole number of steps with {classes} classes each.");
        ShapeException.Require((uint)blank < (uint)classes, $"The blank is class {blank}; there are classes 0 to {classes - 1}.");
        return logits.Length / classes;
    }

    private List<Prefix> Next(List<Prefix> beam, ReadOnlySpan<float> logs)
    {
        HashSet<Prefix> reached = [];
        float least = TensorPrimitives.Max(logs) + LeastLog;
        foreach (Prefix prefix in beam)
        {
            // The reading stays: by a blank, or by its last label once more.
            prefix.AddToNext(prefix.Score + logs[blank], endsInBlank: true);
            if (prefix.Last >= 0)
            {
                prefix.AddToNext(prefix.LabelScore + logs[prefix.Last], endsInBlank: false);
            }

            reached.Add(prefix);
            for (int label = 0; label < logs.Length; label++)
            {
                if (label == blank || logs[label] < least)
                {
                    continue;
                }

                // The same label twice needs a blank between.
                double way = label == prefix.Last ? prefix.BlankScore : prefix.Score;
                if (way == double.NegativeInfinity)
                {
                    continue;
                }

                Prefix longer = prefix.With(label, languageScore);
                longer.AddToNext(way + logs[label] + longer.LanguageScore, endsInBlank: false);
                reached.Add(longer);
            }
        }

        foreach (Prefix prefix in reached)
        {
            prefix.Advance();
        }

        // OrderBy is stable and the set keeps the order of arrival, so equal scores come out the same every time.
        return [.. reached.OrderByDescending(prefix => prefix.Score).Take(_beamWidth)];
    }

    /// <summary>A reading of the steps so far, with the probability of its alignments that end in a blank and of those that don't.</summary>
    private sealed class Prefix
    {
        private readonly Dictionary<int, Prefix> _longer = [];
        private double _nextBlank = double.NegativeInfinity;
        private double _nextLabel = double.NegativeInfinity;

        private Prefix(int[] labels, double languageScore) => (Labels, LanguageScore) = (labels, languageScore);

        public static Prefix Empty() => new([], 0) { BlankScore = 0 };

        public int[] Labels { get; }

        public int Last => Labels.Length == 0 ? -1 : Labels[^1];

        /// <summary>What the language model gave for the last label.</summary>
        public double LanguageScore { get; }

        public double BlankScore { get; private set; } = double.NegativeInfinity;

        public double LabelScore { get; private set; } = double.NegativeInfinity;

        public double Score => LogSum(BlankScore, LabelScore);

        public Prefix With(int label, Func<IReadOnlyList<int>, int, double>? languageScore)
        {
            if (!_longer.TryGetValue(label, out Prefix? longer))
            {
                _longer[label] = longer = new Prefix([.. Labels, label], languageScore?.Invoke(Labels, label) ?? 0);
            }

            return longer;
        }

        public void AddToNext(double score, bool endsInBlank)
        {
            if (endsInBlank)
            {
                _nextBlank = LogSum(_nextBlank, score);
            }
            else
            {
                _nextLabel = LogSum(_nextLabel, score);
            }
        }

        public void Advance()
        {
            (BlankScore, LabelScore) = (_nextBlank, _nextLabel);
            (_nextBlank, _nextLabel) = (double.NegativeInfinity, double.NegativeInfinity);
        }

        private static double LogSum(double x, double y)
        {
            double max = Math.Max(x, y);
            return max == double.NegativeInfinity ? max : max + Math.Log(Math.Exp(x - max) + Math.Exp(y - max));
        }
    }
}

/// <param name="Labels">What was read.</param>
/// <param name="Score">ln of its probability, plus what the language model added.</param>
public sealed record CtcReading(IReadOnlyList<int> Labels, double Score);
