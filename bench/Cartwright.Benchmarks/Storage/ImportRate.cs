using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Benchmarks.Storage;

/// <summary>How many interactions a second an import stores, reading the CSV file included, and how much memory it takes.</summary>
/// <remarks>Arguments: millions of rows (default 1), then maybe "no-ids" for a file without ids, whose ids are derived.</remarks>
internal static class ImportRate
{
    private const int ShopperCount = 50_000;
    private const int ProductCount = 20_000;

    public static async Task<int> RunAsync(string[] arguments)
    {
        double millions = arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        bool hasIds = !arguments.Contains("no-ids", StringComparer.Ordinal);
        int rowCount = (int)(millions * 1_000_000);
        string root = Directory.CreateTempSubdirectory("cartwright-import-").FullName;
        try
        {
            string source = Directory.CreateDirectory(Path.Combine(root, "source")).FullName;
            WriteInteractions(Path.Combine(source, "interactions.csv"), rowCount, hasIds);
            Console.WriteLine($"{rowCount:N0} rows {(hasIds ? "with" : "without")} ids, "
                + $"{new FileInfo(Path.Combine(source, "interactions.csv")).Length / 1e6:N0} MB of CSV, {Environment.ProcessorCount} cores");

            await using Shop shop = await Shop.OpenAsync(Path.Combine(root, "shop"));
            long before = PeakMemory();
            await MeasureAsync("first import", rowCount, () => shop.Catalog.ImportAsync(new ImportRequest { Folder = source }));
            Console.WriteLine($"  peak memory {PeakMemory() / 1e6:N0} MB, {before / 1e6:N0} MB before");
            await MeasureAsync("the same again", rowCount, () => shop.Catalog.ImportAsync(new ImportRequest { Folder = source }));
            Console.WriteLine($"  peak memory {PeakMemory() / 1e6:N0} MB");
            await MeasureAsync("snapshot from the store", rowCount, () => shop.Store.ReadSnapshotAsync());
            await MeasureAsync("snapshot from the folder", rowCount, () => ShopFolder.ReadSnapshotAsync(source));
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task MeasureAsync<T>(string name, int rowCount, Func<Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        await work();
        double seconds = clock.Elapsed.TotalSeconds;
        double cpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        Console.WriteLine($"{name}: {seconds:F2} s, {rowCount / seconds:N0} rows/s ({cpuSeconds:F2} s of processor time)");
    }

    private static long PeakMemory() => Process.GetCurrentProcess().PeakWorkingSet64;

    private static void WriteInteractions(string path, int rowCount, bool hasIds)
    {
        var random = new Random(1);
        string[] kinds = ["impression", "view", "view", "click", "cart", "purchase"];
        using var writer = new StreamWriter(path);
        writer.WriteLine("id,at,shopper,session,kind,product,quantity,price,query,position,value");
        for (int i = 0; i < rowCount; i++)
        {
            int shopper = random.Next(ShopperCount);
            string kind = kinds[random.Next(kinds.Length)];
            string paid = kind == "purchase" ? string.Create(CultureInfo.InvariantCulture, $"1,{random.Next(100, 9999) / 100m}") : ",";
            writer.WriteLine($"{(hasIds ? $"e{i}" : "")},{1_700_000_000 + i}.5,u{shopper},s{i / 12},{kind},p{random.Next(ProductCount)},{paid},,{(kind == "impression" ? i % 20 + 1 : "")},");
        }
    }
}
