using System.CommandLine.Parsing;
using System.Text.Json;
using Cartwright.Cli.Tests.House;

namespace Cartwright.Cli.Tests.Commands;

[Collection(SampleShopUsers.Name)]
public sealed class PipelineCommandTests(SampleShopFixture sample)
{
    [Theory]
    [InlineData("docs/shape-the-list.md", 7)]
    [InlineData("docs/lists-around.md", 11)]
    public async Task Every_command_of_the_guide_is_answered(string guide, int least)
    {
        string[] lines = [.. Markdown.CommandLines(guide)];
        using var before = JsonDocument.Parse((await Cli.RunAsync(["recommendation", "status", "--shop", sample.Shop, "--json"])).Output);
        string version = before.RootElement.GetProperty("activeVersion").GetString()!;

        Assert.True(lines.Length >= least, $"{lines.Length} commands");
        foreach (string line in lines)
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(line).Skip(1)
                .Select(word => word.StartsWith("docs/", StringComparison.Ordinal) ? Path.Combine(Checkout.Root, word) : word == "u000001" ? sample.Shopper : word == "p00001" ? sample.Product : word)];
            CliResult answer = await Cli.RunAsync([.. words, "--shop", sample.Shop, "--json"]);

            Assert.True(answer.ExitCode == 0, $"{line}: {answer.Failure}");
            using var json = JsonDocument.Parse(answer.Output);
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }

        await Cli.RunAsync(["recommendation", "set-pipeline", "--file", Empty(), "--shop", sample.Shop]);
        await Cli.RunAsync(["recommendation", "activate", version, "--shop", sample.Shop]);
    }

    [Fact]
    public async Task A_pipeline_that_is_in_service_is_told_with_its_note_and_rules()
    {
        await Cli.RunAsync(["recommendation", "set-pipeline", "--file", Path.Combine(Checkout.Root, "docs/examples/pipeline.json"), "--shop", sample.Shop]);

        CliResult told = await Cli.RunAsync(["recommendation", "pipeline", "--shop", sample.Shop]);

        Assert.Contains("pans-first", told.Output, StringComparison.Ordinal);
        Assert.Contains("kitchen first, mixed a little", told.Output, StringComparison.Ordinal);
        await Cli.RunAsync(["recommendation", "set-pipeline", "--file", Empty(), "--shop", sample.Shop]);
    }

    [Fact]
    public async Task A_rule_about_every_product_is_refused_and_says_what_to_do()
    {
        string file = Path.Combine(Path.GetDirectoryName(sample.Shop)!, "all.json");
        await File.WriteAllTextAsync(file, """{ "pipeline": { "rules": [{ "id": "all", "action": "hide" }] } }""");

        CliResult refused = await Cli.RunAsync(["recommendation", "set-pipeline", "--file", file, "--shop", sample.Shop]);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("The rule 'all' is about every product. Name products", refused.Failure, StringComparison.Ordinal);
    }

    private string Empty()
    {
        string file = Path.Combine(Path.GetDirectoryName(sample.Shop)!, "empty.json");
        File.WriteAllText(file, """{ "pipeline": {} }""");
        return file;
    }
}
