namespace Cartwright.Learning.Trees;

/// <summary>One tree of a <see cref="BoostedTrees"/>, over bins.</summary>
internal sealed class DecisionTree(TreeNode[] nodes)
{
    /// <summary>The root first.</summary>
    public TreeNode[] Nodes => nodes;

    /// <param name="bins">[features][rows]</param>
    public float Predict(byte[][] bins, int row)
    {
        ref TreeNode node = ref nodes[0];
        while (node.Feature >= 0)
        {
            node = ref nodes[node.GoesLeft(bins[node.Feature][row]) ? node.Left : node.Right];
        }

        return node.Value;
    }
}

/// <summary>A question, or a leaf where <see cref="Feature"/> is -1.</summary>
/// <remarks>A number goes left where its bin is at most <see cref="LastLeft"/>; a category, and what is missing, where its bit is set.</remarks>
internal struct TreeNode
{
    public int Feature;
    public int Left;
    public int Right;

    /// <summary>The last bin that goes left; -1 where the set alone decides.</summary>
    public int LastLeft;

    public BinSet LeftBins;

    /// <summary>What a leaf adds to the score, the learning rate counted; of an inner node, what it would add as a leaf.</summary>
    public float Value;

    /// <summary>How much the split lowered the loss.</summary>
    public float Gain;

    public readonly bool GoesLeft(byte bin) => bin <= LastLeft || LeftBins.Contains(bin);
}

/// <summary>Any of the bins 0 to 255.</summary>
internal record struct BinSet(ulong A, ulong B, ulong C, ulong D)
{
    public readonly bool Contains(byte bin) => ((bin < 128 ? bin < 64 ? A : B : bin < 192 ? C : D) >> (bin & 63) & 1) != 0;

    public void Add(int bin)
    {
        ulong bit = 1UL << (bin & 63);
        switch (bin >> 6)
        {
            case 0: A |= bit; break;
            case 1: B |= bit; break;
            case 2: C |= bit; break;
            default: D |= bit; break;
        }
    }
}
