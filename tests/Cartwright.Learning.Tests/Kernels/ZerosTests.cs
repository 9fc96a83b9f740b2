using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class ZerosTests
{
    public static TheoryData<int> Lengths => Samples.Lengths;

    [Theory, MemberData(nameof(Lengths))]
    public void Writes_what_it_is_given_and_nothing_beside(int length)
    {
        float[] numbers = [.. Enumerable.Repeat(1f, length + 2)];

        Zeros.Write(numbers.AsSpan(1, length));

        Assert.Equal([1, .. new float[length], 1], numbers);
    }
}
