using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class KilledProcessTests
{
    [Fact]
    public async Task A_killed_import_leaves_nothing_and_the_next_one_works()
    {
        using var temp = new TempShop();
        const int rowCount = 300_000;
        temp.Write("interactions.csv", "at,shopper,kind,product\n"
            + string.Concat(Enumerable.Range(0, rowCount).Select(i => $"{i},u{i % 1000},view,p{i % 100}\n")));
        using (Process child = Program.Start("stuck-import", temp.ShopPath, temp.Source))
        {
            Assert.Equal("importing interactions.csv", await child.StandardOutput.ReadLineAsync());
            child.Kill();
            await child.WaitForExitAsync();
        }

        await using Shop shop = await temp.OpenAsync();

        ShopCounts left = (await shop.Catalog.StatusAsync(new StatusRequest())).Counts;
        Assert.Equal(new ShopCounts(0, 0, 0), left);
        Assert.All(Directory.GetFiles(temp.ShopPath), file => Assert.StartsWith("shop.db", Path.GetFileName(file), StringComparison.Ordinal));
        Assert.InRange(new DirectoryInfo(temp.ShopPath).GetFiles().Sum(file => file.Length), 1, 1_000_000);
        await temp.ImportAsync(shop);
        Assert.Equal(rowCount, (await shop.Catalog.StatusAsync(new StatusRequest())).Counts.Interactions);
    }

    [Fact]
    public async Task Two_processes_append_to_one_shop_and_a_killed_one_loses_nothing_acknowledged()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();
        using Process child = Program.Start("append", temp.ShopPath, "child");

        int acknowledged = -1;
        while (acknowledged < 200)
        {
            acknowledged = int.Parse((await child.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = Program.Post("parent", acknowledged) });
        }

        child.Kill();
        await child.WaitForExitAsync();
        while (await child.StandardOutput.ReadLineAsync() is { } line && int.TryParse(line, CultureInfo.InvariantCulture, out int more))
        {
            acknowledged = more;
        }

        Snapshot snapshot = await shop.Store.ReadSnapshotAsync();
        int ofChild = snapshot.Interactions.Shopper.Count(shopper => shopper == snapshot.ShopperIndex("child"));
        Assert.InRange(ofChild, (acknowledged + 1) * 3, (acknowledged + 2) * 3);
        Assert.Equal(0, ofChild % 3);
        for (int post = 0; post <= acknowledged; post++)
        {
            InteractionsResponse retried = await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = Program.Post("child", post) });
            Assert.Equal(new InteractionsResponse(0, 3), retried);
        }
    }
}
