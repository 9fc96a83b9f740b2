#:project ../src/Cartwright.Learning/Cartwright.Learning.csproj
#:property PublishAot=false

// One process:   dotnet run samples/data-parallel.cs
// Four of them:  dotnet publish samples/data-parallel.cs -o out && mpirun -np 4 out/data-parallel
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

const int batchSize = 256;
using ProcessGroup? group = ProcessGroup.Join();
(int start, int end) = group?.PartOf(batchSize) ?? (0, batchSize);

// Which of 8 sectors of a ring a point lies in.
var model = new Sectors(new Random(1));
TrainingResult result = new Trainer(new TrainerOptions { Seed = 1, Epochs = 10, Group = group }, TimeProvider.System).Train(new TrainingPlan
{
    Model = model,
    Optimizer = new Adam(model, new AdamOptions { LearningRate = 0.01f }),
    StepsPerEpoch = 50,
    Examples = _ => end - start,
    Loss = step =>
    {
        (Tensor points, int[] sectors) = Points(Seeds.Random(step.Seed, 0));
        return CrossEntropy.Loss(model.Forward(points), sectors);
    },
});

if (group is null or { Rank: 0 })
{
    Console.WriteLine($"loss {result.History[0].Loss:F3} in the first epoch, {result.History[^1].Loss:F3} in the last, {group?.Size ?? 1} processes");
}

// All ranks draw the same batch and keep their part of it.
(Tensor Points, int[] Sectors) Points(Random random)
{
    double[] angles = [.. Enumerable.Range(0, batchSize).Select(_ => random.NextDouble() * Math.Tau)];
    double[] part = angles[start..end];
    float[] points = [.. part.SelectMany(angle => (float[])[(float)Math.Cos(angle), (float)Math.Sin(angle)])];
    return (Tensor.From(points, part.Length, 2), [.. part.Select(angle => (int)(angle / Math.Tau * 8))]);
}

internal sealed class Sectors(Random random) : Module
{
    private readonly Dense _inner = new(2, 64, random);
    private readonly Dense _outer = new(64, 8, random);

    protected override IEnumerable<Part> Parts => [new("inner", _inner), new("outer", _outer)];

    public Tensor Forward(Tensor x) => _outer.Forward(_inner.Forward(x).Tanh());
}
