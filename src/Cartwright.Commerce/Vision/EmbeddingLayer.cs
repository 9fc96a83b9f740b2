using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Vision;

/// <summary>Teaches a layer to tell classes by what a network that does not learn saw in pictures.</summary>
internal sealed record EmbeddingLayer
{
    private const float LearningRate = 2e-3f;
    private const float WeightDecay = 0.05f;

    public required int BatchSize { get; init; }

    public required int Epochs { get; init; }

    /// <summary>Passes without a better loss on validation after which it stops.</summary>
    public required int Patience { get; init; }

    /// <summary>Share of each target that is spread over all classes.</summary>
    public float LabelSmoothing { get; init; }

    /// <param name="seen">What was seen of a picture, by its row; where it was looked at more than once, the random number says which look.</param>
    /// <param name="targets">Class of each row.</param>
    /// <param name="validate">Loss on validation pictures after a pass; null where there are none.</param>
    public void Teach(Dense layer, Func<int, Random, ReadOnlyMemory<float>> seen, int[] targets, Func<double>? validate, int seed, TimeProvider clock, CancellationToken cancellation)
    {
        int width = layer.Weight.Shape[1];
        var batches = new ShuffledBatches(targets.Length, Math.Min(BatchSize, targets.Length));
        var schedule = new OneCycleSchedule(LearningRate, Math.Max(2, Epochs * batches.Count), 0.1f);
        new Trainer(new TrainerOptions { Seed = seed, Epochs = Epochs, Patience = Patience }, clock).Train(new TrainingPlan
        {
            Model = layer,
            Optimizer = new Adam(layer, new AdamOptions { LearningRate = LearningRate, WeightDecay = WeightDecay }),
            StepsPerEpoch = batches.Count,
            LearningRate = schedule.At,
            Metrics = [new("validation loss", HigherIsBetter: false)],
            Loss = step =>
            {
                int[] rows = batches.Take(step).ToArray();
                Random random = Seeds.Random(step.Seed, 0);
                float[] x = new float[rows.Length * width];
                for (int i = 0; i < rows.Length; i++)
                {
                    seen(rows[i], random).Span.CopyTo(x.AsSpan(i * width));
                }

                return CrossEntropy.Loss(layer.Forward(Tensor.From(x, rows.Length, width)), [.. rows.Select(row => targets[row])], new() { LabelSmoothing = LabelSmoothing });
            },
            Validate = validate is null ? null : () => [validate()],
        }, cancellationToken: cancellation);
    }

    /// <returns>Of every row: [rows, classes].</returns>
    public static float[] Logits(Dense layer, float[] rows)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        int width = layer.Weight.Shape[1];
        return layer.Forward(Tensor.From(rows, rows.Length / width, width)).ToArray();
    }

    /// <summary>Mean over rows of the log loss, before the chances are set right.</summary>
    public static double Loss(float[] logits, int[] targets)
    {
        int classes = logits.Length / targets.Length;
        float[] chances = PictureTemperature.Softmax(logits, classes, 1);
        return targets.Select((target, row) => Classification.LogLoss(chances[(row * classes) + target])).Average();
    }
}
