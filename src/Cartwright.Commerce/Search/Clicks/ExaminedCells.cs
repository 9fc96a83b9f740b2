using System.Runtime.InteropServices;

namespace Cartwright.Commerce.Search;

/// <summary>A log as expectation maximization needs it where looking depends on a cell alone: how often each pair was skipped in each cell.</summary>
/// <remarks>A cell is a place (<see cref="PositionBasedModel"/>), or a place and that of the last click (<see cref="UserBrowsingModel"/>). Pages that are alike are counted once.</remarks>
internal sealed class ExaminedCells
{
    /// <summary>What is quite certain would stay so.</summary>
    private const double MostAtFirst = 0.98;

    private readonly int[] _start;
    private readonly List<int> _cell = [];
    private readonly List<int> _skips = [];
    private readonly double[] _clicks;
    private readonly double[] _clicksAt;
    private readonly double[] _shownAt;

    /// <param name="cellOf">The cell of a place whose last click above is at another; places from 0, -1 where there is no click.</param>
    public ExaminedCells(ClickLog log, int cellCount, Func<int, int, int> cellOf)
    {
        (_clicksAt, _shownAt) = (new double[cellCount], new double[cellCount]);
        (double[] shown, _clicks) = log.Count();
        _start = new int[log.PairCount + 1];

        // Skipped cells of each pair, side by side.
        int[] next = new int[log.PairCount + 1];
        for (int pair = 0; pair < log.PairCount; pair++)
        {
            next[pair + 1] = next[pair] + (int)(shown[pair] - _clicks[pair]);
        }

        int[] ends = (int[])next.Clone();
        int[] skipped = new int[next[^1]];
        for (int p = 0; p < log.PageCount; p++)
        {
            ClickPage page = log.Page(p);
            int last = -1;
            for (int rank = 0; rank < page.Pairs.Length; rank++)
            {
                int cell = cellOf(rank, last);
                _shownAt[cell]++;
                if (page.IsClicked[rank])
                {
                    _clicksAt[cell]++;
                    last = rank;
                }
                else
                {
                    skipped[ends[page.Pairs[rank]]++] = cell;
                }
            }
        }

        for (int pair = 0; pair < log.PairCount; pair++)
        {
            _start[pair] = _cell.Count;
            Span<int> cells = skipped.AsSpan(next[pair], next[pair + 1] - next[pair]);
            cells.Sort();
            for (int i = 0; i < cells.Length; i++)
            {
                if (i > 0 && cells[i] == cells[i - 1])
                {
                    _skips[^1]++;
                }
                else
                {
                    _cell.Add(cells[i]);
                    _skips.Add(1);
                }
            }
        }

        _start[^1] = _cell.Count;
    }

    public int PairCount => _clicks.Length;

    /// <summary>A good first guess: everybody looks where clicks are most frequent, and elsewhere by their share of it.</summary>
    public double[] Begin()
    {
        double[] examination = [.. _shownAt.Select((shown, cell) => (_clicksAt[cell] + 0.5) / (shown + 1))];
        double highest = examination.DefaultIfEmpty(1).Max();
        return Array.ConvertAll(examination, rate => Math.Min(rate / highest, MostAtFirst));
    }

    /// <summary>One step: fills in the chance that what was skipped was looked at, P(looked at | skipped) = e (1 - a) / (1 - e a), and sets both anew.</summary>
    /// <param name="attraction">a of each pair.</param>
    /// <param name="examination">e of each cell.</param>
    public void Improve(double[] attraction, double[] examination, BetaPrior prior)
    {
        double[] looksAt = (double[])_clicksAt.Clone();
        ReadOnlySpan<int> cells = CollectionsMarshal.AsSpan(_cell);
        ReadOnlySpan<int> skips = CollectionsMarshal.AsSpan(_skips);
        for (int pair = 0; pair < attraction.Length; pair++)
        {
            double attracts = attraction[pair];
            double looks = _clicks[pair];
            for (int i = _start[pair]; i < _start[pair + 1]; i++)
            {
                double examined = examination[cells[i]];
                double looked = skips[i] * examined * (1 - attracts) / (1 - (examined * attracts));
                looks += looked;
                looksAt[cells[i]] += looked;
            }

            attraction[pair] = prior.After(_clicks[pair], looks);
        }

        for (int cell = 0; cell < examination.Length; cell++)
        {
            examination[cell] = BetaPrior.Even.After(looksAt[cell], _shownAt[cell]);
        }
    }
}
