using Cartwright.Server.Tests.Dashboard;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Storefront;

[Collection(DashboardGroup.Name)]
public sealed class EmbeddedChatTests(DashboardSite site)
{
    private const string Question = "how long does delivery take";

    [BrowserTheory]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task Answers_on_a_page_of_an_origin_that_the_merchant_lists(int width, string colors)
    {
        await using Visitor visitor = await site.VisitAsync(width, colors);
        ILocator chat = await OpenAsync(visitor, site.OtherSite.Origin);

        await AskAsync(chat);

        await Assertions.Expect(chat.Locator(".line:not(.mine)")).ToHaveCountAsync(2);
        await Assertions.Expect(chat.Locator(".problem")).ToHaveCountAsync(0);
        await visitor.ShootAsync($"embedded-{width}-{colors}");
        Assert.True(await chat.Locator(".panel").EvaluateAsync<bool>("panel => panel.scrollWidth <= panel.clientWidth"), "Something reaches out of the chat.");
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task Says_that_it_reaches_nobody_on_a_page_of_another_origin()
    {
        await using Visitor visitor = await site.VisitAsync();
        ILocator chat = await OpenAsync(visitor, site.OtherSite.NumberedOrigin);

        await AskAsync(chat);

        await Assertions.Expect(chat.Locator(".problem")).ToHaveTextAsync("The shop can't be reached.");
        await Assertions.Expect(chat.Locator("button.voice")).ToBeHiddenAsync();
    }

    [SpeakingBrowserFact]
    public async Task Hears_on_a_page_of_an_origin_that_the_merchant_lists()
    {
        await using IBrowser browser = await site.LaunchSpeakingAsync(Question);
        await using Visitor visitor = await site.VisitAsync(390, browser: browser);
        ILocator chat = await OpenAsync(visitor, site.OtherSite.Origin);

        await chat.Locator("button.voice").ClickAsync();

        await Assertions.Expect(chat.Locator(".mine")).ToHaveTextAsync(Question, new() { Timeout = SpokenFile.Patience });
        await Assertions.Expect(chat.Locator(".line:not(.mine)")).ToHaveCountAsync(2);
        await Assertions.Expect(chat.Locator("button.voice")).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Empty(visitor.Troubles);
    }

    private static async Task<ILocator> OpenAsync(Visitor visitor, string origin)
    {
        await visitor.Page.GotoAsync(origin);
        ILocator chat = visitor.Page.Locator("cartwright-chat");
        await chat.Locator("button.open").ClickAsync();
        return chat;
    }

    private static async Task AskAsync(ILocator chat)
    {
        await chat.Locator("input").FillAsync(Question);
        await chat.Locator("input").PressAsync("Enter");
    }
}
