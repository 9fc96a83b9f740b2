using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class AssistantPageTests(DashboardSite site)
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_question_is_answered_with_its_sources_with_and_without_scripts(bool withScripts)
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync(withScripts: withScripts);
        await visitor.OpenAsync("/assistant");
        await Assertions.Expect(visitor.Page.Locator("[data-microphone]")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Visible = withScripts && site.Shop.AssistantVoice.CanHear });

        await visitor.Page.FillAsync("#text", "<b>how long does delivery take?</b>");
        await visitor.Page.ClickAsync(".talk-form button.primary");

        await Assertions.Expect(visitor.Page.Locator(".talk-line.mine")).ToContainTextAsync("<b>how long does delivery take?</b>");
        await Assertions.Expect(visitor.Page.Locator(".talk-answer").First).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator(".talk-answer summary").First).ToContainTextAsync("Understood as");
        Assert.Empty(visitor.Troubles);
    }

    [BrowserTheory]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task A_conversation_is_readable_with_the_sources_of_what_it_says(int width, string colors)
    {
        Product product = (await site.Shop.Catalog.LiveAsync()).Products.First(one => one.IsInStock && one.Price is not null);
        await using Visitor visitor = await site.VisitAsMerchantAsync(width, colors);
        await visitor.OpenAsync("/assistant");
        ILocator answers = visitor.Page.Locator(".talk-answer");

        foreach (string said in (string[])["how long does delivery take?", $"how much is {product.Title}", "add it to my basket"])
        {
            int before = await answers.CountAsync();
            await visitor.Page.FillAsync("#text", said);
            await visitor.Page.PressAsync("#text", "Enter");
            await Assertions.Expect(answers).ToHaveCountAsync(before + 1);
        }

        await visitor.ShootAsync($"assistant-talk-{width}-{colors}");
        await Assertions.Expect(visitor.Page.Locator($".talk-answer a.chip:has-text('{product.Id}')").First).ToBeVisibleAsync();
        Assert.Equal("", string.Join('\n', await visitor.FlawsAsync()));
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task What_waits_for_a_person_is_closed_with_a_note()
    {
        var store = (IAssistantStore)site.Shop.Store;
        await store.PutHandOverAsync(new HandOver
        {
            Id = "h-page", At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), ConversationId = "c", Reason = "asked", Contact = "me@example.com", Lines = [new SaidLine(IsShopper: true, "<script>a person</script>")],
        });
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.OpenAsync("/assistant");
        await visitor.ShootAsync("assistant-handover");

        await Assertions.Expect(visitor.Page.Locator("#handovers")).ToContainTextAsync("me@example.com");
        await visitor.Page.FillAsync("#handovers input[name=note]", "called");
        await visitor.Page.ClickAsync("#handovers form button");

        await Assertions.Expect(visitor.Page.Locator("[role=status]").First).ToContainTextAsync("Closed");
        Assert.Equal("called", (await store.FindHandOverAsync("h-page"))!.Note);
        Assert.Empty(visitor.Troubles);
    }

    [BrowserFact]
    public async Task Who_comes_to_wait_appears_by_itself_and_a_note_that_is_being_written_stays()
    {
        await using Visitor visitor = await site.VisitAsMerchantAsync();
        await visitor.Page.Clock.InstallAsync();
        await visitor.OpenAsync("/assistant");
        ILocator list = visitor.Page.Locator("#handovers");

        await WaitAsync("h-first", "first@example.com");
        await Assertions.Expect(list).ToContainTextAsync("first@example.com");
        await list.Locator("input[name=note]").First.FillAsync("call back");
        await WaitAsync("h-second", "second@example.com");
        await Assertions.Expect(list.Locator("input[name=note]").First).ToHaveValueAsync("call back");
        await Assertions.Expect(list).Not.ToContainTextAsync("second@example.com");
        await list.Locator("input[name=note]").First.FillAsync("");
        await visitor.Page.FocusAsync("#text");
        await visitor.Page.Clock.RunForAsync(11_000);
        await Assertions.Expect(list).ToContainTextAsync("second@example.com");
        foreach (string id in (string[])["h-first", "h-second"])
        {
            await site.Shop.Assistant.CloseHandOverAsync(new CloseHandOverRequest { Id = id });
        }

        Assert.Empty(visitor.Troubles);

        async Task WaitAsync(string id, string contact)
        {
            await ((IAssistantStore)site.Shop.Store).PutHandOverAsync(new HandOver
            {
                Id = id, At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), ConversationId = "c", Reason = "asked", Contact = contact, Lines = [],
            });
            await visitor.Page.Clock.RunForAsync(11_000);
        }
    }
}
