using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Tests.Simulation;

/// <summary>A small sample shop, made once for the tests that read it.</summary>
public sealed class SampleFolder : IAsyncLifetime
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("cartwright-sample-");

    public string Folder => Path.Combine(_parent.FullName, "shop");

    public SampleResponse Response { get; private set; } = null!;

    public IEnumerable<string[]> Rows(string file) => Rows(Folder, file);

    public static IEnumerable<string[]> Rows(string folder, string file) =>
        File.ReadLines(Path.Combine(folder, file)).Skip(1).Select(line => line.Split(','));

    public async Task InitializeAsync() =>
        Response = await SampleShop.WriteAsync(new SampleRequest { Folder = Folder, Scale = 0.1, Seed = 7 });

    public Task DisposeAsync()
    {
        _parent.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
