using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Training;

/// <summary>Three dense layers that tell rings around four centers apart: what is inspected and compressed.</summary>
internal sealed class SmallClassifier(int hiddenSize, Random random) : Module
{
    public const int InputSize = 12;
    public const int ClassCount = 4;

    public Dense First { get; } = new(InputSize, hiddenSize, random);

    public Dense Second { get; } = new(hiddenSize, hiddenSize, random);

    public Dense Output { get; } = new(hiddenSize, ClassCount, random);

    protected internal override IEnumerable<Part> Parts => [new("first", First), new("second", Second), new("output", Output)];

    public static SmallClassifier Trained(int hiddenSize = 64, int epochs = 12)
    {
        SmallClassifier model = new(hiddenSize, new Random(1));
        model.Train(epochs);
        return model;
    }

    public Tensor Forward(Tensor x) => Output.Forward(Second.Forward(First.Forward(x).Relu()).Relu());

    /// <param name="loss">Of logits, examples and classes; cross-entropy unless given.</param>
    public TrainingResult Train(int epochs, Func<Tensor, Tensor, int[], Tensor>? loss = null, int exampleCount = 2000, Action? afterStep = null)
    {
        (float[] x, int[] classes) = Examples(1, exampleCount);
        ShuffledBatches batches = new(exampleCount, 50);
        return new Trainer(new TrainerOptions { Seed = 1, Epochs = epochs }, TimeProvider.System).Train(new TrainingPlan
        {
            Model = this,
            Optimizer = new Adam(this, new AdamOptions { LearningRate = 0.005f }),
            StepsPerEpoch = batches.Count,
            AfterStep = afterStep,
            Loss = step =>
            {
                int[] members = batches.Take(step).ToArray();
                Tensor batch = Tensor.From([.. members.SelectMany(i => x[(i * InputSize)..((i + 1) * InputSize)])], members.Length, InputSize);
                int[] right = [.. members.Select(i => classes[i])];
                return loss is null ? CrossEntropy.Loss(Forward(batch), right) : loss(Forward(batch), batch, right);
            },
        });
    }

    /// <summary>Share of fresh examples that it classifies rightly.</summary>
    public double Accuracy()
    {
        (float[] x, int[] classes) = Examples(2, 1000);
        using var scope = TensorScope.Begin();
        Tensor logits = Forward(Tensor.From(x, classes.Length, InputSize));
        return classes.Select((right, i) =>
            System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits.Values.Slice(i * ClassCount, ClassCount)) == right ? 1.0 : 0).Average();
    }

    /// <summary>The class is the quadrant of two products of inputs: no straight line tells.</summary>
    public static (float[] X, int[] Classes) Examples(int seed, int count)
    {
        var random = new Random(seed);
        float[] x = new float[count * InputSize];
        int[] classes = new int[count];
        for (int i = 0; i < count; i++)
        {
            Span<float> row = x.AsSpan(i * InputSize, InputSize);
            for (int j = 0; j < InputSize; j++)
            {
                row[j] = (2 * random.NextSingle()) - 1;
            }

            classes[i] = ((row[0] * row[1]) + (0.3f * row[2]) > 0 ? 1 : 0) + (row[3] + (row[4] * row[4]) > 0.3f ? 2 : 0);
        }

        return (x, classes);
    }
}
