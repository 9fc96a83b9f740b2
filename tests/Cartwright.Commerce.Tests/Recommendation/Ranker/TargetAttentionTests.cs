using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Recommendation.Ranker;

public sealed class TargetAttentionTests
{
    [Fact]
    public void A_history_is_the_sum_of_its_tokens_each_weighed_by_what_is_asked_about()
    {
        const int Size = 3, Inner = 4;
        var layer = new TargetAttention(Size, Inner, new Random(1));
        var random = new Random(2);
        float[][] weights = [.. layer.Parameters().Select(part => part.Value.ToArray())];     // inner weight, inner bias, weight, bias
        int[] offsets = [0, 2, 2, 5];
        float[] queries = Numbers(3 * Size, random);
        float[] tokens = Numbers(5 * Size, random);

        float[] output = layer.Forward(Tensor.From(queries, 3, Size), Tensor.From(tokens, 5, Size), offsets).ToArray();

        for (int row = 0; row < 3; row++)
        {
            double[] sum = new double[Size];
            float[] asked = queries[(row * Size)..((row + 1) * Size)];
            for (int t = offsets[row]; t < offsets[row + 1]; t++)
            {
                float[] token = tokens[(t * Size)..((t + 1) * Size)];
                float[] pair = [.. asked, .. token, .. asked.Zip(token, (q, k) => q - k), .. asked.Zip(token, (q, k) => q * k)];
                double weight = weights[3][0] + Enumerable.Range(0, Inner).Sum(h =>
                    weights[2][h] * Swish(weights[1][h] + pair.Select((v, i) => (double)v * weights[0][(h * pair.Length) + i]).Sum()));
                for (int i = 0; i < Size; i++)
                {
                    sum[i] += weight * token[i];
                }
            }

            for (int i = 0; i < Size; i++)
            {
                Assert.Equal(sum[i], output[(row * Size) + i], 1e-4);
            }
        }
    }

    private static double Swish(double x) => x / (1 + Math.Exp(-x));

    private static float[] Numbers(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
}
