using Cartwright.Learning.Optimizers;

namespace Cartwright.Learning.Tests.Optimizers;

/// <summary>Learning rates as functions of the step; PyTorch's numbers are in OptimizerReferenceTests.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public void A_constant_stays()
    {
        ConstantSchedule schedule = new(0.25f);

        Assert.Equal(0.25f, schedule.At(0));
        Assert.Equal(0.25f, schedule.At(int.MaxValue));
    }

    [Fact]
    public void Warm_up_climbs_a_line_and_hands_over()
    {
        WarmUpSchedule schedule = new(4, new StepSchedule(0.8f, stepsPerFall: 2, factor: 0.5f));

        Assert.Equal([0.2f, 0.4f, 0.6f, 0.8f, 0.8f, 0.8f, 0.4f, 0.4f], [.. Enumerable.Range(0, 8).Select(schedule.At)], (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    [Fact]
    public void A_cosine_and_a_cycle_stay_where_they_end()
    {
        Assert.Equal(0.1f, new CosineSchedule(1, steps: 10, least: 0.1f).At(1000), 1e-7f);
        Assert.Equal(1 / 250_000f, new OneCycleSchedule(1, steps: 10).At(1000), 1e-9f);
    }

    [Fact]
    public void A_cycle_may_begin_at_its_top() => Assert.Equal(1, new OneCycleSchedule(1, steps: 4, rise: 0.25f).At(0));

    [Fact]
    public void A_plateau_that_has_seen_nothing_keeps_its_rate()
    {
        Assert.Equal(0.5f, new PlateauSchedule(0.5f).After([], higherIsBetter: true));
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        ConstantSchedule constant = new(1);

        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(1, 1, factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(float.NaN, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarmUpSchedule(0, constant));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleSchedule(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauSchedule(1, patience: -1));
    }
}
