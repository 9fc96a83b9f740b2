using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Vision;

/// <summary>Pictures in memory, with the class of each.</summary>
internal sealed record TaughtPictures(IReadOnlyList<Picture> Pictures, int[] Classes)
{
    /// <summary>The number of each in its set.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [];

    public int Count => Classes.Length;
}

/// <summary>Trains a network of pictures; validation pictures choose the epoch and set the chances right.</summary>
/// <remarks>
/// Stochastic gradient descent with Nesterov's momentum and one cycle of the learning rate (Smith and Topin, 2018), each picture changed anew
/// whenever it is learned from, by random numbers that follow from the step alone.
/// </remarks>
internal static class PictureTrainer
{
    private const float Momentum = 0.9f;
    private const float Rise = 0.25f;

    public static PictureModel Train(PictureLesson lesson, IReadOnlyList<string> classes, TaughtPictures train, TaughtPictures validation, int seed, TimeProvider clock,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var colors = PictureColors.Of(train.Pictures);
        PictureNetwork network = lesson.Network(classes.Count, seed);
        var batches = new ShuffledBatches(train.Count, Math.Min(lesson.BatchSize, train.Count));
        var schedule = new OneCycleSchedule(lesson.LearningRate, Math.Max(2, lesson.Epochs * batches.Count), Rise);
        float[] input = new float[Math.Min(lesson.BatchSize, train.Count) * Picture.Channels * lesson.Size * lesson.Size];
        var model = new PictureModel(lesson.Model, network, classes, colors);
        new Trainer(new TrainerOptions { Seed = seed, Epochs = lesson.Epochs, Patience = lesson.Epochs }, clock).Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Sgd(network, new SgdOptions
            {
                LearningRate = lesson.LearningRate, Momentum = Momentum, IsNesterov = true, WeightDecay = lesson.WeightDecay, Groups = [ParameterGroup.WithoutDecay],
            }),
            StepsPerEpoch = batches.Count,
            LearningRate = schedule.At,
            Metrics = [new("validation loss", HigherIsBetter: false), new("validation accuracy")],
            Loss = step =>
            {
                int[] rows = batches.Take(step).ToArray();
                Tensor x = See(lesson, train.Pictures, rows, colors, step.Seed, input);
                return CrossEntropy.Loss(network.Forward(x), [.. rows.Select(row => train.Classes[row])], new() { LabelSmoothing = lesson.LabelSmoothing });
            },
            Validate = validation.Count == 0 ? null : () => Judge(model, validation),
        }, progress is null ? null : new Epochs(progress, lesson.Model), cancellation);
        return new PictureModel(lesson.Model, network, classes, colors, PictureTemperature.Fit(model.Logits(validation.Pictures), validation.Classes));
    }

    /// <summary>A batch as the network sees it this time: [rows, 3, size, size].</summary>
    private static Tensor See(PictureLesson lesson, IReadOnlyList<Picture> pictures, int[] rows, PictureColors colors, ulong seed, float[] input)
    {
        int length = Picture.Channels * lesson.Size * lesson.Size;
        float[] hidden = [.. colors.Means];
        Parallel.For(0, rows.Length, i =>
        {
            Span<float> seen = input.AsSpan(i * length, length);
            lesson.Augmentation.Write(pictures[rows[i]], lesson.Size, Seeds.Random(seed, (ulong)i), hidden, seen);
            colors.Normalize(seen);
        });
        return Tensor.From(input.AsSpan(0, rows.Length * length), rows.Length, Picture.Channels, lesson.Size, lesson.Size);
    }

    private static double[] Judge(PictureModel model, TaughtPictures validation)
    {
        float[] chances = model.Chances(validation.Pictures);
        (double loss, double right) = (0, 0);
        for (int i = 0; i < validation.Count; i++)
        {
            ReadOnlySpan<float> of = chances.AsSpan(i * model.Classes.Count, model.Classes.Count);
            loss += Classification.LogLoss(of[validation.Classes[i]]);
            right += System.Numerics.Tensors.TensorPrimitives.IndexOfMax(of) == validation.Classes[i] ? 1 : 0;
        }

        return [loss / validation.Count, right / validation.Count];
    }

    private sealed class Epochs(IProgress<RunProgress> progress, string model) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.IsEpochDone)
            {
                var values = new Dictionary<string, double>(value.Metrics, StringComparer.Ordinal) { ["loss"] = value.Loss };
                progress.Report(new RunProgress($"training {model}", value.Epoch, value.Epochs, "epochs") { Values = values });
            }
        }
    }
}
