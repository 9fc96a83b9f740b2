using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Cli.Tests.House;

/// <summary>The samples run as a reader would run them: <c>dotnet run samples/….cs</c>.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_quick_start_recommends_from_a_shop_folder()
    {
        using var folder = new TempFolder();
        await SampleShop.WriteAsync(new SampleRequest { Folder = folder.At("shop-folder"), Scale = 0.02 });

        string output = await RunAsync("quickstart.cs", folder);

        // A product that nothing of the history explains has no reasons behind its colon.
        Assert.Equal(10, output.TrimEnd().Split('\n').Count(line => line.Contains(':', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_sequence_classifier_learns_what_came_first()
    {
        using var folder = new TempFolder();

        string output = await RunAsync("sequence-classifier.cs", folder);

        string accuracy = output.TrimEnd().Split(": ")[^1].TrimEnd('%', ' ');
        Assert.True(double.Parse(accuracy, CultureInfo.InvariantCulture) >= 96, output);
    }

    private static async Task<string> RunAsync(string sample, TempFolder folder)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", "--file", Checkout.At("samples", sample)])
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
}
