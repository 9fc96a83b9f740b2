using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>Sums gradients, curvatures and counts of rows by the bin that they fall into.</summary>
internal static unsafe class HistogramKernel
{
    /// <summary>Numbers of a bin: gradient, curvature, count, and one that stays 0 so that a bin is one vector.</summary>
    public const int Stride = 4;

    /// <summary>Columns that are added up in one pass over the rows: their sums fit into the first cache together.</summary>
    public const int MostColumns = 4;

    /// <summary>Adds to sums[bin of row] the numbers of each row, in the order of the rows.</summary>
    /// <param name="columns">One to four columns of bins: [rows of the table].</param>
    /// <param name="rows">Indexes of the rows to add.</param>
    /// <param name="numbers">[rows of the table, 4]: gradient, curvature, 1, 0.</param>
    /// <param name="sums">Of all columns of the table: [bins, 4] each.</param>
    /// <param name="starts">Where the sums of each column added begin, in numbers.</param>
    public static void Add(
        ReadOnlySpan<byte[]> columns, ReadOnlySpan<int> rows, ReadOnlySpan<float> numbers, Span<double> sums, ReadOnlySpan<int> starts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns.Length, MostColumns);
        ShapeException.ThrowUnlessLength(starts.Length, columns.Length);
        fixed (int* r = rows)
        fixed (float* n = numbers)
        fixed (double* s = sums)
        {
            if (columns.Length == MostColumns && Vector256.IsHardwareAccelerated)
            {
                AddFour(columns, r, rows.Length, n, s, starts);
                return;
            }

            for (int c = 0; c < columns.Length; c++)
            {
                fixed (byte* column = columns[c])
                {
                    AddOne(column, r, rows.Length, n, s + starts[c]);
                }
            }
        }
    }

    /// <summary>Adds to sums[entry] the numbers of each row, for each of its entries, in the order of the rows.</summary>
    /// <param name="rowStarts">Where the entries of each row of the table begin: [rows of the table + 1].</param>
    /// <param name="entries">Where the sums of a bin begin, in numbers.</param>
    /// <param name="rows">Indexes of the rows to add.</param>
    /// <param name="numbers">[rows of the table, 4]: gradient, curvature, 1, 0.</param>
    /// <param name="sums">Of all columns of the table: [bins, 4] each.</param>
    public static void AddEntries(ReadOnlySpan<int> rowStarts, ReadOnlySpan<int> entries, ReadOnlySpan<int> rows, ReadOnlySpan<float> numbers, Span<double> sums)
    {
        fixed (int* starts = rowStarts)
        fixed (int* e = entries)
        fixed (float* n = numbers)
        fixed (double* s = sums)
        {
            foreach (int row in rows)
            {
                float* number = n + ((nint)row * Stride);
                int end = starts[row + 1];
                if (Vector256.IsHardwareAccelerated)
                {
                    Vector256<double> wide = Widened(number);
                    for (int i = starts[row]; i < end; i++)
                    {
                        AddTo(s + e[i], wide);
                    }

                    continue;
                }

                for (int i = starts[row]; i < end; i++)
                {
                    double* sum = s + e[i];
                    sum[0] += number[0];
                    sum[1] += number[1];
                    sum[2] += number[2];
                }
            }
        }
    }

    private static void AddFour(ReadOnlySpan<byte[]> columns, int* rows, int count, float* numbers, double* sums, ReadOnlySpan<int> starts)
    {
        double* s0 = sums + starts[0];
        double* s1 = sums + starts[1];
        double* s2 = sums + starts[2];
        double* s3 = sums + starts[3];
        fixed (byte* c0 = columns[0], c1 = columns[1], c2 = columns[2], c3 = columns[3])
        {
            for (int i = 0; i < count; i++)
            {
                nint row = rows[i];
                Vector256<double> number = Widened(numbers + (row * Stride));
                AddTo(s0 + (c0[row] * (nint)Stride), number);
                AddTo(s1 + (c1[row] * (nint)Stride), number);
                AddTo(s2 + (c2[row] * (nint)Stride), number);
                AddTo(s3 + (c3[row] * (nint)Stride), number);
            }
        }
    }

    private static void AddOne(byte* column, int* rows, int count, float* numbers, double* sums)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i < count; i++)
            {
                nint row = rows[i];
                AddTo(sums + (column[row] * (nint)Stride), Widened(numbers + (row * Stride)));
            }
        }

        for (; i < count; i++)
        {
            float* number = numbers + ((nint)rows[i] * Stride);
            double* sum = sums + (column[rows[i]] * (nint)Stride);
            sum[0] += number[0];
            sum[1] += number[1];
            sum[2] += number[2];
        }
    }

    private static Vector256<double> Widened(float* number)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Load(number));
        return Vector256.Create(low, high);
    }

    private static void AddTo(double* sum, Vector256<double> number) => (Vector256.Load(sum) + number).Store(sum);
}
