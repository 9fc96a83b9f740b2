using System.Globalization;

namespace Cartwright.Benchmarks.Training;

/// <summary>What a whole training took and reached, on either side.</summary>
/// <param name="EpochSeconds">Processor time of each epoch.</param>
/// <param name="PeakBytes">Largest resident set of the process, from its start to its end.</param>
internal sealed record TrainingOutcome(IReadOnlyList<double> EpochSeconds, long PeakBytes, IReadOnlyDictionary<string, TrainingQuality> Quality)
{
    /// <summary>The middle epoch, so that what compiles in the first one doesn't count where there are several.</summary>
    public double SecondsPerEpoch => EpochSeconds.Order().ElementAt(EpochSeconds.Count / 2);
}

/// <param name="Low">Of the 95 % interval; as <paramref name="High"/>, no number where none is told.</param>
internal sealed record TrainingQuality(double Value, double Low = double.NaN, double High = double.NaN)
{
    public override string ToString() => double.IsNaN(Low)
        ? Value.ToString("F4", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Value:F4} ({Low:F4} to {High:F4})");
}
