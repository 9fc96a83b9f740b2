using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

[Collection(DashboardGroup.Name)]
public sealed class MicrophoneTests(DashboardSite site)
{
    private const string Question = "how long does delivery take";

    [SpeakingBrowserFact]
    public async Task A_spoken_question_is_read_while_it_grows_then_sent_and_answered_before_any_voice_is_trained()
    {
        await using IBrowser browser = await site.LaunchSpeakingAsync(Question);
        await using Visitor visitor = await site.VisitAsMerchantAsync(browser: browser);
        await visitor.OpenAsync("/assistant");

        await visitor.Page.ClickAsync("[data-microphone]");
        await visitor.Page.WaitForFunctionAsync("() => document.querySelector('[data-microphone][aria-pressed=true]') && document.getElementById('text').value");

        await Assertions.Expect(visitor.Page.Locator(".talk-line.mine")).ToHaveTextAsync($"You: {Question}", new() { Timeout = SpokenFile.Patience });
        await Assertions.Expect(visitor.Page.Locator(".talk-answer .talk-line").First).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("[data-microphone]")).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Empty(visitor.Troubles);
    }
}
