using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Assistant.Speech.Sound;

public sealed class WaveReaderTests
{
    [Theory]
    [InlineData(1, 8, new byte[] { 192 }, 0.5)]
    [InlineData(1, 16, new byte[] { 0, 64 }, 0.5)]
    [InlineData(1, 24, new byte[] { 0, 0, 192 }, -0.5)]
    [InlineData(1, 32, new byte[] { 0, 0, 0, 64 }, 0.5)]
    [InlineData(3, 32, new byte[] { 0, 0, 0, 191 }, -0.5)]
    [InlineData(7, 8, new byte[] { 0x80 }, 32_124 / 32_768.0)]
    [InlineData(6, 8, new byte[] { 0x2A }, -32_256 / 32_768.0)]
    public void Reads_every_way_to_write_a_sample(int coding, int bits, byte[] sample, double expected)
    {
        Waveform sound = WaveReader.Read(WaveFiles.Make(coding, bits, 1, 8_000, sample), "test");

        Assert.Equal(8_000, sound.Rate);
        Assert.Equal(expected, Assert.Single(sound.Samples), 6);
    }

    [Theory]
    [InlineData(0xFF, 0)]
    [InlineData(0x7F, 0)]
    [InlineData(0x00, -32_124)]
    [InlineData(0x8F, 16_764)]
    [InlineData(0xEF, 132)]
    public void Mu_law_has_the_values_of_its_standard(byte code, int expected) => Assert.Equal(expected, WaveReader.MuLaw(code));

    [Theory]
    [InlineData(0xD5, 8)]
    [InlineData(0x55, -8)]
    [InlineData(0xAA, 32_256)]
    [InlineData(0x95, 2_112)]
    public void A_law_has_the_values_of_its_standard(byte code, int expected) => Assert.Equal(expected, WaveReader.ALaw(code));

    [Fact]
    public void Averages_channels()
    {
        Waveform sound = WaveReader.Read(WaveFiles.Make(1, 8, 2, 16_000, [192, 128, 64, 128]), "test");

        Assert.Equal([0.25f, -0.25f], sound.Samples);
    }

    [Fact]
    public void Reads_a_file_that_says_it_is_longer_than_it_is()
    {
        Waveform sound = WaveReader.Read(WaveFiles.Make(1, 16, 1, 16_000, [0, 64, 0, 64], saidLength: -1), "test");

        Assert.Equal(2, sound.Samples.Length);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        float[] samples = WaveFiles.Tone(300, 0.1, new Random(1));

        Waveform read = WaveReader.Read(WaveWriter.Write(new Waveform(samples, 16_000)), "test");

        Assert.Equal(samples.Length, read.Samples.Length);
        Assert.All(samples.Zip(read.Samples), pair => Assert.InRange(pair.First - pair.Second, -5e-5f, 5e-5f));
    }

    [Theory]
    [InlineData(2, 4, 1, 16_000, "coding 2")]
    [InlineData(1, 12, 1, 16_000, "12 bits")]
    [InlineData(1, 16, 0, 16_000, "0 channels")]
    [InlineData(1, 16, 9, 16_000, "9 channels")]
    [InlineData(1, 16, 1, 100, "at 100 samples")]
    public void Refuses_what_it_can_not_read_and_says_what_it_can(int coding, int bits, int channels, int rate, string said)
    {
        ImportFormatException refused = Assert.Throws<ImportFormatException>(() => WaveReader.Read(WaveFiles.Make(coding, bits, channels, rate, new byte[32]), "order.wav"));

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Read are PCM of 8, 16, 24 and 32 bits", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_recording_that_is_too_long()
    {
        byte[] data = new byte[2 * 4_000 * (WaveReader.MostSeconds + 1)];

        ImportFormatException refused = Assert.Throws<ImportFormatException>(() => WaveReader.Read(WaveFiles.Make(1, 16, 1, 4_000, data), "long.wav"));

        Assert.Contains("at most 120", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_nothing_else_happens()
    {
        var random = new Random(5);
        byte[] whole = WaveFiles.Make(1, 16, 2, 16_000, [.. Enumerable.Range(0, 64).Select(i => (byte)i)]);
        int refused = 0;
        for (int round = 0; round < 4_000; round++)
        {
            byte[] file = [.. whole];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            file = file[..random.Next(file.Length + 1)];
            try
            {
                Waveform sound = WaveReader.Read(file, "fuzz");
                Assert.All(sound.Samples, sample => Assert.InRange(sample, -1, 1));
            }
            catch (ImportFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1_000, 3_999);
    }
}
