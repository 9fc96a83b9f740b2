using System.CommandLine.Parsing;
using System.Text.Json;
using Cartwright.Cli.Tests.House;

namespace Cartwright.Cli.Tests.Commands;

[Collection(SampleShopUsers.Name)]
public sealed class NumbersCommandTests(SampleShopFixture sample)
{
    public static TheoryData<string> Lines => [.. Markdown.CommandLines("docs/read-the-numbers.md")];

    [Theory, MemberData(nameof(Lines))]
    public async Task Each_command_of_the_guide_is_answered(string line)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(line).Skip(1).Select(word => word.StartsWith("docs/", StringComparison.Ordinal) ? Path.Combine(Checkout.Root, word) : word)];

        using var before = JsonDocument.Parse((await Cli.RunAsync(["recommendation", "status", "--shop", sample.Shop, "--json"])).Output);

        CliResult answer = await Cli.RunAsync([.. words, "--shop", sample.Shop, "--json"]);

        await Cli.RunAsync(["recommendation", "activate", before.RootElement.GetProperty("activeVersion").GetString()!, "--shop", sample.Shop]);
        Assert.True(answer.ExitCode == 0, $"{line}: {answer.Failure}");
        using var json = JsonDocument.Parse(answer.Output);
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
    }

    [Fact]
    public async Task A_policy_is_valued_in_words_too()
    {
        CliResult answer = await Cli.RunAsync(["recommendation", "off-policy", "--log", Path.Combine(Checkout.Root, "docs/examples/choices.csv"),
            "--policy", Path.Combine(Checkout.Root, "docs/examples/choices-policy.csv")]);

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("doubly-robust", answer.Output, StringComparison.Ordinal);
        Assert.Contains("none was cut", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_tells_its_trials_and_how_to_use_the_best()
    {
        CliResult answer = await Cli.RunAsync(["recommendation", "tune", "--model", "item-knn", "--trials", "3", "--shop", sample.Shop]);

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("the model's own choice", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Tried 3 sets of options of item-knn.", answer.Output, StringComparison.Ordinal);
    }
}
