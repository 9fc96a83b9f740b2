using Cartwright.Commerce.Simulation;

namespace Cartwright.Cli.Tests;

/// <summary>A small sample shop as a folder, and the same shop imported and trained by the command itself.</summary>
public sealed class SampleShopFixture : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();

    public string Folder => _folder.At("sample");

    public string Shop => _folder.At("shop");

    public string Shopper { get; private set; } = "";

    public string Product { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await SampleShop.WriteAsync(new SampleRequest { Folder = Folder, Scale = 0.02 });
        Assert.Equal("", (await Cli.RunAsync(["catalog", "import", Folder, "--shop", Shop, "--json"])).Failure);
        Assert.Equal("", (await Cli.RunAsync(["recommendation", "train", "--model", "item-knn", "--activate", "--shop", Shop, "--json"])).Failure);
        Shopper = FirstId("shoppers.csv");
        Product = FirstId("products.csv");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    private string FirstId(string file)
    {
        string path = Path.Combine(Folder, file);
        using Stream stream = File.Exists(path)
            ? File.OpenRead(path)
            : new System.IO.Compression.GZipStream(File.OpenRead(path + ".gz"), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        return reader.ReadLine()!.Split(',')[0];
    }
}

[CollectionDefinition(Name)]
public sealed class SampleShopUsers : ICollectionFixture<SampleShopFixture>
{
    public const string Name = "sample shop";
}
