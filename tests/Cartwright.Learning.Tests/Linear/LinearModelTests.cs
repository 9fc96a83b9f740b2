using Cartwright.Learning.Linear;
using Cartwright.Learning.Neighbors;

namespace Cartwright.Learning.Tests.Linear;

public sealed class LinearModelTests
{
    [Fact]
    public void Ridge_solves_its_normal_equations()
    {
        (SparseRows rows, float[] targets, _) = Draw(200, 6);

        var model = LinearModel.FitNumber(rows, targets, penalty: 3);

        // At the minimum the slope by each weight is 0: sum of residual times column equals penalty times weight.
        float[] predictions = model.Predict(rows);
        double[] slopes = new double[6];
        double biasSlope = 0;
        for (int row = 0; row < 200; row++)
        {
            double residual = targets[row] - predictions[row];
            biasSlope += residual;
            for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
            {
                slopes[rows.Columns[i]] += residual * rows.Values[i];
            }
        }

        Assert.Equal(0, biasSlope, 2);
        Assert.All(Enumerable.Range(0, 6), c => Assert.Equal(3 * model.Weights[0][c], slopes[c], 2));
    }

    [Fact]
    public void Logistic_regression_ends_where_its_loss_is_flat()
    {
        (SparseRows rows, _, int[] classes) = Draw(300, 5);

        var model = LinearModel.FitClasses(rows, classes, 2, penalty: 1);

        float[] chances = model.Predict(rows);
        double[] slopes = new double[5];
        for (int row = 0; row < 300; row++)
        {
            for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
            {
                slopes[rows.Columns[i]] += (classes[row] - chances[row]) * rows.Values[i];
            }
        }

        Assert.All(Enumerable.Range(0, 5), c => Assert.Equal(model.Weights[0][c], slopes[c], 2));
    }

    [Fact]
    public void Chances_of_several_classes_sum_to_one_and_name_the_right_one()
    {
        (SparseRows rows, float[] targets, _) = Draw(400, 4);
        int[] classes = [.. targets.Select(y => y < -1 ? 0 : y < 1 ? 1 : 2)];

        float[] chances = LinearModel.FitClasses(rows, classes, 3, penalty: 0.1).Predict(rows);

        int right = 0;
        for (int row = 0; row < 400; row++)
        {
            float[] of = chances[(3 * row)..(3 * (row + 1))];
            Assert.Equal(1, of.Sum(), 4);
            right += Array.IndexOf(of, of.Max()) == classes[row] ? 1 : 0;
        }

        Assert.True(right > 300, $"{right} of 400");
    }

    [Fact]
    public void The_nearest_rows_are_those_of_the_smallest_distance()
    {
        (SparseRows rows, _, _) = Draw(150, 5);
        SparseRows asked = rows.Select([3, 70]);

        int[] nearest = new NearestNeighbors(rows).Find(asked, 4);

        foreach ((int row, int at) in new[] { (3, 0), (70, 4) })
        {
            double[] distances = [.. Enumerable.Range(0, 150).Select(other => Distance(Dense(rows, row), Dense(rows, other)))];
            int[] expected = [.. Enumerable.Range(0, 150).OrderBy(other => distances[other]).Take(4)];
            Assert.Equal(expected, nearest[at..(at + 4)]);
        }
    }

    private static double Distance(float[] x, float[] y) => x.Zip(y).Sum(p => (p.First - (double)p.Second) * (p.First - (double)p.Second));

    private static float[] Dense(SparseRows rows, int row)
    {
        float[] dense = new float[rows.ColumnCount];
        for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
        {
            dense[rows.Columns[i]] = rows.Values[i];
        }

        return dense;
    }

    private static (SparseRows Rows, float[] Targets, int[] Classes) Draw(int count, int columns)
    {
        var random = new Random(9);
        var starts = new List<int> { 0 };
        var places = new List<int>();
        var values = new List<float>();
        float[] targets = new float[count];
        int[] classes = new int[count];
        for (int row = 0; row < count; row++)
        {
            for (int c = 0; c < columns; c++)
            {
                if (random.NextDouble() < 0.6)
                {
                    float value = (float)((2 * random.NextDouble()) - 1);
                    places.Add(c);
                    values.Add(value);
                    targets[row] += value * (c - 1.5f);
                }
            }

            starts.Add(places.Count);
            targets[row] += 0.3f * (random.NextSingle() - 0.5f);
            classes[row] = targets[row] + random.NextSingle() - 0.5f > 0 ? 1 : 0;
        }

        return (new SparseRows([.. starts], [.. places], [.. values], columns), targets, classes);
    }
}
