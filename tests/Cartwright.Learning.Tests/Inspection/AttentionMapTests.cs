using Cartwright.Learning.Inspection;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Inspection;

public sealed class AttentionMapTests
{
    private static readonly int[] Offsets = [0, 3, 3, 8];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Maps_times_values_are_what_the_layer_gives(bool causal)
    {
        const int Hidden = 6, Heads = 2, Depth = 3;
        MultiHeadAttention layer = new(Hidden, Heads, 0, new Random(1));
        Dictionary<string, Tensor> weights = layer.Parameters().ToDictionary();
        Tensor x = Tensor.From(Kernels.Samples.Normal(1, 8 * Hidden), 8, Hidden);
        float[] given = [];

        AttentionMap map = Assert.Single(AttentionMap.Record(() => given = layer.Forward(x, Offsets, causal).ToArray()));

        float[] values = Times(x.ToArray(), weights["value.weight"], weights["value.bias"]);
        float[] attended = new float[values.Length];
        for (int s = 0; s < map.SequenceCount; s++)
        {
            for (int head = 0; head < Heads; head++)
            {
                ReadOnlySpan<float> p = map.Of(s, head);
                for (int i = 0; i < map.Length(s); i++)
                {
                    for (int j = 0; j < map.Length(s); j++)
                    {
                        for (int d = head * Depth; d < (head + 1) * Depth; d++)
                        {
                            attended[((Offsets[s] + i) * Hidden) + d] += p[(i * map.Length(s)) + j] * values[((Offsets[s] + j) * Hidden) + d];
                        }
                    }
                }
            }
        }

        float[] expected = Times(attended, weights["output.weight"], weights["output.bias"]);
        Assert.All(expected.Zip(given), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Every_layer_of_a_model_has_a_map_and_each_row_sums_to_one()
    {
        TransformerBlock[] blocks = [new(8, 2, 16, 0.1f, new Random(1)), new(8, 4, 16, 0.1f, new Random(2))];
        Tensor x = Tensor.From(Kernels.Samples.Normal(1, 8 * 8), 8, 8);

        IReadOnlyList<AttentionMap> maps = AttentionMap.Record(() => blocks[1].Forward(blocks[0].Forward(x, Offsets, true), Offsets, true));

        Assert.Equal([2, 4], maps.Select(map => map.HeadCount));
        ReadOnlySpan<float> last = maps[1].Of(2, 3);
        for (int i = 0; i < 5; i++)
        {
            float sum = 0;
            foreach (float p in last.Slice(i * 5, 5))
            {
                sum += p;
            }

            Assert.Equal(1, sum, 1e-5f);
            Assert.All(last.Slice((i * 5) + i + 1, 4 - i).ToArray(), later => Assert.Equal(0, later));
        }
    }

    private static float[] Times(float[] x, Tensor weight, Tensor bias)
    {
        (int outputs, int inputs) = (weight.Shape[0], weight.Shape[1]);
        double[] product = Kernels.GemmTests.Reference(x, false, weight.Values, true, x.Length / inputs, outputs, inputs);
        return [.. product.Select((y, i) => (float)y + bias.Values[i % outputs])];
    }
}
