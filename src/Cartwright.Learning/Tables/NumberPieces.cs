using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tables;

/// <summary>Turns each number into how far it fills each piece of its column's range, with the number itself and whether it is there.</summary>
/// <remarks>Piecewise linear encoding over quantiles: Gorishniy, Rubachev and Babenko, NeurIPS 2022, section 3.2, equation 1.</remarks>
public sealed class NumberPieces
{
    private const float MostDeviations = 5;

    private readonly int _pieces;

    private NumberPieces(Tensor edges, Tensor scale, int pieces)
    {
        Edges = edges;
        Scale = scale;
        _pieces = pieces;
    }

    /// <summary>Ends of the pieces of each column, rising: [columns, pieces + 1].</summary>
    public Tensor Edges { get; }

    /// <summary>Mean and deviation of each column: [columns, 2].</summary>
    public Tensor Scale { get; }

    public int ColumnCount => Scale.Length / 2;

    /// <summary>Numbers that a row becomes: pieces + 2 for each column.</summary>
    public int Width => ColumnCount * (_pieces + 2);

    /// <summary>Cuts each column at evenly spaced ranks of its values.</summary>
    /// <param name="columns">NaN where a number is missing: [columns][rows].</param>
    /// <param name="pieces">1 or more.</param>
    public static NumberPieces Learn(IReadOnlyList<float[]> columns, int pieces)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        float[] edges = new float[columns.Count * (pieces + 1)];
        float[] scale = new float[columns.Count * 2];
        for (int c = 0; c < columns.Count; c++)
        {
            float[] values = [.. columns[c].Where(float.IsFinite)];
            Array.Sort(values);
            if (values.Length == 0)
            {
                values = [0];
            }

            for (int i = 0; i <= pieces; i++)
            {
                double place = (double)i / pieces * (values.Length - 1);
                (float low, float high) = (values[(int)place], values[Math.Min((int)place + 1, values.Length - 1)]);
                edges[(c * (pieces + 1)) + i] = (float)(low + ((place - (int)place) * (high - (double)low)));
            }

            double mean = values.Average(v => (double)v);
            double deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            scale[2 * c] = (float)mean;
            scale[(2 * c) + 1] = deviation > 0 ? (float)deviation : 1;
        }

        return new NumberPieces(Tensor.Buffer(edges, columns.Count, pieces + 1), Tensor.Buffer(scale, columns.Count, 2), pieces);
    }

    /// <summary>Empty pieces of this shape, to load what was learned into.</summary>
    public static NumberPieces Empty(int columns, int pieces) =>
        new(Tensor.Buffer(new float[columns * (pieces + 1)], columns, pieces + 1), Tensor.Buffer(new float[columns * 2], columns, 2), pieces);

    /// <param name="columns">[columns][rows]</param>
    /// <returns>Of each column the share of each piece that lies below the number, the number in deviations from the mean, and 1 where it
    /// is missing, with 0 for the rest: [rows, Width].</returns>
    /// <exception cref="ShapeException">There are not as many columns as were learned.</exception>
    public Tensor Encode(IReadOnlyList<float[]> columns, int rows)
    {
        ShapeException.Require(columns.Count == ColumnCount, $"The pieces were learned from {ColumnCount} columns of numbers; found {columns.Count}.");
        int width = _pieces + 2;
        float[] encoded = new float[rows * Width];
        for (int c = 0; c < columns.Count; c++)
        {
            ReadOnlySpan<float> edges = Edges.Values.Slice(c * (_pieces + 1), _pieces + 1);
            ShapeException.Require(columns[c].Length == rows, $"Column {c} of numbers has {columns[c].Length} rows; {rows} are asked for.");
            (float mean, float deviation) = (Scale.Values[2 * c], Scale.Values[(2 * c) + 1]);
            for (int row = 0; row < rows; row++)
            {
                float value = columns[c][row];
                Span<float> to = encoded.AsSpan((row * Width) + (c * width), width);
                if (!float.IsFinite(value))
                {
                    to[^1] = 1;
                    continue;
                }

                for (int i = 0; i < _pieces; i++)
                {
                    // A piece without width, where many rows share a value, is full from that value on.
                    float size = edges[i + 1] - edges[i];
                    to[i] = size > 0 ? Math.Clamp((value - edges[i]) / size, 0, 1) : value >= edges[i] ? 1 : 0;
                }

                to[^2] = Math.Clamp((value - mean) / deviation, -MostDeviations, MostDeviations);
            }
        }

        return Tensor.From(encoded, rows, Width);
    }
}
