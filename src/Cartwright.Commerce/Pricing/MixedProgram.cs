namespace Cartwright.Commerce.Pricing;

/// <summary>A linear program some of whose variables are whole numbers: maximize a sum under rows of sums.</summary>
internal sealed class MixedProgram
{
    private readonly List<double> _objective = [];
    private readonly List<double> _upper = [];
    private readonly List<bool> _isWhole = [];
    private readonly List<(int Column, double Value)[]> _rows = [];
    private readonly List<double> _low = [];
    private readonly List<double> _high = [];

    public int ColumnCount => _objective.Count;

    public int RowCount => _rows.Count;

    public IReadOnlyList<double> Objective => _objective;

    public IReadOnlyList<double> Upper => _upper;

    public IReadOnlyList<double> RowLow => _low;

    public IReadOnlyList<double> RowHigh => _high;

    /// <summary>A variable from 0 to <paramref name="upper"/>; returns its number.</summary>
    public int Column(double objective, double upper, bool isWhole)
    {
        _objective.Add(objective);
        _upper.Add(upper);
        _isWhole.Add(isWhole);
        return _objective.Count - 1;
    }

    public bool IsWhole(int column) => _isWhole[column];

    /// <summary>low ≤ sum of value · variable ≤ high. A variable may be named twice; its values are added.</summary>
    public void Row(IEnumerable<(int Column, double Value)> terms, double low, double high)
    {
        _rows.Add([.. terms.GroupBy(t => t.Column).Select(g => (g.Key, g.Sum(t => t.Value))).Where(t => t.Item2 != 0)]);
        _low.Add(low);
        _high.Add(high);
    }

    /// <summary>The rows by column, as solvers take them: where each column starts, then row numbers and values.</summary>
    public (int[] Starts, int[] Rows, double[] Values) ByColumn()
    {
        int[] starts = new int[ColumnCount + 1];
        foreach ((int column, _) in _rows.SelectMany(row => row))
        {
            starts[column + 1]++;
        }

        for (int i = 0; i < ColumnCount; i++)
        {
            starts[i + 1] += starts[i];
        }

        int[] next = starts[..^1];
        int[] rows = new int[starts[^1]];
        double[] values = new double[starts[^1]];
        for (int r = 0; r < _rows.Count; r++)
        {
            foreach ((int column, double value) in _rows[r])
            {
                rows[next[column]] = r;
                values[next[column]++] = value;
            }
        }

        return (starts, rows, values);
    }
}

/// <summary>What became of a program.</summary>
/// <param name="Values">By column; null where no solution was found.</param>
/// <param name="Bound">No solution is above this.</param>
internal sealed record MixedSolution(bool IsOptimal, bool IsInfeasible, double Objective, double Bound, double[]? Values);
