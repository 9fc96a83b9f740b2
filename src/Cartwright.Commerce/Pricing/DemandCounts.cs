using MathNet.Numerics.LinearAlgebra;

namespace Cartwright.Commerce.Pricing;

/// <summary>Counts of units with zeros among them: ln of their mean is an effect of the store and a sum of regressors.</summary>
/// <remarks>
/// Poisson pseudo-maximum likelihood, right for any spread around the mean: Santos Silva and Tenreyro, "The Log of Gravity", 2006. The
/// stores' effects are taken out in closed form. The error is what leaving out one cluster after the other changes: the jackknife of MacKinnon,
/// Nielsen and Webb, "Cluster-Robust Inference: A Guide to Empirical Practice", 2023. Clusters are stores, or weeks where stores are few.
/// </remarks>
internal static class DemandCounts
{
    private const int FewestStores = 10;
    private const int MostSteps = 60;
    private const double LargestCoefficient = 50;

    /// <param name="regressors">Price first: [rows][regressors].</param>
    /// <param name="units">[rows], 0 or more; each store has some above 0.</param>
    /// <param name="stores">Number of each row's store, from 0.</param>
    /// <param name="periods">Number of each row's week.</param>
    /// <returns>As of <see cref="DemandRegression.Fit"/>; null where the regressors depend on each other or part what sold from what did not.</returns>
    public static (double[] Coefficients, double Error, double Freedom)? Fit(double[][] regressors, double[] units, int[] stores, int[] periods)
    {
        int rows = units.Length;
        int count = regressors[0].Length;
        int storeCount = stores.Max() + 1;
        double[] sold = new double[storeCount];
        for (int row = 0; row < rows; row++)
        {
            sold[stores[row]] += units[row];
        }

        Vector<double> b = Vector<double>.Build.Dense(count);
        Point at = At(b, regressors, units, stores, sold);
        for (int step = 0; step < MostSteps; step++)
        {
            if (at.Information.Diagonal().AbsoluteMinimum() <= 1e-12 || at.Information.ConditionNumber() > 1e12)
            {
                return null;
            }

            Vector<double> move = at.Information.Solve(at.Score);
            Point next = At(b + move, regressors, units, stores, sold);
            for (int half = 0; half < 30 && !(next.LogLikelihood >= at.LogLikelihood - 1e-9); half++)
            {
                move /= 2;
                next = At(b + move, regressors, units, stores, sold);
            }

            b += move;
            at = next;
            if (move.AbsoluteMaximum() < 1e-9)
            {
                break;
            }
        }

        int[] clusters = storeCount >= FewestStores ? stores : periods;
        int clusterCount = clusters.Distinct().Count();
        if (b.AbsoluteMaximum() > LargestCoefficient || clusterCount < 2 || rows <= count + storeCount)
        {
            return null;
        }

        double[] without = [.. Enumerable.Range(0, rows).GroupBy(row => clusters[row]).Select(cluster => Without(cluster, at, units))];
        double mean = without.Average();
        double variance = (clusterCount - 1.0) / clusterCount * without.Sum(change => (change - mean) * (change - mean));
        return variance > 0 && double.IsFinite(variance) ? (b.ToArray(), Math.Sqrt(variance), clusterCount - 1) : null;
    }

    /// <summary>What one Newton step changes of the first coefficient where a cluster is left out; NaN where the others can't tell it.</summary>
    private static double Without(IEnumerable<int> cluster, Point at, double[] units)
    {
        Matrix<double> information = at.Information.Clone();
        var score = Vector<double>.Build.Dense(information.RowCount);
        foreach (int row in cluster)
        {
            information -= at.Means[row] * at.Centered[row].OuterProduct(at.Centered[row]);
            score -= at.Centered[row] * (units[row] - at.Means[row]);
        }

        return information.ConditionNumber() > 1e12 ? double.NaN : information.Solve(score)[0];
    }

    /// <param name="Means">Expected units of each row.</param>
    /// <param name="Centered">Regressors of each row less their mean in the store, weighted by expected units.</param>
    private sealed record Point(double LogLikelihood, Vector<double> Score, Matrix<double> Information, double[] Means, Vector<double>[] Centered);

    private static Point At(Vector<double> b, double[][] regressors, double[] units, int[] stores, double[] sold)
    {
        int rows = units.Length;
        int count = b.Count;
        double[] eta = new double[rows];
        double[] most = [.. sold.Select(_ => double.NegativeInfinity)];
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < count; c++)
            {
                eta[row] += b[c] * regressors[row][c];
            }

            most[stores[row]] = Math.Max(most[stores[row]], eta[row]);
        }

        double[] sums = new double[sold.Length];
        double[][] means = [.. sold.Select(_ => new double[count])];
        for (int row = 0; row < rows; row++)
        {
            double weight = Math.Exp(eta[row] - most[stores[row]]);
            sums[stores[row]] += weight;
            for (int c = 0; c < count; c++)
            {
                means[stores[row]][c] += weight * regressors[row][c];
            }
        }

        double likelihood = 0;
        double[] expected = new double[rows];
        var centered = new Vector<double>[rows];
        var score = Vector<double>.Build.Dense(count);
        var information = Matrix<double>.Build.Dense(count, count);
        for (int row = 0; row < rows; row++)
        {
            int s = stores[row];
            expected[row] = sold[s] * Math.Exp(eta[row] - most[s]) / sums[s];
            likelihood += units[row] * (eta[row] - most[s] - Math.Log(sums[s]));
            centered[row] = Vector<double>.Build.Dense(count);
            for (int c = 0; c < count; c++)
            {
                centered[row][c] = regressors[row][c] - (means[s][c] / sums[s]);
                score[c] += centered[row][c] * (units[row] - expected[row]);
            }

            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    information[i, j] += expected[row] * centered[row][i] * centered[row][j];
                }
            }
        }

        return new Point(likelihood, score, information, expected, centered);
    }
}
