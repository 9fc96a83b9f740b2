using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class GateFunctionsTests
{
    [Fact]
    public void Are_within_the_promised_error_over_the_whole_range()
    {
        for (float x = -130; x <= 130; x += 0.0137f)
        {
            Assert.Equal(1 / (1 + Math.Exp(-x)), GateFunctions.Sigmoid(UsualLanes.Repeat(x)).Lanes[0], 2e-7);
            Assert.Equal(Math.Tanh(x), GateFunctions.Tanh(UsualLanes.Repeat(x)).Lanes[0], 2e-7);
        }
    }

    [Fact]
    public void Bounds_and_NaN_come_out_right()
    {
        Assert.Equal(0, GateFunctions.Sigmoid(UsualLanes.Repeat(float.NegativeInfinity)).Lanes[0], 1e-30);
        Assert.Equal(1, GateFunctions.Sigmoid(UsualLanes.Repeat(float.PositiveInfinity)).Lanes[0]);
        Assert.Equal(-1, GateFunctions.Tanh(UsualLanes.Repeat(float.NegativeInfinity)).Lanes[0]);
        Assert.Equal(1, GateFunctions.Tanh(UsualLanes.Repeat(float.PositiveInfinity)).Lanes[0]);
        Assert.Equal(float.NaN, GateFunctions.Sigmoid(UsualLanes.Repeat(float.NaN)).Lanes[0]);
        Assert.Equal(float.NaN, GateFunctions.Tanh(UsualLanes.Repeat(float.NaN)).Lanes[0]);
    }
}
