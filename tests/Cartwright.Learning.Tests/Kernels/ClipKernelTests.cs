using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class ClipKernelTests
{
    [Theory, MemberData(nameof(Samples.Lengths), MemberType = typeof(Samples))]
    public void Passes_the_gradient_where_the_number_is_within_the_bounds_or_on_one(int length)
    {
        float[] x = Samples.Normal(1, length), gradient = Samples.Normal(2, length), sum = Samples.Normal(3, length);
        for (int i = 0; i < length; i += 3)
        {
            x[i] = i % 2 == 0 ? -0.5f : 0.75f;
        }

        float[] actual = [.. sum];
        ClipKernel.Backward(gradient, x, actual, -0.5f, 0.75f);

        Assert.Equal(sum.Select((before, i) => x[i] >= -0.5f && x[i] <= 0.75f ? before + gradient[i] : before), actual);
    }
}
