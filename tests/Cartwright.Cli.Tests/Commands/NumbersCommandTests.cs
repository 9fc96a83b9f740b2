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

        CliResult answer = await Cli.RunAsync([.. words, "--shop", sample.Shop, "--json"]);

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
}
