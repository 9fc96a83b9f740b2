using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class ExposureTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_was_shown_by_chance_is_kept_once_in_its_order()
    {
        using var folder = new TempShop();
        await using Shop shop = await folder.OpenAsync();
        var store = (IExposureStore)shop.Store;
        Exposure first = Shown("list-1", 1, "a"), second = Shown("list-1", 2, "a");

        await store.KeepAsync([first, second]);
        await store.KeepAsync([first with { Propensity = 0.9 }, Shown("list-2", 1, "b")]);

        Assert.Equal([first, second, Shown("list-2", 1, "b")], await store.ListExposuresAsync());
    }

    [Fact]
    public async Task A_forgotten_shopper_is_gone_from_it_with_what_their_sessions_saw_before_they_signed_in()
    {
        using TempShop folder = new TempShop().WriteSample();
        await using Shop shop = await folder.OpenAsync();
        await folder.ImportAsync(shop);
        var store = (IExposureStore)shop.Store;
        await store.KeepAsync([Shown("list-1", 1, "a"), Shown("list-2", 1, null) with { SessionId = "s1" }, Shown("list-3", 1, "b"), Shown("list-4", 1, null) with { SessionId = "s2" }]);

        await shop.Catalog.ForgetAsync(new ForgetRequest { ShopperId = "a" });

        Assert.Equal(["list-3", "list-4"], (await store.ListExposuresAsync()).Select(shown => shown.ListId));
    }

    private static Exposure Shown(string list, int place, string? shopper) => new(list, place, At.AddMinutes(place), shopper, SessionId: null, "p/m", "p1", 0.25, "p2");
}
