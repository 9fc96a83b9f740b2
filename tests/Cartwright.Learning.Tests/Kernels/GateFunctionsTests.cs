using System.Numerics;
using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class GateFunctionsTests
{
    [Fact]
    public void Are_within_the_promised_error_over_the_whole_range()
    {
        for (float x = -130; x <= 130; x += 0.0137f)
        {
            Assert.Equal(1 / (1 + Math.Exp(-x)), GateFunctions.Sigmoid(new Vector<float>(x))[0], 2e-7);
            Assert.Equal(Math.Tanh(x), GateFunctions.Tanh(new Vector<float>(x))[0], 2e-7);
        }
    }

    [Fact]
    public void Bounds_and_NaN_come_out_right()
    {
        Assert.Equal(0, GateFunctions.Sigmoid(new Vector<float>(float.NegativeInfinity))[0], 1e-30);
        Assert.Equal(1, GateFunctions.Sigmoid(new Vector<float>(float.PositiveInfinity))[0]);
        Assert.Equal(-1, GateFunctions.Tanh(new Vector<float>(float.NegativeInfinity))[0]);
        Assert.Equal(1, GateFunctions.Tanh(new Vector<float>(float.PositiveInfinity))[0]);
        Assert.Equal(float.NaN, GateFunctions.Sigmoid(new Vector<float>(float.NaN))[0]);
        Assert.Equal(float.NaN, GateFunctions.Tanh(new Vector<float>(float.NaN))[0]);
    }
}
