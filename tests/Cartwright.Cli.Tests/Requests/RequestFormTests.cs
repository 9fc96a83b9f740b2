using System.Text.Json;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Requests;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Server.Verbs;

namespace Cartwright.Cli.Tests.Requests;

public sealed class RequestFormTests
{
    public static TheoryData<string> CommandsWithoutNeeds => [.. Cli.Commands()
        .Where(command => command.Form is { } form && !form.Fields.Any(one => one.IsRequired)).Select(command => command.Path)];

    [Theory, MemberData(nameof(CommandsWithoutNeeds))]
    public void What_is_not_typed_keeps_its_default(string path)
    {
        (CliCommand command, object read) = Read(path.Split(' ')[1..]);

        Assert.Equal(Json(Activator.CreateInstance(command.Form!.Request)!), Json(read));
    }

    [Fact]
    public void A_flag_that_is_on_by_default_is_turned_off_by_its_no()
    {
        var request = (RecommendRequest)Read("recommendation", "recommend", "--no-in-stock", "--explain").Request;

        Assert.False(request.InStock);
        Assert.True(request.ExcludeBought);
        Assert.True(request.Explain);
    }

    [Theory]
    [InlineData("--cutoff", "5,10")]
    [InlineData("--cutoff", "5", "--cutoff", "10")]
    public void A_list_is_given_by_commas_or_by_repetition(params string[] words)
    {
        var request = (EvaluateRequest)Read(["recommendation", "evaluate", .. words]).Request;

        Assert.Equal([5, 10], request.Cutoff);
    }

    [Theory]
    [InlineData("./folder")]
    [InlineData("--folder", "./folder")]
    public void The_one_thing_that_is_needed_may_stand_alone(params string[] words)
    {
        var request = (ImportRequest)Read(["catalog", "import", .. words]).Request;

        Assert.Equal("./folder", request.Folder);
    }

    [Fact]
    public void Given_twice_it_is_refused() =>
        Assert.Throws<UsageException>(() => Read("catalog", "import", "./a", "--folder", "./b"));

    [Fact]
    public void Money_keeps_its_cents()
    {
        var request = (RecommendRequest)Read("recommendation", "recommend", "--price-to", "19.99").Request;

        Assert.Equal(19.99m, request.PriceTo);
    }

    [Fact]
    public void A_file_that_is_no_json_is_refused_with_its_line()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("x.json"), "[\n{ \"at\": }\n]");

        var refused = Assert.Throws<ImportFormatException>(() => Read("catalog", "interactions", "--file", folder.At("x.json")));

        Assert.Contains("x.json:2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_what_is_needed_is_told_what_it_lacks()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("rule.json"), "{ \"id\": \"nightly-prices\" }");

        var refused = Assert.Throws<UsageException>(() => Read("automation", "put-rule", "--file", folder.At("rule.json")));

        Assert.Contains("rule.json has no \"rule\" at its top", refused.Message, StringComparison.Ordinal);
    }

    private static (CliCommand Command, object Request) Read(params string[] words)
    {
        var parsed = Cli.Tree().Root.Parse(words);
        var command = (CliCommand)parsed.CommandResult.Command;
        return (command, command.Form!.Read(parsed));
    }

    private static string Json(object request) => JsonSerializer.Serialize(request, request.GetType(), WireJson.Options);
}
