using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class RotaryKernelTests
{
    private static readonly int[] Offsets = [0, 5, 5, 12];

    [Theory]
    [InlineData(2, 1)]
    [InlineData(8, 3)]
    [InlineData(18, 2)]
    [InlineData(66, 1)]
    public void Turns_every_pair_by_its_angle_and_back(int headSize, int heads)
    {
        int columns = headSize * heads, pairs = headSize / 2;
        float[] x = Samples.Normal(1, 12 * columns);
        float[] y = new float[x.Length], back = [.. x];
        float[] angles = new RotaryAngles(headSize).UpTo(7);
        double[] expected = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            (int token, int place) = (i / columns, i % headSize);
            int position = token < 5 ? token : token - 5;
            double angle = position * Math.Pow(10_000, -(double)(place % pairs) / pairs);
            expected[i] = place < pairs
                ? (x[i] * Math.Cos(angle)) - (x[i + pairs] * Math.Sin(angle))
                : (x[i] * Math.Cos(angle)) + (x[i - pairs] * Math.Sin(angle));
        }

        RotaryKernel.Turn(x, angles, Offsets, y, pairs, columns, isBack: false, adds: false);
        RotaryKernel.Turn(y, angles, Offsets, back, pairs, columns, isBack: true, adds: true);

        Samples.AssertClose(expected, y);
        Samples.AssertClose([.. x.Select(v => 2.0 * v)], back);
    }

    [Fact]
    public void Attention_sees_distances_only()
    {
        const int Size = 16, Pairs = 8;
        float[] angles = new RotaryAngles(Size).UpTo(40);
        float[] both = [.. Samples.Normal(1, Size), .. Samples.Normal(2, Size)];

        double Score(int queryPlace, int keyPlace)
        {
            float[] row = new float[(queryPlace + 1) * Size], turnedQuery = new float[row.Length];
            both.AsSpan(0, Size).CopyTo(row.AsSpan(queryPlace * Size));
            RotaryKernel.Turn(row, angles, [0, queryPlace + 1], turnedQuery, Pairs, Size, isBack: false, adds: false);
            float[] keys = new float[(keyPlace + 1) * Size], turnedKey = new float[keys.Length];
            both.AsSpan(Size).CopyTo(keys.AsSpan(keyPlace * Size));
            RotaryKernel.Turn(keys, angles, [0, keyPlace + 1], turnedKey, Pairs, Size, isBack: false, adds: false);
            return Enumerable.Range(0, Size).Sum(i => (double)turnedQuery[(queryPlace * Size) + i] * turnedKey[(keyPlace * Size) + i]);
        }

        Assert.Equal(Score(7, 3), Score(34, 30), 1e-4);
        Assert.NotEqual(Score(7, 3), Score(34, 31), 1e-2);
    }
}
