namespace Cartwright.Commerce.Search;

/// <summary>PBM: a place is looked at by how high it stands, whatever was clicked above.</summary>
/// <remarks>
/// P(click at r) = examination(r) * attraction(query, product). Craswell et al., "An Experimental Comparison of Click Position-Bias Models",
/// WSDM 2008; learned by expectation maximization (Chuklin et al. 2015, section 4.3). Differs from the book: attraction has a prior that all
/// pairs share, found on later pages, and only whether a skipped result was looked at is filled in, which converges sooner to the same place.
/// </remarks>
/// <param name="prior">Of attraction; null finds one.</param>
internal sealed class PositionBasedModel(int iterations = PositionBasedModel.Iterations, BetaPrior? prior = null) : IClickModel
{
    public const int Iterations = 50;

    private double[] _attraction = [];
    private double[] _examination = [];

    public string Name => "pbm";

    public bool IsBaseline => false;

    public void Fit(ClickLog log, CancellationToken cancellation)
    {
        BetaPrior believed = prior ?? PriorChoice.Attraction(log, part =>
        {
            ExaminedCells cells = CellsOf(part);
            return candidate =>
            {
                var tried = new PositionBasedModel(PriorChoice.Iterations);
                tried.Fit(cells, candidate, cancellation);
                return tried;
            };
        }, cancellation);
        Fit(CellsOf(log), believed, cancellation);
    }

    public void Follow(ClickPage page, Span<double> chances) => Foretell(page, chances);

    public void Foretell(ClickPage page, Span<double> chances)
    {
        for (int rank = 0; rank < page.Pairs.Length; rank++)
        {
            chances[rank] = _attraction[page.Pairs[rank]] * Examination(rank);
        }
    }

    public double Attraction(int pair) => _attraction[pair];

    /// <summary>The chance that a place is looked at, from 0. Longer pages than were learned from are looked at as the end of the longest.</summary>
    public double Examination(int rank) => _examination[Math.Min(rank, _examination.Length - 1)];

    private static ExaminedCells CellsOf(ClickLog log) => new ExaminedCells(log, log.LongestPage, (rank, _) => rank);

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
