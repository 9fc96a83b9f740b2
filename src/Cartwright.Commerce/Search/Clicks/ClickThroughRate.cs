namespace Cartwright.Commerce.Search;

/// <summary>The plain shares of clicks: of everything, of each place, or of each query's product.</summary>
/// <param name="of">What shares a share: "gctr" everything, "rctr" a place, "dctr" a query's product.</param>
internal sealed class ClickThroughRate(string of) : IClickModel
{
    private double[] _rate = [];

    public string Name => of;

    public bool IsBaseline => true;

    public void Fit(ClickLog log, CancellationToken cancellation)
    {
        int count = of == "dctr" ? log.PairCount : of == "rctr" ? Math.Max(1, log.LongestPage) : 1;
        var (clicked, shown) = (new double[count], new double[count]);
        for (int p = 0; p < log.PageCount; p++)
        {
            ClickPage page = log.Page(p);
            for (int rank = 0; rank < page.Pairs.Length; rank++)
            {
                int at = At(page, rank, count);
                shown[at]++;
                clicked[at] += page.IsClicked[rank] ? 1 : 0;
            }
        }

        BetaPrior prior = of == "dctr" ? BetaPrior.Of(clicked, shown) : BetaPrior.Even;
        _rate = new double[count];
        for (int i = 0; i < count; i++)
        {
            _rate[i] = prior.After(clicked[i], shown[i]);
        }
    }

    public void Follow(ClickPage page, Span<double> chances) => Foretell(page, chances);

    public void Foretell(ClickPage page, Span<double> chances)
    {
        for (int rank = 0; rank < page.Pairs.Length; rank++)
        {
            chances[rank] = _rate[At(page, rank, _rate.Length)];
        }
    }

    public double Attraction(int pair) => of == "dctr" ? _rate[pair] : 1;

    private int At(ClickPage page, int rank, int count) => of switch
    {
        "dctr" => page.Pairs[rank],
        "rctr" => Math.Min(rank, count - 1),
        _ => 0,
    };
}
