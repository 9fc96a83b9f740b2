using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Tests.Recommendation;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class ProductFilterTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();

    public async Task InitializeAsync()
    {
        await _shop.InitializeAsync();
        await _shop.Shop.Catalog.PutProductAsync(new Product
        {
            Id = "lamp", Title = "Lamp", Brand = "Volt", Tags = ["light", "new"], Price = 12,
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["Height"] = "28.5 cm", ["color"] = "Black" },
        });
    }

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("volt", "", "", true)]
    [InlineData("Brand 1", "", "", false)]
    [InlineData("", "LIGHT,heavy", "", true)]
    [InlineData("", "heavy", "", false)]
    [InlineData("", "", "color=red|color=black", true)]
    [InlineData("", "", "color=red", false)]
    [InlineData("", "", "height>=28.5", true)]
    [InlineData("", "", "height>=20|height<=28.4", false)]
    [InlineData("", "", "color>=1", false)]
    [InlineData("", "", "size>=1", false)]
    public async Task A_filter_looks_at_brand_tags_and_attributes(string brand, string tags, string attributes, bool fits)
    {
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();
        var allowed = new AllowedProducts(live, new RecommendRequest
        {
            Brand = brand.Length == 0 ? null : brand,
            Tags = tags.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Attributes = attributes.Split('|', StringSplitOptions.RemoveEmptyEntries),
        });

        Assert.Equal(fits, allowed.Allows(live.ProductIndex("lamp")));
    }

    [Theory]
    [InlineData("red")]
    [InlineData("=red")]
    [InlineData("height>=tall")]
    [InlineData("height<=NaN")]
    public async Task An_attribute_that_can_not_be_read_is_refused(string attribute)
    {
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();

        ValidationException refused = Assert.Throws<ValidationException>(() => new AllowedProducts(live, new RecommendRequest { Attributes = [attribute] }));

        Assert.Contains(attribute, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Write name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_no_product_has_is_told_from_an_empty_answer()
    {
        NotFoundException brand = await Assert.ThrowsAsync<NotFoundException>(() => AskAsync(new() { Model = "popularity", Brand = "Vollt" }));
        NotFoundException attribute = await Assert.ThrowsAsync<NotFoundException>(() => AskAsync(new() { Model = "popularity", Attributes = ["colour=red"] }));
        NotFoundException tag = await Assert.ThrowsAsync<NotFoundException>(() => AskAsync(new() { Model = "popularity", Tags = ["lights"] }));

        Assert.Contains("Did you mean 'Volt'?", brand.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'color'?", attribute.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'light'?", tag.Message, StringComparison.Ordinal);
        Assert.Empty((await AskAsync(new() { Model = "popularity", Brand = "Volt", Attributes = ["color=red"] })).Results);
        Assert.Empty((await AskAsync(new() { Model = "popularity", Brand = "Volt", Attributes = ["color=red", "color=purpel"] })).Results);   // one of them is known
    }

    [Theory]
    [InlineData("color=rad", "There is no color 'rad' in the shop. Did you mean 'red'?")]
    [InlineData("COLOR=blakc", "There is no COLOR 'blakc' in the shop. Did you mean 'Black'?")]
    [InlineData("color=turquoise", "There is no color 'turquoise' in the shop.")]
    public async Task A_value_that_no_product_has_is_told_from_an_empty_answer_in_every_list(string attribute, string message)
    {
        ProductLists lists = _shop.Recommender.Lists;
        Func<Task>[] doors =
        [
            () => AskAsync(new() { Model = "popularity", Attributes = [attribute] }),
            () => _shop.Recommender.SimilarAsync(new SimilarRequest { ProductId = "p01", Model = "item-knn", Attributes = [attribute] }),
            () => lists.BoughtTogetherAsync(new BoughtTogetherRequest { ProductId = "p01", Attributes = [attribute] }),
            () => lists.TrendingAsync(new TrendingRequest { Attributes = [attribute] }),
            () => lists.NewArrivalsAsync(new NewArrivalsRequest { Attributes = [attribute] }),
            () => lists.CompleteBasketAsync(new CompleteBasketRequest { Basket = ["p01"], Attributes = [attribute] }),
            () => lists.BuyAgainAsync(new BuyAgainRequest { ShopperId = "s1", Attributes = [attribute] }),
            () => _shop.Shop.Search.SearchAsync(new Commerce.Search.SearchRequest { Query = "", Attributes = [attribute] }),
            () => _shop.Shop.Search.SearchAsync(new Commerce.Search.SearchRequest { Query = "lamp", Attributes = [attribute] }),
            () => _shop.Recommender.PreviewAsync(new PreviewRequest { Attributes = [attribute] }),
        ];
        await _shop.TrainAsync();

        foreach (Func<Task> door in doors)
        {
            Assert.Equal(message, (await Assert.ThrowsAsync<NotFoundException>(door)).Message);
        }
    }

    private Task<RecommendResponse> AskAsync(RecommendRequest request) => _shop.Recommender.RecommendAsync(request);
}
