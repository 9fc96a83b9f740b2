using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Search;
using StatusRequest = Cartwright.Commerce.Catalog.StatusRequest;

namespace Cartwright.Commerce.Tests.Recommendation;

/// <summary>A product that interactions name and the catalog does not have is in no list until the catalog has it.</summary>
public sealed class MentionedProductTests : IAsyncLifetime
{
    private static readonly string[] Mentioned = ["p40", "p41", "gone-1", "gone-2"];

    private readonly TasteShop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData(1, null, false)]
    [InlineData(2, "popularity", false)]
    [InlineData(3, "item-knn", true)]
    [InlineData(4, "als", true)]
    public async Task No_list_holds_it_whoever_did_what_with_it(int seed, string? model, bool isLoadedAnew)
    {
        await DoAtRandomAsync(new Random(seed));
        if (isLoadedAnew)
        {
            await _shop.ReopenAsync();
        }

        if (model is not null)
        {
            await _shop.TrainAsync(model, activate: true);
        }

        foreach (IReadOnlyList<string> list in await AllListsAsync(model is null ? "popularity" : null))
        {
            Assert.Empty(list.Intersect(Mentioned));
        }

        ShopCounts counts = (await _shop.Shop.Catalog.StatusAsync(new StatusRequest())).Counts;
        Assert.Equal(40, counts.Products);
        Assert.Equal((200 * 7) + 300, counts.Interactions);
        foreach (string id in Mentioned)
        {
            await Assert.ThrowsAsync<NotFoundException>(() => _shop.Shop.Catalog.FindProductAsync(id));
            await Assert.ThrowsAsync<NotFoundException>(() => _shop.Shop.Catalog.DeleteProductAsync(id));
            await Assert.ThrowsAsync<NotFoundException>(() => _shop.Recommender.SimilarAsync(new SimilarRequest { Model = "popularity", ProductId = id }));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_listed_with_what_was_done_with_it_once_the_catalog_has_it(bool isLoadedAnew)
    {
        await DoAtRandomAsync(new Random(5));
        if (isLoadedAnew)
        {
            await _shop.ReopenAsync();
        }

        Assert.DoesNotContain("p40", await SearchAsync("newcomer"));

        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "p40", Title = "The newcomer", Price = 5, Stock = 5 });

        Assert.Contains("p40", await SearchAsync("newcomer"));
        ProductListResponse arrived = await _shop.Recommender.Lists.NewArrivalsAsync(new NewArrivalsRequest { Count = 100, Explain = true });
        Assert.Contains("wanted", Assert.Single(Assert.Single(arrived.Results, result => result.ProductId == "p40").Reasons!).Text, StringComparison.Ordinal);
        Assert.Equal(41, (await _shop.Shop.Catalog.StatusAsync(new StatusRequest())).Counts.Products);
    }

    /// <summary>300 interactions of 20 shoppers and their sessions, half of them with products that the catalog does not have.</summary>
    private async Task DoAtRandomAsync(Random random)
    {
        InteractionKind[] kinds = [InteractionKind.Impression, InteractionKind.View, InteractionKind.Click, InteractionKind.Cart, InteractionKind.Purchase];
        await _shop.AppendAsync([.. Enumerable.Range(0, 300).Select(i =>
        {
            int shopper = random.Next(20);
            return new Interaction
            {
                Id = $"m{i}",
                At = _shop.Clock.GetUtcNow().AddMinutes(i - 400),
                Shopper = $"s{shopper}",
                Session = $"session-{shopper}-{i / 50}",
                Kind = kinds[random.Next(kinds.Length)],
                Product = i % 2 == 0 ? Mentioned[random.Next(Mentioned.Length)] : TasteShop.Id(random.Next(40)),
            };
        })]);
    }

    private async Task<List<IReadOnlyList<string>>> AllListsAsync(string? model)
    {
        ProductLists lists = _shop.Recommender.Lists;
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();
        List<IReadOnlyList<string>> all =
        [
            await SearchAsync(""),
            await SearchAsync("p40"),
            await SearchAsync("gone"),
            [.. live.ListedProducts.Select(product => product.Id)],
            [.. (await _shop.Shop.Search.CompleteAsync(new CompleteRequest { Prefix = "gon" })).Results.Select(completion => completion.Text.Replace("gone", "gone-1", StringComparison.Ordinal))],
            Ids((await lists.TrendingAsync(new TrendingRequest { Count = 100, InStock = false })).Results),
            Ids((await lists.NewArrivalsAsync(new NewArrivalsRequest { Count = 100, InStock = false })).Results),
            Ids((await lists.CompleteBasketAsync(new CompleteBasketRequest { Count = 100, InStock = false, Basket = ["p01", "p12"] })).Results),
        ];
        for (int i = 0; i < 20; i++)
        {
            all.Add(Ids((await _shop.Recommender.RecommendAsync(new RecommendRequest { Model = model, ShopperId = $"s{i}", Count = 100, InStock = false })).Results));
            all.Add(Ids((await _shop.Recommender.RecommendAsync(new RecommendRequest { Model = model, SessionId = $"session-{i}-5", Count = 100, InStock = false })).Results));
            all.Add(Ids((await _shop.Recommender.SimilarAsync(new SimilarRequest { Model = model, ProductId = TasteShop.Id(i), Count = 100, InStock = false })).Results));
            all.Add(Ids((await lists.BoughtTogetherAsync(new BoughtTogetherRequest { ProductId = TasteShop.Id(i), Count = 100, InStock = false })).Results));
            all.Add(Ids((await lists.BuyAgainAsync(new BuyAgainRequest { ShopperId = $"s{i}", Count = 100, InStock = false })).Results));
        }

        return all;
    }

    private async Task<string[]> SearchAsync(string query)
        => [.. (await _shop.Shop.Search.SearchAsync(new SearchRequest { Query = query, Count = 100, InStock = false })).Results.Select(found => found.ProductId)];

    private static string[] Ids(IEnumerable<RankedProduct> results) => [.. results.Select(result => result.ProductId)];
}
