using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Benchmarks.Peers.Rows;

/// <summary>Large tables of learned rows: looked up, and as the output layer.</summary>
internal static class TableRows
{
    public static IEnumerable<PeerRow> All =>
    [
        new("embedding", "embedding and sparse Adam, 4,096 of 100,000 × 64", 8, () => Embedding(100_000, 64, 4096)),
        new("softmax", "output layer and cross-entropy, 256 × 64, 10,000 classes", 1.3, () => OutputLayer(10_000)),
        new("softmax", "output layer and cross-entropy, 256 × 64, 50,000 classes", 1.5, () => OutputLayer(50_000)),
    ];

    private static Action Embedding(int rows, int columns, int batch)
    {
        var random = new Random(1);
        var table = new Embedding(rows, columns, random);
        int[] ids = Ids(random, batch, rows);
        var optimizer = new Adam(table, new AdamOptions { UpdatesTouchedRowsOnly = true });
        return TrainingStep.With(optimizer, () => table.Forward(ids).Sum());
    }

    private static Action OutputLayer(int classes)
    {
        var random = new Random(1);
        Tensor queries = Initialize.Normal(random, 1, 256, 64);
        Tensor table = Initialize.Normal(random, 0.1f, classes, 64);
        int[] targets = Ids(random, 256, classes);
        return TrainingStep.WithoutOptimizer(() => TableCrossEntropy.Loss(queries, table, targets), queries, table);
    }

    private static int[] Ids(Random random, int count, int below) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(below))];
}
