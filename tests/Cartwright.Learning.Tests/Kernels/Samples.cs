namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Numbers to feed to kernels, and what they are compared with.</summary>
internal static class Samples
{
    /// <summary>Around every vector width, and beyond one block of work.</summary>
    public static TheoryData<int> Lengths => [0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 1027, 16_385];

    /// <summary>Columns around every vector width.</summary>
    public static TheoryData<int> Columns => [1, 3, 4, 5, 8, 9, 16, 17, 64, 1027];

    public static float[] Normal(int seed, int count, float deviation = 1)
    {
        var random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            double u = 1 - random.NextDouble();
            numbers[i] = deviation * (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return numbers;
    }

    /// <summary>Fails where a number is off by more than the tolerance times the larger of 1 and its size.</summary>
    public static void AssertClose(IReadOnlyList<double> expected, ReadOnlySpan<float> actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Count, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            double allowed = tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= allowed, $"At {i}: {actual[i]:R} in place of {expected[i]:R}.");
        }
    }

    /// <summary>Runs a kernel on 1, 2 and 3 threads and fails where any bit of its results differs.</summary>
    public static void AssertSameBitsOnAnyThreadCount(Func<float[][]> kernel)
    {
        int before = Compute.ThreadCount;
        try
        {
            Compute.ThreadCount = 1;
            float[][] expected = kernel();
            for (int threads = 2; threads <= 3; threads++)
            {
                Compute.ThreadCount = threads;
                float[][] actual = kernel();
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(Bits(expected[i]), Bits(actual[i]));
                }
            }
        }
        finally
        {
            Compute.ThreadCount = before;
        }
    }

    private static int[] Bits(float[] numbers) => Array.ConvertAll(numbers, BitConverter.SingleToInt32Bits);
}
