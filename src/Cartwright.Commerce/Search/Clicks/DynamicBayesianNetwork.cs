namespace Cartwright.Commerce.Search;

/// <summary>DBN: results are looked at one after the other, until a clicked one satisfies or patience ends.</summary>
/// <remarks>
/// A result that is looked at is clicked with its attraction; a clicked one satisfies with its satisfaction; who is not satisfied goes on with
/// one chance for all. Chapelle and Zhang, "A Dynamic Bayesian Network Click Model for Web Search Ranking", WWW 2009. Learned by expectation
/// maximization with exact chances of what was looked at given all clicks of the page. Priors of attraction and satisfaction, found on later pages.
/// </remarks>
/// <param name="prior">Of attraction; null finds one.</param>
/// <param name="contentment">The prior of satisfaction; null finds one.</param>
internal sealed class DynamicBayesianNetwork(int iterations = PositionBasedModel.Iterations, BetaPrior? prior = null, BetaPrior? contentment = null) : IClickModel
{
    private static readonly BetaPrior[] Contentments = [new(0.3, 2), new(0.1, 2), new(0.6, 2), new(0.85, 2)];

    private readonly double[] _silence = new double[ClickLog.MaxRank + 1];
    private double[] _attraction = [];
    private double[] _satisfaction = [];

    public string Name => "dbn";

    public bool IsBaseline => false;

    /// <summary>The chance to go on after a result that did not satisfy.</summary>
    public double Continuation { get; private set; } = BetaPrior.Even.Mean;

    public void Fit(ClickLog log, CancellationToken cancellation)
    {
        BetaPrior attracts = prior ?? PriorChoice.Attraction(log, part => candidate => Try(part, candidate, Contentments[0]), cancellation);
        BetaPrior satisfies = contentment ?? PriorChoice.Best(log, Contentments, part => candidate => Try(part, attracts, candidate), cancellation);
        Fit(log, attracts, satisfies, cancellation);

        DynamicBayesianNetwork Try(ClickLog part, BetaPrior attraction, BetaPrior satisfaction)
        {
            var tried = new DynamicBayesianNetwork(PriorChoice.Iterations);
            tried.Fit(part, attraction, satisfaction, cancellation);
            return tried;
        }
    }

    public void Follow(ClickPage page, Span<double> chances)
    {
        double looked = 1;
        for (int rank = 0; rank < page.Pairs.Length; rank++)
        {
            double attraction = _attraction[page.Pairs[rank]];
            double chance = chances[rank] = attraction * looked;
            looked = Continuation * (page.IsClicked[rank] ? 1 - _satisfaction[page.Pairs[rank]] : looked * (1 - attraction) / (1 - chance));
        }
    }

    public void Foretell(ClickPage page, Span<double> chances)
    {
        double looked = 1;
        for (int rank = 0; rank < page.Pairs.Length; rank++)
        {
            double attraction = _attraction[page.Pairs[rank]];
            chances[rank] = attraction * looked;
            looked *= Continuation * (1 - (attraction * _satisfaction[page.Pairs[rank]]));
        }
    }

    public double Attraction(int pair) => _attraction[pair];

    public double Satisfaction(int pair) => _satisfaction[pair];

    private void Fit(ClickLog log, BetaPrior attracts, BetaPrior satisfies, CancellationToken cancellation)
    {
        (_, double[] clicks) = log.Count();
        var (looks, satisfied, asked) = (new double[log.PairCount], new double[log.PairCount], new double[log.PairCount]);
        _attraction = new double[log.PairCount];
        _satisfaction = new double[log.PairCount];
        Array.Fill(_attraction, attracts.Mean);
        Array.Fill(_satisfaction, satisfies.Mean);
        Continuation = BetaPrior.Even.Mean;
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(looks);
            Array.Clear(satisfied);
            Array.Clear(asked);
            (double wentOn, double couldGoOn) = Expect(log, looks, satisfied, asked);
            for (int pair = 0; pair < looks.Length; pair++)
            {
                _attraction[pair] = attracts.After(clicks[pair], looks[pair]);
                _satisfaction[pair] = satisfies.After(satisfied[pair], asked[pair]);
            }

            Continuation = BetaPrior.Even.After(wentOn, couldGoOn);
        }
    }

    /// <summary>Adds what each page's clicks say of what was looked at, who was satisfied and who went on.</summary>
    /// <returns>How often somebody went on, and could have; at the end of a page neither is seen.</returns>
    private (double WentOn, double CouldGoOn) Expect(ClickLog log, double[] looks, double[] satisfied, double[] asked)
    {
        (double wentOn, double couldGoOn) = (0, 0);
        double[] silence = _silence;
        for (int p = 0; p < log.PageCount; p++)
        {
            ClickPage page = log.Page(p);
            (int count, int last) = (page.Pairs.Length, page.LastClick);

            // silence[r]: the chance that nothing from r on is clicked, given that r is looked at.
            silence[count] = 1;
            for (int rank = count - 1; rank > last; rank--)
            {
                silence[rank] = (1 - _attraction[page.Pairs[rank]]) * ((Continuation * silence[rank + 1]) + 1 - Continuation);
            }

            // Down to the last click everything was looked at, and all clicks above it left somebody unsatisfied.
            for (int rank = 0; rank < last; rank++)
            {
                looks[page.Pairs[rank]]++;
                asked[page.Pairs[rank]] += page.IsClicked[rank] ? 1 : 0;
            }

            wentOn += Math.Max(last, 0);
            couldGoOn += Math.Max(last, 0);
            double looked = 1;
            if (last >= 0)
            {
                looks[page.Pairs[last]]++;
                if (last == count - 1)
                {
                    continue;
                }

                double content = _satisfaction[page.Pairs[last]];
                double on = (1 - content) * Continuation * silence[last + 1];
                double off = (1 - content) * (1 - Continuation);
                double all = content + on + off;
                satisfied[page.Pairs[last]] += content / all;
                asked[page.Pairs[last]]++;
                wentOn += on / all;
                couldGoOn += (on + off) / all;
                looked = on / all;
            }

            for (int rank = last + 1; rank < count; rank++)
            {
                looks[page.Pairs[rank]] += looked;
                if (rank < count - 1)
                {
                    double on = Continuation * silence[rank + 1];
                    double next = looked * on / (on + 1 - Continuation);
                    wentOn += next;
                    couldGoOn += looked;
                    looked = next;
                }
            }
        }

        return (wentOn, couldGoOn);
    }
}
