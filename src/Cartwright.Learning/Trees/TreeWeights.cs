using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Trees;

/// <summary>Boosted trees as named tensors, for a safetensors file, and back.</summary>
/// <remarks>
/// Whole numbers below 16,777,216 are exact as 32-bit floats; the 256 bits of a set are written as 16 numbers of 16 bits. What comes back
/// is checked, so that a changed file can't send a prediction in circles or out of bounds.
/// </remarks>
internal static class TreeWeights
{
    private const int SetWords = 16;

    public static Dictionary<string, Tensor> Of(BoostedTrees model)
    {
        TreeNode[] nodes = [.. model.Trees.SelectMany(tree => tree.Nodes)];
        FeatureBins bins = model.Bins;
        IEnumerable<int> features = Enumerable.Range(0, bins.Count);
        return new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["start"] = Vector(model.Start),
            ["columns.kind"] = Vector(features.Select(f => bins.IsCategory(f) ? 1f : 0)),
            ["columns.category_count"] = Vector(features.Select(f => (float)bins.CategoryCount(f))),
            ["columns.cut_count"] = Vector(features.Select(f => (float)Cuts(bins, f).Length)),
            ["columns.cuts"] = Vector(features.SelectMany(f => Cuts(bins, f))),
            ["trees.node_count"] = Vector(model.Trees.Select(tree => (float)tree.Nodes.Length)),
            ["nodes.feature"] = Vector(nodes.Select(node => (float)node.Feature)),
            ["nodes.left"] = Vector(nodes.Select(node => (float)node.Left)),
            ["nodes.right"] = Vector(nodes.Select(node => (float)node.Right)),
            ["nodes.last_left"] = Vector(nodes.Select(node => (float)node.LastLeft)),
            ["nodes.left_bins"] = Tensor.From([.. nodes.SelectMany(node => Words(node.LeftBins))], nodes.Length, SetWords),
            ["nodes.value"] = Vector(nodes.Select(node => node.Value)),
            ["nodes.gain"] = Vector(nodes.Select(node => node.Gain)),
        };
    }

    /// <exception cref="ModelFormatException">A tensor is missing, or does not fit the others.</exception>
    public static BoostedTrees Read(BoostedTreesOptions options, IReadOnlyDictionary<string, Tensor> weights)
    {
        options.Validate();
        float[] start = Floats("start");
        int[] cutCounts = Whole("columns.cut_count", 0, int.MaxValue);
        int[] kinds = Whole("columns.kind", 0, 1);
        int[] categoryCounts = Whole("columns.category_count", 0, int.MaxValue);
        float[] cuts = Floats("columns.cuts");
        int[] nodeCounts = Whole("trees.node_count", 1, int.MaxValue);
        int[] features = Whole("nodes.feature", -1, cutCounts.Length - 1);
        int[] lefts = Whole("nodes.left", 0, int.MaxValue);
        int[] rights = Whole("nodes.right", 0, int.MaxValue);
        int[] lastLefts = Whole("nodes.last_left", -1, FeatureBins.MostBins);
        int[] words = Whole("nodes.left_bins", 0, ushort.MaxValue);
        float[] values = Floats("nodes.value");
        float[] gains = Floats("nodes.gain");

        int scores = TreeLoss.Of(options).ScoreCount;
        bool fits = start.Length == scores && nodeCounts.Length % scores == 0 && cutCounts.Length > 0
            && kinds.Length == cutCounts.Length && categoryCounts.Length == cutCounts.Length
            && cutCounts.Sum(c => (long)c) == cuts.Length && nodeCounts.Sum(c => (long)c) == features.Length
            && new[] { lefts.Length, rights.Length, lastLefts.Length, values.Length, gains.Length }.All(length => length == features.Length)
            && words.Length == features.Length * (long)SetWords;
        if (!fits)
        {
            throw Broken("The tensors of the trees differ in length.");
        }

        var columns = new List<(float[]? Thresholds, int[]? Categories, int CategoryCount)>();
        int cut = 0;
        for (int f = 0; f < cutCounts.Length; cut += cutCounts[f], f++)
        {
            float[] of = cuts[cut..(cut + cutCounts[f])];
            bool isRising = Enumerable.Range(1, Math.Max(0, of.Length - 1)).All(i => of[i - 1] < of[i]);
            bool areCategories = kinds[f] == 0 || of.All(c => c >= 0 && c < categoryCounts[f] && c == MathF.Floor(c));
            if (of.Length > FeatureBins.MostBins || !isRising || !areCategories)
            {
                throw Broken($"The cuts of column {f} are more than {FeatureBins.MostBins}, not rising, or no categories.");
            }

            columns.Add(kinds[f] == 0 ? (of, null, 0) : (null, [.. of.Select(c => (int)c)], categoryCounts[f]));
        }

        var trees = new DecisionTree[nodeCounts.Length];
        int at = 0;
        for (int t = 0; t < trees.Length; at += nodeCounts[t], t++)
        {
            var nodes = new TreeNode[nodeCounts[t]];
            for (int i = 0; i < nodes.Length; i++)
            {
                int n = at + i;
                if (features[n] >= 0 && (lefts[n] <= i || rights[n] <= i || lefts[n] >= nodes.Length || rights[n] >= nodes.Length))
                {
                    throw Broken($"Node {i} of tree {t} leads to {lefts[n]} and {rights[n]}; nodes lead to later ones, below {nodes.Length}.");
                }

                nodes[i] = new TreeNode
                {
                    Feature = features[n],
                    Left = lefts[n],
                    Right = rights[n],
                    LastLeft = lastLefts[n],
                    LeftBins = Set(words.AsSpan(n * SetWords, SetWords)),
                    Value = values[n],
                    Gain = gains[n],
                };
            }

            trees[t] = new DecisionTree(nodes);
        }

        return BoostedTrees.Of(options, FeatureBins.Of(columns), start, trees);

        float[] Floats(string name) => weights.TryGetValue(name, out Tensor? tensor) ? tensor.ToArray() : throw Broken($"There is no tensor '{name}'.");

        int[] Whole(string name, int least, int most) =>
        [
            .. Floats(name).Select(x => x >= least && x <= most && x == MathF.Floor(x)
                ? (int)x
                : throw Broken($"'{name}' holds {x}; allowed are whole numbers from {least} to {most}.")),
        ];
    }

    private static ModelFormatException Broken(string what) => new("boosted trees", $"{what} Train again, or put back a copy.");

    private static float[] Cuts(FeatureBins bins, int feature) => bins.Thresholds(feature) ?? [.. bins.Categories(feature)!.Select(c => (float)c)];

    private static Tensor Vector(IEnumerable<float> values) => Vector([.. values]);

    private static Tensor Vector(ReadOnlySpan<float> values) => Tensor.From(values, values.Length);

    private static IEnumerable<float> Words(BinSet set) => new[] { set.A, set.B, set.C, set.D }
        .SelectMany(bits => Enumerable.Range(0, 4).Select(i => (float)(ushort)(bits >> (16 * i))));

    private static BinSet Set(ReadOnlySpan<int> words) => new(Bits(words[..4]), Bits(words[4..8]), Bits(words[8..12]), Bits(words[12..]));

    private static ulong Bits(ReadOnlySpan<int> words) => (uint)words[0] | ((ulong)(uint)words[1] << 16) | ((ulong)(uint)words[2] << 32) | ((ulong)(uint)words[3] << 48);
}
