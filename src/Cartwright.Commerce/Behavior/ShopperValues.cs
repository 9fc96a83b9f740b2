using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Computes <see cref="ValueResponse"/> from purchases.</summary>
internal static class ShopperValues
{
    private const double DaysOfWeek = 7;
    private const long Day = 24L * 60 * 60 * 1_000_000;

    public static ValueResponse Of(Snapshot snapshot, ValueRequest request, CancellationToken cancellation)
    {
        if (!snapshot.Info.HasRealTimes)
        {
            throw new ValidationException("The shop's times only keep the order of what was done (times \"order\" in shop.json), so nothing can be said in weeks.");
        }

        Buyer[] buyers = Read(snapshot, request.Where);
        if (buyers.Length == 0)
        {
            throw new ValidationException(request.Where is null ? "The shop has no purchases by known shoppers." : $"No shopper with purchases has {request.Where}.");
        }

        cancellation.ThrowIfCancellationRequested();
        long start = buyers.Min(buyer => buyer.Days[0]);
        long last = buyers.Max(buyer => buyer.Days[^1]);
        long span = (last - start + 7) / 7;
        if (request.CalibrationWeeks > span)
        {
            throw new ValidationException($"Calibration over {request.CalibrationWeeks} weeks was asked for, and the purchases span {span}. Ask for fewer, so that there are weeks to foretell, or for none to learn from all.");
        }

        long end = request.CalibrationWeeks is { } weeks ? start + (weeks * 7L) - 1 : last;
        Buyer[] known = [.. buyers.Where(buyer => buyer.Days[0] <= end)];
        PurchaseHistory[] histories = [.. known.Select(buyer => buyer.Until(end))];
        if (histories.All(history => history.Repeats == 0))
        {
            throw new ValidationException("Nobody bought on a second day, so nothing is known of how often shoppers come back.");
        }

        BgNbd frequency;
        try
        {
            frequency = BgNbd.Fit(histories);
        }
        catch (ArgumentException little)
        {
            throw new ValidationException($"Too few shoppers came back to say what they will be worth: {histories.Count(h => h.Repeats > 0)} of {histories.Length} did. Ask again when more have.", little);
        }

        (int Repeats, double MeanValue)[] spenders = [.. known.Select(buyer => buyer.Spending(end)).Where(s => s.Repeats > 0 && s.MeanValue > 0)];
        GammaGamma? spending = Spending(spenders);
        ShopperValue[] results =
        [
            .. known.Select((buyer, i) => ValueOf(snapshot.Shoppers[buyer.Shopper].Id, histories[i], frequency, spending, buyer.Spending(end), request.Weeks))
                .OrderByDescending(value => value.Value ?? value.Purchases).ThenBy(value => value.ShopperId, StringComparer.Ordinal).Take(request.Count),
        ];
        return new ValueResponse(known.Length, histories.Count(history => history.Repeats > 0), frequency, frequency.LogLikelihood(histories), spending,
            spending?.LogLikelihood(spenders), end < last ? Foretell(known, histories, frequency, end, last) : null, results);
    }

    /// <summary>What one shopper will be worth, by a model of all of them; null where they never bought.</summary>
    /// <param name="events">All they did, oldest first.</param>
    /// <param name="today">The last day that the shop knows, in days since 1970; no earlier than any of the events.</param>
    public static ShopperValue? Of(string shopperId, IReadOnlyList<LiveEvent> events, ValueResponse model, long today, int weeks)
    {
        var days = new SortedDictionary<long, double>();
        foreach (LiveEvent item in events.Where(e => e.Interaction.Kind == InteractionKind.Purchase))
        {
            long day = ReturnTable.DayOf(item);
            days[day] = days.GetValueOrDefault(day) + (float.IsNaN(item.Price) ? 0 : item.Price * item.Quantity);
        }

        if (days.Count == 0)
        {
            return null;
        }

        var buyer = new Buyer(Snapshot.None, [.. days.Keys], [.. days.Values]);
        return ValueOf(shopperId, buyer.Until(today), model.Frequency, model.Spending, buyer.Spending(today), weeks);
    }

    /// <summary>Null where too little is known of what shoppers spend.</summary>
    private static GammaGamma? Spending((int Repeats, double MeanValue)[] spenders)
    {
        try
        {
            return spenders.Length < 2 ? null : GammaGamma.Fit(spenders);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A shopper's purchases: days since 1970, rising, each once, and what was spent on each (NaN where no price is known).</summary>
    private sealed record Buyer(int Shopper, long[] Days, double[] Spent)
    {
        public PurchaseHistory Until(long end)
        {
            int count = Days.Count(day => day <= end);
            return new PurchaseHistory(count - 1, (Days[count - 1] - Days[0]) / DaysOfWeek, (end - Days[0]) / DaysOfWeek);
        }

        public (int Repeats, double MeanValue) Spending(long end)
        {
            double[] repeats = [.. Spent.Skip(1).Take(Days.Count(day => day <= end) - 1).Where(value => value > 0)];
            return (repeats.Length, repeats.Length == 0 ? 0 : repeats.Average());
        }
    }

    private static Buyer[] Read(Snapshot snapshot, string? where)
    {
        Func<Shopper, bool> counts = Filter(where);
        InteractionColumns rows = snapshot.Interactions;
        var buyers = new List<Buyer>();
        for (int s = 0; s < snapshot.Shoppers.Count; s++)
        {
            if (!counts(snapshot.Shoppers[s]))
            {
                continue;
            }

            var days = new SortedDictionary<long, double>();
            for (int i = rows.ShopperStart[s]; i < rows.ShopperStart[s + 1]; i++)
            {
                if (rows.Kind[i] == InteractionKind.Purchase)
                {
                    long day = rows.At[i] / Day;
                    days[day] = days.GetValueOrDefault(day) + (float.IsNaN(rows.Price[i]) ? 0 : rows.Price[i] * rows.Quantity[i]);
                }
            }

            if (days.Count > 0)
            {
                buyers.Add(new Buyer(s, [.. days.Keys], [.. days.Values]));
            }
        }

        return [.. buyers];
    }

    private static Func<Shopper, bool> Filter(string? where)
    {
        if (where is null)
        {
            return _ => true;
        }

        string[] parts = where.Split('=', 2);
        return parts.Length == 2 && parts[0].Length > 0
            ? shopper => shopper.Attributes.GetValueOrDefault(parts[0]) == parts[1]
            : throw new ValidationException($"'{where}' names no attribute and value. Write attribute=value: in_sample=1.");
    }

    private static ForetoldPurchases Foretell(Buyer[] buyers, PurchaseHistory[] histories, BgNbd frequency, long end, long last)
    {
        double weeks = (last - end) / DaysOfWeek;
        int[] actual = [.. buyers.Select(buyer => buyer.Days.Count(day => day > end))];
        double[] expected = [.. histories.Select(history => frequency.ExpectedPurchases(history, weeks))];
        return new ForetoldPurchases(weeks, expected.Sum(), actual.Sum(), expected.Zip(actual).Average(e => Math.Abs(e.First - e.Second)),
            histories.Zip(actual).Average(h => Math.Abs((h.First.Repeats / Math.Max(1, h.First.Watched) * weeks) - h.Second)));
    }

    private static ShopperValue ValueOf(string shopperId, PurchaseHistory history, BgNbd frequency, GammaGamma? spending, (int Repeats, double MeanValue) spent, int weeks)
    {
        double active = frequency.ChanceActive(history);
        double purchases = frequency.ExpectedPurchases(history, weeks);
        double? mean = spending?.ExpectedValue(spent.Repeats, spent.MeanValue);
        return new ShopperValue(shopperId, active, purchases, mean, mean * purchases,
        [
            string.Create(CultureInfo.InvariantCulture, $"bought on {history.Repeats + 1:N0} days in {history.Watched:0} weeks"),
            history.Watched - history.LastAt < 1 ? "last bought this week"
                : string.Create(CultureInfo.InvariantCulture, $"last bought {history.Watched - history.LastAt:0} weeks ago"),
        ]);
    }
}
