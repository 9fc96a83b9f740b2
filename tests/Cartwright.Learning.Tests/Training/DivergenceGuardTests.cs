using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Training;

public sealed class DivergenceGuardTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_loss_that_is_not_finite_stops_at_once(float loss) =>
        Assert.Throws<TrainingDivergedException>(() => new DivergenceGuard(1000).CheckLoss(loss, 1, 1));

    [Fact]
    public void A_loss_far_above_the_usual_stops_and_the_message_says_where()
    {
        DivergenceGuard guard = After(Enumerable.Repeat(2f, 40));

        guard.CheckLoss(1900, 3, 7);
        TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(() => guard.CheckLoss(2100, 3, 8));

        Assert.Contains("epoch 3, step 8", e.Message);
        Assert.Contains("1,000 times the usual 2", e.Message);
    }

    [Fact]
    public void The_usual_follows_the_losses_down_but_a_small_loss_may_jump()
    {
        DivergenceGuard guard = After(Enumerable.Repeat(2f, 64).Concat(Enumerable.Repeat(1e-6f, 200)));

        guard.CheckLoss(19, 1, 1);
        Assert.Throws<TrainingDivergedException>(() => guard.CheckLoss(21, 1, 2));
    }

    [Fact]
    public void Negative_losses_and_wild_beginnings_pass()
    {
        DivergenceGuard guard = After([1e9f, 1e7f, 1e5f]);

        foreach (float loss in Enumerable.Range(0, 500).Select(i => -0.01f * i))
        {
            guard.CheckLoss(loss, 1, 1);
        }
    }

    private static DivergenceGuard After(IEnumerable<float> losses)
    {
        DivergenceGuard guard = new(1000);
        foreach (float loss in losses)
        {
            guard.CheckLoss(loss, 1, 1);
        }

        return guard;
    }
}
