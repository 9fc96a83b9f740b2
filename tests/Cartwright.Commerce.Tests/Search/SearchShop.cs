using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Search;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Search;

/// <summary>A real shop of a few kitchen things in a folder that is gone after the test.</summary>
public sealed class SearchShop : IAsyncLifetime
{
    private static readonly DateTimeOffset Opening = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    public static readonly Product[] Products =
    [
        new() { Id = "p1", Title = "Cast Iron Pan", Brand = "Ferro", Category = "Kitchen > Pans", Price = 39.90m, Stock = 5, CreatedAt = Opening, Description = "Holds heat for a steak, and for a lifetime.", Attributes = Of("diameter", "28 cm") },
        new() { Id = "p2", Title = "Cast Iron Pot with Lid", Brand = "Ferro", Category = "Kitchen > Pots", Price = 79m, Stock = 2, CreatedAt = Opening.AddDays(3), Attributes = Of("color", "black") },
        new() { Id = "p3", Title = "Steel Pan", Brand = "Oak & Steel", Category = "Kitchen > Pans", Price = 25m, Stock = 0, CreatedAt = Opening.AddDays(1), Attributes = Of("color", "silver") },
        new() { Id = "p4", Title = "Pan Lid, Glass", Brand = "Ferro", Category = "Kitchen > Pans", Price = 12.5m, CreatedAt = Opening.AddDays(2), Description = "Fits pans of 28 cm." },
        new() { Id = "p5", Title = "Crème brûlée torch", Brand = "Flamme", Category = "Kitchen", Price = 19m, Tags = ["dessert"], Attributes = Of("cordless", "yes") },
        new() { Id = "p6", Title = "Rechargeable Batteries AA 4-Pack", Brand = "Volt", Category = "Electronics", Price = 9m, CreatedAt = Opening.AddDays(9) },
        new() { Id = "p7", Title = "Noise Cancelling Headphones WH-1000XM4", Brand = "Sony", Category = "Electronics", Price = 299m, CreatedAt = Opening.AddDays(8) },
        new() { Id = "p8", Title = "红色连衣裙夏季", Category = "Clothes", Price = 49m },
        new() { Id = "p9", Title = "USB Stick 16 GB", Brand = "Volt", Category = "Electronics", Price = 7.5m, Attributes = Of("color", "black") },
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-search-").FullName;

    public Shop Shop { get; private set; } = null!;

    public Searcher Searcher => Shop.Search;

    public string IndexFile => Path.Combine(_folder, "models", "search", "index.bin");

    public async Task InitializeAsync()
    {
        Shop = await Shop.OpenAsync(_folder);
        foreach (Product product in Products)
        {
            await Shop.Catalog.PutProductAsync(product);
        }
    }

    public async Task DisposeAsync()
    {
        await Shop.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ends the program and begins it again.</summary>
    public async Task ReopenAsync()
    {
        await Shop.DisposeAsync();
        Shop = await Shop.OpenAsync(_folder);
    }

    public async Task<string[]> IdsAsync(string query) => [.. (await Searcher.SearchAsync(new SearchRequest { Query = query })).Results.Select(result => result.ProductId)];

    private static Dictionary<string, string> Of(string name, string value) => new(StringComparer.Ordinal) { [name] = value };
}
