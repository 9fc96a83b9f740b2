using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class LargestKernelTests
{
    /// <summary>A few are kept in a list, many are sorted: both give the same places, with equals and NaN among the numbers.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(700)]
    public void Finds_the_first_places_of_a_stable_sort(int count)
    {
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 700).Select(i => i % 50 == 7 ? float.NaN : random.Next(100) - 50)];
        int[] largest = new int[count], smallest = new int[count];

        LargestKernel.Find(x, largest, 1, x.Length, count, isSmallest: false);
        LargestKernel.Find(x, smallest, 1, x.Length, count, isSmallest: true);

        int[] sorted = [.. Enumerable.Range(0, x.Length).OrderBy(i => float.IsNaN(x[i]) ? float.PositiveInfinity : x[i])];
        int[] reversed = [.. Enumerable.Range(0, x.Length).OrderByDescending(i => float.IsNaN(x[i]) ? float.PositiveInfinity : x[i])];
        Assert.Equal(reversed[..count], largest);
        Assert.Equal(sorted[..count], smallest);
    }

    /// <summary>As torch.topk, argmax, max and min (1.13) have it.</summary>
    [Fact]
    public void NaN_counts_as_the_largest()
    {
        Tensor x = Tensor.From([1, float.NaN, float.PositiveInfinity, float.NaN, -1], 5);

        Assert.Equal([1, 3, 2], x.TopK(3).Places);
        Assert.Equal([4, 0, 2, 1, 3], x.TopK(5, isSmallest: true).Places);
        Assert.Equal([1], x.ArgMax());
        Assert.Equal(float.NaN, x.Max([0]).Item());
        Assert.Equal(float.NaN, x.Min([0]).Item());
    }

    /// <summary>Wherever it stands in a row or a column, at any width of a vector.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(19)]
    [InlineData(37)]
    public void A_maximum_of_NaN_is_NaN(int length)
    {
        for (int i = 0; i < length; i++)
        {
            float[] numbers = [.. Enumerable.Range(0, length).Select(j => (float)j)];
            numbers[i] = float.NaN;
            Tensor row = Tensor.From(numbers, 1, length);

            Assert.Equal(float.NaN, row.Max([1]).Item());
            Assert.Equal(float.NaN, row.Min([1]).Item());
            Assert.Equal(float.NaN, row.Transpose().Max([0]).Item());
            Assert.Contains(float.NaN, row.Maximum(Tensor.Zeros(1, length)).ToArray());
        }
    }
}
