using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Clicks by place, taken apart by a click model that learned from all searches.</summary>
internal static class ClickCurve
{
    /// <summary>Showings of a place below which its clicks say nothing in a sentence.</summary>
    private const int FewestShown = 30;

    public static ClicksResponse Of(ClicksRequest request, IReadOnlyList<Catalog.Search> searches, CancellationToken cancellation)
    {
        ClickLog all = ClickLog.Of(searches);
        IClickModel model = ClickModels.Create(request.Model);
        model.Fit(all, cancellation);
        ClickLog log = request.Query is null ? all : all.Part(PagesOf(all, request.Query));
        (ClickedPlace[] curve, int clicks) = Places(model, log);
        ClickedProduct[] products = request.Query is null ? [] : Products(model, log, request.Count);
        return new ClicksResponse(log.PageCount, clicks, model.Name, curve, products, Summary(curve, model.Name));
    }

    private static string Summary(ClickedPlace[] curve, string model)
    {
        ClickedPlace? last = curve.LastOrDefault(place => place.Shown >= FewestShown);
        return last is null || last.Place < 2 || curve[0].Examined == 0 || curve[0].Shown < FewestShown
            ? $"Fewer than two places were shown {FewestShown} times or more: too few to say how clicks fall."
            : string.Create(CultureInfo.InvariantCulture, $"The first place is clicked {curve[0].Clicked * 100:0.#} % of the time, place {last.Place}, the last that was shown {FewestShown} times or more, "
                + $"{last.Clicked * 100:0.#} %; by {model}, it is looked at {last.Examined / curve[0].Examined * 100:0.#} % as often as the first.");
    }

    private static int[] PagesOf(ClickLog log, string query)
    {
        int number = log.QueryOf(query);
        return number >= 0 ? [.. Enumerable.Range(0, log.PageCount).Where(page => log.Query[page] == number)]
            : throw new NotFoundException($"Nobody searched for '{query}', so there are no clicks to show. Leave the query out to see all of the {log.QueryCount:N0} that were.");
    }

    private static (ClickedPlace[] Places, int Clicks) Places(IClickModel model, ClickLog log)
    {
        int ranks = log.LongestPage;
        var (shown, clicked) = (new int[ranks], new int[ranks]);
        var (expected, attraction) = (new double[ranks], new double[ranks]);
        Span<double> chances = stackalloc double[ClickLog.MaxRank];
        for (int p = 0; p < log.PageCount; p++)
        {
            ClickPage page = log.Page(p);
            model.Foretell(page, chances);
            for (int rank = 0; rank < page.Pairs.Length; rank++)
            {
                double attracts = model.Attraction(page.Pairs[rank]);
                shown[rank]++;
                clicked[rank] += page.IsClicked[rank] ? 1 : 0;
                attraction[rank] += attracts;
                expected[rank] += chances[rank] / attracts;      // P(looked at) = P(click) / P(click once looked at)
            }
        }

        return ([.. Enumerable.Range(0, ranks).Select(rank => new ClickedPlace(rank + 1, shown[rank], clicked[rank] / (double)shown[rank],
            expected[rank] / shown[rank], attraction[rank] / shown[rank]))], clicked.Sum());
    }

    private static ClickedProduct[] Products(IClickModel model, ClickLog log, int count)
    {
        (double[] shown, double[] clicked) = log.Count();
        IReadOnlyList<(string Query, string Product)> names = log.NamesOfPairs();
        return [.. Enumerable.Range(0, log.PairCount).Where(pair => shown[pair] > 0)
            .OrderByDescending(model.Attraction).ThenByDescending(pair => shown[pair]).Take(count)
            .Select(pair => new ClickedProduct(names[pair].Product, (int)shown[pair], clicked[pair] / shown[pair], model.Attraction(pair)))];
    }
}
