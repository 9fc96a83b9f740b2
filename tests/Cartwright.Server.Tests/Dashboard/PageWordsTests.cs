using Cartwright.Server.Dashboard;

namespace Cartwright.Server.Tests.Dashboard;

/// <summary>What a merchant is told has pages and buttons in it, and no commands where a page does the same.</summary>
public sealed class PageWordsTests
{
    [Theory]
    [InlineData("No recommendation model is trained yet. Run 'cartwright recommendation train', or ask for --model popularity.",
        "No recommendation model is trained yet. Run “Train a model” on the Models page, or ask for “model” popularity.")]
    [InlineData("use it with 'cartwright recommendation train --model als --activate'.", "use it with “Train a model” on the Models page (model als).")]
    [InlineData("To use it all the same: 'cartwright search activate --version v1'.", "To use it all the same: “Put into service” on the Models page (version v1).")]
    [InlineData("Set one: 'cartwright recommendation set-pipeline --file pipeline.json', or give a log with --log <csv>.",
        "Set one: “Pipeline and rules” on the Recommendations page, or give a log with “log” (a file, at the command line only).")]
    [InlineData("Import some with 'cartwright catalog import <folder>'.", "Import some with “Import” on the Data page.")]
    [InlineData("There is no run 'x' to resume. 'cartwright runs' lists them.", "There is no run 'x' to resume. “Runs” on the Models page lists them.")]
    [InlineData("Name a shopper with --shopper-id, or tell events.", "Name a shopper with “shopper id”, or tell events.")]
    [InlineData("The field count was 0; it takes 1 to 100.", "The field count was 0; it takes 1 to 100.")]
    public void Commands_become_what_is_pressed_on_a_page(string typed, string told) => Assert.Equal(told, PageWords.Of(typed));

    [Theory]
    [InlineData("pricing train")]
    [InlineData("assistant evaluate-voice")]
    [InlineData("inventory train --horizon 28")]
    [InlineData("behavior train --table <csv> --target <column>")]
    [InlineData("recommendation activate --version <version>")]
    public void What_no_page_does_is_said_to_be_the_command_lines(string command) =>
        Assert.Equal($"Run 'cartwright {command}' at the command line.", PageWords.Of($"Run 'cartwright {command}'."));

    [Fact]
    public void A_message_after_an_action_names_no_command() =>
        Assert.Equal("It is stopped. “Let it go on” on the Automation page lets it go on.", new Message("bad", "It is stopped. 'cartwright automation resume' lets it go on.").Text);
}
