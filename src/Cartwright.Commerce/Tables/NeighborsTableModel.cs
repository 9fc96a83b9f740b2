using Cartwright.Learning.Neighbors;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tables;

/// <summary>The mean of the rows that are most alike; how many is chosen on validation.</summary>
internal sealed class NeighborsTableModel(LearnedTarget target, EncodedRows rows, float[] targets, int count) : ITableModel
{
    private const int MostRows = 50_000;
    private static readonly int[] Counts = [1, 2, 3, 5, 8, 12, 20, 40];

    private readonly NearestNeighbors _neighbors = new(rows.Linear);

    public string Name => "nearest-neighbors";

    public static NeighborsTableModel Fit(TableLearning learning)
    {
        var learned = new NeighborsTableModel(learning.Target, learning.Train.Rows, learning.Train.Targets, Counts[^1]);
        (EncodedRows held, float[] heldTargets) = learning.Validation;

        // Choosing takes a look at 1,000 rows at most.
        int[] some = [.. Enumerable.Range(0, held.Count).Where(i => i % ((held.Count / 1_000) + 1) == 0)];
        int[] nearest = learned._neighbors.Find(held.Linear.Select(some), Counts[^1]);
        float[] wanted = Array.ConvertAll(some, i => heldTargets[i]);
        int best = Counts.MinBy(count => TableMeasure.Loss(learning.Target, learned.Average(nearest, some.Length, count), wanted));

        int step = (learning.All.Targets.Length / MostRows) + 1;
        int[] kept = [.. Enumerable.Range(0, learning.All.Targets.Length).Where(i => i % step == 0)];
        return new NeighborsTableModel(learning.Target, learning.All.Rows.Select(kept), Array.ConvertAll(kept, i => learning.All.Targets[i]), best);
    }

    public TablePredictions Predict(EncodedRows asked) => new(Average(_neighbors.Find(asked.Linear, count), asked.Count, count));

    private float[] Average(int[] nearest, int rowCount, int count)
    {
        int found = rowCount == 0 ? 0 : nearest.Length / rowCount;
        int used = Math.Min(count, found);
        int outputs = target.Kind == TableTarget.Class ? target.Classes.Count : 1;
        float[] values = new float[rowCount * outputs];
        for (int row = 0; row < rowCount; row++)
        {
            double sum = 0;
            foreach (int neighbor in nearest.AsSpan(row * found, used))
            {
                float y = targets[neighbor];
                if (target.Kind == TableTarget.Class)
                {
                    values[(row * outputs) + (int)y] += 1f / used;
                }
                else
                {
                    sum += target.CountsRatios ? Math.Log(1 + (double)y) : y;
                }
            }

            if (target.Kind != TableTarget.Class)
            {
                values[row] = (float)(target.CountsRatios ? Math.Exp(sum / used) - 1 : sum / used);
            }
        }

        return values;
    }
}
