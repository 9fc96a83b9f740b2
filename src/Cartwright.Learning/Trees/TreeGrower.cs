using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Trees;

/// <summary>Grows one tree after the other on the same rows, the leaf with the largest gain first.</summary>
/// <remarks>
/// Leaf-wise growth on histograms, the larger child's by subtraction: Ke et al., "LightGBM", NeurIPS 2017. Every column's sums are taken in
/// the order of the rows by one thread, so any number of threads grows the same tree. Columns that say the same in most rows are added
/// from their few other rows, see <see cref="SparseColumns"/>. Memory: 32 bytes for each bin, column and leaf: 8 MB for 32 columns of 255 bins
/// and 31 leaves.
/// </remarks>
internal sealed class TreeGrower
{
    // Below this many additions a thread more costs more than it saves.
    private const int FewAdditions = 8_192;

    private readonly byte[][] _bins;
    private readonly FeatureBins _cuts;
    private readonly BoostedTreesOptions _options;
    private readonly int[] _rows;
    private readonly int[] _aside;
    private readonly int[] _starts;
    private readonly (int[] Features, byte[][] Bins, int[] Starts)[] _dense;
    private readonly SparseColumns[] _sparse;
    private readonly long _additionsPerRow;
    private readonly bool[] _canMiss;
    private readonly TreeSplit[] _firstSplits;
    private readonly TreeSplit[] _secondSplits;
    private readonly Stack<double[]> _histograms = new();
    private readonly List<Leaf> _leaves = [];

    public TreeGrower(byte[][] bins, FeatureBins cuts, int rowCount, BoostedTreesOptions options)
    {
        _bins = bins;
        _cuts = cuts;
        _options = options;
        _rows = new int[rowCount];
        _aside = new int[rowCount];
        _starts = new int[cuts.Count + 1];
        for (int f = 0; f < cuts.Count; f++)
        {
            _starts[f + 1] = _starts[f] + ((cuts.BinCount(f) + 1) * HistogramKernel.Stride);
        }

        (int[] dense, _sparse) = SparseColumns.Separate(bins, _starts);
        _dense = [.. dense.Chunk(HistogramKernel.MostColumns)
            .Select(features => (features, Array.ConvertAll(features, f => bins[f]), Array.ConvertAll(features, f => _starts[f])))];
        _additionsPerRow = dense.Length + (_sparse.Sum(group => group.EntryCount) / Math.Max(1, rowCount));
        _canMiss = [.. bins.Select((column, f) => column.Contains((byte)cuts.BinCount(f)))];
        _firstSplits = new TreeSplit[cuts.Count];
        _secondSplits = new TreeSplit[cuts.Count];
    }

    /// <summary>The leaves of the tree that was grown last: the node's index and the rows that ended there.</summary>
    public IEnumerable<(int Node, ReadOnlyMemory<int> Rows)> Leaves =>
        _leaves.Select(leaf => (leaf.Node, (ReadOnlyMemory<int>)_rows.AsMemory(leaf.Start, leaf.Count)));

    /// <param name="numbers">Of each row: gradient, curvature, 1, 0: [rows, 4].</param>
    public DecisionTree Grow(float[] numbers)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows[i] = i;
        }

        _leaves.Clear();
        var nodes = new List<TreeNode>();
        var open = new PriorityQueue<Leaf, (double, int)>();
        Leaf root = new() { Node = 0, Start = 0, Count = _rows.Length, Histogram = Rent() };
        nodes.Add(default);
        Look(root, null, null, numbers);
        Settle(root, nodes, open);

        int leafCount = 1;
        while (open.TryDequeue(out Leaf? leaf, out _))
        {
            if (leafCount == _options.LeafCount)
            {
                Close(leaf);
                continue;
            }

            (Leaf left, Leaf right) = Divide(leaf, nodes);
            leafCount++;
            if (leafCount < _options.LeafCount && (CanSplit(left) || CanSplit(right)))
            {
                (Leaf small, Leaf large) = left.Count <= right.Count ? (left, right) : (right, left);
                small.Histogram = Rent();
                large.Histogram = leaf.Histogram;
                Look(small, large, leaf, numbers);
            }
            else
            {
                Return(leaf.Histogram);
            }

            Settle(left, nodes, open);
            Settle(right, nodes, open);
        }

        return new DecisionTree([.. nodes]);
    }

    private bool CanSplit(Leaf leaf) => leaf.Count >= 2 * _options.RowsPerLeaf;

    /// <summary>Fills the histograms and finds the best split of one or both leaves.</summary>
    private void Look(Leaf small, Leaf? large, Leaf? parent, float[] numbers)
    {
        var work = new Looking(this, small, large, numbers);
        int groups = _dense.Length + _sparse.Length;
        if (parent is null)
        {
            // The sums of the root are those of any column.
            small.Sums = SumsOf(numbers);
        }

        if (small.Count * _additionsPerRow < FewAdditions)
        {
            for (int group = 0; group < groups; group++)
            {
                work.Run(group);
            }
        }
        else
        {
            ParallelWork.For(groups, work);
        }

        small.Split = BestOf(_firstSplits);
        if (large is not null)
        {
            large.Split = BestOf(_secondSplits);
        }
    }

    private static LeafSums SumsOf(float[] numbers)
    {
        var sums = default(LeafSums);
        for (int i = 0; i < numbers.Length; i += HistogramKernel.Stride)
        {
            sums += new LeafSums(numbers[i], numbers[i + 1], numbers[i + 2]);
        }

        return sums;
    }

    // Of equal gains the first column, on any number of threads.
    private static TreeSplit BestOf(TreeSplit[] splits)
    {
        var best = default(TreeSplit);
        foreach (TreeSplit split in splits)
        {
            best = split.Gain > best.Gain ? split : best;
        }

        return best;
    }

    /// <summary>Gives the leaf its value and puts it where it belongs: among those to split, or among the finished.</summary>
    private void Settle(Leaf leaf, List<TreeNode> nodes, PriorityQueue<Leaf, (double, int)> open)
    {
        TreeNode node = nodes[leaf.Node];
        node.Feature = -1;
        node.Value = (float)(leaf.Sums.Value(_options.L2) * _options.LearningRate);
        nodes[leaf.Node] = node;
        if (leaf.Split.IsFound)
        {
            open.Enqueue(leaf, (-leaf.Split.Gain, leaf.Node));
        }
        else
        {
            Close(leaf);
        }
    }

    private void Close(Leaf leaf)
    {
        _leaves.Add(leaf);
        if (leaf.Histogram is not null)
        {
            Return(leaf.Histogram);
            leaf.Histogram = null;
        }
    }

    /// <summary>Moves the rows that go left to the front, each side in its old order.</summary>
    private (Leaf Left, Leaf Right) Divide(Leaf leaf, List<TreeNode> nodes)
    {
        TreeSplit split = leaf.Split;
        TreeNode node = nodes[leaf.Node];
        node.Feature = split.Feature;
        node.LastLeft = split.LastLeft;
        node.LeftBins = split.LeftBins;
        node.Gain = (float)split.Gain;
        node.Left = nodes.Count;
        node.Right = nodes.Count + 1;
        nodes[leaf.Node] = node;
        nodes.Add(default);
        nodes.Add(default);

        byte[] bins = _bins[split.Feature];
        Span<int> rows = _rows.AsSpan(leaf.Start, leaf.Count);
        int left = 0;
        int right = 0;
        foreach (int row in rows)
        {
            if (node.GoesLeft(bins[row]))
            {
                rows[left++] = row;
            }
            else
            {
                _aside[right++] = row;
            }
        }

        _aside.AsSpan(0, right).CopyTo(rows[left..]);
        return (
            new Leaf { Node = node.Left, Start = leaf.Start, Count = left, Sums = split.Left },
            new Leaf { Node = node.Right, Start = leaf.Start + left, Count = right, Sums = leaf.Sums - split.Left });
    }

    private double[] Rent() => _histograms.TryPop(out double[]? histogram) ? histogram : new double[_starts[^1]];

    private void Return(double[]? histogram)
    {
        if (histogram is not null)
        {
            _histograms.Push(histogram);
        }
    }

    private sealed class Leaf
    {
        public required int Node { get; init; }

        public required int Start { get; init; }

        public required int Count { get; init; }

        public LeafSums Sums { get; set; }

        public double[]? Histogram { get; set; }

        public TreeSplit Split { get; set; }
    }

    /// <summary>A few columns: the smaller leaf's histogram from its rows, the larger's as what is left of their parent's, and both splits.</summary>
    private readonly struct Looking(TreeGrower grower, Leaf small, Leaf? large, float[] numbers) : IWorkItem
    {
        public void Run(int index)
        {
            bool isDense = index < grower._dense.Length;
            int[] features = isDense ? grower._dense[index].Features : grower._sparse[index - grower._dense.Length].Features;
            foreach (int f in features)
            {
                Of(f, small).Clear();
            }

            ReadOnlySpan<int> rows = grower._rows.AsSpan(small.Start, small.Count);
            if (isDense)
            {
                (_, byte[][] bins, int[] starts) = grower._dense[index];
                HistogramKernel.Add(bins, rows, numbers, small.Histogram, starts);
            }
            else
            {
                grower._sparse[index - grower._dense.Length].Add(rows, numbers, small.Histogram!, small.Sums);
            }

            foreach (int f in features)
            {
                if (large is not null)
                {
                    System.Numerics.Tensors.TensorPrimitives.Subtract<double>(Of(f, large), Of(f, small), Of(f, large));
                }

                grower._firstSplits[f] = Find(f, small);
                grower._secondSplits[f] = large is null ? default : Find(f, large);
            }
        }

        private Span<double> Of(int feature, Leaf leaf) => leaf.Histogram.AsSpan(grower._starts[feature]..grower._starts[feature + 1]);

        private TreeSplit Find(int feature, Leaf leaf) => grower.CanSplit(leaf)
            ? TreeSplit.Find(feature, grower._cuts.IsCategory(feature), grower._canMiss[feature],
                Of(feature, leaf), leaf.Sums, grower._options)
            : default;
    }
}
