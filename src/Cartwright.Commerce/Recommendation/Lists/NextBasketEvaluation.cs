using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Tells what shoppers who are known by a date buy the first time after it.</summary>
/// <remarks>
/// The date is the first midnight, UTC, with at most a fifth of the purchases on or after it. A shopper's next basket is what they buy in the first session after it, or
/// without sessions on the first day. "repeats" asks only for the products that they had bought before, of the shoppers who buy any again. All products are candidates; what the
/// shopper has not bought before stands below all else, by popularity, for every model that ranks a shopper's own purchases.
/// </remarks>
internal sealed class NextBasketEvaluation(EvaluateBasketsRequest request, Snapshot data, TimeProvider clock)
{
    private const double TestShare = 0.2;

    /// <exception cref="ValidationException">The shop's times only keep an order, or no shopper comes again.</exception>
    public EvaluationReport Run(CancellationToken cancellationToken)
    {
        if (!data.Info.HasRealTimes)
        {
            throw new ValidationException($"'{request.Protocol}' needs real times, and those of '{data.Info.Name}' only keep the order of events (\"times\": \"order\" in shop.json). Use 'left-out'.");
        }

        InteractionColumns all = data.Interactions;
        int[] bought = [.. Enumerable.Range(0, all.Count).Where(row => all.Kind[row] == InteractionKind.Purchase && all.Product[row] != Snapshot.None)];
        long from = TimeSplit.MidnightBefore([.. bought.Select(row => all.At[row])], TestShare);
        (RankingCases cases, int[] days) = CasesOf(from);
        if (cases.Cases.Count == 0)
        {
            throw new ValidationException($"No shopper of '{data.Info.Name}' buys before and after {ShopTime.FromMicroseconds(from):yyyy-MM-dd}, so there is no next basket to tell.");
        }

        float[] popular = new float[data.Products.Count];
        foreach (int row in bought.Where(row => all.At[row] < from))
        {
            popular[all.Product[row]]++;
        }

        float most = popular.Max() + 1;
        popular = Array.ConvertAll(popular, count => count / most);
        long start = clock.GetTimestamp();
        var again = new BuyAgain(RepeatRates.Of(data, from));
        double seconds = clock.GetElapsedTime(start).TotalSeconds;
        var measure = new BasketMeasure(cases, popular.Length, request, clock);
        measure.Add("popularity", isBaseline: true, (_, scores) => popular.CopyTo(scores), 0, cancellationToken);
        measure.Add("personal-frequency", isBaseline: true, Own((_, of, _) => of.Times), 0, cancellationToken);
        measure.Add("personal-recency", isBaseline: true, Own((_, of, _) => of.Last), 0, cancellationToken);
        measure.Add("buy-again", isBaseline: false, Own((product, of, today) => again.ScoreOf(product, of, today) is var score and > float.NegativeInfinity ? 1 + score : 0), seconds, cancellationToken);
        return measure.Report(data.Info.Name);

        CaseScorer Own(Func<int, PurchaseDays, int, float> worth) => (index, scores) =>
        {
            popular.CopyTo(scores);
            Steps history = cases.Cases[index].History;
            int[] products = history.Products.ToArray();
            long[] times = history.At.ToArray();
            foreach ((int product, PurchaseDays of) in BuyAgain.DaysOf(products.Zip(times, (product, at) => (product, RepeatRates.DayOf(at))), days[index]))
            {
                scores[product] += 1 + (4 * worth(product, of, days[index]));   // 4: popularity, below 1, only parts what is equal
            }
        };
    }

    /// <returns>The cases, and the day on which each buys next.</returns>
    private (RankingCases Cases, int[] Days) CasesOf(long from)
    {
        InteractionColumns all = data.Interactions;
        var cases = new List<RankingCase>();
        var days = new List<int>();
        for (int shopper = 0; shopper < data.Shoppers.Count; shopper++)
        {
            int[] rows = [.. Enumerable.Range(all.ShopperStart[shopper], all.ShopperStart[shopper + 1] - all.ShopperStart[shopper])
                .Where(row => all.Kind[row] == InteractionKind.Purchase && all.Product[row] != Snapshot.None)];
            int[] before = [.. rows.Where(row => all.At[row] < from)];
            int[] after = rows[before.Length..];
            if (before.Length == 0 || after.Length == 0)
            {
                continue;
            }

            int first = after[0];
            int[] next = [.. after.Where(row => all.Session[first] != Snapshot.None ? all.Session[row] == all.Session[first] : RepeatRates.DayOf(all.At[row]) == RepeatRates.DayOf(all.At[first]))
                .Select(row => all.Product[row]).Distinct()];
            int[] known = [.. before.Select(row => all.Product[row])];
            int[] targets = request.Protocol == BasketProtocolAttribute.Repeats ? [.. next.Intersect(known)] : next;
            if (targets.Length > 0)
            {
                cases.Add(new RankingCase(shopper, new Steps { Products = known, At = Array.ConvertAll(before, row => all.At[row]) }, targets));
                days.Add(RepeatRates.DayOf(all.At[first]));
            }
        }

        return (new RankingCases { Cases = cases, ExcludesHistory = false }, [.. days]);
    }
}
