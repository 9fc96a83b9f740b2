using Cartwright.Learning.Linear;

namespace Cartwright.Learning.Tests.Linear;

public sealed class PlattScalingTests
{
    [Fact]
    public void Finds_the_slope_and_the_shift_that_the_rows_were_drawn_by()
    {
        (float[] logits, bool[] came, _) = Draw(0.5, -1.2, _ => 1);

        PlattScaling found = PlattScaling.Fit(logits, came);

        Assert.Equal(0.5, found.Slope, 0.03);
        Assert.Equal(-1.2, found.Shift, 0.06);
    }

    [Fact]
    public void A_ceiling_of_every_row_is_no_part_of_what_is_set_right()
    {
        (float[] logits, bool[] came, float[] ceilings) = Draw(0.8, 0.4, i => 1f / (1 + (i % 5)));

        PlattScaling found = PlattScaling.Fit(logits, came, ceilings);

        Assert.Equal(0.8, found.Slope, 0.05);
        Assert.Equal(0.4, found.Shift, 0.08);
        Assert.Equal(0.25 / (1 + Math.Exp(-((found.Slope * 2) + found.Shift))), found.Chance(2, 0.25), 1e-12);
    }

    [Fact]
    public void Reaches_the_least_loss_that_a_search_over_both_numbers_finds()
    {
        float[] logits = [-2, -1, -0.5f, 0.1f, 0.3f, 1, 2.5f];
        bool[] came = [false, false, true, false, true, true, true];

        PlattScaling found = PlattScaling.Fit(logits, came);

        double reached = Loss(found);
        for (int a = -100; a <= 100; a++)
        {
            for (int b = -100; b <= 100; b++)
            {
                Assert.True(Loss(new PlattScaling(found.Slope + (a / 50.0), found.Shift + (b / 50.0))) >= reached - 1e-9);
            }
        }

        // The loss that is minimized has a pull to 1 and 0, as strong as a row.
        double Loss(PlattScaling tried) => ((((tried.Slope - 1) * (tried.Slope - 1)) + (tried.Shift * tried.Shift)) / 2)
            - logits.Zip(came, (logit, is1) => Math.Log(is1 ? tried.Chance(logit) : 1 - tried.Chance(logit))).Sum();
    }

    [Fact]
    public void Stays_finite_where_the_classes_part_cleanly_or_one_is_missing_or_there_is_none()
    {
        Assert.Equal(new PlattScaling(), PlattScaling.Fit([], []));
        Assert.True(double.IsFinite(PlattScaling.Fit([-1, -2, 1, 2], [false, false, true, true]).Slope));
        Assert.InRange(PlattScaling.Fit([0.1f, 0.2f, 0.3f], [false, false, false]).Chance(0.2), 0.0, 0.5);
    }

    private static (float[] Logits, bool[] Came, float[] Ceilings) Draw(double slope, double shift, Func<int, float> ceiling)
    {
        var random = new Random(5);
        float[] logits = [.. Enumerable.Range(0, 40_000).Select(_ => (float)((random.NextDouble() * 8) - 4))];
        float[] ceilings = [.. logits.Select((_, i) => ceiling(i))];
        return (logits, [.. logits.Select((logit, i) => random.NextDouble() < ceilings[i] / (1 + Math.Exp(-((slope * logit) + shift))))], ceilings);
    }
}
