using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>One shopper's interactions, counted.</summary>
internal readonly record struct ShopperTally
{
    private const double DayInMicroseconds = 24.0 * 60 * 60 * 1_000_000;
    private const long Day = 24L * 60 * 60 * 1_000_000;
    private const int MondayOffset = 3;                          // 1970-01-01 was a Thursday

    /// <summary>Days from the first and the last visit to the last day, fractions kept.</summary>
    public double SinceFirst { get; init; }

    public double SinceLast { get; init; }

    /// <summary>Visits: sessions, or days where no session is known.</summary>
    public int Visits { get; init; }

    public int Views { get; init; }

    public int Carts { get; init; }

    /// <summary>Views, carts, purchases and ratings of products.</summary>
    public int Interests { get; init; }

    /// <summary>Lines bought, and the days on which something was.</summary>
    public int Purchases { get; init; }

    public int PurchaseDays { get; init; }

    public int Returns { get; init; }

    public double Spent { get; init; }

    /// <summary>Units that have a price.</summary>
    public double PricedUnits { get; init; }

    /// <summary>Share of what was done that was done on Saturday or Sunday.</summary>
    public double Weekend { get; init; }

    /// <param name="end">Microseconds since 1970 up to which counts.</param>
    public static ShopperTally Of(InteractionColumns rows, int shopper, long end)
    {
        (int visits, int views, int carts, int interests, int purchases, int purchaseDays, int returns, int weekend, int count) = (0, 0, 0, 0, 0, 0, 0, 0, 0);
        (double spent, double units) = (0, 0);
        (long first, long last, long purchaseDay, long visitDay, int session) = (-1, -1, -1, -1, -2);
        for (int i = rows.ShopperStart[shopper]; i < rows.ShopperStart[shopper + 1] && rows.At[i] <= end; i++)
        {
            if (rows.Kind[i] == InteractionKind.Impression)
            {
                continue;
            }

            long day = rows.At[i] / Day;
            first = first < 0 ? rows.At[i] : first;
            last = rows.At[i];
            count++;
            interests += rows.Product[i] >= 0 && rows.Kind[i].IsInterest() ? 1 : 0;
            weekend += (day + MondayOffset) % 7 >= 5 ? 1 : 0;
            bool isNewVisit = rows.Session[i] >= 0 ? rows.Session[i] != session : day != visitDay;
            visits += isNewVisit ? 1 : 0;
            (session, visitDay) = (rows.Session[i] >= 0 ? rows.Session[i] : session, day);
            switch (rows.Kind[i])
            {
                case InteractionKind.View or InteractionKind.Click:
                    views++;
                    break;
                case InteractionKind.Cart:
                    carts++;
                    break;
                case InteractionKind.Return:
                    returns++;
                    break;
                case InteractionKind.Purchase:
                    purchases++;
                    purchaseDays += day == purchaseDay ? 0 : 1;
                    purchaseDay = day;
                    if (!float.IsNaN(rows.Price[i]))
                    {
                        spent += rows.Price[i] * (double)rows.Quantity[i];
                        units += rows.Quantity[i];
                    }

                    break;
            }
        }

        return new ShopperTally
        {
            SinceFirst = (end - first) / DayInMicroseconds, SinceLast = (end - last) / DayInMicroseconds, Visits = visits, Views = views, Carts = carts, Interests = interests,
            Purchases = purchases, PurchaseDays = purchaseDays, Returns = returns, Spent = spent, PricedUnits = units, Weekend = count == 0 ? 0 : (double)weekend / count,
        };
    }
}
