using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Training;

/// <summary>A small classifier over sequences that uses every layer there is: what trainer tests train.</summary>
internal sealed class SmallTraining : Module
{
    private const int TokenCount = 400;
    private const int ClassCount = 40;
    private const int HiddenSize = 32;
    private readonly Embedding _tokens;
    private readonly EmbeddingBag _bags;
    private readonly TransformerBlock _block;
    private readonly LayerNorm _norm = new(HiddenSize);
    private readonly Dense _output;

    private SmallTraining(Random random)
    {
        _tokens = new Embedding(TokenCount, HiddenSize, random, 0.5f);
        _bags = new EmbeddingBag(TokenCount, HiddenSize, random, 0.5f);
        _block = new TransformerBlock(HiddenSize, 2, 64, 0.1f, random);
        _output = new Dense(HiddenSize, ClassCount, random);
    }

    protected internal override IEnumerable<Part> Parts =>
        [new("tokens", _tokens), new("bags", _bags), new("block", _block), new("norm", _norm), new("output", _output)];

    public static TrainingPlan Plan(int seed, Func<IReadOnlyList<double>>? validate = null, int stepsPerEpoch = 20)
    {
        SmallTraining model = new(new Random(seed));
        return new TrainingPlan
        {
            Model = model,
            Optimizer = new Adam(model, new AdamOptions { LearningRate = 0.003f, UpdatesTouchedRowsOnly = true }),
            StepsPerEpoch = stepsPerEpoch,
            LearningRate = step => 0.003f * Math.Min(1, (step + 1) / 10f),
            Loss = model.Loss,
            Validate = validate,
        };
    }

    /// <summary>All weights, to be compared bit for bit.</summary>
    public static Dictionary<string, float[]> WeightsOf(TrainingPlan plan) =>
        plan.Model.Parameters().ToDictionary(p => p.Key, p => p.Value.ToArray());

    /// <summary>Each token's class is its number modulo the classes, to be found out.</summary>
    private Tensor Loss(TrainingStep step)
    {
        Random random = Seeds.Random(step.Seed, 0);
        int[] offsets = new int[33];
        for (int i = 1; i < offsets.Length; i++)
        {
            offsets[i] = offsets[i - 1] + random.Next(1, 20);
        }

        int[] tokens = [.. Enumerable.Range(0, offsets[^1]).Select(_ => random.Next(TokenCount))];
        int[] classes = [.. tokens.Select(t => t % ClassCount)];
        int[] bagOffsets = [.. Enumerable.Range(0, tokens.Length + 1)];
        Tensor x = _tokens.Forward(tokens) + _bags.Forward(tokens, bagOffsets);
        Tensor hidden = _norm.Forward(_block.Forward(x, offsets, causal: true));
        return CrossEntropy.Loss(_output.Forward(hidden), classes)
            + TableCrossEntropy.Loss(hidden, _output.Weight, classes)
            + SampledSoftmax.Loss(hidden, _output.Weight.TakeRows(classes), _output.Weight.TakeRows([0, 3, 3, 9]), classes, [0, 3, 3, 9], new float[4]);
    }
}
