using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Cartwright.Cli.Tests.House;

namespace Cartwright.Cli.Tests.Commands;

/// <summary>The lines of the guide about sentences, on a small shop with utterances of its own.</summary>
public sealed class AssistantCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_line_of_the_guide_answers()
    {
        WriteShop();
        string[] lines = [.. Markdown.CommandLines("docs/understand-shoppers.md").Where(line => line.StartsWith("cartwright ", StringComparison.Ordinal))];

        Assert.True(lines.Length >= 7);
        foreach (string line in lines)
        {
            bool learns = line.Contains(" train", StringComparison.Ordinal) || line.Contains(" evaluate", StringComparison.Ordinal);
            string[] words = [.. CommandLineParser.SplitCommandLine(line).Skip(1).Select(word => word.Replace("./shop-folder", _folder.At("shop-folder"), StringComparison.Ordinal)), .. learns ? (string[])["--epochs", line.Contains(" train", StringComparison.Ordinal) ? "3" : "1"] : []];
            CliResult forPeople = await Cli.RunAsync([.. words, "--shop", _folder.At("shop")]);

            Assert.True(forPeople.Failure == "", $"{line}: {forPeople.Failure}");
            Assert.NotEqual("", forPeople.Output);
        }

        CliResult asJson = await Cli.RunAsync(["assistant", "understand", "do you sharpen my red wok knives", "--shop", _folder.At("shop"), "--json"]);
        using var answer = JsonDocument.Parse(asJson.Output);
        Assert.Equal("sharpening", answer.RootElement.GetProperty("understanding").GetProperty("intent").GetString());
    }

    private void WriteShop()
    {
        string[] colors = ["black", "white", "red", "blue"];
        string[] things = ["pan", "pot", "lid", "wok", "kettle", "bowl"];
        var products = new StringBuilder("id,title,category,brand,price,color\n");
        var utterances = new StringBuilder("text,intent\n");
        foreach (string thing in things)
        {
            foreach (string color in colors)
            {
                products.Append(CultureInfo.InvariantCulture, $"{color}-{thing},\"Ferro Cast {thing}, {color}\",Kitchen > {thing}s,Ferro,{20 + thing.Length},{color}\n");
                utterances.Append(CultureInfo.InvariantCulture, $"do you sharpen my {color} {thing} knives,sharpening\ncan you engrave a name on the {color} {thing},engraving\n");
            }
        }

        Directory.CreateDirectory(_folder.At("shop-folder"));
        File.WriteAllText(_folder.At("shop-folder", "products.csv"), products.ToString());
        File.WriteAllText(_folder.At("shop-folder", "utterances.csv"), utterances.ToString());
    }
}
