using Cartwright.Commerce.Catalog;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class PhotoPageTests(DashboardSite site)
{
    [BrowserFact]
    public async Task A_dropped_photo_becomes_a_draft_and_the_draft_a_product()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await DropAsync(visitor, "/catalog/photo");
        await visitor.ShootAsync("photo-draft");
        string title = await visitor.Page.InputValueAsync("#title");

        await visitor.Page.FillAsync("#product", "from-a-photo");
        await visitor.Page.FillAsync("#title", title.Length > 0 ? title : "A thing");
        await visitor.Page.FillAsync("#price", "12.50");
        await visitor.Page.ClickAsync("button:has-text('Put it into the catalog')");

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToContainTextAsync("is in the catalog");
        Product product = await site.Shop.Catalog.FindProductAsync("from-a-photo");
        Assert.Equal(12.50m, product.Price);
        Assert.NotNull(site.Shop.Catalog.Pictures.FileOf(product));
        Assert.Empty(await visitor.FlawsAsync());
        Assert.Empty(visitor.Troubles);
        await site.Shop.Catalog.DeleteProductAsync("from-a-photo");
    }

    [BrowserFact]
    public async Task What_a_photo_shows_can_be_corrected_and_the_correction_is_kept()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await DropAsync(visitor, "/catalog/photo");

        await visitor.Page.FillAsync("#label", "Kitchen > Cookware");
        await visitor.Page.ClickAsync("button:has-text('Keep as a correction')");

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToContainTextAsync("Kitchen > Cookware");
    }

    [BrowserFact]
    public async Task The_page_with_a_photo_is_readable_on_a_phone_in_the_dark()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(390, "dark");
        await DropAsync(visitor, "/catalog/photo");
        await visitor.ShootAsync("photo-390-dark");

        Assert.Empty(await visitor.FlawsAsync());
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task A_file_that_is_no_picture_is_refused_with_words()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/catalog/photo");

        await visitor.Page.SetInputFilesAsync("#photo", new FilePayload { Name = "photo.jpg", MimeType = "image/jpeg", Buffer = "not a picture"u8.ToArray() });

        await Assertions.Expect(visitor.Page.Locator(".notice.bad")).ToContainTextAsync("no JPEG, PNG or WebP");
    }

    [BrowserFact]
    public async Task The_storefront_finds_products_by_photo()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await DropAsync(visitor, "/store/photo");
        await visitor.ShootAsync("store-photo");

        await Assertions.Expect(visitor.Page.Locator(".tiles-grid > li").First).ToBeVisibleAsync();
        Assert.Empty(await visitor.FlawsAsync());
        Assert.Empty(visitor.Troubles);
    }

    private async Task DropAsync(Visitor visitor, string path)
    {
        string file = site.Shop.Catalog.Pictures.FileOf(await site.Shop.Catalog.FindProductAsync(site.ProductId))!;
        await visitor.OpenAsync(path);
        await visitor.Page.SetInputFilesAsync("#photo", file);
        await visitor.Page.WaitForURLAsync(url => url.Contains("photo?id=", StringComparison.Ordinal));
    }
}
