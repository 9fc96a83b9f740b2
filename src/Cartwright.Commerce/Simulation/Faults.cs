using System.Text.Json;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Simulation;

/// <summary>One thing that is wrong on purpose, as it stands in <c>faults.json</c>.</summary>
/// <param name="Kind">"bot", "repeatedEvents", "missingSessions", "missingEvents", "wrongTime", "wrongPrice", "wrongQuantity", "unknownProduct", "rejectedRow".</param>
/// <param name="Day">The day, where its rows say the true one.</param>
/// <param name="Of">What was done; null for all kinds.</param>
/// <param name="Line">Line of <c>interactions.csv</c>, from 1 with the header, of a row that can't be read.</param>
/// <param name="Rows">Interactions that are wrong, or missing.</param>
internal sealed record Fault(string Kind, DateOnly? Day, string? Shopper, string? Session, string? Product, InteractionKind? Of, long? Line, long Rows);

/// <summary>Puts bots, broken tracking and impossible rows into the days of a sample shop, and keeps what it did.</summary>
internal sealed class Faults
{
    private const double BotsPerDay = 1 / 12.0;
    private const double WrongClocksPerDay = 1 / 30.0;
    private const double WrongRowsPerDay = 1 / 6.0;
    private const int DaysPerBrokenDay = 25;

    /// <summary>First and last days have little around them to compare with, and on a day with fewer nobody would miss any.</summary>
    private const int QuietDays = 14;
    private const int FewestToMiss = 30;

    private static readonly string[] BrokenKinds = ["repeatedEvents", "missingSessions", "missingEvents"];

    private readonly ShopWorld _world;
    private readonly Random _random;
    private readonly Dictionary<int, string> _brokenDays = [];
    private readonly List<Fault> _done = [];
    private int _bots;

    public Faults(ShopWorld world, Random random)
    {
        (_world, _random) = (world, random);
        int[] days = [.. Enumerable.Range(QuietDays, Math.Max(0, world.Days - (2 * QuietDays)))];
        random.Shuffle(days);
        foreach ((int day, int i) in days.Take(days.Length / DaysPerBrokenDay).Select((day, i) => (day, i)))
        {
            _brokenDays.Add(day, BrokenKinds[i % BrokenKinds.Length]);
        }
    }

    /// <param name="day">From 0.</param>
    /// <param name="happened">The day's interactions by time, without ids.</param>
    /// <param name="before">Interactions written before them.</param>
    /// <returns>What is recorded of them.</returns>
    public IReadOnlyList<Interaction> Record(int day, List<Interaction> happened, long before)
    {
        if (_brokenDays.TryGetValue(day, out string? broken))
        {
            return broken switch
            {
                "repeatedEvents" => Repeat(day, happened),
                "missingSessions" => LoseSessions(day, happened),
                _ => Miss(day, happened),
            };
        }

        for (int bot = _random.Poisson(BotsPerDay); bot > 0; bot--)
        {
            happened.AddRange(Bot(day, happened));
        }

        List<Interaction> recorded = [.. happened.OrderBy(interaction => interaction.At)];
        for (int clock = _random.Poisson(WrongClocksPerDay); clock > 0; clock--)
        {
            ShiftClock(recorded);
        }

        for (int row = _random.Poisson(WrongRowsPerDay); row > 0; row--)
        {
            SpoilRow(day, recorded, before);
        }

        return recorded;
    }

    /// <summary>Writes what was done wrong: <c>faults.json</c>.</summary>
    public void Write(string file) => File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(_done, FaultJson.Default.ListFault));

    private List<Interaction> Repeat(int day, List<Interaction> happened)
    {
        InteractionKind kind = _random.Pick([InteractionKind.View, InteractionKind.Cart, InteractionKind.Purchase, InteractionKind.Impression]);
        double share = 0.2 + (0.8 * _random.NextDouble());
        var recorded = new List<Interaction>();
        foreach (Interaction interaction in happened)
        {
            recorded.Add(interaction);
            if (interaction.Kind == kind && _random.Chance(share))
            {
                recorded.Add(interaction with { At = interaction.At.AddMilliseconds(_random.Next(1_500)) });
            }
        }

        return recorded.Count - happened.Count < 6 ? happened : Done("repeatedEvents", day, kind, recorded.Count - happened.Count, [.. recorded.OrderBy(interaction => interaction.At)]);
    }

    private List<Interaction> LoseSessions(int day, List<Interaction> happened)
    {
        double share = 0.3 + (0.7 * _random.NextDouble());
        int lost = 0;
        List<Interaction> recorded = [.. happened.Select(interaction =>
        {
            bool loses = interaction is { Shopper: not null, Session: not null } && _random.Chance(share);
            lost += loses ? 1 : 0;
            return loses ? interaction with { Session = null } : interaction;
        })];
        return Done("missingSessions", day, null, lost, recorded);
    }

    private List<Interaction> Miss(int day, List<Interaction> happened)
    {
        InteractionKind? kind = _random.Chance(0.25) ? null : _random.Pick([InteractionKind.Impression, InteractionKind.View, InteractionKind.Search, InteractionKind.Cart, InteractionKind.Purchase]);
        double share = 0.85 + (0.15 * _random.NextDouble());
        List<Interaction> recorded = [.. happened.Where(interaction => (kind is not null && interaction.Kind != kind) || !_random.Chance(share))];
        return happened.Count - recorded.Count < FewestToMiss ? happened : Done("missingEvents", day, kind, happened.Count - recorded.Count, recorded);
    }

    /// <summary>A scraper in a hurry, a crawler with a clock, or a price watcher that comes back all day under an account.</summary>
    private List<Interaction> Bot(int day, List<Interaction> happened)
    {
        _bots++;
        double style = _random.NextDouble();
        (int visits, int least, int most, double gap) = style switch
        {
            < 0.55 => (1, 60, 500, 0.7 + (2 * _random.NextDouble())),
            < 0.8 => (1, 80, 300, 4 + (8 * _random.NextDouble())),
            _ => (3 + _random.Next(5), 25, 60, 0.7 + (1.5 * _random.NextDouble())),
        };
        string? account = style >= 0.8 ? $"u9{_bots:D5}" : null;
        var views = new List<Interaction>();
        DateTimeOffset at = _world.Calendar.Midnight(day).AddSeconds(_random.Next(3600));
        int first = _random.Next(_world.Products.Length);
        for (int visit = 0; visit < visits; visit++)
        {
            int count = least + _random.Next(most - least);
            string session = $"s9{_bots:D4}{visit:D2}";
            for (int i = 0; i < count; i++)
            {
                SimulatedProduct product = _world.Products[(first + i) % _world.Products.Length];
                views.Add(new Interaction
                {
                    At = at, Shopper = account, Session = session, Kind = InteractionKind.View, Product = product.Id,
                    Price = happened.Find(interaction => interaction.Product == product.Id)?.Price ?? (decimal)product.ReferencePrice,
                });
                at = at.AddSeconds(gap * (0.7 + (0.6 * _random.NextDouble())));
            }

            at = at.AddMinutes(60 + _random.Next(60));
        }

        _done.Add(new Fault("bot", _world.Calendar.DateOf(day), account, account is null ? views[0].Session : null, null, null, null, views.Count));
        return views;
    }

    /// <summary>All of a visit at another time: that of a clock which starts at 1970, or one that is years ahead.</summary>
    private void ShiftClock(List<Interaction> recorded)
    {
        Interaction one = _random.Pick(recorded);
        if (one.Session is not { } session)
        {
            return;
        }

        TimeSpan shift = _random.Chance(0.4) ? one.At - DateTimeOffset.UnixEpoch.AddSeconds(_random.Next(100_000)) : -TimeSpan.FromDays(365 * (2 + _random.Next(60)));
        int rows = 0;
        for (int i = 0; i < recorded.Count; i++)
        {
            if (recorded[i].Session == session)
            {
                recorded[i] = recorded[i] with { At = recorded[i].At - shift };
                rows++;
            }
        }

        _done.Add(new Fault("wrongTime", null, one.Shopper, one.Shopper is null ? session : null, null, null, null, rows));
    }

    private void SpoilRow(int day, List<Interaction> recorded, long before)
    {
        int row = _random.Next(recorded.Count);
        while (recorded[row].Kind != InteractionKind.Purchase && row < recorded.Count - 1)
        {
            row++;
        }

        Interaction one = recorded[row];
        if (one.Kind != InteractionKind.Purchase || one.Price is not > 0 || DateOnly.FromDateTime(one.At.Date) != _world.Calendar.DateOf(day))
        {
            return;
        }

        (string kind, Interaction spoiled) = _random.Next(6) switch
        {
            0 => ("wrongPrice", one with { Price = one.Price * 100 }),
            1 => ("wrongPrice", one with { Price = Math.Round(one.Price.Value / 100, 4) }),
            2 => ("wrongPrice", one with { Price = 0 }),
            3 => ("wrongQuantity", one with { Quantity = 500 + _random.Next(100_000) }),
            4 => ("unknownProduct", one with { Product = $"x{_random.Next(1_000_000):D6}" }),
            _ => ("rejectedRow", one with { Price = -one.Price }),
        };
        recorded[row] = spoiled;
        _done.Add(new Fault(kind, _world.Calendar.DateOf(day), null, null, spoiled.Product, InteractionKind.Purchase, kind == "rejectedRow" ? before + row + 2 : null, 1));
    }

    private List<Interaction> Done(string kind, int day, InteractionKind? of, long rows, List<Interaction> recorded)
    {
        _done.Add(new Fault(kind, _world.Calendar.DateOf(day), null, null, null, of, null, rows));
        return recorded;
    }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
[System.Text.Json.Serialization.JsonSerializable(typeof(List<Fault>))]
internal sealed partial class FaultJson : System.Text.Json.Serialization.JsonSerializerContext;
