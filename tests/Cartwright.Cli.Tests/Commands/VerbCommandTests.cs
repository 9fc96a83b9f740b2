using System.Text.Json;
using Cartwright.Cli.Output;

namespace Cartwright.Cli.Tests.Commands;

[Collection(SampleShopUsers.Name)]
public sealed class VerbCommandTests(SampleShopFixture sample)
{
    [Fact]
    public async Task The_built_command_imports_with_one_document_on_standard_output_and_progress_beside_it()
    {
        using var folder = new TempFolder();

        CliResult result = await CliProcess.RunAsync(folder.Path, "catalog", "import", sample.Folder, "--json");

        Assert.Equal("", result.Failure);
        using var report = JsonDocument.Parse(result.Output);
        Assert.True(report.RootElement.GetProperty("isStored").GetBoolean());
        Assert.Contains("interactions", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.At("shop", "shop.db")));
    }

    [Fact]
    public async Task The_built_command_recommends_as_lines_without_frames_in_a_pipe()
    {
        using var folder = new TempFolder();

        CliResult result = await CliProcess.RunAsync(folder.Path, "recommendation", "recommend", "--shopper-id", sample.Shopper, "--count", "3", "--shop", sample.Shop);

        Assert.Equal("", result.Failure);
        string[] lines = result.Output.TrimEnd().Split('\n');
        Assert.StartsWith("Rank", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + 3 + 1, lines.Length);
        Assert.DoesNotContain('│', result.Output);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public async Task The_built_command_ends_with_3_where_there_is_no_shop()
    {
        using var folder = new TempFolder();

        CliResult result = await CliProcess.RunAsync(folder.Path, "recommendation", "status");

        Assert.Equal(Failure.NotFound, result.ExitCode);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task Ctrl_c_stops_a_long_command_with_130_and_leaves_no_half_file()
    {
        using var folder = new TempFolder();
        using CliProcess process = CliProcess.Start(folder.Path, "sample", "--folder", "big", "--scale", "3");
        await process.FirstErrorLineAsync();

        process.Interrupt();
        CliResult result = await process.EndAsync();

        Assert.Equal(Failure.Canceled, result.ExitCode);
        Assert.Contains("Stopped.", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Ctrl_c_stops_a_training_and_says_how_to_go_on()
    {
        using var folder = new TempFolder();
        Assert.Equal("", (await Cli.RunAsync(["catalog", "import", sample.Folder, "--shop", folder.At("shop"), "--json"])).Failure);
        using CliProcess process = CliProcess.Start(folder.Path, "recommendation", "train", "--epochs", "10000");
        await process.FirstErrorLineAsync();

        process.Interrupt();
        CliResult result = await process.EndAsync();

        Assert.Equal(Failure.Canceled, result.ExitCode);
        Assert.Contains("cartwright recommendation train --resume-run-id ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluating_a_folder_needs_no_shop_and_makes_none()
    {
        using var folder = new TempFolder();

        CliResult result = await Cli.RunAsync(
            ["recommendation", "evaluate", "--data", sample.Folder, "--model", "item-knn", "--cutoff", "5,10", "--shop", folder.At("shop"), "--json"]);

        Assert.Equal("", result.Failure);
        using var report = JsonDocument.Parse(result.Output);
        JsonElement models = report.RootElement.GetProperty("models");
        Assert.Contains(models.EnumerateArray(), model => model.GetProperty("role").GetString() == "baseline");
        Assert.True(models[0].GetProperty("metrics").TryGetProperty("recall@5", out _));
        Assert.True(models[0].GetProperty("metrics").TryGetProperty("recall@10", out _));
        Assert.False(Directory.Exists(folder.At("shop")));
    }

    [Fact]
    public async Task A_list_may_be_given_by_repetition_as_well()
    {
        CliResult result = await Cli.RunAsync(
            ["recommendation", "evaluate", "--model", "popularity", "--cutoff", "5", "--cutoff", "10", "--shop", sample.Shop, "--json"]);

        Assert.Equal("", result.Failure);
        Assert.Contains("recall@5", result.Output, StringComparison.Ordinal);
        Assert.Contains("recall@10", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interactions_are_read_from_a_file_and_count_once()
    {
        using var folder = new TempFolder();
        string file = folder.At("today.json");
        await File.WriteAllTextAsync(file, $$"""
            [{ "id": "cli-1", "at": "2026-01-02T03:04:05Z", "shopper": "{{sample.Shopper}}", "kind": "view", "product": "{{sample.Product}}" }]
            """);

        CliResult first = await Cli.RunAsync(["catalog", "interactions", "--file", file, "--shop", sample.Shop]);
        CliResult second = await Cli.RunAsync(["catalog", "interactions", "--file", file, "--shop", sample.Shop]);

        Assert.StartsWith("1 interaction stored, 0 already there.", first.Output, StringComparison.Ordinal);
        Assert.StartsWith("0 interactions stored, 1 already there.", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_product_ends_with_3()
    {
        CliResult result = await Cli.RunAsync(["recommendation", "similar", "no-such-product", "--shop", sample.Shop]);

        Assert.Equal(Failure.NotFound, result.ExitCode);
        Assert.Contains("no-such-product", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_was_never_trained_ends_with_4_and_says_how_to_train()
    {
        using var folder = new TempFolder();
        Assert.Equal("", (await Cli.RunAsync(["catalog", "import", sample.Folder, "--shop", folder.At("shop"), "--json"])).Failure);

        CliResult result = await Cli.RunAsync(
            ["recommendation", "explain", "--shopper-id", sample.Shopper, "--product-id", sample.Product, "--model", "sasrec", "--shop", folder.At("shop")]);

        Assert.Equal(Failure.NotTrained, result.ExitCode);
        Assert.Contains("cartwright recommendation train", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_can_not_be_read_ends_with_5_and_names_it()
    {
        using var folder = new TempFolder();

        CliResult result = await Cli.RunAsync(["catalog", "import", folder.At("nothing-here"), "--shop", folder.At("shop")]);

        Assert.Equal(Failure.Unreadable, result.ExitCode);
        Assert.Contains("nothing-here", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("photo.png", "this is a file. Name a new or an empty folder.")]
    [InlineData("full", "this is a folder that is not empty. Name a new or an empty folder.")]
    [InlineData("photo.png/copy", "no folder can be made here: part of the path is a file, or you may not write there.")]
    [InlineData("/proc/copy", "no folder can be made here: part of the path is a file, or you may not write there.")]
    public async Task An_export_to_where_no_folder_can_be_ends_with_5_and_says_why(string target, string told)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("photo.png"), "not empty");
        Directory.CreateDirectory(folder.At("full"));
        await File.WriteAllTextAsync(Path.Combine(folder.At("full"), "mine.txt"), "keep me");
        await using (await Storage.Shop.OpenAsync(folder.At("shop")))
        {
        }

        CliResult result = await Cli.RunAsync(["catalog", "export", folder.At(target), "--shop", folder.At("shop")]);

        Assert.True(result.ExitCode == Failure.Unreadable, result.Failure);
        Assert.Contains($"{folder.At(target)}: {told}", result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder.At(target) + ".partial"));
        Assert.True(File.Exists(Path.Combine(folder.At("full"), "mine.txt")));
    }

    [Theory]
    [InlineData("recommendation set-pipeline --file {file}")]
    [InlineData("recommendation preview --file {file}")]
    [InlineData("automation put-rule --file {file}")]
    [InlineData("pricing optimize {file}")]
    [InlineData("pricing evaluate --table {file} --target price")]
    [InlineData("inventory evaluate --data {file}")]
    [InlineData("recommendation evaluate --data {file}")]
    [InlineData("recommendation off-policy --log {file}")]
    [InlineData("vision evaluate --data {file}")]
    [InlineData("assistant evaluate --data {file}")]
    [InlineData("search evaluate-clicks --data {file}")]
    public async Task A_file_that_is_not_there_ends_with_5_whichever_verb_names_it(string line)
    {
        using var folder = new TempFolder();
        string shop = folder.At("shop");
        await using (await Storage.Shop.OpenAsync(shop))
        {
        }

        CliResult result = await Cli.RunAsync([.. line.Split(' ').Select(word => word.Replace("{file}", folder.At("nowhere.json"), StringComparison.Ordinal)), "--shop", shop]);

        Assert.True(result.ExitCode == Failure.Unreadable, result.Failure);
        Assert.Contains("nowhere.json", result.Error, StringComparison.Ordinal);
        Assert.Contains("there is no such", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it should hold the request as JSON")]
    [InlineData("{ \"pipeline\": }", "pipeline.json:1: this is not JSON from character 15 on")]
    public async Task A_file_that_is_no_request_ends_with_5_and_says_where(string content, string message)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("pipeline.json"), content);

        CliResult result = await Cli.RunAsync(["recommendation", "set-pipeline", "--file", folder.At("pipeline.json"), "--shop", folder.At("shop")]);

        Assert.Equal(Failure.Unreadable, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_given_up_shows_the_rows_that_were_too_many()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("bad"));
        await File.WriteAllTextAsync(Path.Combine(folder.At("bad"), "products.csv"), "id,price\np1,1\np2,dear\np3,cheap\n");

        CliResult result = await Cli.RunAsync(["catalog", "import", folder.At("bad"), "--shop", folder.At("shop")]);

        Assert.Equal(Failure.Unreadable, result.ExitCode);
        Assert.Contains("2 of 3 rows are bad", result.Error, StringComparison.Ordinal);
        Assert.Contains("products.csv:3: price is 'dear'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_file_says_how_many_rows_it_had()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("many"));
        await File.WriteAllLinesAsync(Path.Combine(folder.At("many"), "products.csv"), ["id", .. Enumerable.Range(0, 9_000).Select(i => $"p{i}")]);

        CliResult result = await Cli.RunAsync(["catalog", "import", folder.At("many"), "--shop", folder.At("shop")]);

        Assert.Contains("done: importing products.csv, 9,000 rows", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(120, '│')]
    [InlineData(40, ':')]
    public async Task A_person_sees_a_frame_and_in_a_narrow_window_one_field_a_line(int width, char mark)
    {
        CliResult result = await Cli.RunAsync(["recommendation", "recommend", "--shopper-id", sample.Shopper, "--shop", sample.Shop], width);

        Assert.Equal("", result.Failure);
        Assert.Contains(mark, result.Output);
    }

    [Fact]
    public async Task A_long_verb_is_recorded_as_a_run()
    {
        await using Storage.Shop shop = await Storage.Shop.OpenAsync(sample.Shop);

        IReadOnlyList<Commerce.Runs.Run> runs = await shop.Store.ListRunsAsync(100);

        Assert.Contains(runs, run => run is { Slice: "catalog", Verb: "import", Status: Commerce.Runs.RunStatus.Succeeded });
        Assert.Contains(runs, run => run is { Slice: "recommendation", Verb: "train", Status: Commerce.Runs.RunStatus.Succeeded });
    }

    [Fact]
    public async Task Runs_show_request_and_result_as_objects()
    {
        CliResult result = await Cli.RunAsync(["runs", "--json", "--shop", sample.Shop]);

        Assert.Equal("", result.Failure);
        using var runs = JsonDocument.Parse(result.Output);
        JsonElement import = runs.RootElement.GetProperty("results").EnumerateArray().First(run => run.GetProperty("verb").GetString() == "import");
        Assert.Equal(sample.Folder, import.GetProperty("request").GetProperty("folder").GetString());
        Assert.True(import.GetProperty("result").GetProperty("isStored").GetBoolean());
    }
}
