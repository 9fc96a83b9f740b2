using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Trees;

/// <summary>A group of columns that say the same in most rows, as words of texts do: only the other rows are kept, and added up.</summary>
/// <remarks>
/// The usual bin's sums are those of the leaf less those of all other bins, so work goes with what is unusual: Chen and Guestrin, "XGBoost", KDD 2016,
/// section 3.4. Memory: 4 bytes for each unusual cell and for each row and group.
/// </remarks>
internal sealed class SparseColumns
{
    // Adding an entry costs about what adding a dense cell does, and its row has to be found: half of the cells leaves no doubt.
    private const double LeastShare = 0.5;
    private const int MostColumns = 64;

    private readonly int[] _rowStarts;
    private readonly int[] _entries;
    private readonly (int Start, int End, int Usual)[] _sums;

    private SparseColumns(int[] features, byte[][] bins, int[] starts, byte[] usual)
    {
        Features = features;
        _sums = [.. features.Select(f => (starts[f], starts[f + 1], starts[f] + (usual[f] * HistogramKernel.Stride)))];
        int rows = bins[0].Length;
        _rowStarts = new int[rows + 1];
        var entries = new List<int>();
        for (int row = 0; row < rows; row++)
        {
            foreach (int f in features)
            {
                if (bins[f][row] != usual[f])
                {
                    entries.Add(starts[f] + (bins[f][row] * HistogramKernel.Stride));
                }
            }

            _rowStarts[row + 1] = entries.Count;
        }

        _entries = [.. entries];
    }

    /// <summary>Indexes of the columns.</summary>
    public int[] Features { get; }

    public long EntryCount => _entries.Length;

    /// <summary>Tells columns to keep whole from those to keep by their unusual rows.</summary>
    /// <param name="bins">[features][rows]</param>
    /// <param name="starts">Where the sums of each column begin in a histogram, in numbers, and where the last end.</param>
    public static (int[] Dense, SparseColumns[] Sparse) Separate(byte[][] bins, int[] starts)
    {
        byte[] usual = new byte[bins.Length];
        var dense = new List<int>();
        var sparse = new List<int>();
        for (int f = 0; f < bins.Length; f++)
        {
            int[] counts = new int[256];
            foreach (byte bin in bins[f])
            {
                counts[bin]++;
            }

            usual[f] = (byte)Array.IndexOf(counts, counts.Max());
            (counts[usual[f]] > LeastShare * bins[f].Length ? sparse : dense).Add(f);
        }

        return ([.. dense], [.. sparse.Chunk(MostColumns).Select(features => new SparseColumns(features, bins, starts, usual))]);
    }

    /// <summary>Fills the sums of these columns, which are 0, from the rows of a leaf, in their order.</summary>
    /// <param name="numbers">Of each row: gradient, curvature, 1, 0: [rows, 4].</param>
    /// <param name="all">Sums over the rows of the leaf.</param>
    public void Add(ReadOnlySpan<int> rows, float[] numbers, double[] histogram, LeafSums all)
    {
        HistogramKernel.AddEntries(_rowStarts, _entries, rows, numbers, histogram);
        foreach ((int start, int end, int usual) in _sums)
        {
            LeafSums rest = all;
            for (int i = start; i < end; i += HistogramKernel.Stride)
            {
                rest -= new LeafSums(histogram[i], histogram[i + 1], histogram[i + 2]);
            }

            (histogram[usual], histogram[usual + 1], histogram[usual + 2]) = (rest.Gradient, rest.Curvature, rest.Count);
        }
    }
}
