namespace Cartwright.Learning.Kernels;

/// <summary>Cuts a matrix product into blocks and does them: <see cref="Gemm"/> for matrices of any strides.</summary>
internal static unsafe class Product
{
    private const int RowBlock = 96;

    /// <summary>Rows of a block where there would be few blocks: with fewer, a panel of B is brought in for too few tiles.</summary>
    private const int LowRowBlock = 32;

    private const int PanelsPerBlock = 32;

    /// <summary>Rows of a block where A is read across its rows in memory, and a long way for few columns of C.</summary>
    private const int HighRowBlock = 384;
    private const int FewColumns = 128;

    private const int DepthChunk = 256;

    /// <summary>A product of at most this size in each of its three directions is done at once, on the calling thread.</summary>
    private const int SmallSize = 64;

    /// <summary>Fewer rows than this are multiplied row by row, without tiles.</summary>
    private const int FewRows = 4;

    /// <summary>From this many rows on, a copy of B in panels is paid back.</summary>
    private const int RowsWorthPackingB = 24;

    /// <summary>With more numbers between two rows of B, every few rows are on a page of memory of their own.</summary>
    private const int MostRowStride = 256;

    /// <summary>Numbers of B that are packed at a time: 16 MB.</summary>
    private const int MostPackedB = 1 << 22;

    /// <summary>With fewer blocks of C than this they are cut lower, then a long k is cut too, so that there is work for several threads.</summary>
    private const int FewBlocks = 8;

    /// <summary>With more, one block more or less for a thread no longer shows.</summary>
    private const int ManyBlocks = 64;
    private const int EvenBlocks = 4;
    private const int DepthSlice = 512;
    private const int MostSlices = 16;

    /// <summary>C = A·B + beta·C, with A [m, k], B [k, n], C [m, n] and its rows <paramref name="cStride"/> apart.</summary>
    public static void Multiply(MatrixView a, MatrixView b, float* c, nint cStride, int m, int n, int k, float beta)
    {
        if (m == 0 || n == 0)
        {
            return;
        }

        if (k == 0)
        {
            Clear(c, cStride, m, n, beta);
            return;
        }

        if (m >= FewRows && n <= SmallSize && k <= SmallSize && (m <= SmallSize))
        {
            GemmBlock.Multiply(a, b, null, 0, 0, c, cStride, m, n, k, accumulate: beta != 0);
            return;
        }

        int slices = SliceCount(m, n, k);
        if (slices > 1)
        {
            MultiplySliced(a, b, c, cStride, m, n, k, beta, slices);
            return;
        }

        // B is packed whole where that fits, else a part of k at a time.
        bool packB = m >= RowsWorthPackingB || (m >= FewRows && b.ColumnStride != 1);
        int depth = packB ? Math.Max(DepthChunk, MostPackedB / RoundedUp(n) / DepthChunk * DepthChunk) : k;
        for (int start = 0; start < k; start += depth)
        {
            int size = Math.Min(depth, k - start);
            var part = new Blocks(
                a.From(0, start), b.From(start, 0), c, cStride, m, n, size, accumulate: beta != 0 || start > 0);
            if (packB)
            {
                float* packed = Scratch.Take(Scratch.Use.PackedB, (nint)RoundedUp(n) * size);
                var packing = new PackingOfB(part.B, n, size, packed);
                Run(packing.Count, packing, isWorthSharing: (long)n * size > 32_768);
                part = part.With(packed);
            }

            Run(part.Count, part, isWorthSharing: (long)m * n * size > 65_536);
        }
    }

    // A wide block packs its rows of A once; its rows of C stay in the second cache, which is larger where vectors are longer.
    private static int ColumnBlock => PanelsPerBlock * GemmTile.Columns;

    private static int Panels(int columns) => (columns + GemmTile.Columns - 1) / GemmTile.Columns;

    private static int RoundedUp(int columns) => Panels(columns) * GemmTile.Columns;

    private static void Run<TBody>(int count, TBody body, bool isWorthSharing)
        where TBody : struct, IWorkItem
    {
        if (isWorthSharing)
        {
            ParallelWork.For(count, body);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            body.Run(i);
        }
    }

    private static void Clear(float* c, nint cStride, int m, int n, float beta)
    {
        for (int i = 0; beta == 0 && i < m; i++)
        {
            new Span<float>(c + (i * cStride), n).Clear();
        }
    }

    private static int SliceCount(int m, int n, int k)
    {
        int blocks = ((m + LowRowBlock - 1) / LowRowBlock) * ((n + ColumnBlock - 1) / ColumnBlock);
        return blocks >= FewBlocks || m < FewRows ? 1 : Math.Min(MostSlices, k / DepthSlice);
    }

    // Every slice of k makes its own product; they are added in their order.
    private static void MultiplySliced(
        MatrixView a, MatrixView b, float* c, nint cStride, int m, int n, int k, float beta, int slices)
    {
        float* products = Scratch.Take(Scratch.Use.Products, (nint)slices * m * n);
        ParallelWork.For(slices, new Slice(a, b, products, m, n, k, slices));
        for (int i = 0; i < m; i++)
        {
            float* row = c + (i * cStride);
            for (int s = 0; s < slices; s++)
            {
                float* product = products + ((((nint)s * m) + i) * n);
                if (s == 0 && beta == 0)
                {
                    new ReadOnlySpan<float>(product, n).CopyTo(new Span<float>(row, n));
                }
                else
                {
                    Reduce.Add(product, row, n);
                }
            }
        }
    }

    private readonly struct Slice(MatrixView a, MatrixView b, float* products, int m, int n, int k, int slices) : IWorkItem
    {
        public void Run(int index)
        {
            int start = (int)((long)k * index / slices);
            int size = (int)((long)k * (index + 1) / slices) - start;
            var part = new Blocks(
                a.From(0, start), b.From(start, 0), products + ((nint)index * m * n), n, m, n, size, accumulate: false);

            // Few rows of C share B here: where its own rows lie close together they are as good as a copy.
            if (b.ColumnStride != 1 || b.RowStride > MostRowStride)
            {
                float* packed = Scratch.Take(Scratch.Use.PackedB, (nint)RoundedUp(n) * size);
                var packing = new PackingOfB(part.B, n, size, packed);
                Product.Run(packing.Count, packing, isWorthSharing: false);
                part = part.With(packed);
            }

            Product.Run(part.Count, part, isWorthSharing: false);
        }
    }

    /// <summary>B in panels of the tile's width: all of k for the first panel, then for the next.</summary>
    private readonly struct PackingOfB : IWorkItem
    {
        private const int NumbersAtOnce = 1 << 14;

        /// <summary>Rows of B that are taken at a time for many panels, where its rows lie contiguously: each may be on a page of its own.</summary>
        private const int RowsAtOnce = 32;

        private readonly MatrixView _b;
        private readonly int _n;
        private readonly int _k;
        private readonly float* _packed;
        private readonly int _rows;
        private readonly int _panels;

        public PackingOfB(MatrixView b, int n, int k, float* packed)
        {
            (_b, _n, _k) = (b, n, k);
            _packed = packed;
            _rows = b.ColumnStride == 1 ? Math.Min(k, RowsAtOnce) : k;
            _panels = Math.Max(1, NumbersAtOnce / (_rows * GemmTile.Columns));
        }

        public MatrixView B => _b;

        public int Count => PanelBlocks * ((_k + _rows - 1) / _rows);

        private int PanelBlocks => (Panels(_n) + _panels - 1) / _panels;

        public void Run(int index)
        {
            int row = index / PanelBlocks * _rows;
            int rows = Math.Min(_rows, _k - row);
            int start = index % PanelBlocks * _panels;
            for (int panel = start; panel < Math.Min(Panels(_n), start + _panels); panel++)
            {
                int column = panel * GemmTile.Columns;
                int columns = Math.Min(GemmTile.Columns, _n - column);
                GemmPanels.PackB(_b.From(row, column), columns, rows, _packed + ((nint)column * _k) + ((nint)row * GemmPanels.PanelWidth(columns)));
            }
        }
    }

    /// <summary>The blocks of C.</summary>
    private readonly struct Blocks : IWorkItem
    {
        private readonly MatrixView _a;
        private readonly MatrixView _b;
        private readonly float* _packedB;
        private readonly float* _c;
        private readonly nint _cStride;
        private readonly int _m;
        private readonly int _n;
        private readonly int _k;
        private readonly bool _accumulate;
        private readonly int _tiles;
        private readonly int _rowBlocks;

        public Blocks(MatrixView a, MatrixView b, float* c, nint cStride, int m, int n, int k, bool accumulate)
        {
            _a = a;
            _b = b;
            _c = c;
            _cStride = cStride;
            _m = m;
            _n = n;
            _k = k;
            _accumulate = accumulate;

            // Blocks of nearly the same height, in whole tiles. A few of them are made a multiple of 4, which two threads and
            // four share evenly: of 11 one thread would do 6, and two be no more than 1.8 times as fast as one.
            int most = a.RowStride == 1 && n <= FewColumns && m >= FewBlocks * HighRowBlock ? HighRowBlock : RowBlock;
            int columnBlocks = (n + ColumnBlock - 1) / ColumnBlock;
            int blocks = Math.Max((m + most - 1) / most, Math.Min(FewBlocks / columnBlocks, m / LowRowBlock));
            _tiles = (m + GemmTile.Rows - 1) / GemmTile.Rows;
            int even = blocks * columnBlocks is > FewBlocks and < ManyBlocks ? (blocks + EvenBlocks - 1) / EvenBlocks * EvenBlocks : blocks;
            _rowBlocks = Math.Min(even, _tiles);
        }

        private Blocks(in Blocks other, float* packedB)
        {
            this = other;
            _packedB = packedB;
        }

        public MatrixView B => _b;

        public int Count => _rowBlocks * ((_n + ColumnBlock - 1) / ColumnBlock);

        public Blocks With(float* packedB) => new(this, packedB);

        public void Run(int index)
        {
            int row = Start(index % _rowBlocks);
            int column = index / _rowBlocks * ColumnBlock;
            int rows = Start((index % _rowBlocks) + 1) - row;
            int columns = Math.Min(ColumnBlock, _n - column);
            if (_m < FewRows)
            {
                RowProduct.Multiply(
                    _a.From(row, 0), _b.From(0, column), _c + (row * _cStride) + column, _cStride, rows, columns, _k, _accumulate);
                return;
            }

            float* panels = _packedB == null ? null : _packedB + ((nint)column * _k);
            for (int start = 0; start < _k; start += DepthChunk)
            {
                GemmBlock.Multiply(
                    _a.From(row, start),
                    _b.From(start, column),
                    panels,
                    _k,
                    start,
                    _c + (row * _cStride) + column,
                    _cStride,
                    rows,
                    columns,
                    Math.Min(DepthChunk, _k - start),
                    _accumulate || start > 0);
            }
        }

        private int Start(int rowBlock) => Math.Min(_m, (int)((long)_tiles * rowBlock / _rowBlocks) * GemmTile.Rows);
    }
}
