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
        float[][] weights = [.. layer.Parameters().Select(part => part.Value.ToArray())];     // asked and its bias, token, both, weight and its bias
        int[] asked = [0, 3, 1], history = [1, 2, 0, 3, 3], offsets = [0, 2, 2, 5];
        float[] items = Numbers(4 * Size, random);

        float[] output = layer.Forward(Tensor.From(items, 4, Size), asked, history, offsets).ToArray();

        for (int row = 0; row < 3; row++)
        {
            double[] sum = new double[Size];
            float[] query = Item(asked[row]);
            for (int t = offsets[row]; t < offsets[row + 1]; t++)
            {
                float[] token = Item(history[t]);
                double weight = weights[5][0] + Enumerable.Range(0, Inner).Sum(h => weights[4][h] * Swish(weights[1][h]
                    + Enumerable.Range(0, Size).Sum(i => (weights[0][(h * Size) + i] * query[i]) + (weights[2][(h * Size) + i] * token[i]) + (weights[3][(h * Size) + i] * query[i] * token[i]))));
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

        float[] Item(int item) => items[(item * Size)..((item + 1) * Size)];
    }

    private static double Swish(double x) => x / (1 + Math.Exp(-x));

    private static float[] Numbers(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
}
