namespace Cartwright.Commerce.Search;

/// <summary>What the clicks of a query tell of its products' values.</summary>
internal static class QueryValues
{
    /// <summary>Looks that the mean of all products stands for, where a product was hardly shown.</summary>
    private const double PriorLooks = 8;

    /// <returns>A belief for each product; of one that was never shown for the query that of any product. And how many pages there were.</returns>
    public static (ValueBelief[] Beliefs, int Pages) Of(IReadOnlyList<Catalog.Search> searches, string query, IReadOnlyList<string> products, CancellationToken cancellation)
    {
        ClickLog log = ClickLog.Of(searches);
        var model = new PositionBasedModel();
        model.Fit(log, cancellation);
        var looks = new Dictionary<string, (double Clicks, double Looks)>(StringComparer.Ordinal);
        (double allClicks, double allLooks, int pages) = (0, 0, 0);
        IReadOnlyList<(string Query, string Product)> names = log.NamesOfPairs();
        for (int p = 0; p < log.PageCount; p++)
        {
            ClickPage page = log.Page(p);
            bool isAsked = page.Pairs.Length > 0 && string.Equals(names[page.Pairs[0]].Query, query, StringComparison.OrdinalIgnoreCase);
            pages += isAsked ? 1 : 0;
            for (int rank = 0; rank < page.Pairs.Length; rank++)
            {
                double clicked = page.IsClicked[rank] ? 1 : 0;
                double looked = page.IsClicked[rank] ? 1 : LookedAndPassed(model.Examination(rank), model.Attraction(page.Pairs[rank]));
                allClicks += clicked;
                allLooks += looked;
                if (isAsked)
                {
                    string product = names[page.Pairs[rank]].Product;
                    (double Clicks, double Looks) known = looks.GetValueOrDefault(product);
                    looks[product] = (known.Clicks + clicked, known.Looks + looked);
                }
            }
        }

        double mean = (allClicks + 0.5) / (allLooks + 1);
        return ([.. products.Select(product =>
        {
            (double clicks, double looked) = looks.GetValueOrDefault(product);
            return new ValueBelief((mean * PriorLooks) + clicks, ((1 - mean) * PriorLooks) + Math.Max(0, looked - clicks));
        })], pages);
    }

    /// <summary>The chance that somebody looked who did not click: e (1 - a) / (1 - e a), by Bayes. Who clicked has looked.</summary>
    private static double LookedAndPassed(double examination, double attraction) =>
        examination * (1 - attraction) / Math.Max(1e-9, 1 - (examination * attraction));
}
