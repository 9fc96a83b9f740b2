#:project ../src/Cartwright.Learning/Cartwright.Learning.csproj
#:property PublishAot=false

// Two networks play against each other until one of them draws disks that the other takes for real ones.
// Radford, Metz and Chintala, "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks", 2016.
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

const int Batch = 32;
var random = new Random(1);
var generator = new Generator(random) { IsTraining = true };
var discriminator = new Discriminator(random) { IsTraining = true };
var generatorOptimizer = new Adam(generator, new AdamOptions { LearningRate = 0.001f, Beta1 = 0.5f });
var discriminatorOptimizer = new Adam(discriminator, new AdamOptions { LearningRate = 0.001f, Beta1 = 0.5f });
for (int step = 1; step <= 600; step++)
{
    using var scope = TensorScope.Begin((ulong)step);
    Tensor drawn = generator.Forward(Noise(Batch));

    // What is real shall get a high score, what is drawn a low one. The copy keeps this gradient from the generator.
    Tensor copy = Tensor.From(drawn.Values, [.. drawn.Shape]);
    Tensor loss = GanDiscriminator.Loss(discriminator.Forward(Disks(Batch)), discriminator.Forward(copy), GanObjective.NonSaturating);
    loss.Backward();
    discriminatorOptimizer.Step();

    Tensor generatorLoss = GanGenerator.Loss(discriminator.Forward(drawn), GanObjective.NonSaturating);
    generatorLoss.Backward();
    generatorOptimizer.Step();
    discriminator.ClearGradients();
    if (step % 100 == 0)
    {
        Console.WriteLine($"step {step}: discriminator {loss.Item():F3}, generator {generatorLoss.Item():F3}");
    }
}

generator.IsTraining = false;
using var answering = TensorScope.Begin();
float[] picture = generator.Forward(Noise(1)).ToArray();
foreach (float[] row in picture.Chunk(16))
{
    Console.WriteLine(string.Concat(row.Select(x => x > 0.5f ? "##" : x > -0.5f ? "++" : "  ")));
}

Tensor Noise(int count) => Tensor.From([.. Enumerable.Range(0, count * 16).Select(_ => (2 * random.NextSingle()) - 1)], count, 16);

// Bright disks of any size and place on a dark ground: [count, 1, 16, 16] from -1 to 1.
Tensor Disks(int count)
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

internal sealed class Generator(Random random) : Module
{
    private readonly Dense _seed = new(16, 32 * 4 * 4, random);
    private readonly BatchNorm _seedNorm = new(32);
    private readonly ConvTranspose2d _grow = new(32, 16, 4, random, new ConvOptions { Stride = 2, Padding = 1 });
    private readonly BatchNorm _growNorm = new(16);
    private readonly ConvTranspose2d _paint = new(16, 1, 4, random, new ConvOptions { Stride = 2, Padding = 1 });

    protected override IEnumerable<Part> Parts =>
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

internal sealed class Discriminator(Random random) : Module
{
    private readonly Conv2d _first = new(1, 16, 4, random, new ConvOptions { Stride = 2, Padding = 1 }, hasSpectralNorm: true);
    private readonly Conv2d _second = new(16, 32, 4, random, new ConvOptions { Stride = 2, Padding = 1 }, hasSpectralNorm: true);
    private readonly Dense _output = new(32 * 4 * 4, 1, random, hasSpectralNorm: true);

    protected override IEnumerable<Part> Parts => [new("conv1", _first), new("conv2", _second), new("output", _output)];

    /// <param name="x">[batch, 1, 16, 16]</param>
    /// <returns>A score for each picture, high for real ones: [batch, 1].</returns>
    public Tensor Forward(Tensor x) => _output.Forward(Leaky(_second.Forward(Leaky(_first.Forward(x)))).Flatten());

    private static Tensor Leaky(Tensor x) => x.Relu() - ((-x).Relu() * 0.2f);
}
