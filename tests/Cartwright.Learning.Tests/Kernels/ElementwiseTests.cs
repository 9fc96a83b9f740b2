using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class ElementwiseTests
{
    /// <summary>Less than a vector, vectors and a rest, and more than one block.</summary>
    public static TheoryData<int> Lengths => [0, 1, 15, 16, 37, 16_384, 50_003];

    [Theory, MemberData(nameof(Lengths))]
    public void Two_are_combined_number_by_number_also_in_place(int length)
    {
        (float[] x, float[] y) = (Numbers(length, 1), Numbers(length, 2));
        float[] product = new float[length];
        float[] sum = [.. x];

        Elementwise.Combine<BinaryFunctions.Product>(x, y, product);
        Elementwise.Combine<BinaryFunctions.Sum>(sum, y, sum);

        Assert.Equal(x.Zip(y, (a, b) => a * b), product);
        Assert.Equal(x.Zip(y, (a, b) => a + b), sum);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Products_are_added_to_what_is_there(int length)
    {
        (float[] x, float[] y, float[] sum) = (Numbers(length, 1), Numbers(length, 2), Numbers(length, 3));
        float[] expected = [.. sum.Select((before, i) => before + (x[i] * y[i]))];

        Elementwise.AddGradient<UnaryFunctions.Same>(x, y, sum);

        Assert.Equal(expected, sum);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Scaled_numbers_are_added_to_what_is_there_or_written_over_what_never_was(int length)
    {
        (float[] x, float[] sum, float[] unread) = (Numbers(length, 1), Numbers(length, 2), Enumerable.Repeat(float.NaN, length).ToArray());
        float[] expected = [.. sum.Select((before, i) => before + (x[i] * 0.3f))];

        Elementwise.AddScaled(x, 0.3f, sum, isFresh: false);
        Elementwise.AddScaled(x, 0.3f, unread, isFresh: true);

        Assert.Equal(expected, sum);
        Assert.Equal(x.Select(a => a * 0.3f), unread);
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        Assert.Throws<ShapeException>(() => Elementwise.Combine<BinaryFunctions.Sum>(new float[3], new float[2], new float[3]));
        Assert.Throws<ShapeException>(() => Elementwise.AddGradient<UnaryFunctions.Same>(new float[3], new float[2], new float[3]));
        Assert.Throws<ShapeException>(() => Elementwise.AddScaled(new float[3], 1, new float[2], isFresh: true));
    }

    private static float[] Numbers(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
    }
}
