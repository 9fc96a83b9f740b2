using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Simulation;

/// <summary>Makes a sample shop: a shop folder with a simulated year of a shop whose hidden truth is known.</summary>
/// <example>cartwright sample --folder ./shop-folder --scale 0.1</example>
public sealed record SampleRequest
{
    /// <summary>Folder to write; it must be empty or absent.</summary>
    [Required, PathField]
    public required string Folder { get; init; }

    /// <summary>Size of the shop: 1 is 1,000 products, 10,000 shoppers and about a million interactions; 0.1 a tenth of each.</summary>
    [Range(0.001, 100.0)]
    public double Scale { get; init; } = 1;

    /// <summary>Same seed and same size give the same files, byte for byte.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Products, where it shouldn't follow from the scale. Fewer products sell more of each.</summary>
    [Range(1, 1_000_000)]
    public int? Products { get; init; }

    /// <summary>Shoppers, where it shouldn't follow from the scale. Interactions and sales grow with them.</summary>
    [Range(1, 10_000_000)]
    public int? Shoppers { get; init; }

    /// <summary>Days that are simulated; a year where no number is given.</summary>
    [Range(1, 3650)]
    public int? Days { get; init; }

    /// <summary>The last of those days; where none is named the first of them is 2025-01-01. The seasons are those of the calendar.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Puts bots, broken tracking and impossible rows in, for whoever looks for them; which and where stands in faults.json.</summary>
    public bool Faults { get; init; }
}

/// <param name="Folder">The shop folder that was written.</param>
/// <param name="Interactions">Rows of <c>interactions.csv</c>.</param>
/// <param name="Purchases">Those of them that are purchases.</param>
/// <param name="UnitsSold">Units sold on the web and over the counter.</param>
public sealed record SampleResponse(string Folder, int Products, int Shoppers, int Days, long Interactions, long Purchases, long UnitsSold);

/// <summary>The seeded simulator of a shop.</summary>
/// <remarks>
/// Shoppers choose by a hidden taste, by position, by what they looked at last and by price; demand answers to price
/// with a constant elasticity per product; stock runs out and is replenished. What is hidden stands in <c>truth.json</c>.
/// </remarks>
public static class SampleShop
{
    /// <summary>Writes the folder under a temporary name beside it and renames it when it is whole.</summary>
    /// <exception cref="ValidationException">The folder holds something already.</exception>
    public static Task<SampleResponse> WriteAsync(SampleRequest request, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request);
        if (request.Until is { Year: < 1990 or > 2100 } far)
        {
            throw new InvalidRequestException("until", $"until is {far:yyyy-MM-dd}; it must lie from 1990 to 2100.");
        }

        return Task.Run(() => WriteWholeAsync(request, progress, cancellationToken), cancellationToken);
    }

    private static async Task<SampleResponse> WriteWholeAsync(SampleRequest request, IProgress<RunProgress>? progress, CancellationToken stop)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Folder));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new ValidationException(
                $"The sample shop can't be written to '{request.Folder}': it is not empty. Name another folder, or delete this one.");
        }

        string partial = $"{folder}.{Path.GetRandomFileName()}.partial";
        Directory.CreateDirectory(partial);
        try
        {
            SampleResponse response = await SimulateAsync(request, partial, progress, stop);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder);
            }

            Directory.Move(partial, folder);
            return response with { Folder = request.Folder };
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    private static async Task<SampleResponse> SimulateAsync(SampleRequest request, string folder, IProgress<RunProgress>? progress, CancellationToken stop)
    {
        int productCount = request.Products ?? Math.Max(1, (int)Math.Round(1000 * request.Scale));
        int shopperCount = request.Shoppers ?? Math.Max(1, (int)Math.Round(10_000 * request.Scale));
        int days = request.Days ?? 365;

        var world = new ShopWorld(request.Seed, productCount, shopperCount, days, request.Until is { } last ? new SimulatedCalendar(last.AddDays(1 - days)) : null);
        var diary = new Diary();
        var market = new Market(world, Draws.Stream(request.Seed, "market"));
        var visits = new Visits(world, market, diary, Draws.Stream(request.Seed, "visits"), Draws.Stream(request.Seed, "odds"));
        Faults? faults = request.Faults ? new Faults(world, Draws.Stream(request.Seed, "faults")) : null;
        var orders = new SampleOrders(folder, world, Draws.Stream(request.Seed, "orders"), request.Seed, days);
        using var writer = new SampleShopWriter(folder, world, Draws.Stream(request.Seed, "reviews"), orders, faults);

        MarketDay closing = null!;
        Task written = Task.CompletedTask;                // a day is written while the next one happens
        try
        {
            for (int day = 0; day < days; day++)
            {
                stop.ThrowIfCancellationRequested();
                market.Open(day);
                visits.Simulate(day);
                IReadOnlyList<SimulatedEvent> events = diary.Take(day);
                market.TakeBack(events);
                market.SellOverTheCounter(day);
                MarketDay today = closing = market.Close(day);
                await written;
                written = Task.Run(() => writer.WriteDay(today, events), CancellationToken.None);
                if (day % 7 == 6 || day == days - 1)
                {
                    progress?.Report(new RunProgress("making the sample shop", day + 1, days, "days"));
                }
            }
        }
        finally
        {
            await Task.WhenAny(written);                  // before the files are closed, whatever else went wrong
        }

        await written;
        writer.WriteCatalog(closing, visits.AskedQueries);
        writer.WritePhotos(request.Seed, progress, stop);
        GroundTruth.Write(Path.Combine(folder, "truth.json"), world, request.Seed);
        faults?.Write(Path.Combine(folder, "faults.json"));
        return new SampleResponse(folder, productCount, shopperCount, days, writer.InteractionCount, writer.PurchaseCount, market.UnitsSold);
    }
}
