using MathNet.Numerics.LinearAlgebra;

namespace Cartwright.Commerce.Pricing;

/// <summary>Least squares of the logarithm of units on that of price, with an effect of each store and what else moves demand.</summary>
/// <remarks>
/// The store's effect is taken out by subtracting its means (the within estimator). Errors of one store belong together, so the variance
/// sums over stores (Liang and Zeger, "Longitudinal Data Analysis Using Generalized Linear Models", 1986), or over weeks where there are fewer
/// than ten stores, with the small-sample factor of Cameron and Miller, "A Practitioner's Guide to Cluster-Robust Inference", 2015.
/// </remarks>
internal static class DemandRegression
{
    private const int FewestStores = 10;

    /// <param name="regressors">Price first: [rows][regressors], means of the store subtracted.</param>
    /// <param name="targets">[rows], means of the store subtracted.</param>
    /// <param name="stores">Number of each row's store.</param>
    /// <param name="periods">Number of each row's week.</param>
    /// <returns>Coefficients, the standard error of the first and its degrees of freedom, one less than the clusters; null where the regressors depend on each other.</returns>
    public static (double[] Coefficients, double Error, double Freedom)? Fit(double[][] regressors, double[] targets, int[] stores, int[] periods)
    {
        int rows = targets.Length;
        int count = regressors[0].Length;
        int storeCount = stores.Distinct().Count();
        Matrix<double> x = Matrix<double>.Build.DenseOfRowArrays(regressors);
        Vector<double> y = Vector<double>.Build.DenseOfArray(targets);
        Matrix<double> information = x.TransposeThisAndMultiply(x);
        if (rows <= count + storeCount || information.Diagonal().AbsoluteMinimum() <= 1e-12 || Math.Abs(information.ConditionNumber()) > 1e12)
        {
            return null;
        }

        Matrix<double> inverse = information.Inverse();
        Vector<double> coefficients = inverse * x.TransposeThisAndMultiply(y);
        Vector<double> residuals = y - (x * coefficients);
        int[] clusters = storeCount >= FewestStores ? stores : periods;
        Vector<double>[] sums = [.. Enumerable.Range(0, rows).GroupBy(row => clusters[row])
            .Select(cluster => cluster.Aggregate(Vector<double>.Build.Dense(count), (sum, row) => sum + (x.Row(row) * residuals[row])))];
        var meat = Matrix<double>.Build.Dense(count, count);
        foreach (Vector<double> sum in sums)
        {
            meat += sum.OuterProduct(sum);
        }

        double correction = sums.Length / (sums.Length - 1.0) * (rows - 1.0) / (rows - count - storeCount);
        double variance = (inverse * meat * inverse)[0, 0] * correction;
        return variance > 0 && double.IsFinite(variance) ? (coefficients.ToArray(), Math.Sqrt(variance), sums.Length - 1) : null;
    }
}
