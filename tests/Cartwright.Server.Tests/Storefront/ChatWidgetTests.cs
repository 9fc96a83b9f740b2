using Cartwright.Server.Tests.Dashboard;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Storefront;

[Collection(DashboardGroup.Name)]
public sealed class ChatWidgetTests(DashboardSite site)
{
    [BrowserTheory]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task Talks_in_the_storefront_by_keyboard_and_goes_on_from_page_to_page(int width, string colors)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors);
        await visitor.OpenAsync("/store");
        ILocator chat = visitor.Page.Locator("cartwright-chat");

        await chat.Locator("button.open").FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.Keyboard.TypeAsync("<img src=x onerror=alert(1)> hello");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(chat.Locator(".line:not(.mine)")).ToHaveCountAsync(2);
        await visitor.ShootAsync($"widget-{width}-{colors}");
        await visitor.OpenAsync("/store/search?query=coffee");

        await Assertions.Expect(chat.Locator(".line.mine")).ToHaveTextAsync("<img src=x onerror=alert(1)> hello");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await chat.Locator("input").FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(chat.Locator("button.open")).ToBeFocusedAsync();
        Assert.Empty(visitor.Troubles);
    }
}
