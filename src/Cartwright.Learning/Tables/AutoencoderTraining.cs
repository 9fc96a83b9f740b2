using Cartwright.Learning.Autograd;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tables;

/// <summary>Trains an <see cref="Autoencoder"/>, and asks it for many rows at once.</summary>
public static class AutoencoderTraining
{
    private const int RowsAtOnce = 4096;
    private const int FewestSteps = 1_500;
    private const int Patience = 10;
    private const float LearningRate = 0.003f;

    /// <summary>Learns from nine tenths of the rows and keeps the weights of the epoch at which the last tenth came back best.</summary>
    /// <param name="model">Drawn from the same seed.</param>
    /// <param name="rows">[rows, InputSize], in no order that means something; 2 rows or more.</param>
    /// <param name="seed">Same seed and rows give the same weights, bit for bit.</param>
    /// <exception cref="ShapeException">The numbers don't fill rows, or there are fewer than 2.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static TrainingResult Fit(Autoencoder model, float[] rows, int seed, TimeProvider? clock = null, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        int size = model.Options.InputSize;
        int count = rows.Length / size;
        ShapeException.Require(
            count >= 2 && rows.Length % size == 0, $"An autoencoder learns from two rows or more of {size} numbers each; found {rows.Length} numbers.");
        int wrong = rows.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Row {wrong / size} holds {rows[wrong]}; an autoencoder learns from finite numbers. Leave the row out.", nameof(rows));
        }

        int learned = count - Math.Max(1, count / 10);
        var batches = new ShuffledBatches(learned, Math.Clamp(learned / 50, 32, 256));
        int epochs = Math.Clamp(FewestSteps / batches.Count, 20, 200);
        var optimizer = new Adam(model, new AdamOptions { LearningRate = LearningRate });
        var schedule = new OneCycleSchedule(LearningRate, epochs * batches.Count, rise: 0.1f);
        float[] held = rows[(learned * size)..];
        var trainer = new Trainer(new TrainerOptions { Seed = seed, Epochs = epochs, Patience = Patience, MaxGradientNorm = 5 }, clock ?? TimeProvider.System);
        return trainer.Train(new TrainingPlan
        {
            Model = model,
            Optimizer = optimizer,
            StepsPerEpoch = batches.Count,
            LearningRate = schedule.At,
            Metrics = [new("validation loss", HigherIsBetter: false)],
            Loss = step =>
            {
                ReadOnlySpan<int> batch = batches.Take(step);
                float[] numbers = new float[batch.Length * size];
                for (int i = 0; i < batch.Length; i++)
                {
                    rows.AsSpan(batch[i] * size, size).CopyTo(numbers.AsSpan(i * size));
                }

                return model.Loss(Tensor.From(numbers, batch.Length, size));
            },
            Validate = () => [MeanError(model, held)],
        }, progress, cancellation);
    }

    /// <param name="rows">[rows, InputSize]</param>
    /// <returns>[rows, CodeSize]</returns>
    public static float[] Encode(Autoencoder model, float[] rows) => InParts(model, rows, model.Options.CodeSize, model.Encode);

    /// <summary>What comes back of each row.</summary>
    /// <param name="rows">[rows, InputSize]</param>
    /// <returns>[rows, InputSize]</returns>
    public static float[] Reconstruct(Autoencoder model, float[] rows) => InParts(model, rows, model.Options.InputSize, model.Forward);

    private static double MeanError(Autoencoder model, float[] rows)
    {
        float[] back = Reconstruct(model, rows);
        double sum = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            sum += (rows[i] - back[i]) * (double)(rows[i] - back[i]);
        }

        return sum / rows.Length;
    }

    private static float[] InParts(Autoencoder model, float[] rows, int outputSize, Func<Tensor, Tensor> ask)
    {
        int size = model.Options.InputSize;
        int count = rows.Length / size;
        ShapeException.Require(rows.Length == count * size, $"{rows.Length} numbers are no whole number of rows for an autoencoder that takes {size} numbers each.");
        float[] outputs = new float[count * outputSize];
        for (int start = 0; start < count; start += RowsAtOnce)
        {
            int end = Math.Min(count, start + RowsAtOnce);
            using var noGradient = NoGradient.Begin();
            using var scope = TensorScope.Begin();
            ask(Tensor.From(rows.AsSpan((start * size)..(end * size)).ToArray(), end - start, size)).Values.CopyTo(outputs.AsSpan(start * outputSize));
        }

        return outputs;
    }
}
