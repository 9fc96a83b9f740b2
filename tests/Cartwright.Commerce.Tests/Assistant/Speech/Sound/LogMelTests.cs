using System.Text.Json;
using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech.Sound;

public sealed class LogMelTests
{
    private const double ReferenceTolerance = 2e-3;

    [Fact]
    public void Agrees_with_numpy()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Assistant", "Speech", "References", "log_mel.json")));
        float[] signal = [.. Enumerable.Range(0, 1_600).Select(i => i / 16_000.0).Select(t => (float)((0.4 * Math.Sin(2 * Math.PI * 440 * t))
            + (0.2 * Math.Sin(2 * Math.PI * (1_500 + (8_000 * t)) * t)) + (0.05 * Math.Cos(2 * Math.PI * 6_000 * t))))];

        float[] rows = LogMel.Energies(signal);

        Assert.Equal(8 * LogMel.BandCount, rows.Length);
        foreach ((int place, int row) in new[] { 0, 3, 7 }.Index())
        {
            double[] expected = [.. reference.RootElement.GetProperty("rows")[place].EnumerateArray().Select(x => x.GetDouble())];
            Assert.All(expected.Index(), of => Assert.InRange(rows[(row * LogMel.BandCount) + of.Index], of.Item - ReferenceTolerance, of.Item + ReferenceTolerance));
        }
    }

    [Fact]
    public void Rows_have_mean_0_and_deviation_1_in_every_band_whatever_the_loudness()
    {
        var random = new Random(3);
        float[] loud = [.. Enumerable.Range(0, 16_000).Select(i => (float)(random.NextDouble() - 0.5) * (1 + MathF.Sin(i / 900f)))];
        float[] quiet = [.. loud.Select(x => x / 8)];

        float[] rows = LogMel.Rows(loud);
        float[] others = LogMel.Rows(quiet);

        for (int band = 0; band < LogMel.BandCount; band++)
        {
            float[] of = [.. rows.Where((_, i) => i % LogMel.BandCount == band)];
            Assert.Equal(0, of.Average(), 3);
            Assert.Equal(1, of.Average(x => x * x), 2);
        }

        Assert.All(rows.Zip(others), pair => Assert.InRange(pair.First - pair.Second, -0.1f, 0.1f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(399)]
    [InlineData(559)]
    public void The_shortest_sound_has_one_row(int samples) => Assert.Equal(LogMel.BandCount, LogMel.Rows(new float[samples]).Length);

    [Fact]
    public void The_transform_is_that_of_its_definition()
    {
        var random = new Random(9);
        float[] first = [.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() - 0.5f)];
        float[] second = [.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() - 0.5f)];
        float[] powers = new float[9];
        float[] others = new float[9];

        new FourierTransform(16).Powers(first, second, powers, others);

        Assert.All(powers.Index(), of => Assert.Equal(Power(first, of.Index), of.Item, 4));
        Assert.All(others.Index(), of => Assert.Equal(Power(second, of.Index), of.Item, 4));
    }

    private static double Power(float[] x, int frequency)
    {
        (double real, double imaginary) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            real += x[i] * Math.Cos(2 * Math.PI * frequency * i / x.Length);
            imaginary += x[i] * Math.Sin(2 * Math.PI * frequency * i / x.Length);
        }

        return (real * real) + (imaginary * imaginary);
    }
}
