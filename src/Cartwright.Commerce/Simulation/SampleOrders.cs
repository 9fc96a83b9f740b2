using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Simulation;

/// <summary>Writes each checkout of the simulation as an order, as it stands when the simulation ends.</summary>
/// <param name="dayCount">Days that are simulated.</param>
internal sealed class SampleOrders(string folder, ShopWorld world, Random random, int seed, int dayCount) : IDisposable
{
    private static readonly string[] Carriers = ["Swiftfoot", "Parcelwren", "Northpost"];

    private readonly CsvFileWriter<Order> _orders = new(folder, new OrdersCsv(), []);

    public void WriteDay(IReadOnlyList<SimulatedEvent> events)
    {
        // What is bought at one checkout is bought in one second.
        foreach (IGrouping<(int Session, long Second), SimulatedEvent> bought in events
            .Where(happened => happened.Kind == InteractionKind.Purchase).GroupBy(happened => (happened.Session, happened.Second)))
        {
            int shopper = bought.First().Shopper;
            long placed = bought.Key.Second / Diary.SecondsPerDay;
            int travel = 2 + random.Next(4);
            bool isShipped = placed + 1 < dayCount;
            string status = placed + travel < dayCount ? "delivered" : isShipped ? "shipped" : "packed";
            string carrier = random.Pick(Carriers);
            _orders.Write(new Order
            {
                Id = $"A{100_000 + _orders.Count}",
                At = world.Calendar.Midnight(0).AddSeconds(bought.Key.Second),
                Shopper = shopper < 0 ? null : world.Shoppers[shopper].Id,
                Status = status,
                ExpectedAt = world.Calendar.Midnight((int)placed + travel),
                Carrier = isShipped ? carrier : null,
                Tracking = isShipped ? $"{char.ToUpperInvariant(carrier[0])}{random.Next(100_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture)}" : null,
                Postcode = Postcode(shopper < 0 ? -bought.Key.Session : shopper),
                Products = [.. bought.SelectMany(line => Enumerable.Repeat(world.Products[line.Product].Id, line.Quantity))],
            });
        }
    }

    public void Dispose() => _orders.Dispose();

    /// <summary>Five digits, the same for every order of a shopper.</summary>
    private string Postcode(int whose) => Draws.Stream(unchecked((seed * 1_000_003) + whose), "postcode").Next(10_000, 100_000).ToString(CultureInfo.InvariantCulture);
}
