namespace Cartwright.Commerce.Search;

/// <summary>Chances of clicks: how far from 0 and 1 they stay, and what a page is worth under them.</summary>
internal static class ClickChance
{
    /// <summary>So that what was never seen may still happen.</summary>
    private const double Least = 1e-6;

    /// <summary>log P of what was seen at each place: a click or none.</summary>
    public static double Log(double chance, bool isClicked)
    {
        double kept = Math.Clamp(chance, Least, 1 - Least);
        return Math.Log(isClicked ? kept : 1 - kept);
    }

    /// <summary>The logarithm of the likelihood of a whole log: the sum over its pages and their places.</summary>
    public static double LogLikelihood(IClickModel model, ClickLog log)
    {
        Span<double> chances = stackalloc double[ClickLog.MaxRank];
        double sum = 0;
        for (int p = 0; p < log.PageCount; p++)
        {
            ClickPage page = log.Page(p);
            model.Follow(page, chances);
            for (int rank = 0; rank < page.Pairs.Length; rank++)
            {
                sum += Log(chances[rank], page.IsClicked[rank]);
            }
        }

        return sum;
    }
}
