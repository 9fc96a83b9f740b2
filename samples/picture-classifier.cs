#:project ../src/Cartwright.Learning/Cartwright.Learning.csproj
#:property PublishAot=false

// A network of three convolutions learns ten kinds of shapes: circle, square, triangle, cross and ring, filled bright or dark.
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

var random = new Random(1);
var network = new PictureClassifier(random) { IsTraining = true };
var optimizer = new Adam(network, new AdamOptions { LearningRate = 0.001f });
for (int step = 1; step <= 250; step++)
{
    using var scope = TensorScope.Begin((ulong)step);
    (Tensor pictures, int[] kinds) = Shapes.Draw(64, random);
    Tensor loss = CrossEntropy.Loss(network.Forward(pictures), kinds);
    loss.Backward();
    optimizer.Step();
    if (step % 50 == 0)
    {
        Console.WriteLine($"step {step}: loss {loss.Item():F3}");
    }
}

using var answering = TensorScope.Begin();
network.IsTraining = false;
(Tensor unseen, int[] expected) = Shapes.Draw(1000, random);
int[] found = network.Forward(unseen).ArgMax();
Console.WriteLine($"{found.Zip(expected).Count(pair => pair.First == pair.Second) / 10.0:F1} % of 1,000 new pictures are recognized.");

internal sealed class PictureClassifier(Random random) : Module
{
    private readonly Conv2d _first = new(3, 32, 3, random);
    private readonly Conv2d _second = new(32, 64, 3, random);
    private readonly Conv2d _third = new(64, 64, 3, random);
    private readonly Dense _inner = new(64 * 4 * 4, 64, random);
    private readonly Dense _output = new(64, 10, random);

    protected override IEnumerable<Part> Parts =>
        [new("conv1", _first), new("conv2", _second), new("conv3", _third), new("inner", _inner), new("output", _output)];

    /// <param name="x">[batch, 3, 32, 32]</param>
    /// <returns>A logit for each of ten kinds: [batch, 10].</returns>
    public Tensor Forward(Tensor x)
    {
        x = _first.Forward(x, thenRelu: true).MaxPool2d(2);          // [batch, 32, 15, 15]
        x = _second.Forward(x, thenRelu: true).MaxPool2d(2);         // [batch, 64, 6, 6]
        x = _third.Forward(x, thenRelu: true);                       // [batch, 64, 4, 4]
        return _output.Forward(_inner.Forward(x.Flatten()).Relu());
    }
}

/// <summary>Noisy pictures of one shape each, of any color, size and place.</summary>
internal static class Shapes
{
    public static (Tensor Pictures, int[] Kinds) Draw(int count, Random random)
    {
        float[] numbers = new float[count * 3 * 32 * 32];
        int[] kinds = new int[count];
        for (int i = 0; i < count; i++)
        {
            kinds[i] = random.Next(10);
            (float left, float top, float radius) = (10 + (12 * random.NextSingle()), 10 + (12 * random.NextSingle()), 5 + (5 * random.NextSingle()));
            for (int channel = 0; channel < 3; channel++)
            {
                float ground = random.NextSingle() - 0.5f;
                float paint = ground + ((kinds[i] < 5 ? 1 : -1) * (0.5f + (0.5f * random.NextSingle())));
                for (int place = 0; place < 32 * 32; place++)
                {
                    bool isInside = Covers(kinds[i] % 5, ((place % 32) - left) / radius, ((place / 32) - top) / radius);
                    numbers[(((i * 3) + channel) * 32 * 32) + place] = (isInside ? paint : ground) + (0.2f * (random.NextSingle() - 0.5f));
                }
            }
        }

        return (Tensor.From(numbers, count, 3, 32, 32), kinds);
    }

    private static bool Covers(int shape, float x, float y) => shape switch
    {
        0 => (x * x) + (y * y) < 1,
        1 => MathF.Max(MathF.Abs(x), MathF.Abs(y)) < 0.9f,
        2 => y < 0.8f && y > (2 * MathF.Abs(x)) - 1,
        3 => MathF.Min(MathF.Abs(x), MathF.Abs(y)) < 0.3f && MathF.Max(MathF.Abs(x), MathF.Abs(y)) < 1,
        _ => (x * x) + (y * y) is < 1 and > 0.35f,
    };
}
