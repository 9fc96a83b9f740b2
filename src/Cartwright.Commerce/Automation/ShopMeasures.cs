using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Automation;

/// <summary>Figures of a shop that conditions are put on, by name. Days are whole ones in UTC, the last of them the one before the moment.</summary>
public sealed class ShopMeasures
{
    private const int WeekDays = 7;
    private const int BeforeDays = 28;

    /// <summary>Slices whose models can be trained anew.</summary>
    internal static readonly string[] TrainedSlices = ["behavior", "inventory", "pricing", "recommendation", "search", "vision"];

    private static readonly (string Name, string Meaning)[] OfDays =
    [
        ("units-per-day", "Units bought a day, over seven days"),
        ("units-change", "Units a day of the last seven days against the 28 before: 0.1 is 10 % more"),
        ("revenue-per-day", "What shoppers paid a day, over seven days"),
        ("profit-per-day", "Price less cost of what was bought a day, over seven days"),
        ("profit-change", "Profit a day of the last seven days against the 28 before"),
        ("sessions-per-day", "Visits a day, over seven days"),
        ("conversion", "Share of the visits of seven days that ended with a purchase"),
        ("look-rate", "Share of the products shown in seven days that were looked at"),
        ("days-since-interaction", "Days since anybody did anything"),
    ];

    private const string StockOut = "stock-out-share";
    private const string AgeEnd = "-age-days";

    private readonly Snapshot _shop;
    private readonly IReadOnlyList<Product> _products;
    private readonly SortedDictionary<int, Day> _days = [];

    private ShopMeasures(LiveShop live)
    {
        _shop = live.Snapshot;
        _products = [.. live.ListedProducts];
        InteractionColumns all = _shop.Interactions;
        var sessions = new Dictionary<int, HashSet<int>>();
        var buying = new Dictionary<int, HashSet<int>>();
        for (int i = 0; i < all.Count; i++)
        {
            int day = (int)(all.At[i] / 86_400_000_000L);
            if (!_days.TryGetValue(day, out Day? of))
            {
                _days.Add(day, of = new Day());
                sessions.Add(day, []);
                buying.Add(day, []);
            }

            of.Count(all, i, _shop.Products);
            if (all.Session[i] != Snapshot.None)
            {
                sessions[day].Add(all.Session[i]);
                if (all.Kind[i] == InteractionKind.Purchase)
                {
                    buying[day].Add(all.Session[i]);
                }
            }
        }

        foreach ((int day, Day of) in _days)
        {
            (of.Sessions, of.Buying) = (sessions[day].Count, buying[day].Count);
        }
    }

    /// <summary>Every name, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. OfDays.Select(measure => measure.Name), StockOut, .. TrainedSlices.Select(slice => slice + AgeEnd)];

    internal static bool Knows(string name) => Names.Contains(name, StringComparer.Ordinal);

    /// <summary>What a measure means, in a sentence.</summary>
    public static string Meaning(string name) => name == StockOut ? "Share of the products whose stock is known that have none left"
        : name.EndsWith(AgeEnd, StringComparison.Ordinal) ? $"Days since the {name[..^AgeEnd.Length]} model in service was trained"
        : OfDays.First(measure => measure.Name == name).Meaning;

    /// <summary>Whether a measure can be told of the past; the others are known of now alone.</summary>
    internal static bool IsOfThePast(string name) => OfDays.Any(measure => measure.Name == name);

    internal static async Task<ShopMeasures> ReadAsync(ShopCatalog catalog, CancellationToken cancellationToken)
    {
        LiveShop live = await catalog.LiveAsync(cancellationToken);
        if (live.TailCount > 0)
        {
            live = new LiveShop(await catalog.Store.ReadSnapshotAsync(cancellationToken));
        }

        return await Task.Run(() => new ShopMeasures(live), cancellationToken);
    }

    /// <summary>The values of some measures now.</summary>
    internal async Task<Dictionary<string, double?>> NowAsync(IEnumerable<string> names, DateTimeOffset now, IVerbCaller verbs, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, double?>(StringComparer.Ordinal);
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            values[name] = name == StockOut ? StockOutShare()
                : name.EndsWith(AgeEnd, StringComparison.Ordinal) ? (now - TrainedAt(await verbs.ReadAsync("version", name[..^AgeEnd.Length], cancellationToken)))?.TotalDays
                : At(name, now);
        }

        return values;
    }

    /// <summary>The value that a measure had at a moment; null where nothing is known of the days before it.</summary>
    internal double? At(string name, DateTimeOffset at)
    {
        int today = (int)(ShopTime.ToMicroseconds(at) / 86_400_000_000L);
        Day week = Sum(today - WeekDays, today);
        return name switch
        {
            "units-per-day" => week.Any ? week.Units / WeekDays : null,
            "units-change" => Change(week.Units, Sum(today - WeekDays - BeforeDays, today - WeekDays).Units),
            "revenue-per-day" => week.Any ? week.Revenue / WeekDays : null,
            "profit-per-day" => week.Any ? week.Profit / WeekDays : null,
            "profit-change" => Change(week.Profit, Sum(today - WeekDays - BeforeDays, today - WeekDays).Profit),
            "sessions-per-day" => week.Any ? week.Sessions / (double)WeekDays : null,
            "conversion" => week.Sessions > 0 ? week.Buying / (double)week.Sessions : null,
            "look-rate" => week.Shown > 0 ? week.Looked / (double)week.Shown : null,
            "days-since-interaction" => _days.Keys.LastOrDefault(day => day <= today) is var last and > 0 ? today - last : null,
            _ => null,
        };
    }

    private static double? Change(double week, double before) => before > 0 ? (week / WeekDays / (before / BeforeDays)) - 1 : null;

    private Day Sum(int from, int to)
    {
        var sum = new Day();
        for (int day = from; day < to; day++)
        {
            if (_days.TryGetValue(day, out Day? of))
            {
                sum.Add(of);
            }
        }

        return sum;
    }

    private double? StockOutShare()
    {
        int known = _products.Count(product => product.Stock is not null);
        return known == 0 ? null : _products.Count(product => product.Stock <= 0) / (double)known;
    }

    /// <summary>A version's name begins with the time it was trained at.</summary>
    internal static DateTimeOffset? TrainedAt(string? version) => version is { Length: >= 15 }
        && DateTimeOffset.TryParseExact(version[..15], "yyyyMMdd-HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;

    /// <summary>What happened on a day, or on several.</summary>
    private sealed class Day
    {
        public bool Any { get; private set; }

        public double Units { get; private set; }

        public double Revenue { get; private set; }

        public double Profit { get; private set; }

        public int Sessions { get; set; }

        public int Buying { get; set; }

        public int Shown { get; private set; }

        public int Looked { get; private set; }

        public void Count(InteractionColumns all, int i, IReadOnlyList<Product> products)
        {
            Any = true;
            if (all.Kind[i] == InteractionKind.Purchase)
            {
                Units += all.Quantity[i];
                double price = all.Price[i] > 0 ? all.Price[i] : 0;
                Revenue += all.Quantity[i] * price;
                Profit += all.Product[i] != Snapshot.None && products[all.Product[i]].Cost is { } cost ? all.Quantity[i] * (price - (double)cost) : 0;
            }

            Shown += all.Kind[i] == InteractionKind.Impression ? 1 : 0;
            Looked += all.Position[i] > 0 && all.Kind[i] is InteractionKind.View or InteractionKind.Click ? 1 : 0;
        }

        public void Add(Day other)
        {
            Any |= other.Any;
            Units += other.Units;
            Revenue += other.Revenue;
            Profit += other.Profit;
            Sessions += other.Sessions;
            Buying += other.Buying;
            Shown += other.Shown;
            Looked += other.Looked;
        }
    }
}
