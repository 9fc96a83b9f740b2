namespace Cartwright.Commerce.Search;

/// <summary>Finds the prior that makes a click model expect later clicks best: learned from the first three quarters of a log, judged on the rest.</summary>
/// <remarks>
/// Most pairs of query and product are seen a few times only, so what they are taken for until then decides much. The prior can't be found by
/// the likelihood of what was learned from: chances of looking, filled in by expectation, fit a prior without any spread as well.
/// </remarks>
internal static class PriorChoice
{
    /// <summary>Enough to tell priors apart.</summary>
    public const int Iterations = 15;

    /// <summary>Pages to judge by; with fewer the middle candidate is taken.</summary>
    private const int FewestJudges = 50;

    private static readonly double[] Strengths = [6, 3, 12];
    private static readonly double[] Shares = [1, 0.7, 1.4, 0.5, 2];

    /// <summary>Priors of attraction: as the first place is clicked, which nearly everybody looks at, and more and less.</summary>
    public static BetaPrior Attraction(ClickLog log, Func<ClickLog, Func<BetaPrior, IClickModel>> learn, CancellationToken cancellation)
    {
        (int clicked, int shown) = (0, 0);
        for (int page = 0; page < log.PageCount; page++)
        {
            clicked += log.Page(page).IsClicked[0] ? 1 : 0;
            shown++;
        }

        double first = BetaPrior.Even.After(clicked, shown);
        BetaPrior mean = Best(log, [.. Shares.Select(share => new BetaPrior(Math.Min(first * share, 0.9), Strengths[0]))], learn, cancellation);
        return Best(log, [.. Strengths.Select(strength => mean with { Strength = strength })], learn, cancellation);
    }

    /// <summary>The candidate whose model gives the later pages the highest likelihood.</summary>
    /// <param name="candidates">The first is taken where there is too little to judge by.</param>
    /// <param name="learn">Makes ready for a log, and then learns from it with a prior.</param>
    public static BetaPrior Best(ClickLog log, BetaPrior[] candidates, Func<ClickLog, Func<BetaPrior, IClickModel>> learn, CancellationToken cancellation)
    {
        (ClickLog learned, ClickLog judges) = log.CutInOrder();
        if (judges.PageCount < FewestJudges)
        {
            return candidates[0];
        }

        Func<BetaPrior, IClickModel> fit = learn(learned);
        BetaPrior best = candidates[0];
        double highest = double.NegativeInfinity;
        foreach (BetaPrior candidate in candidates)
        {
            cancellation.ThrowIfCancellationRequested();
            IClickModel model = fit(candidate);
            double likelihood = ClickChance.LogLikelihood(model, judges);
            if (likelihood > highest)
            {
                (best, highest) = (candidate, likelihood);
            }
        }

        return best;
    }
}
