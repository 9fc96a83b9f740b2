namespace Cartwright.Learning.Trees;

/// <summary>What each column adds to the scores of a row beside those of another.</summary>
/// <param name="From">Scores of the other row: [scores].</param>
/// <param name="Parts">What each column adds; they sum to the difference of the two rows' scores: [scores][columns].</param>
public sealed record TreeAttribution(double[] From, double[][] Parts)
{
    /// <summary>Scores of the row: [scores].</summary>
    public double[] To => [.. From.Zip(Parts, (from, parts) => from + parts.Sum())];
}

/// <summary>Shapley values of the columns in one tree: the mean over all orders in which a row's cells could take the place of another's.</summary>
/// <remarks>
/// A leaf that is reached with the columns A from the row and B from the other counts |A|-1 over |B| orders for each of A, and against each of B:
/// Lundberg et al., "From local explanations to global understanding with explainable AI for trees", Nature Machine Intelligence 2020, interventional
/// feature attributions with a single background row. Exact; time goes with the leaves that any mixture of the two rows reaches.
/// </remarks>
internal ref struct TreeShapley(DecisionTree tree, byte[][] bins, Span<double> parts)
{
    private const int Row = 0;
    private const int Other = 1;

    private readonly TreeNode[] _nodes = tree.Nodes;
    private readonly Dictionary<int, int> _taken = [];
    private readonly Span<double> _parts = parts;

    public void Add() => Walk(0);

    private readonly void Walk(int index)
    {
        ref TreeNode node = ref _nodes[index];
        if (node.Feature < 0)
        {
            Share(node.Value);
            return;
        }

        byte[] column = bins[node.Feature];
        int byRow = node.GoesLeft(column[Row]) ? node.Left : node.Right;
        int byOther = node.GoesLeft(column[Other]) ? node.Left : node.Right;
        if (byRow == byOther)
        {
            Walk(byRow);
        }
        else if (_taken.TryGetValue(node.Feature, out int taken))
        {
            Walk(taken == Row ? byRow : byOther);
        }
        else
        {
            _taken[node.Feature] = Row;
            Walk(byRow);
            _taken[node.Feature] = Other;
            Walk(byOther);
            _taken.Remove(node.Feature);
        }
    }

    private readonly void Share(float value)
    {
        int others = _taken.Values.Count(taken => taken == Other);
        int rows = _taken.Count - others;
        foreach ((int feature, int taken) in _taken)
        {
            _parts[feature] += taken == Row ? value * Orders(rows - 1, others) : -value * Orders(rows, others - 1);
        }
    }

    /// <summary>first! second! / (first + second + 1)!: the share of all orders with these columns before and those after.</summary>
    private static double Orders(int first, int second)
    {
        double share = 1.0 / (first + second + 1);
        for (int i = 1; i <= first; i++)
        {
            share *= i / (double)(second + i);
        }

        return share;
    }
}
