using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Neighbors;
using Cartwright.Learning.Tensors;

namespace Cartwright.Benchmarks.Peers.Rows;

/// <summary>What answering one request takes.</summary>
internal static class RequestRows
{
    public static IEnumerable<PeerRow> All =>
    [
        new("request", "one request: GRU step, input and hidden 128", 5, GruStep),
        new("request", "one request: attention block, length 50, width 64", 2, AttentionBlock),
        new("request", "one request: top 20 of 50,000 × 64", 1.5, TopOfIndex),
        new("request", "one request: top 20 of 50,000 × 64, without an index here", null, TopOfTable),
        new("request", "one request: network 64-128-64-1", null, Network),
    ];

    private static Action GruStep()
    {
        var random = new Random(1);
        var layer = new Gru(128, 128, random);
        float[] x = Initialize.Normal(random, 1, 128).ToArray();
        float[] hidden = new float[128];
        return () => layer.Step(x, hidden);
    }

    private static Action AttentionBlock()
    {
        var random = new Random(1);
        var block = new TransformerBlock(64, 2, 64, 0, random);
        Tensor x = Initialize.Normal(random, 1, 50, 64);
        return Answer(() => block.Forward(x, [0, 50], causal: true));
    }

    /// <summary>As shops with many products are answered: the table was copied in 8 bits once, the twenty are the same.</summary>
    private static Action TopOfIndex()
    {
        var random = new Random(1);
        Tensor table = Initialize.Normal(random, 1, 50_000, 64);
        float[] query = Initialize.Normal(random, 1, 1, 64).ToArray();
        FlatIndex index = FlatIndex.Build(table.Values, 64);
        int[] top = new int[20];
        float[] scores = new float[20];
        return () => index.Search(query, top, scores);
    }

    private static Action TopOfTable()
    {
        var random = new Random(1);
        Tensor table = Initialize.Normal(random, 1, 50_000, 64);
        Tensor query = Initialize.Normal(random, 1, 1, 64);
        int[] top = new int[20];
        return Answer(() =>
        {
            Tensor scores = query.MatMul(table, transposeY: true);
            _ = Ranking.Top(scores.Values, [], top);
            return scores;
        });
    }

    private static Action Network()
    {
        var random = new Random(1);
        var network = new Perceptron(random, 64, 128, 64, 1);
        Tensor x = Initialize.Normal(random, 1, 1, 64);
        return Answer(() => network.Forward(x));
    }

    public static Action Answer(Func<Tensor> request) => () =>
    {
        using var scope = TensorScope.Begin();
        using NoGradient answering = NoGradient.Begin();
        _ = request();
    };
}
