using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class NarmTests
{
    private const int Hidden = 5;

    [Fact]
    public void Attends_to_every_step_as_the_formula_says()
    {
        var narm = new Narm(new NarmOptions { ProductCount = 9, HiddenSize = Hidden }, new Random(1)) { IsTraining = false };
        Dictionary<string, Tensor> weights = narm.State().ToDictionary();
        int[] offsets = [0, 4, 5];
        Tensor vectors = weights["products.weight"].TakeRows([3, 1, 4, 1, 5]);

        float[] found = narm.Forward(vectors, offsets).ToArray();

        float[][] states = Rows(States(weights, vectors, offsets));
        for (int s = 0; s + 1 < offsets.Length; s++)
        {
            for (int t = offsets[s]; t < offsets[s + 1]; t++)
            {
                double[] local = new double[Hidden];
                for (int j = offsets[s]; j <= t; j++)
                {
                    double[] last = Times(weights["last.weight"], states[t]), each = Times(weights["each.weight"], states[j]);
                    double agreement = Enumerable.Range(0, Hidden).Sum(k => weights["weight.weight"].Values[k] / (1 + Math.Exp(-(last[k] + each[k]))));
                    local = [.. local.Select((sum, k) => sum + (agreement * states[j][k]))];
                }

                double[] expected = Times(weights["decoder.weight"], [.. states[t], .. local.Select(value => (float)value)]);
                Assert.All(expected.Zip(found[(t * Hidden)..]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            }
        }
    }

    private static Tensor States(Dictionary<string, Tensor> weights, Tensor vectors, int[] offsets)
    {
        var gru = new Gru(Hidden, Hidden, new Random(2));
        gru.Load(weights.Where(weight => weight.Key.StartsWith("gru.", StringComparison.Ordinal))
            .ToDictionary(weight => weight.Key["gru.".Length..], weight => weight.Value));
        return gru.Forward(vectors, offsets).Output;
    }

    private static float[][] Rows(Tensor x) => [.. x.ToArray().Chunk(x.Columns)];

    private static double[] Times(Tensor matrix, float[] vector) =>
        [.. Rows(matrix).Select(row => row.Zip(vector).Sum(pair => (double)pair.First * pair.Second))];
}
