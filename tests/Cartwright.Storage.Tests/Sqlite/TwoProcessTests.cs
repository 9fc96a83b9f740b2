using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class TwoProcessTests
{
    [Fact]
    public async Task What_another_opener_of_the_folder_imports_shows_in_memory_soon()
    {
        using TempShop temp = new TempShop().WriteSample();
        var clock = new LeapingClock();
        await using var serving = await Shop.OpenAsync(temp.ShopPath, clock);
        LiveShop first = await serving.Catalog.LiveAsync();
        await using (Shop other = await temp.OpenAsync())
        {
            await temp.ImportAsync(other);
        }

        LiveShop now = first;
        while (now == first)
        {
            clock.Leap(TimeSpan.FromMinutes(1));
            now = await serving.Catalog.LiveAsync();
            await Task.Yield();
        }

        Assert.Empty(first.ShopperHistory("a"));
        Assert.Equal(3, now.ShopperHistory("a").Count);
    }

    [Fact]
    public async Task Whom_another_opener_forgets_nobody_is_told_of_a_second_later()
    {
        using TempShop temp = new TempShop().WriteSample();
        var clock = new LeapingClock();
        await using var serving = await Shop.OpenAsync(temp.ShopPath, clock);
        await temp.ImportAsync(serving);
        Assert.NotEmpty((await serving.Catalog.LiveAsync()).ShopperHistory("a"));
        await using (Shop other = await temp.OpenAsync())
        {
            await other.Catalog.ForgetAsync(new ForgetRequest { ShopperId = "a" });
        }

        clock.Leap(TimeSpan.FromSeconds(1));

        // The first who asks, and all who ask at the same time.
        LiveShop[] told = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => serving.Catalog.LiveAsync())));
        Assert.All(told, live => Assert.Empty(live.ShopperHistory("a")));
        clock.Leap(TimeSpan.FromSeconds(1.5));
        Assert.Same(told[0], await serving.Catalog.LiveAsync());
    }

    [Fact]
    public async Task Whom_this_one_forgets_loads_nothing_anew()
    {
        using TempShop temp = new TempShop().WriteSample();
        var clock = new LeapingClock();
        await using var shop = await Shop.OpenAsync(temp.ShopPath, clock);
        await temp.ImportAsync(shop);
        LiveShop live = await shop.Catalog.LiveAsync();

        await shop.Catalog.ForgetAsync(new ForgetRequest { ShopperId = "a" });
        clock.Leap(TimeSpan.FromSeconds(1.5));

        Assert.Same(live, await shop.Catalog.LiveAsync());
        Assert.Empty(live.ShopperHistory("a"));
    }

    [Fact]
    public async Task What_this_one_writes_itself_loads_nothing_anew()
    {
        using var temp = new TempShop();
        var clock = new LeapingClock();
        await using var shop = await Shop.OpenAsync(temp.ShopPath, clock);
        LiveShop live = await shop.Catalog.LiveAsync();
        long version = await shop.Store.ReadOutsideVersionAsync();

        await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = Program.Post("a", 1) });

        Assert.Equal(version, await shop.Store.ReadOutsideVersionAsync());
        Assert.Equal(3, live.ShopperHistory("a").Count);
    }

    private sealed class LeapingClock : TimeProvider
    {
        private long _leaped;

        public void Leap(TimeSpan by) => Interlocked.Add(ref _leaped, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _leaped);
    }
}
