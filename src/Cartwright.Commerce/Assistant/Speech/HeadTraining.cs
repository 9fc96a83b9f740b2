using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Recordings with the class of each head, by number; -1 for what a head can't name.</summary>
internal sealed record TaughtRecordings(IReadOnlyList<float[]> Sounds, IReadOnlyList<int[]> Classes)
{
    public int Count => Sounds.Count;
}

/// <summary>Trains the heads, each recording changed anew whenever it is learned from; validation recordings choose the epoch.</summary>
internal static class HeadTraining
{
    private const int BatchSize = 32;
    private const int LeastSteps = 8;                            // of an epoch, where there are few recordings
    private const float Rate = 0.002f;
    private const float WeightDecay = 0.01f;
    private const float Smoothing = 0.05f;
    private const float LongestGradient = 5;
    private const int Unknown = -1;

    /// <param name="network">Fresh, or with an encoder that was taught before.</param>
    public static void Train(HeadNetwork network, TaughtRecordings train, TaughtRecordings validation, int epochs, SoundAugmentation augmentation, int seed, TimeProvider clock,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var batches = new ShuffledBatches(train.Count, Math.Clamp(train.Count / LeastSteps, 1, BatchSize));
        float[][] judged = [.. validation.Sounds.AsParallel().AsOrdered().Select(sound => LogMel.Rows(sound))];
        new Trainer(new TrainerOptions { Seed = seed, Epochs = epochs, Patience = epochs, MaxGradientNorm = LongestGradient }, clock).Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions { LearningRate = Rate, WeightDecay = WeightDecay, Groups = [ParameterGroup.WithoutDecay] }),
            StepsPerEpoch = batches.Count,
            LearningRate = new OneCycleSchedule(Rate, Math.Max(2, epochs * batches.Count)).At,
            Metrics = [new("validation loss", HigherIsBetter: false), new("validation accuracy")],
            Loss = step =>
            {
                int[] rows = batches.Take(step).ToArray();
                var heard = new float[rows.Length][];
                Parallel.For(0, rows.Length, i => heard[i] = augmentation.Apply(train.Sounds[rows[i]], Seeds.Random(step.Seed, (ulong)i)));
                Tensor[] heads = network.Forward(new SpeechBatch(heard));
                return heads.Select((logits, head) => CrossEntropy.Loss(logits, [.. rows.Select(row => train.Classes[row][head])], new() { LabelSmoothing = Smoothing, IgnoreIndex = Unknown }))
                    .Aggregate((sum, loss) => sum + loss);
            },
            Validate = validation.Count == 0 ? null : () => Judge(Chances(network, judged), validation),
        }, progress is null ? null : new EpochProgress(progress, "hearing"), cancellation);
    }

    /// <param name="heard">Rows of each recording.</param>
    /// <returns>Of each recording and head the chance of each class.</returns>
    public static float[][][] Chances(HeadNetwork network, IReadOnlyList<float[]> heard)
    {
        var chances = new float[heard.Count][][];
        for (int start = 0; start < heard.Count; start += BatchSize)
        {
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            float[][] some = [.. heard.Skip(start).Take(BatchSize)];
            Tensor[] heads = [.. network.Forward(new SpeechBatch(some)).Select(logits => logits.Softmax())];
            for (int i = 0; i < some.Length; i++)
            {
                chances[start + i] = [.. heads.Select(head => head.Values.Slice(i * head.Columns, head.Columns).ToArray())];
            }
        }

        return chances;
    }

    private static double[] Judge(float[][][] chances, TaughtRecordings validation)
    {
        (double loss, double right) = (0, 0);
        for (int i = 0; i < validation.Count; i++)
        {
            bool isRight = true;
            for (int head = 0; head < chances[i].Length; head++)
            {
                int actual = validation.Classes[i][head];
                loss += Classification.LogLoss(actual < 0 ? 0 : chances[i][head][actual]);
                isRight &= System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(chances[i][head]) == actual;
            }

            right += isRight ? 1 : 0;
        }

        return [loss / validation.Count, right / validation.Count];
    }
}

/// <summary>Tells of each epoch of a training.</summary>
internal sealed class EpochProgress(IProgress<RunProgress> progress, string what) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.IsEpochDone)
        {
            progress.Report(new RunProgress($"training {what}", value.Epoch, value.Epochs, "epochs")
            {
                Values = new Dictionary<string, double>(value.Metrics, StringComparer.Ordinal) { ["loss"] = value.Loss },
            });
        }
    }
}
