using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Tests.Simulation;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class ShopperValuesTests(SampleFolder sample) : IClassFixture<SampleFolder>
{
    [Fact]
    public async Task One_shopper_is_worth_what_the_list_of_all_says()
    {
        Snapshot shop = (await ShopFolder.ReadSnapshotAsync(sample.Folder)).Snapshot;
        var live = new LiveShop(shop);
        ValueResponse all = ShopperValues.Of(shop, new ValueRequest { Weeks = 52, Count = 30 }, CancellationToken.None);
        InteractionColumns rows = shop.Interactions;
        long today = Enumerable.Range(0, rows.ShopperStart[^1]).Where(row => rows.Kind[row] == InteractionKind.Purchase)
            .Max(row => ReturnTable.DayOf(shop.EventAt(row)));

        foreach (ShopperValue expected in all.Results)
        {
            ShopperValue one = ShopperValues.Of(expected.ShopperId, live.ShopperEvents(expected.ShopperId), all, today, weeks: 52)!;

            Assert.Equal(expected with { Reasons = one.Reasons }, one);
            Assert.Equal(expected.Reasons, one.Reasons);
        }

        Assert.Null(ShopperValues.Of("nobody", [], all, today, weeks: 52));
    }
}
