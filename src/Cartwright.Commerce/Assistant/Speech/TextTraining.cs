using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Assistant.Speech;

/// <param name="Samples">At <see cref="Waveform.SpeechRate"/>.</param>
/// <param name="Text">As it is said: letters of <see cref="SpeechAlphabet"/>.</param>
internal sealed record SpokenText(float[] Samples, string Text);

/// <summary>Teaches a network to write down what is said, each recording changed anew whenever it is learned from.</summary>
internal static class TextTraining
{
    private const int BatchSize = 16;
    private const int LeastSteps = 8;                            // of an epoch, where there are few recordings
    private const float WeightDecay = 0.01f;
    private const float LongestGradient = 5;

    /// <param name="rate">Highest learning rate; it rises and falls once.</param>
    /// <param name="perEpoch">Recordings drawn for each epoch; null for all of them.</param>
    public static void Train(TextNetwork network, IReadOnlyList<SpokenText> spoken, int epochs, float rate, SoundAugmentation augmentation, int seed, TimeProvider clock, string what,
        IProgress<RunProgress>? progress, CancellationToken cancellation, int? perEpoch = null)
    {
        int[][] labels = [.. spoken.Select(of => SpeechAlphabet.Encode(of.Text))];
        var batches = new ShuffledBatches(spoken.Count, Math.Clamp(spoken.Count / LeastSteps, 1, BatchSize));
        int steps = Math.Min(batches.Count, Math.Max(LeastSteps, (perEpoch ?? int.MaxValue) / BatchSize));
        new Trainer(new TrainerOptions { Seed = seed, Epochs = epochs, MaxGradientNorm = LongestGradient }, clock).Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions { LearningRate = rate, WeightDecay = WeightDecay, Groups = [ParameterGroup.WithoutDecay] }),
            StepsPerEpoch = steps,
            LearningRate = new OneCycleSchedule(rate, Math.Max(2, epochs * steps)).At,
            Loss = step =>
            {
                int[] rows = batches.Take(step).ToArray();
                var heard = new float[rows.Length][];
                Parallel.For(0, rows.Length, i => heard[i] = augmentation.Apply(spoken[rows[i]].Samples, Seeds.Random(step.Seed, (ulong)i)));
                var batch = new SpeechBatch(heard);
                int[] ends = new int[rows.Length + 1];
                for (int i = 0; i < rows.Length; i++)
                {
                    ends[i + 1] = ends[i] + labels[rows[i]].Length;
                }

                return Ctc.Loss(network.Forward(batch), batch.Offsets, [.. rows.SelectMany(row => labels[row])], ends, SpeechAlphabet.Blank);
            },
        }, progress is null ? null : new EpochProgress(progress, what), cancellation);
    }
}
