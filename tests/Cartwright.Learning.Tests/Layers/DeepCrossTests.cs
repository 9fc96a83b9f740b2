using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Layers;

public sealed class DeepCrossTests
{
    [Fact]
    public void A_cross_layer_is_the_first_row_times_a_layer_of_the_latest_plus_the_latest()
    {
        const int Size = 5, Rows = 3;
        var network = new CrossNetwork(Size, 2, new Random(1));
        var random = new Random(2);
        foreach ((_, Tensor weight) in network.Parameters())
        {
            Fill(weight, random);
        }

        float[] x = Numbers(Rows * Size, random);
        float[][] weights = [.. network.Parameters().Select(part => part.Value.ToArray())];   // weight and bias of each layer

        float[] output = network.Forward(Tensor.From(x, Rows, Size)).ToArray();

        for (int row = 0; row < Rows; row++)
        {
            double[] first = [.. x.Skip(row * Size).Take(Size).Select(v => (double)v)];
            double[] latest = first;
            for (int layer = 0; layer < 2; layer++)
            {
                double[] before = latest;
                latest = [.. Enumerable.Range(0, Size).Select(i =>
                    (first[i] * (weights[2 * layer][(i * Size)..((i + 1) * Size)].Zip(before, (w, v) => w * v).Sum() + weights[(2 * layer) + 1][i])) + before[i])];
            }

            for (int i = 0; i < Size; i++)
            {
                Assert.Equal(latest[i], output[(row * Size) + i], 1e-4);
            }
        }
    }

    private static void Fill(Tensor weight, Random random) => Numbers(weight.Length, random).CopyTo(weight.Output);

    private static float[] Numbers(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
}
