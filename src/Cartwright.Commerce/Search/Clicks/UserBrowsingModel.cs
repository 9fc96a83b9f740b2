namespace Cartwright.Commerce.Search;

/// <summary>UBM: a place is looked at by how high it stands and how far below the last click.</summary>
/// <remarks>
/// P(click at r | last click above at r') = examination(r, r') * attraction(query, product). Dupret and Piwowarski, "A User Browsing Model to
/// Predict Search Engine Click Data from Past Observations", SIGIR 2008. Differs from the paper as <see cref="PositionBasedModel"/> does.
/// </remarks>
/// <param name="prior">Of attraction; null finds one.</param>
internal sealed class UserBrowsingModel(int iterations = PositionBasedModel.Iterations, BetaPrior? prior = null) : IClickModel
{
    private double[] _attraction = [];

    /// <summary>[r (r + 1) / 2 + r' + 1]: place r from 0, last click above it at r', -1 where there is none.</summary>
    private double[] _examination = [];

    public string Name => "ubm";

    public bool IsBaseline => false;

    public void Fit(ClickLog log, CancellationToken cancellation)
    {
        BetaPrior believed = prior ?? PriorChoice.Attraction(log, part =>
        {
            ExaminedCells cells = CellsOf(part);
            return candidate =>
            {
                var tried = new UserBrowsingModel(PriorChoice.Iterations);
                tried.Fit(cells, candidate, cancellation);
                return tried;
            };
        }, cancellation);
        Fit(CellsOf(log), believed, cancellation);
    }

    public void Follow(ClickPage page, Span<double> chances)
    {
        int last = -1;
        for (int rank = 0; rank < page.Pairs.Length; rank++)
        {
            chances[rank] = _attraction[page.Pairs[rank]] * Examination(rank, last);
            last = page.IsClicked[rank] ? rank : last;
        }
    }

    public void Foretell(ClickPage page, Span<double> chances)
    {
        // [r' + 1]: the chance that the last click so far was at r'.
        Span<double> lastAt = stackalloc double[ClickLog.MaxRank + 1];
        lastAt[0] = 1;
        for (int rank = 0; rank < page.Pairs.Length; rank++)
        {
            double attraction = _attraction[page.Pairs[rank]];
            double chance = 0;
            for (int last = -1; last < rank; last++)
            {
                double clicked = attraction * Examination(rank, last);
                chance += lastAt[last + 1] * clicked;
                lastAt[last + 1] *= 1 - clicked;
            }

            chances[rank] = lastAt[rank + 1] = chance;
        }
    }

    public double Attraction(int pair) => _attraction[pair];

    /// <summary>The chance that a place is looked at whose last click above is at another, both from 0, -1 where there is no click. Longer
    /// pages than were learned from are looked at as the end of the longest.</summary>
    public double Examination(int rank, int lastClick)
    {
        int cell = Cell(rank, lastClick);
        return _examination[cell < _examination.Length ? cell : ^1];
    }

    private static int Cell(int rank, int lastClick) => (rank * (rank + 1) / 2) + lastClick + 1;

    private static ExaminedCells CellsOf(ClickLog log) => new ExaminedCells(log, Cell(log.LongestPage, -1), Cell);

    private void Fit(ExaminedCells cells, BetaPrior believed, CancellationToken cancellation)
    {
        _attraction = new double[cells.PairCount];
        Array.Fill(_attraction, believed.Mean);
        _examination = cells.Begin();
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            cells.Improve(_attraction, _examination, believed);
        }
    }
}
