using Cartwright.Learning.Tables;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Tables;

public sealed class AutoencoderTests
{
    private const int Width = 8;

    [Fact]
    public void Rows_made_of_two_numbers_come_back_from_two_numbers_and_others_do_not()
    {
        float[] rows = Rows(seed: 1, count: 1_500);
        Autoencoder model = New(seed: 1);

        AutoencoderTraining.Fit(model, rows, seed: 1);

        var random = new Random(2);
        float[] strange = [.. Enumerable.Range(0, 200 * Width).Select(_ => (random.NextSingle() * 4) - 2)];
        float[] usual = Rows(seed: 3, count: 200);
        Assert.InRange(Error(model, usual), 0, 0.05);
        Assert.True(Error(model, strange) > 10 * Error(model, usual), $"{Error(model, strange)} against {Error(model, usual)}");
    }

    [Fact]
    public void The_same_seed_learns_the_same_bits()
    {
        float[] rows = Rows(seed: 1, count: 300);
        (Autoencoder first, Autoencoder second, Autoencoder other) = (New(seed: 4), New(seed: 4), New(seed: 5));

        AutoencoderTraining.Fit(first, rows, seed: 4);
        AutoencoderTraining.Fit(second, rows, seed: 4);
        AutoencoderTraining.Fit(other, rows, seed: 5);

        Assert.Equal(AutoencoderTraining.Encode(first, rows), AutoencoderTraining.Encode(second, rows));
        Assert.NotEqual(AutoencoderTraining.Encode(first, rows), AutoencoderTraining.Encode(other, rows));
    }

    [Fact]
    public void The_loss_has_the_gradient_of_its_numbers()
    {
        Autoencoder model = New(seed: 6);
        float[] rows = Rows(seed: 7, count: 5);

        NumericalGradient.Assert(() => model.Loss(Tensor.From(rows, 5, Width)), model.Parameters());
    }

    [Fact]
    public void Rows_that_are_not_whole_are_refused()
    {
        Assert.Throws<ShapeException>(() => AutoencoderTraining.Fit(New(seed: 1), new float[Width + 1], seed: 1));
        Assert.Throws<ShapeException>(() => AutoencoderTraining.Encode(New(seed: 1), new float[Width + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Autoencoder(new AutoencoderOptions { InputSize = 0 }, new Random(1)));
    }

    private static Autoencoder New(int seed) => new(new AutoencoderOptions { InputSize = Width, CodeSize = 2, HiddenSize = 24 }, new Random(seed));

    private static double Error(Autoencoder model, float[] rows) =>
        rows.Zip(AutoencoderTraining.Reconstruct(model, rows), (x, back) => Math.Pow(x - back, 2)).Average();

    /// <summary>Each number is a smooth function of the same two.</summary>
    private static float[] Rows(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).SelectMany(_ =>
        {
            (float a, float b) = ((2 * random.NextSingle()) - 1, (2 * random.NextSingle()) - 1);
            return Enumerable.Range(0, Width).Select(i => MathF.Sin((a * (1 + i)) / 3) + (b * MathF.Cos(i)));
        })];
    }
}
