using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Cli.Tests.House;

/// <summary>The samples run as a reader would run them: <c>dotnet run samples/….cs</c>.</summary>
public sealed partial class SampleTests
{
    /// <summary>What the last line of a sample says, by its file: a number, the first of the line or the one behind a word, and its range.</summary>
    private static readonly Dictionary<string, (string Behind, double From, double To)> Ends = new()
    {
        ["autoencoder.cs"] = ("an error of", 0, 0.002),
        ["binary-classifier.cs"] = ("", 95, 100),
        ["data-parallel.cs"] = ("in the first epoch,", 0, 0.3),
        ["picture-classifier.cs"] = ("", 90, 100),
        ["product-recommender.cs"] = ("For", 80, 100),
        ["sequence-classifier.cs"] = ("unseen sequences:", 96, 100),
    };

    public static TheoryData<string> Learned => [.. Ends.Keys];

    [Fact]
    public void Every_sample_is_run()
    {
        string[] run = [.. Ends.Keys, "dcgan.cs", "predict.cs", "quickstart.cs"];

        Assert.Equal(run.Order(StringComparer.Ordinal), Checkout.Files("samples", "*.cs").Select(file => Path.GetFileName(file)));
    }

    [Theory, MemberData(nameof(Learned))]
    public async Task A_network_learns_what_its_sample_says(string sample)
    {
        using var folder = new TempFolder();

        string output = await RunAsync(sample, folder);

        (string behind, double from, double to) = Ends[sample];
        string end = output.TrimEnd().Split('\n')[^1];
        string number = Numbers().Match(end[(end.IndexOf(behind, StringComparison.Ordinal) + behind.Length)..]).Value;
        Assert.True(double.Parse(number, CultureInfo.InvariantCulture) is var found && found >= from && found <= to, output);
    }

    [Fact]
    public async Task The_generator_draws_a_bright_disk_on_a_dark_ground()
    {
        using var folder = new TempFolder();

        string[] picture = [.. (await RunAsync("dcgan.cs", folder)).TrimEnd('\n', '\r').Split('\n').Select(row => row.TrimEnd('\r')).TakeLast(16)];

        // A disk fills three quarters of the square around it, wherever it is.
        string all = string.Join('\n', picture);
        Assert.All(picture, row => Assert.Equal(32, row.Length));
        int[] rows = [.. Enumerable.Range(0, 16).Where(row => picture[row].Trim().Length > 0)];
        int[] columns = [.. Enumerable.Range(0, 32).Where(column => picture.Any(row => row[column] != ' '))];
        Assert.True(rows.Length is >= 4 and <= 13 && columns.Length is >= 8 and <= 26, all);
        Assert.True(all.Count(sign => sign is '#' or '+') > 0.6 * rows.Length * columns.Length, all);
    }

    [Fact]
    public async Task What_is_trained_once_answers_from_its_folder()
    {
        using var folder = new TempFolder();

        string trained = await RunAsync("predict.cs", folder, "train", "circle");
        string inside = await RunAsync("predict.cs", folder, "circle", "0.1", "-0.25");
        string outside = await RunAsync("predict.cs", folder, "circle", "0.9", "0.9");

        Assert.Contains("kept in circle", trained);
        Assert.InRange(Chance(inside), 95, 100);
        Assert.InRange(Chance(outside), 0, 5);

        static double Chance(string output) => double.Parse(Numbers().Match(output).Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_quick_start_recommends_from_a_shop_folder()
    {
        using var folder = new TempFolder();
        await SampleShop.WriteAsync(new SampleRequest { Folder = folder.At("shop-folder"), Scale = 0.02 });

        string output = await RunAsync("quickstart.cs", folder);

        // A product that nothing of the history explains has no reasons behind its colon.
        Assert.Equal(10, output.TrimEnd().Split('\n').Count(line => line.Contains(':', StringComparison.Ordinal)));
    }

    private static async Task<string> RunAsync(string sample, TempFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", "--file", Checkout.At("samples", sample), "--", .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        using Process run = Process.Start(start)!;
        Task<string> error = run.StandardError.ReadToEndAsync();
        string output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.True(run.ExitCode == 0, output + await error);
        return output;
    }

    [GeneratedRegex(@"\d+(\.\d+)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
