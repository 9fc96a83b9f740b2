using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;
using Cartwright.Storage;
using Xunit;

namespace Cartwright.Server.Tests.Rules;

/// <summary>A sample shop with three months of its past and models trained on them; what happens in the weeks after is up to each test.</summary>
public sealed class TrainedShop : IAsyncLifetime
{
    public const int Shoppers = 4_000;

    private const string Interactions = "interactions.csv";

    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-drift-").FullName;
    private string _header = "";
    private string[] _after = [];
    private int _copies;

    public static DateTimeOffset TrainedAt { get; } = new(2025, 3, 26, 0, 0, 0, TimeSpan.Zero);

    public async Task InitializeAsync()
    {
        string sample = Path.Combine(_folder, "sample");
        await SampleShop.WriteAsync(new SampleRequest { Folder = sample, Scale = 0.1, Shoppers = Shoppers, Days = 106, Seed = 7 });
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(sample, Interactions));
        string cut = $"{TrainedAt:yyyy-MM-dd}";
        _header = lines[0];
        _after = [.. lines.Skip(1).Where(line => string.CompareOrdinal(line.Split(',')[1], cut) >= 0)];
        await File.WriteAllLinesAsync(Path.Combine(sample, Interactions), [_header, .. lines.Skip(1).Where(line => string.CompareOrdinal(line.Split(',')[1], cut) < 0)]);
        await using Shop shop = await Shop.OpenAsync(Path.Combine(_folder, "shop"), new HandClock(TrainedAt));
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = sample });
        await shop.Recommendation.TrainAsync(new Cartwright.Commerce.Recommendation.TrainRequest { Model = "item-knn" });
        await shop.Sessions.TrainAsync(new Cartwright.Commerce.Behavior.TrainRequest { Epochs = 1 });
    }

    /// <summary>A copy of the shop in which some weeks went by.</summary>
    /// <param name="change">What the sample shop's next rows become: id, at, shopper, session, kind and so on; null leaves one out.</param>
    /// <returns>The folder of the shop.</returns>
    internal async Task<string> GoOnAsync(HandClock clock, int days, Func<string[], string[]?> change)
    {
        string copy = Path.Combine(_folder, $"shop-{++_copies}"), news = Directory.CreateDirectory(Path.Combine(_folder, $"news-{_copies}")).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_folder, "shop"), "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(Path.Combine(_folder, "shop"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        clock.Now = TrainedAt.AddDays(days);
        string end = $"{clock.Now:yyyy-MM-dd}";
        File.Copy(Path.Combine(_folder, "sample", "shop.json"), Path.Combine(news, "shop.json"));
        await File.WriteAllLinesAsync(Path.Combine(news, Interactions), [_header, .. _after.Select(line => line.Split(',')).Where(row => string.CompareOrdinal(row[1], end) < 0)
            .Select(change).OfType<string[]>().Select(row => string.Join(',', row))]);
        await using Shop shop = await Shop.OpenAsync(copy, clock);
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = news });
        return copy;
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
