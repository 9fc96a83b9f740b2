using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class FolderSnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_few_rows_that_can_not_be_read_are_left_out_and_told()
    {
        Write(good: 40, bad: 2);

        Snapshot shop = (await ShopFolder.ReadSnapshotAsync(_folder)).Snapshot;

        Assert.Equal(40, shop.Interactions.Count);
        Assert.StartsWith("2 of 42 rows of interactions.csv can't be read and were left out; line 42: ", Assert.Single(shop.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 4)]
    [InlineData(0, 1)]
    public async Task More_are_refused(int good, int bad)
    {
        Write(good, bad);

        ImportFormatException refused = await Assert.ThrowsAsync<ImportFormatException>(() => ShopFolder.ReadSnapshotAsync(_folder));

        Assert.Contains($"{bad} of {good + bad} rows can't be read", refused.Message, StringComparison.Ordinal);
    }

    private void Write(int good, int bad) => File.WriteAllText(Path.Combine(_folder, "interactions.csv"), "at,shopper,kind,product\n"
        + string.Concat(Enumerable.Range(0, good).Select(i => $"2024-01-01T00:00:{i:00}Z,ann,view,p{i}\n"))
        + string.Concat(Enumerable.Repeat("someday,ann,view,p1\n", bad)));
}
