using MathNet.Numerics.LinearAlgebra;

namespace Cartwright.Commerce.Vision;

/// <summary>How far two sets of pictures lie apart by what a network sees in them: 0 for the same set.</summary>
/// <remarks>
/// |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½) of means and covariances. Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
/// Equilibrium", NeurIPS 2017. Differs from the paper: the features are those of the shop's own network, along the main directions of the real
/// pictures in their deviations, since a few hundred pictures tell no covariance of more; distances of other networks can't be compared.
/// </remarks>
internal sealed class FrechetDistance
{
    private const int MostDirections = 24;
    private const double LeastVariance = 1e-9;

    private readonly int _width;
    private readonly Vector<double> _mean;
    private readonly Matrix<double> _directions;
    private readonly (Vector<double> Mean, Matrix<double> Covariance) _real;

    /// <param name="real">Features of the real pictures, two or more: [pictures, width].</param>
    public FrechetDistance(float[] real, int width)
    {
        _width = width;
        Matrix<double> rows = Rows(real);
        _mean = rows.ColumnSums() / rows.RowCount;
        Matrix<double> covariance = Covariance(rows, _mean);
        var parts = covariance.Evd(Symmetricity.Symmetric);
        int count = Math.Min(Math.Min(MostDirections, width), Math.Max(1, rows.RowCount / 4));
        _directions = Matrix<double>.Build.Dense(width, count, (i, j) =>
            parts.EigenVectors[i, width - 1 - j] / Math.Sqrt(Math.Max(LeastVariance, parts.EigenValues[width - 1 - j].Real)));
        _real = Moments(real);
    }

    /// <param name="other">Features of other pictures, two or more: [pictures, width].</param>
    public double To(float[] other)
    {
        (Vector<double> mean, Matrix<double> covariance) = Moments(other);
        Matrix<double> root = Root(_real.Covariance);
        double both = Eigenvalues(root * covariance * root).Sum(Math.Sqrt);
        double distance = (mean - _real.Mean).PointwisePower(2).Sum() + _real.Covariance.Trace() + covariance.Trace() - (2 * both);
        return Math.Max(0, distance);
    }

    private (Vector<double> Mean, Matrix<double> Covariance) Moments(float[] features)
    {
        Matrix<double> rows = Rows(features);
        Matrix<double> along = (rows - Matrix<double>.Build.Dense(rows.RowCount, _width, (_, j) => _mean[j])) * _directions;
        Vector<double> mean = along.ColumnSums() / along.RowCount;
        return (mean, Covariance(along, mean));
    }

    private Matrix<double> Rows(float[] features) => Matrix<double>.Build.Dense(features.Length / _width, _width, (i, j) => features[(i * _width) + j]);

    private static Matrix<double> Covariance(Matrix<double> rows, Vector<double> mean)
    {
        Matrix<double> centered = rows - Matrix<double>.Build.Dense(rows.RowCount, rows.ColumnCount, (_, j) => mean[j]);
        return centered.TransposeThisAndMultiply(centered) / Math.Max(1, rows.RowCount - 1);
    }

    private static Matrix<double> Root(Matrix<double> symmetric)
    {
        var parts = symmetric.Evd(Symmetricity.Symmetric);
        return parts.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(parts.EigenValues.Map(value => Math.Sqrt(Math.Max(0, value.Real)))) * parts.EigenVectors.Transpose();
    }

    private static IEnumerable<double> Eigenvalues(Matrix<double> symmetric) =>
        ((symmetric + symmetric.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues.Select(value => Math.Max(0, value.Real));
}
