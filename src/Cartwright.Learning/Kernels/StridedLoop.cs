namespace Cartwright.Learning.Kernels;

/// <summary>
/// A walk over a shape in row-major order, a row at a time, for a few arrays at once: each has a stride for every axis, 0 where
/// it stands still.
/// </summary>
/// <remarks>Neighboring axes that every array walks without a gap become one, so that rows are as long as they can be.</remarks>
internal sealed class StridedLoop
{
    private readonly int[] _sizes;
    private readonly int[][] _strides;

    /// <param name="shape">Sizes that are walked.</param>
    /// <param name="strides">For every array, as many strides as the shape has axes.</param>
    public StridedLoop(ReadOnlySpan<int> shape, params int[][] strides)
    {
        var axes = new List<int>();
        var sizes = new List<int>();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int size = shape[axis];
            if (size == 1)
            {
                continue;
            }

            if (axes.Count > 0 && Array.TrueForAll(strides, s => s[axes[^1]] == (long)s[axis] * size))
            {
                axes[^1] = axis;
                sizes[^1] *= size;
            }
            else
            {
                axes.Add(axis);
                sizes.Add(size);
            }
        }

        _sizes = [.. sizes];
        _strides = Array.ConvertAll(strides, s => axes.ConvertAll(axis => s[axis]).ToArray());
        RowLength = sizes.Count == 0 ? 1 : sizes[^1];
        long rows = 1;
        for (int i = 0; i < sizes.Count - 1; i++)
        {
            rows *= sizes[i];
        }

        RowCount = RowLength == 0 ? 0 : (int)rows;
    }

    /// <summary>Numbers in a row; 0 where there are none at all.</summary>
    public int RowLength { get; }

    public int RowCount { get; }

    /// <summary>Integers that a <see cref="Cursor"/> needs.</summary>
    public int CursorSize => _sizes.Length + _strides.Length;

    /// <summary>How far an array goes from one number of a row to the next.</summary>
    public int RowStride(int array) => _sizes.Length == 0 ? 1 : _strides[array][^1];

    /// <summary>Strides of a row-major array without gaps.</summary>
    public static int[] Contiguous(ReadOnlySpan<int> shape)
    {
        int[] strides = new int[shape.Length];
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>Strides of an array of shape <paramref name="from"/> that is read as if it had shape <paramref name="to"/>.</summary>
    /// <exception cref="ShapeException">An axis is neither of the size asked for nor 1.</exception>
    public static int[] Broadcast(ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        int missing = to.Length - from.Length;
        int[] contiguous = Contiguous(from);
        int[] strides = new int[to.Length];
        for (int axis = Math.Max(0, missing); axis < to.Length; axis++)
        {
            int size = from[axis - missing];
            if (size != to[axis] && size != 1)
            {
                missing = -1;
                break;
            }

            strides[axis] = size == 1 ? 0 : contiguous[axis - missing];
        }

        return missing >= 0 ? strides : throw new ShapeException(
            $"A tensor of shape [{string.Join(", ", from.ToArray())}] can't be read as one of shape [{string.Join(", ", to.ToArray())}]: counted from the last, every axis has to have the same size or 1.");
    }

    /// <summary>The shape that two shapes broadcast to: axes are matched from the last, and 1 gives way.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static int[] BroadcastShape(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        int[] shape = new int[Math.Max(x.Length, y.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int a = i <= x.Length ? x[^i] : 1;
            int b = i <= y.Length ? y[^i] : 1;
            shape[^i] = a == b || b == 1 ? a : a == 1 ? b : throw new ShapeException(
                $"Shapes [{string.Join(", ", x.ToArray())}] and [{string.Join(", ", y.ToArray())}] don't go together: counted from the last, every axis has to have the same size in both, or 1 in one.");
        }

        return shape;
    }

    /// <summary>Where the rows begin, one after the other.</summary>
    public ref struct Cursor
    {
        private readonly StridedLoop _loop;
        private readonly Span<int> _index;
        private readonly Span<int> _offsets;

        /// <param name="row">The row to begin with.</param>
        /// <param name="memory">As many integers as <see cref="CursorSize"/> says.</param>
        public Cursor(StridedLoop loop, int row, Span<int> memory)
        {
            _loop = loop;
            _index = memory[..loop._sizes.Length];
            _offsets = memory[loop._sizes.Length..];
            memory.Clear();
            if (loop.RowCount == 0)
            {
                return;
            }

            for (int axis = loop._sizes.Length - 2; axis >= 0; axis--)
            {
                _index[axis] = row % loop._sizes[axis];
                row /= loop._sizes[axis];
                for (int array = 0; array < _offsets.Length; array++)
                {
                    _offsets[array] += _index[axis] * loop._strides[array][axis];
                }
            }
        }

        /// <summary>Where this row begins in an array.</summary>
        public readonly int this[int array] => _offsets[array];

        public readonly void Next()
        {
            int[] sizes = _loop._sizes;
            for (int axis = sizes.Length - 2; axis >= 0; axis--)
            {
                bool isThrough = ++_index[axis] == sizes[axis];
                for (int array = 0; array < _offsets.Length; array++)
                {
                    int stride = _loop._strides[array][axis];
                    _offsets[array] += isThrough ? stride - (stride * sizes[axis]) : stride;
                }

                if (!isThrough)
                {
                    return;
                }

                _index[axis] = 0;
            }
        }
    }
}
