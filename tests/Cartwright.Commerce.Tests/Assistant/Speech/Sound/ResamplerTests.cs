using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech.Sound;

public sealed class ResamplerTests
{
    private const int Edge = 200;

    [Theory]
    [InlineData(8_000, 16_000)]
    [InlineData(44_100, 16_000)]
    [InlineData(48_000, 16_000)]
    [InlineData(11, 10)]
    public void A_tone_stays_the_same_tone(int from, int to)
    {
        double turn = 0.05 * Math.Min(1, (double)to / from);     // of a turn a sample: far below what the lower rate can hold
        float[] tone = [.. Enumerable.Range(0, 4_000).Select(i => (float)Math.Sin(2 * Math.PI * turn * i))];

        float[] moved = Resampler.Resample(tone, from, to);

        Assert.InRange(moved.Length, (4_000L * to / from) - 1, (4_000L * to / from) + 1);
        Assert.All(Enumerable.Range(Edge, moved.Length - (2 * Edge)), i =>
            Assert.InRange(moved[i] - Math.Sin(2 * Math.PI * turn * i * from / to), -0.005, 0.005));
    }

    [Fact]
    public void What_the_lower_rate_can_not_hold_is_taken_away()
    {
        float[] tone = [.. Enumerable.Range(0, 8_000).Select(i => (float)Math.Sin(2 * Math.PI * 0.4 * i))];   // 19.2 kHz at 48 kHz

        float[] moved = Resampler.Resample(tone, 48_000, 16_000);

        Assert.All(moved[Edge..^Edge], x => Assert.InRange(x, -0.02, 0.02));
    }

    [Fact]
    public void The_same_rate_changes_nothing()
    {
        float[] samples = [0.1f, 0.2f];

        Assert.Same(samples, Resampler.Resample(samples, 8_000, 8_000));
    }
}
