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
