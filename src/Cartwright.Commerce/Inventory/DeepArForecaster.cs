using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;
using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Inventory;

/// <summary>A <see cref="DeepAr"/> with its reading of a panel; the epoch is chosen on held-out horizons.</summary>
internal sealed class DeepArForecaster(DeepAr network) : IForecaster
{
    private const int BatchSize = 64;
    private const int SeriesAtOnce = 256;
    private const int FewestSteps = 10;
    private const int MostSteps = 150;
    private const float SmallCount = 30;
    private const float LeastSpread = 0.05f;
    private const float LearningRate = 0.003f;

    public string Name => "deepar";

    public DeepAr Network => network;

    /// <summary>Epochs after which validation was best.</summary>
    public int BestEpoch { get; private init; } = 1;

    /// <summary>Learns from the units before the first origin that is held out; the forecasts from those choose the epoch.</summary>
    /// <param name="held">Rising, at least one.</param>
    public static DeepArForecaster Choose(DemandPanel panel, IReadOnlyList<int> held, int horizon, int epochs, int seed, TimeProvider clock,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        DemandWindows[] judges = [.. held.Select(origin => DemandWindows.From(panel.HideFrom(Math.Min(panel.Length, origin + horizon)), origin, horizon))];
        return Train(panel, held[0], horizon, epochs, judges, seed, clock, progress, cancellation);
    }

    /// <summary>The same network learned from all units before an origin, for as many epochs as were best.</summary>
    public DeepArForecaster Renew(DemandPanel panel, int origin, int horizon, int seed, TimeProvider clock, IProgress<TrainingProgress>? progress, CancellationToken cancellation) =>
        Train(panel, origin, horizon, BestEpoch, [], seed, clock, progress, cancellation);

    private static DeepArForecaster Train(DemandPanel panel, int end, int horizon, int epochs, DemandWindows[] judges, int seed, TimeProvider clock,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        DeepAr network = new(OptionsFor(panel, end), Seeds.Random((ulong)seed, 0));
        DemandWindows lessons = DemandWindows.OfPast(panel.HideFrom(end), end, horizon);
        int steps = Math.Clamp(lessons.Count / BatchSize, FewestSteps, MostSteps);
        OneCycleSchedule schedule = new(LearningRate, epochs * steps, rise: 0.1f);
        TrainingResult result = new Trainer(new TrainerOptions { Seed = seed, Epochs = epochs, Patience = 6, MaxGradientNorm = 5, AverageDecay = 1 - (1f / Math.Max(2, steps / 2)) }, clock).Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions { LearningRate = LearningRate, WeightDecay = 0.001f, Groups = [ParameterGroup.WithoutDecay] }),
            StepsPerEpoch = steps,
            LearningRate = schedule.At,
            Metrics = [new("validation loss", HigherIsBetter: false)],
            Loss = step =>
            {
                Random random = Seeds.Random(step.Seed, 3);
                return LossOf(network, lessons.Take([.. Enumerable.Range(0, BatchSize).Select(_ => random.Next(lessons.Count))]));
            },
            Validate = judges.Length == 0 ? null : () => [MeanLoss(network, judges)],
        }, progress, cancellation);
        return new DeepArForecaster(network) { BestEpoch = Math.Max(1, result.BestEpoch) };
    }

    public ForecastGrid Forecast(DemandPanel panel, int origin, int horizon)
    {
        var windows = DemandWindows.From(panel, origin, horizon);
        ForecastGrid grid = ForecastGrid.Of(panel, origin, horizon, (_, _) => float.NaN);
        for (int start = 0; start < windows.Count; start += SeriesAtOnce)
        {
            int[] part = [.. Enumerable.Range(start, Math.Min(SeriesAtOnce, windows.Count - start))];
            WindowBatch batch = windows.Take(part);
            int[] places = [.. part.SelectMany((_, i) => Enumerable.Range((i * batch.Length) + batch.Length - horizon, horizon))];
            using var noGradient = NoGradient.Begin();
            using var scope = TensorScope.Begin();
            (Tensor offset, Tensor width) = network.Forward(batch.Inputs(), places);
            for (int i = 0; i < places.Length; i++)
            {
                int series = part[i / horizon];
                float profile = batch.Profiles[places[i]];
                (grid.Center[series][i % horizon], grid.Spread[series][i % horizon]) = Read(offset.Values[i] + profile, width.Values[i]);
            }
        }

        return grid;
    }

    private static DeepArOptions OptionsFor(DemandPanel panel, int origin)
    {
        float[] means = [.. panel.Series.Select(s => s.Units.Take(origin).Where(u => !float.IsNaN(u)).DefaultIfEmpty(0).Average()).Order()];
        return new DeepArOptions { InputSize = DemandWindows.InputSizeOf(panel), IsCount = means[means.Length / 2] < SmallCount };
    }

    // The center is the median.
    private (float Center, float Spread) Read(float log, float width)
    {
        if (!network.Options.IsCount)
        {
            return (MathF.Max(0, log), MathF.Max(LeastSpread, MathF.Exp(0.5f * width)));
        }

        double mean = Math.Exp(Math.Clamp(log, -6, 16));
        double dispersion = Math.Max(1e-4, Math.Log(1 + Math.Exp(Math.Min(30, width))));

        // A gamma distribution of the same mean and variance stands for the counts: its quantiles have no steps.
        double variance = mean + (dispersion * mean * mean);
        var gamma = new Gamma(mean * mean / variance, mean / variance);
        (double low, double middle, double high) = (gamma.InverseCumulativeDistribution(0.1), gamma.InverseCumulativeDistribution(0.5), gamma.InverseCumulativeDistribution(0.9));
        return ((float)Math.Log(1 + middle), MathF.Max(LeastSpread, (float)((Math.Log(1 + high) - Math.Log(1 + low)) / 2.563)));
    }

    private static Tensor LossOf(DeepAr network, WindowBatch batch)
    {
        int[] places = batch.Known();
        return network.Loss(batch.Inputs(), places, Array.ConvertAll(places, p => batch.Profiles[p]), Array.ConvertAll(places, p => MathF.Max(0, batch.Units[p])));
    }

    private static double MeanLoss(DeepAr network, DemandWindows[] judges)
    {
        double sum = 0;
        long count = 0;
        foreach (DemandWindows windows in judges)
        {
            for (int start = 0; start < windows.Count; start += SeriesAtOnce)
            {
                WindowBatch batch = windows.Take([.. Enumerable.Range(start, Math.Min(SeriesAtOnce, windows.Count - start))]);
                int[] places = [.. batch.Known().Where(p => p % batch.Length >= batch.Length - windows.Horizon)];
                if (places.Length == 0)
                {
                    continue;
                }

                using var noGradient = NoGradient.Begin();
                using var scope = TensorScope.Begin();
                sum += places.Length * (double)network.Loss(batch.Inputs(), places, Array.ConvertAll(places, p => batch.Profiles[p]), Array.ConvertAll(places, p => MathF.Max(0, batch.Units[p]))).Item();
                count += places.Length;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
