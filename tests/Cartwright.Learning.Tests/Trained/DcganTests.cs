using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Trained;

/// <summary>The networks of samples/dcgan.cs, trained for real.</summary>
public sealed class DcganTests
{
    private const int Batch = 32;
    private const int PictureSize = 16 * 16;

    [Fact]
    public void The_generator_comes_to_draw_what_the_real_pictures_show()
    {
        var random = new Random(1);
        var generator = new Generator(random) { IsTraining = true };
        var discriminator = new Discriminator(random) { IsTraining = true };
        var generatorOptimizer = new Adam(generator, new AdamOptions { LearningRate = 0.001f, Beta1 = 0.5f });
        var discriminatorOptimizer = new Adam(discriminator, new AdamOptions { LearningRate = 0.001f, Beta1 = 0.5f });
        double before = Distance(generator);
        for (int step = 0; step < 300; step++)
        {
            using var scope = TensorScope.Begin((ulong)step);
            Tensor drawn = generator.Forward(Noise(Batch, random));
            Tensor copy = Tensor.From(drawn.Values, [.. drawn.Shape]);
            GanDiscriminator.Loss(discriminator.Forward(Disks(Batch, random)), discriminator.Forward(copy), GanObjective.NonSaturating).Backward();
            discriminatorOptimizer.Step();
            GanGenerator.Loss(discriminator.Forward(drawn), GanObjective.NonSaturating).Backward();
            generatorOptimizer.Step();
            discriminator.ClearGradients();
        }

        Assert.InRange(Distance(generator), 0, before / 4);
    }

    /// <summary>How far mean and deviation of every place are apart, drawn from real.</summary>
    private static double Distance(Generator generator)
    {
        using var scope = TensorScope.Begin();
        var random = new Random(9);
        generator.IsTraining = false;
        float[] drawn = generator.Forward(Noise(512, random)).ToArray();
        float[] real = Disks(512, random).ToArray();
        generator.IsTraining = true;
        double squares = 0;
        for (int place = 0; place < PictureSize; place++)
        {
            (double mean, double deviation) = Moments(drawn, place);
            (double realMean, double realDeviation) = Moments(real, place);
            squares += Math.Pow(mean - realMean, 2) + Math.Pow(deviation - realDeviation, 2);
        }

        return Math.Sqrt(squares / PictureSize);
    }

    private static (double Mean, double Deviation) Moments(float[] pictures, int place)
    {
        double[] numbers = [.. Enumerable.Range(0, pictures.Length / PictureSize).Select(i => (double)pictures[(i * PictureSize) + place])];
        double mean = numbers.Average();
        return (mean, Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean))));
    }

    private static Tensor Noise(int count, Random random) =>
        Tensor.From([.. Enumerable.Range(0, count * 16).Select(_ => (2 * random.NextSingle()) - 1)], count, 16);

    private static Tensor Disks(int count, Random random)
    {
        float[] numbers = new float[count * 16 * 16];
        for (int i = 0; i < count; i++)
        {
            (float left, float top, float radius) = (6 + (4 * random.NextSingle()), 6 + (4 * random.NextSingle()), 3 + (2 * random.NextSingle()));
            for (int place = 0; place < 16 * 16; place++)
            {
                float distance = float.Hypot((place % 16) - left, (place / 16) - top);
                numbers[(i * 16 * 16) + place] = Math.Clamp(2 * (radius - distance), -1, 1);
            }
        }

        return Tensor.From(numbers, count, 1, 16, 16);
    }

    private sealed class Generator(Random random) : Module
    {
        private readonly Dense _seed = new(16, 32 * 4 * 4, random);
        private readonly BatchNorm _seedNorm = new(32);
        private readonly ConvTranspose2d _grow = new(32, 16, 4, random, new ConvOptions { Stride = 2, Padding = 1 });
        private readonly BatchNorm _growNorm = new(16);
        private readonly ConvTranspose2d _paint = new(16, 1, 4, random, new ConvOptions { Stride = 2, Padding = 1 });

        protected internal override IEnumerable<Part> Parts =>
            [new("seed", _seed), new("seed_norm", _seedNorm), new("grow", _grow), new("grow_norm", _growNorm), new("paint", _paint)];

        /// <param name="noise">[batch, 16]</param>
        /// <returns>Pictures [batch, 1, 16, 16] from -1 to 1.</returns>
        public Tensor Forward(Tensor noise)
        {
            Tensor x = _seed.Forward(noise).Reshape(noise.Shape[0], 32, 4, 4);
            x = _grow.Forward(_seedNorm.Forward(x).Relu());             // [batch, 16, 8, 8]
            return _paint.Forward(_growNorm.Forward(x).Relu()).Tanh();
        }
    }

    private sealed class Discriminator(Random random) : Module
    {
        private readonly Conv2d _first = new(1, 16, 4, random, new ConvOptions { Stride = 2, Padding = 1 }, hasSpectralNorm: true);
        private readonly Conv2d _second = new(16, 32, 4, random, new ConvOptions { Stride = 2, Padding = 1 }, hasSpectralNorm: true);
        private readonly Dense _output = new(32 * 4 * 4, 1, random, hasSpectralNorm: true);

        protected internal override IEnumerable<Part> Parts => [new("conv1", _first), new("conv2", _second), new("output", _output)];

        /// <param name="x">[batch, 1, 16, 16]</param>
        /// <returns>A score for each picture, high for real ones: [batch, 1].</returns>
        public Tensor Forward(Tensor x) => _output.Forward(Leaky(_second.Forward(Leaky(_first.Forward(x)))).Flatten());

        private static Tensor Leaky(Tensor x) => x.Relu() - ((-x).Relu() * 0.2f);
    }
}
