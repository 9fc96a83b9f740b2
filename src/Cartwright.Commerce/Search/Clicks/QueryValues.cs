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
        foreach (Catalog.Search page in searches)
        {
            bool isAsked = string.Equals(page.Query, query, StringComparison.OrdinalIgnoreCase);
            pages += isAsked ? 1 : 0;
            for (int rank = 0; rank < Math.Min(page.Shown.Count, ClickLog.MaxRank); rank++)
            {
                // A click is a look, and counts as one whole.
                double clicked = page.Clicked.Contains(rank + 1) ? 1 : 0;
                double looked = Math.Max(clicked, model.Examination(rank));
                allClicks += clicked;
                allLooks += looked;
                if (isAsked)
                {
                    (double Clicks, double Looks) known = looks.GetValueOrDefault(page.Shown[rank]);
                    looks[page.Shown[rank]] = (known.Clicks + clicked, known.Looks + looked);
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
}
