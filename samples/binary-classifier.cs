#:project ../src/Cartwright.Learning/Cartwright.Learning.csproj
#:property PublishAot=false

// Ten numbers in, yes or no out: a network of 10, 5 and 1 units learns whether two of the numbers have the same sign.
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

var random = new Random(1);
var network = new BinaryClassifier(random);
var optimizer = new Adam(network, new AdamOptions { LearningRate = 0.01f });
var schedule = new CosineSchedule(0.01f, steps: 3000);
for (int step = 0; step < 3000; step++)
{
    using var scope = TensorScope.Begin((ulong)step);
    (Tensor x, Tensor answers) = Examples.Draw(128, random);
    Tensor loss = BinaryCrossEntropy.Loss(network.Forward(x), answers);
    loss.Backward();
    optimizer.LearningRate = schedule.At(step);
    optimizer.Step();
    if (step % 500 == 0)
    {
        Console.WriteLine($"step {step}: loss {loss.Item():F3}");
    }
}

using var answering = TensorScope.Begin();
(Tensor unseen, Tensor expected) = Examples.Draw(1000, random);
float[] logits = network.Forward(unseen).ToArray();
int right = logits.Zip(expected.ToArray()).Count(pair => pair.First > 0 == pair.Second > 0);
Console.WriteLine($"{right / 10.0:F1} % of 1,000 new examples are answered right.");

internal sealed class BinaryClassifier(Random random) : Module
{
    private readonly Dense _first = new(10, 10, random);
    private readonly Dense _second = new(10, 5, random);
    private readonly Dense _output = new(5, 1, random);

    protected override IEnumerable<Part> Parts => [new("first", _first), new("second", _second), new("output", _output)];

    /// <param name="x">[batch, 10]</param>
    /// <returns>A logit, above 0 for yes: [batch, 1].</returns>
    public Tensor Forward(Tensor x) => _output.Forward(_second.Forward(_first.Forward(x).Relu()).Relu());
}

internal static class Examples
{
    /// <summary>Numbers from −1 to 1; the answer is yes where the first two have the same sign. The other eight say nothing.</summary>
    public static (Tensor Numbers, Tensor Answers) Draw(int count, Random random)
    {
        float[] numbers = [.. Enumerable.Range(0, count * 10).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] answers = [.. Enumerable.Range(0, count).Select(i => numbers[i * 10] * numbers[(i * 10) + 1] > 0 ? 1f : 0)];
        return (Tensor.From(numbers, count, 10), Tensor.From(answers, count, 1));
    }
}
