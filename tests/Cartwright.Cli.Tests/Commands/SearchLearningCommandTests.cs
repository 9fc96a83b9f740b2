using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Cartwright.Cli.Tests.House;

namespace Cartwright.Cli.Tests.Commands;

/// <summary>The lines of the guide that learn, on a shop with judgments and searches.</summary>
public sealed class SearchLearningCommandTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Verbs = ["train", "status", "evaluate ", "clicks", "evaluate-clicks", "reallocate"];

    private readonly TempFolder _folder = new();

    /// <summary>Lines of docs/search-the-shop.md that need judgments or searches, or a model learned from them.</summary>
    public static IReadOnlyList<string> Lines { get; } = [.. Markdown.CommandLines("docs/search-the-shop.md")
        .Where(line => Verbs.Any(verb => line.StartsWith($"cartwright search {verb}", StringComparison.Ordinal)))];

    public async Task InitializeAsync()
    {
        string[] materials = ["iron", "steel", "copper", "glass"];
        string[] things = ["pan", "pot", "lid", "wok", "kettle", "bowl"];
        var products = new StringBuilder("id,title,price\n");
        var judgments = new StringBuilder("query,product,grade\n");
        var searches = new StringBuilder("id,query,shown,clicked\n");
        int search = 0;
        for (int t = 0; t < things.Length; t++)
        {
            string shown = string.Join(' ', materials.Select((_, m) => $"p{t}{m}"));
            for (int m = 0; m < materials.Length; m++)
            {
                products.Append(CultureInfo.InvariantCulture, $"p{t}{m},Cast {materials[m]} {things[t]},{10 + t + m}\n");
                string query = $"{materials[m]} {things[t]}";
                judgments.Append(CultureInfo.InvariantCulture, $"{query},p{t}{m},3\n{query},p{t}{(m + 1) % 4},1\n{query},p{(t + 1) % 6}{m},0\n");
                for (int i = 0; i < 4; i++)
                {
                    searches.Append(CultureInfo.InvariantCulture, $"s{search++},{things[t]},{shown},{(i % 2 == 0 ? 1 + ((m + i) % 3) : "")}\n");
                }
            }
        }

        Directory.CreateDirectory(_folder.At("shop-folder"));
        await File.WriteAllTextAsync(_folder.At("shop-folder", "products.csv"), products.ToString());
        await File.WriteAllTextAsync(_folder.At("shop-folder", "judgments.csv"), judgments.ToString());
        await File.WriteAllTextAsync(_folder.At("shop-folder", "searches.csv"), searches.ToString());
        CliResult imported = await Cli.RunAsync(["catalog", "import", _folder.At("shop-folder"), "--shop", _folder.At("shop")]);
        Assert.Equal("", imported.Failure);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_line_of_the_guide_that_learns_answers()
    {
        Assert.True(Lines.Count >= Verbs.Length);
        foreach (string line in Lines)
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(line).Skip(1).Select(word => word == "./shop-folder" ? _folder.At("shop-folder") : word)];
            CliResult forPeople = await Cli.RunAsync([.. words, "--shop", _folder.At("shop")]);

            Assert.True(forPeople.Failure == "", $"{line}: {forPeople.Failure}");
            Assert.NotEqual("", forPeople.Output);
        }

        CliResult asJson = await Cli.RunAsync(["search", "search", "iron pan", "--ranking", "bm25", "--shop", _folder.At("shop"), "--json"]);
        using var answer = JsonDocument.Parse(asJson.Output);
        Assert.Equal("p00", answer.RootElement.GetProperty("results")[0].GetProperty("productId").GetString());
    }
}
