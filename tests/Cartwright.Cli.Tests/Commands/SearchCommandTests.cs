using System.CommandLine.Parsing;
using System.Text.Json;
using Cartwright.Cli.Tests.House;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Cli.Tests.Commands;

public sealed class SearchCommandTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();

    public async Task InitializeAsync()
    {
        await using Shop shop = await Shop.OpenAsync(_folder.At("shop"));
        var color = new Dictionary<string, string>(StringComparer.Ordinal) { ["color"] = "black" };
        await shop.Catalog.PutProductAsync(new Product { Id = "p-17", Title = "Cast Iron Pan", Brand = "Ferro", Category = "Kitchen > Pans", Price = 39.9m, Attributes = color });
        await shop.Catalog.PutProductAsync(new Product { Id = "p-18", Title = "Steel Pan", Brand = "Oak", Category = "Kitchen > Pans", Price = 25 });
        await File.WriteAllTextAsync(_folder.At("titles.tsv"), "1\tCast Iron Pan\n2\tSteel Pan\n");
        await File.WriteAllTextAsync(_folder.At("queries.tsv"), "two\tiron pan\t1\n");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_search_of_the_guide_finds_something()
    {
        string[] lines = [.. Markdown.CommandLines("docs/search-the-shop.md").Where(line => line.StartsWith("cartwright search s", StringComparison.Ordinal)
            || line.StartsWith("cartwright search c", StringComparison.Ordinal) || line.StartsWith("cartwright search e", StringComparison.Ordinal)).Except(SearchLearningCommandTests.Lines)];

        Assert.True(lines.Length >= 8);
        foreach (string line in lines)
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(line).Skip(1).Select(word => word.EndsWith(".tsv", StringComparison.Ordinal) ? _folder.At(word) : word)];
            CliResult forPeople = await Cli.RunAsync([.. words, "--shop", _folder.At("shop")]);
            CliResult asJson = await Cli.RunAsync([.. words, "--shop", _folder.At("shop"), "--json"]);

            Assert.Equal("", forPeople.Failure);
            Assert.DoesNotContain("No product", forPeople.Output, StringComparison.Ordinal);
            using var answer = JsonDocument.Parse(asJson.Output);
            Assert.Equal(JsonValueKind.Object, answer.RootElement.ValueKind);
        }
    }

    [Fact]
    public async Task Says_what_was_corrected_and_what_was_left_out()
    {
        CliResult answer = await Cli.RunAsync(["search", "search", "irn pan wooden", "--facets", "price", "--shop", _folder.At("shop")]);

        Assert.Contains("Read 'irn' as 'iron'.", answer.Output, StringComparison.Ordinal);
        Assert.Contains("No product has all of the words; left out: wooden.", answer.Output, StringComparison.Ordinal);
        Assert.Contains("p-17", answer.Output, StringComparison.Ordinal);
        Assert.Contains("1 found. Ranked by bm25.", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_of_the_name_of_its_slice_is_shown_and_refused_under_that_name()
    {
        CliResult help = await Cli.RunAsync(["search", "search", "--help"]);
        CliResult refused = await Cli.RunAsync(["search", "serch"]);

        Assert.Contains("cartwright search search <query>", help.Output, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'search'?", refused.Error, StringComparison.Ordinal);
    }
}
