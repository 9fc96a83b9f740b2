namespace Cartwright.Learning.Kernels;

/// <summary>How the sums of a tile end.</summary>
/// <param name="bias">A number for each of the 8 rows, or null.</param>
/// <param name="accumulates">Adds to what C holds.</param>
/// <param name="rectifies">Writes max(0, sum).</param>
internal readonly unsafe struct TileEnd(float* bias, bool accumulates, bool rectifies)
{
    public bool Accumulates => accumulates;

    public bool Rectifies => rectifies;

    public float BiasOf(int row) => bias == null ? 0 : bias[row];

    /// <summary>The end of the rows from <paramref name="row"/> on.</summary>
    public TileEnd From(int row) => new(bias == null ? null : bias + row, accumulates, rectifies);
}
