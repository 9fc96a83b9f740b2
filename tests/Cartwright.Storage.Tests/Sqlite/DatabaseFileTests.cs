using Cartwright.Commerce.Catalog;
using Cartwright.Storage.Sqlite;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class DatabaseFileTests
{
    [Fact]
    public async Task A_new_folder_becomes_an_empty_shop_and_opens_again()
    {
        using var temp = new TempShop();
        await (await temp.OpenAsync()).DisposeAsync();

        await using Shop shop = await temp.OpenAsync();

        Assert.Equal(new ShopCounts(0, 0, 0), (await shop.Catalog.StatusAsync(new StatusRequest())).Counts);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        using var temp = new TempShop();
        Directory.CreateDirectory(temp.ShopPath);
        await File.WriteAllTextAsync(Path.Combine(temp.ShopPath, "shop.db"), new string('x', 5000));

        var refused = await Assert.ThrowsAsync<StorageException>(temp.OpenAsync);

        Assert.Contains("is not a shop's database", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_as_it_is()
    {
        using var temp = new TempShop();
        Directory.CreateDirectory(temp.ShopPath);
        using (var other = Connection.Open(Path.Combine(temp.ShopPath, "shop.db")))
        {
            other.Execute("CREATE TABLE notes (text TEXT)");
        }

        var refused = await Assert.ThrowsAsync<StorageException>(temp.OpenAsync);

        Assert.Contains("another program's database", refused.Message, StringComparison.Ordinal);
        using var after = Connection.Open(Path.Combine(temp.ShopPath, "shop.db"));
        Assert.Equal(1, after.ReadInteger("SELECT COUNT(*) FROM sqlite_master"));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        using var temp = new TempShop();
        await (await temp.OpenAsync()).DisposeAsync();
        using (var newer = Connection.Open(Path.Combine(temp.ShopPath, "shop.db")))
        {
            newer.Execute("INSERT INTO migrations (version, applied_at) VALUES (999, 0)");
        }

        var refused = await Assert.ThrowsAsync<StorageException>(temp.OpenAsync);

        Assert.Contains("newer Cartwright", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_can_not_be_made_is_refused()
    {
        using var temp = new TempShop();
        await File.WriteAllTextAsync(temp.ShopPath, "a file where the folder should be");

        await Assert.ThrowsAsync<StorageException>(temp.OpenAsync);
    }
}
