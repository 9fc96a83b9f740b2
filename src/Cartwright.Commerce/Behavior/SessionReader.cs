using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Reads a session event by event into the numbers that the network and the trees learn from. Nothing that comes later is read.</summary>
/// <param name="past">What was known of the shopper when the session began.</param>
/// <param name="reading">What a product is, by dense index.</param>
/// <param name="hasTimes">False where times only keep an order.</param>
internal sealed class SessionReader(ShopperPast past, bool isKnown, Func<int, ProductReading> reading, bool hasTimes)
{
    /// <summary>Names of the numbers, in their order.</summary>
    public static readonly string[] Names =
    [
        "pause", "minutes", "events", "quantity", "price in category", "price against usual", "has price", "cart rate", "views of product",
        "seen before", "in cart", "carts", "cart value", "purchases", "views", "lists", "searches", "taken out", "products seen", "products in lists",
        "hour sine", "hour cosine", "weekday sine", "weekday cosine", "known shopper", "sessions before", "purchases before", "purchase share",
        "days away", "days since purchase", "never bought", "viewed before", "bought before", "cart share", "category purchases", "category views",
        "brand purchases", "brand views", "brand cart share", "tag views", "tag carts", "tag cart share", "place in list",
    ];

    private const double SecondsPerDay = 86_400;
    private const double Second = 1_000_000;
    private const double MostDaysAway = 180;
    private const float PriorSessions = 2;
    private const float PriorPurchaseShare = 0.25f;
    private const float PriorViews = 4;
    private const float PriorCartShare = 0.3f;

    private readonly HashSet<int> _seen = [];
    private readonly HashSet<int> _inCart = [];
    private readonly int[] _kinds = new int[SessionAction.Count];
    private long _startedAt;
    private long _lastAt;
    private int _events;
    private float _cartValue;
    private float _listed;

    /// <summary>True from the first cart event on.</summary>
    public bool HasCart => _kinds[(int)InteractionKind.Cart] > 0;

    public bool HasPurchase => _kinds[(int)InteractionKind.Purchase] > 0;

    /// <param name="numbers">One for each of <see cref="Names"/>.</param>
    /// <returns>What the event's product is; nothing where it has none.</returns>
    public ProductReading Read(in SessionEvent step, Span<float> numbers)
    {
        ProductReading product = step.Product == Snapshot.None ? new ProductReading(0, 0, 0, [], float.NaN, float.NaN, 0, 0) : reading(step.Product);
        if (_events == 0)
        {
            (_startedAt, _lastAt) = (step.At, step.At);
        }

        numbers.Clear();
        float price = step.Price > 0 ? MathF.Log(step.Price) : product.UsualPrice;
        numbers[0] = hasTimes ? Log((step.At - _lastAt) / Second) / 4 : 0;
        numbers[1] = hasTimes ? Log((step.At - _startedAt) / Second) / 4 : 0;
        numbers[2] = Log(_events) / 2;
        numbers[3] = Log(step.Quantity) / 2;
        numbers[4] = Known(price - product.CategoryPrice, 2);
        numbers[5] = 4 * Known(price - product.UsualPrice, 0.5f);
        numbers[6] = step.Price > 0 ? 1 : 0;
        numbers[7] = 2 * product.CartRate;
        numbers[8] = Log(product.Views) / 8;
        numbers[9] = step.Product != Snapshot.None && _seen.Contains(step.Product) ? 1 : 0;
        Count(step);
        numbers[10] = step.Product != Snapshot.None && _inCart.Contains(step.Product) ? 1 : 0;
        numbers[11] = Log(_kinds[(int)InteractionKind.Cart]);
        numbers[12] = Log(_cartValue) / 5;
        numbers[13] = Log(_kinds[(int)InteractionKind.Purchase]);
        numbers[14] = Log(_kinds[(int)InteractionKind.View] + _kinds[(int)InteractionKind.Click]);
        numbers[15] = Log(_kinds[(int)InteractionKind.Impression]);
        numbers[16] = Log(_kinds[(int)InteractionKind.Search]);
        numbers[17] = Log(_kinds[(int)InteractionKind.Uncart]);
        numbers[18] = Log(_seen.Count);
        numbers[19] = Log(_listed) / 2;
        numbers[^1] = Log(step.Position);
        if (hasTimes)
        {
            ReadClock(step.At, numbers[20..24]);
        }

        ReadPast(product, numbers[24..^1]);
        return product;
    }

    private void Count(in SessionEvent step)
    {
        _events++;
        _lastAt = step.At;
        _kinds[(int)step.Kind]++;
        switch (step.Kind)
        {
            case InteractionKind.Impression:
                _listed += step.Quantity;
                return;
            case InteractionKind.Cart:
                _inCart.Add(step.Product);
                _cartValue += step.Price > 0 ? step.Price * step.Quantity : 0;
                break;
            case InteractionKind.Uncart:
                _inCart.Remove(step.Product);
                _cartValue = Math.Max(0, _cartValue - (step.Price > 0 ? step.Price * step.Quantity : 0));
                break;
        }

        if (step.Product != Snapshot.None)
        {
            _seen.Add(step.Product);
        }
    }

    private static void ReadClock(long at, Span<float> numbers)
    {
        (double day, double week) = (at / Second / SecondsPerDay, (at / Second / SecondsPerDay / 7) + (3.0 / 7));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * (day - Math.Floor(day)));
        (numbers[0], numbers[1]) = ((float)sine, (float)cosine);
        (sine, cosine) = Math.SinCos(2 * Math.PI * (week - Math.Floor(week)));
        (numbers[2], numbers[3]) = ((float)sine, (float)cosine);
    }

    private void ReadPast(in ProductReading product, Span<float> numbers)
    {
        numbers[0] = isKnown ? 1 : 0;
        numbers[1] = Log(past.Sessions) / 2;
        numbers[2] = Log(past.Purchases) / 2;
        numbers[3] = LogOdds((past.Purchases + (PriorSessions * PriorPurchaseShare)) / (past.Sessions + PriorSessions));
        numbers[4] = past.Sessions == 0 || !hasTimes ? 0 : DaysSince(past.LastAt);
        numbers[5] = past.Purchases == 0 || !hasTimes ? 0 : DaysSince(past.LastPurchaseAt);
        numbers[6] = past.Sessions > 0 && past.Purchases == 0 ? 1 : 0;
        numbers[7] = Log(past.Product(product.Product).Views);
        numbers[8] = Log(past.Product(product.Product).Purchases);
        float share = (past.All.Carts + (PriorViews * PriorCartShare)) / (past.All.Views + PriorViews);
        numbers[9] = MathF.Log(share / PriorCartShare);
        Tally category = past.Category(product.Category);
        (numbers[10], numbers[11]) = (Log(category.Purchases), Log(category.Views));
        Tally brand = past.Brand(product.Brand);
        (numbers[12], numbers[13]) = (Log(brand.Purchases), Log(brand.Views));
        numbers[14] = MathF.Log((brand.Carts + (PriorViews * share)) / (brand.Views + PriorViews) / share);
        (float views, float carts) = past.Tags(product.Tags);
        (numbers[15], numbers[16]) = (Log(views), Log(carts));
        numbers[17] = MathF.Log((carts + (PriorViews * share)) / (views + PriorViews) / share);
    }

    // Who was away for longer than anybody that was learned from is told like somebody who was away for long.
    private float DaysSince(long at) => Log(Math.Min(MostDaysAway, (_startedAt - at) / Second / SecondsPerDay)) / 3;

    private static float Log(double x) => (float)Math.Log(1 + Math.Max(0, x));

    private static float LogOdds(float share) => MathF.Log(share / (1 - share));

    private static float Known(float x, float most) => float.IsNaN(x) ? 0 : Math.Clamp(x, -most, most);
}
