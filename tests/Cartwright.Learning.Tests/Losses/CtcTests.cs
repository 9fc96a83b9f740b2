using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Kernels;

namespace Cartwright.Learning.Tests.Losses;

public sealed class CtcTests
{
    private const int Steps = 5;
    private const int Classes = 3;

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 2, 1, 2 })]
    public void Is_the_sum_over_all_ways_to_spell_the_labels(int[] labels)
    {
        float[] logits = Samples.Normal(3, Steps * Classes, deviation: 2);

        float loss = Ctc.Loss(Tensor.From(logits, Steps, Classes), [0, Steps], labels, [0, labels.Length]).Item();

        double probability = Readings(logits).Single(reading => reading.Key == Text(labels)).Value;
        Assert.Equal(-Math.Log(probability) / Math.Max(1, labels.Length), loss, 1e-5);
    }

    [Fact]
    public void Labels_that_do_not_fit_count_as_zero()
    {
        Tensor logits = Tensor.Parameter(Samples.Normal(3, 3 * Classes), 3, Classes);

        Tensor loss = Ctc.Loss(logits, [0, 1, 3, 3], [1, 2, 1, 1, 2], [0, 2, 4, 5]);
        loss.Backward();

        Assert.Equal(0, loss.Item());
        Assert.All(logits.Gradient.ToArray(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count() => Samples.AssertSameBitsOnAnyThreadCount(() =>
    {
        Tensor logits = Tensor.Parameter(Samples.Normal(3, 40 * 12 * Classes), 40 * 12, Classes);
        int[] offsets = [.. Enumerable.Range(0, 41).Select(s => s * 12)], ends = [.. Enumerable.Range(0, 41).Select(s => s * 3)];
        Tensor loss = Ctc.Loss(logits, offsets, [.. Enumerable.Range(0, 120).Select(i => 1 + (i % 2))], ends);
        loss.Backward();
        return [loss.ToArray(), logits.Gradient.ToArray()];
    });

    [Fact]
    public void Wrong_labels_are_refused()
    {
        Tensor logits = Tensor.Zeros(4, Classes);

        Assert.Throws<ShapeException>(() => Ctc.Loss(logits, [0, 4], [0], [0, 1]));
        Assert.Throws<ShapeException>(() => Ctc.Loss(logits, [0, 4], [3], [0, 1]));
        Assert.Throws<ShapeException>(() => Ctc.Loss(logits, [0, 4], [1], [0, 1], blank: 3));
        Assert.Throws<ShapeException>(() => Ctc.Loss(logits, [0, 5], [1], [0, 1]));
        Assert.Throws<ShapeException>(() => Ctc.Loss(logits, [0, 4], [1], [0, 0, 1]));
    }

    [Fact]
    public void Greedy_merges_repetitions_and_drops_blanks()
    {
        int[] path = [0, 1, 1, 0, 1, 2, 2, 0];
        float[] logits = [.. path.SelectMany(best => Enumerable.Range(0, Classes).Select(c => c == best ? 1f : 0f))];

        Assert.Equal([1, 1, 2], new CtcDecoder().Greedy(logits, Classes));
        Assert.Empty(new CtcDecoder().Greedy([], Classes));
    }

    [Fact]
    public void A_wide_beam_finds_every_reading_with_its_probability()
    {
        float[] logits = Samples.Normal(5, Steps * Classes);

        IReadOnlyList<CtcReading> readings = new CtcDecoder(beamWidth: 1000).Beam(logits, Classes);

        Dictionary<string, double> expected = Readings(logits);
        Assert.Equal(expected.Count, readings.Count);
        Assert.All(readings, reading => Assert.Equal(expected[Text(reading.Labels)], Math.Exp(reading.Score), 1e-6));
        Assert.Equal(readings.OrderByDescending(reading => reading.Score), readings);
    }

    [Fact]
    public void A_beam_finds_the_likeliest_reading_where_greedy_takes_the_likeliest_path()
    {
        // Step by step the blank is likeliest, yet more ways in all lead to the label.
        float[] logits = [MathF.Log(0.6f), MathF.Log(0.4f), MathF.Log(0.6f), MathF.Log(0.4f)];
        var decoder = new CtcDecoder(beamWidth: 2);

        CtcReading best = decoder.Beam(logits, 2)[0];

        Assert.Empty(decoder.Greedy(logits, 2));
        Assert.Equal([1], best.Labels);
        Assert.Equal(0.64, Math.Exp(best.Score), 1e-6);
    }

    [Fact]
    public void A_language_score_turns_the_reading()
    {
        float[] logits = [0, 2, 1.5f, 3, 0, 0];
        var decoder = new CtcDecoder(languageScore: (before, label) => before.Count == 0 && label == 2 ? 1 : 0);

        Assert.Equal([1], new CtcDecoder().Beam(logits, Classes)[0].Labels);
        Assert.Equal([2], decoder.Beam(logits, Classes)[0].Labels);
    }

    /// <summary>Every reading with the sum over its paths, by trying them all.</summary>
    private static Dictionary<string, double> Readings(float[] logits)
    {
        Dictionary<string, double> readings = [];
        for (int code = 0; code < Math.Pow(Classes, Steps); code++)
        {
            int[] path = [.. Enumerable.Range(0, Steps).Select(step => code / (int)Math.Pow(Classes, step) % Classes)];
            double probability = 1;
            for (int step = 0; step < Steps; step++)
            {
                double sum = Enumerable.Range(0, Classes).Sum(c => Math.Exp(logits[(step * Classes) + c]));
                probability *= Math.Exp(logits[(step * Classes) + path[step]]) / sum;
            }

            string text = Text([.. path.Where((label, step) => label != 0 && (step == 0 || path[step - 1] != label))]);
            readings[text] = readings.GetValueOrDefault(text) + probability;
        }

        return readings;
    }

    private static string Text(IReadOnlyList<int> labels) => string.Join(' ', labels);
}
