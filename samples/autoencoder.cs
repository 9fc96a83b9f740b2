#:project ../src/Cartwright.Learning/Cartwright.Learning.csproj
#:property PublishAot=false

// 64 numbers through 4 and back: a network learns what pictures of one spot have in common, and what is no such picture shows.
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

var random = new Random(1);
var network = new Autoencoder(random);
var optimizer = new Adam(network, new AdamOptions());
var schedule = new WarmUpSchedule(100, new CosineSchedule(0.01f, steps: 3000));
for (int step = 0; step < 3000; step++)
{
    using var scope = TensorScope.Begin((ulong)step);
    Tensor pictures = Spots.Draw(64, random);
    Tensor loss = MeanSquaredError.Loss(network.Forward(pictures), pictures);
    loss.Backward();
    optimizer.LearningRate = schedule.At(step);
    optimizer.Step();
    if (step % 500 == 0)
    {
        Console.WriteLine($"step {step}: loss {loss.Item():F4}");
    }
}

using var answering = TensorScope.Begin();
Tensor spots = Spots.Draw(1000, random);
Tensor noise = Tensor.From([.. Enumerable.Range(0, 64_000).Select(_ => random.NextSingle())], 1000, 64);
Console.WriteLine($"New spots come back with an error of {MeanSquaredError.Loss(network.Forward(spots), spots).Item():F4}, "
    + $"noise with one of {MeanSquaredError.Loss(network.Forward(noise), noise).Item():F4}.");

internal sealed class Autoencoder(Random random) : Module
{
    private readonly Dense _encoder = new(64, 32, random);
    private readonly Dense _code = new(32, 4, random);
    private readonly Dense _decoder = new(4, 32, random);
    private readonly Dense _output = new(32, 64, random);

    protected override IEnumerable<Part> Parts =>
        [new("encoder", _encoder), new("code", _code), new("decoder", _decoder), new("output", _output)];

    /// <param name="x">[batch, 64]</param>
    /// <returns>The same as far as four numbers can tell it: [batch, 64].</returns>
    public Tensor Forward(Tensor x) =>
        _output.Forward(_decoder.Forward(_code.Forward(_encoder.Forward(x).Swish()).Swish()).Swish());
}

internal static class Spots
{
    /// <summary>Pictures of 8 × 8 with one soft spot somewhere: [count, 64].</summary>
    public static Tensor Draw(int count, Random random)
    {
        float[] pictures = new float[count * 64];
        for (int i = 0; i < count; i++)
        {
            (float left, float top, float size) = (1.5f + (4 * random.NextSingle()), 1.5f + (4 * random.NextSingle()), 1.5f + random.NextSingle());
            for (int place = 0; place < 64; place++)
            {
                (float x, float y) = ((place % 8) - left, (place / 8) - top);
                pictures[(i * 64) + place] = MathF.Exp(-((x * x) + (y * y)) / (2 * size * size));
            }
        }

        return Tensor.From(pictures, count, 64);
    }
}
