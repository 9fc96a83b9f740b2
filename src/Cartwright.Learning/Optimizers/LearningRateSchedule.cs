using static System.FormattableString;

namespace Cartwright.Learning.Optimizers;

/// <summary>The learning rate as a function of the step alone, so that a resumed training needs nothing but the count of its steps.</summary>
/// <remarks>Before each step: <c>optimizer.LearningRate = schedule.At(optimizer.StepCount)</c>.</remarks>
public abstract class LearningRateSchedule
{
    /// <param name="step">Steps taken before, from 0.</param>
    public abstract float At(int step);

    /// <summary>The schedule in words, without how long it is: more epochs may stretch it.</summary>
    internal virtual string Description => GetType().Name;
}

/// <summary>Always the same rate.</summary>
public sealed class ConstantSchedule : LearningRateSchedule
{
    private readonly float _rate;

    /// <param name="rate">More than 0.</param>
    public ConstantSchedule(float rate)
    {
        Ranges.ThrowUnlessPositive(rate);
        _rate = rate;
    }

    internal override string Description => Invariant($"always {_rate}");

    public override float At(int step) => _rate;
}

/// <summary>A rate that falls by a factor every so many steps.</summary>
public sealed class StepSchedule : LearningRateSchedule
{
    private readonly float _rate;
    private readonly int _stepsPerFall;
    private readonly float _factor;

    /// <param name="rate">The rate at first, more than 0.</param>
    /// <param name="stepsPerFall">Steps at one rate, 1 or more.</param>
    /// <param name="factor">What is left after a fall, between 0 and 1.</param>
    public StepSchedule(float rate, int stepsPerFall, float factor = 0.1f)
    {
        Ranges.ThrowUnlessPositive(rate);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerFall, 1);
        Ranges.ThrowUnlessPositive(factor);
        Ranges.ThrowUnlessBelowOne(factor);
        (_rate, _stepsPerFall, _factor) = (rate, stepsPerFall, factor);
    }

    internal override string Description => Invariant($"{_rate}, times {_factor} every {_stepsPerFall} steps");

    public override float At(int step) => (float)(_rate * Math.Pow(_factor, step / _stepsPerFall));
}

/// <summary>Half a wave of a cosine, from the rate down to the least.</summary>
/// <remarks>Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, without the restarts.</remarks>
public sealed class CosineSchedule : LearningRateSchedule
{
    private readonly float _rate;
    private readonly int _steps;
    private readonly float _least;

    /// <param name="rate">The rate at first, more than 0.</param>
    /// <param name="steps">Steps until the least is reached, where it stays; 1 or more.</param>
    /// <param name="least">The rate in the end, 0 or more.</param>
    public CosineSchedule(float rate, int steps, float least = 0)
    {
        Ranges.ThrowUnlessPositive(rate);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Ranges.ThrowUnlessNotNegative(least);
        (_rate, _steps, _least) = (rate, steps, least);
    }

    internal override string Description => Invariant($"a cosine from {_rate} to {_least}");

    public override float At(int step) => Wave.Between(_rate, _least, Math.Min(1, step / (double)_steps));
}

/// <summary>A line up from almost 0 to where another schedule begins.</summary>
/// <remarks>Goyal et al., "Accurate, Large Minibatch SGD", 2017. Adam's mean squares are rough at first, and transformers need it.</remarks>
public sealed class WarmUpSchedule : LearningRateSchedule
{
    private readonly int _steps;
    private readonly LearningRateSchedule _after;

    /// <param name="steps">Steps of the line, 1 or more; the last of them has the full rate.</param>
    /// <param name="after">Goes on after the line, from its own step 0.</param>
    public WarmUpSchedule(int steps, LearningRateSchedule after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        (_steps, _after) = (steps, after);
    }

    internal override string Description => "a line up, then " + _after.Description;

    public override float At(int step) => step < _steps
        ? (float)(_after.At(0) * ((step + 1.0) / _steps))
        : _after.At(step - _steps);
}

/// <summary>Up to a high rate and down to almost none within one training, both as half a wave of a cosine.</summary>
/// <remarks>Smith and Topin, "Super-Convergence", 2018, with the waves and the defaults of PyTorch's OneCycleLR.</remarks>
public sealed class OneCycleSchedule : LearningRateSchedule
{
    private const double RiseFactor = 25;
    private const double FallFactor = 1e4;
    private readonly float _highest;
    private readonly int _steps;
    private readonly float _rise;

    /// <param name="highest">The rate at the top, more than 0; it starts at a 25th and ends at a 250,000th of it.</param>
    /// <param name="steps">Steps of the training, 2 or more; what comes later has the last rate.</param>
    /// <param name="rise">Share of the steps that go up, between 0 and 1.</param>
    public OneCycleSchedule(float highest, int steps, float rise = 0.3f)
    {
        Ranges.ThrowUnlessPositive(highest);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        Ranges.ThrowUnlessPositive(rise);
        Ranges.ThrowUnlessBelowOne(rise);
        (_highest, _steps, _rise) = (highest, steps, rise);
    }

    internal override string Description => Invariant($"one cycle up to {_highest}, rising for {_rise} of it");

    public override float At(int step)
    {
        double top = (_rise * (double)_steps) - 1;
        double last = _steps - 1;
        double first = _highest / RiseFactor;
        return step < top                                        // at the top itself both are the highest, and the top may be the first step
            ? Wave.Between(first, _highest, step / top)
            : Wave.Between(_highest, first / FallFactor, Math.Min(1, (step - top) / (last - top)));
    }
}

/// <summary>Half a wave of a cosine.</summary>
internal static class Wave
{
    /// <param name="share">Of the way, from 0 to 1.</param>
    public static float Between(double start, double end, double share) => (float)(end + ((start - end) * (1 + Math.Cos(Math.PI * share)) / 2));
}
