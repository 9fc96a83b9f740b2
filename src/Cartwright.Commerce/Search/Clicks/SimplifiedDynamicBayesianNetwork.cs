using System.Runtime.CompilerServices;

namespace Cartwright.Commerce.Search;

/// <summary>SDBN: as <see cref="DynamicBayesianNetwork"/> with patience without end, so that counting is enough.</summary>
/// <remarks>
/// All results down to the last click were looked at, all of them where nothing was clicked; the last click satisfied.
/// Chapelle and Zhang 2009, section 5. Differs from the paper: the priors of attraction and satisfaction are learned.
/// </remarks>
/// <param name="prior">Of attraction and of satisfaction; null learns both.</param>
internal sealed class SimplifiedDynamicBayesianNetwork(BetaPrior? prior = null) : IClickModel
{
    private double[] _attraction = [];
    private double[] _satisfaction = [];

    public string Name => "sdbn";

    public bool IsBaseline => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fit(ClickLog log, CancellationToken cancellation)
    {
        var (clicks, looks, satisfied) = (new double[log.PairCount], new double[log.PairCount], new double[log.PairCount]);
        for (int p = 0; p < log.PageCount; p++)
        {
            ClickPage page = log.Page(p);
            int last = page.LastClick;
            int looked = last < 0 ? page.Pairs.Length : last + 1;
            for (int rank = 0; rank < looked; rank++)
            {
                looks[page.Pairs[rank]]++;
                clicks[page.Pairs[rank]] += page.IsClicked[rank] ? 1 : 0;
            }

            if (last >= 0)
            {
                satisfied[page.Pairs[last]]++;
            }
        }

        BetaPrior attraction = prior ?? BetaPrior.Of(clicks, looks);
        BetaPrior satisfaction = prior ?? BetaPrior.Of(satisfied, clicks);
        _attraction = new double[log.PairCount];
        _satisfaction = new double[log.PairCount];
        for (int pair = 0; pair < looks.Length; pair++)
        {
            _attraction[pair] = attraction.After(clicks[pair], looks[pair]);
            _satisfaction[pair] = satisfaction.After(satisfied[pair], clicks[pair]);
        }
    }

    public void Follow(ClickPage page, Span<double> chances)
    {
        double looked = 1;
        for (int rank = 0; rank < page.Pairs.Length; rank++)
        {
            double attraction = _attraction[page.Pairs[rank]];
            double chance = chances[rank] = attraction * looked;
            looked = page.IsClicked[rank] ? 1 - _satisfaction[page.Pairs[rank]] : looked * (1 - attraction) / (1 - chance);
        }
    }

    public void Foretell(ClickPage page, Span<double> chances)
    {
        double looked = 1;
        for (int rank = 0; rank < page.Pairs.Length; rank++)
        {
            double attraction = _attraction[page.Pairs[rank]];
            chances[rank] = attraction * looked;
            looked *= 1 - (attraction * _satisfaction[page.Pairs[rank]]);
        }
    }

    public double Attraction(int pair) => _attraction[pair];

    public double Satisfaction(int pair) => _satisfaction[pair];
}
