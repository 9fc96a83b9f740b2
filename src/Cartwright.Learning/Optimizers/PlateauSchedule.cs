using static System.FormattableString;

namespace Cartwright.Learning.Optimizers;

/// <summary>A rate that falls whenever validation has not brought a new best for a while.</summary>
/// <remarks>A function of the qualities so far, so that a resumed training, which has them, needs nothing else.</remarks>
public sealed class PlateauSchedule
{
    private readonly float _rate;
    private readonly float _factor;
    private readonly int _patience;

    /// <param name="rate">The rate at first, more than 0.</param>
    /// <param name="patience">Validations without a new best that are forgiven; one more makes the rate fall. 0 or more.</param>
    /// <param name="factor">What is left after a fall, between 0 and 1.</param>
    public PlateauSchedule(float rate, int patience = 3, float factor = 0.5f)
    {
        Ranges.ThrowUnlessPositive(rate);
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        Ranges.ThrowUnlessPositive(factor);
        Ranges.ThrowUnlessBelowOne(factor);
        (_rate, _patience, _factor) = (rate, patience, factor);
    }

    internal string Description => Invariant($"{_rate}, times {_factor} after {_patience} validations without a new best");

    /// <param name="qualities">What every validation gave, the oldest first.</param>
    /// <param name="higherIsBetter">False for losses.</param>
    public float After(IEnumerable<double> qualities, bool higherIsBetter)
    {
        double rate = _rate;
        double best = double.NaN;
        int sinceBest = 0;
        foreach (double quality in qualities)
        {
            if (double.IsNaN(best) || (higherIsBetter ? quality > best : quality < best))
            {
                (best, sinceBest) = (quality, 0);
            }
            else if (++sinceBest > _patience)
            {
                (rate, sinceBest) = (rate * _factor, 0);
            }
        }

        return (float)rate;
    }
}
