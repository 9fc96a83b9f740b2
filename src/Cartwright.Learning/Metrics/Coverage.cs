namespace Cartwright.Learning.Metrics;

/// <summary>Share of all candidates that are in the list of at least one user, query or session.</summary>
/// <param name="candidateCount">Items that could have been listed; their indexes run from 0.</param>
public sealed class Coverage(int candidateCount)
{
    private readonly bool[] _isListed = new bool[Ranges.AtLeast(0, candidateCount, nameof(Coverage))];
    private int _listed;

    /// <summary>From 0 (nothing listed yet, or no candidates) to 1.</summary>
    public double Value => candidateCount == 0 ? 0 : (double)_listed / candidateCount;

    /// <summary>Counts one list, cut off already.</summary>
    public void Add(ReadOnlySpan<int> list)
    {
        foreach (int item in list)
        {
            ShapeException.Require((uint)item < (uint)_isListed.Length, $"Item {item} is listed; Coverage was made for {_isListed.Length} candidates, counted from 0.");
            _listed += _isListed[item] ? 0 : 1;
            _isListed[item] = true;
        }
    }
}
