using System.Text.Json;
using Cartwright.Cli.Output;

namespace Cartwright.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Alone_it_says_what_it_is_where_the_shop_is_and_five_commands()
    {
        using var folder = new TempFolder();

        CliResult result = await Cli.RunAsync(["--shop", folder.At("shop")]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(folder.At("shop"), result.Output, StringComparison.Ordinal);
        Assert.Equal(5, result.Output.Split('\n').Count(line => line.StartsWith("  cartwright ", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(folder.At("shop")));
    }

    [Theory]
    [InlineData("recomendation", "'recommendation'")]
    [InlineData("recomend", "'recommendation'")]
    [InlineData("catalogue", "'catalog'")]
    public async Task A_near_miss_of_a_command_is_guessed(string typed, string meant)
    {
        CliResult result = await Cli.RunAsync([typed, "status"]);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.Contains($"Did you mean {meant}?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_without_its_slice_is_found()
    {
        CliResult result = await Cli.RunAsync(["similar", "--count", "5"]);

        Assert.Contains("Did you mean 'cartwright recommendation similar'?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_near_miss_of_a_verb_is_guessed()
    {
        CliResult result = await Cli.RunAsync(["recommendation", "trian"]);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.Contains("Did you mean 'train'?", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("recommendation", "recommend", "--shoper-id", "7")]
    [InlineData("recommendation", "similar", "p1", "--cout", "7")]
    [InlineData("catalog", "import", "--max-rejects-share", "0.1")]
    public async Task A_near_miss_of_an_option_is_guessed(params string[] args)
    {
        CliResult result = await Cli.RunAsync(args);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.Contains("Did you mean '--", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData("--count was 500; it takes 1 to 100.", "recommendation", "recommend", "--count", "500")]
    [InlineData("--count was 'ten'; it takes a whole number: 1 to 100.", "recommendation", "recommend", "--count", "ten")]
    [InlineData("--product-id is needed.", "recommendation", "explain", "--shopper-id", "7")]
    [InlineData("--max-reject-share was 2; it takes 0 to 1.", "catalog", "import", "x", "--max-reject-share", "2")]
    public async Task A_wrong_option_ends_with_2_and_says_what_is_allowed(string says, params string[] args)
    {
        CliResult result = await Cli.RunAsync(args);

        Assert.Equal(Failure.Usage, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_an_error_is_json_on_standard_error()
    {
        CliResult result = await Cli.RunAsync(["recommendation", "recommend", "--count", "0", "--json"]);

        using var problem = JsonDocument.Parse(result.Error);
        Assert.Equal("invalid-request", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal(Failure.Usage, problem.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task A_question_without_a_shop_ends_with_3_and_makes_none()
    {
        using var folder = new TempFolder();

        CliResult result = await Cli.RunAsync(["catalog", "status", "--shop", folder.At("none")]);

        Assert.Equal(Failure.NotFound, result.ExitCode);
        Assert.Contains("cartwright catalog import", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("none")));
    }

    [Fact]
    public async Task The_version_is_that_of_the_program()
    {
        CliResult result = await Cli.RunAsync(["--version"]);

        Assert.Matches(@"^\d+\.\d+\.\d+\s*$", result.Output);
    }
}
