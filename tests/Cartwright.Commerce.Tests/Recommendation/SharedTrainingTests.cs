using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Distributed;

namespace Cartwright.Commerce.Tests.Recommendation;

/// <summary>sasrec that processes under mpirun train together, beside one that a process trained alone with the same global batch.</summary>
public sealed class SharedTrainingTests : IDisposable
{
    private const int Epochs = 8;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cartwright-shared-");

    public void Dispose() => _folder.Delete(recursive: true);

    [MpiFact]
    public async Task The_loss_falls_as_in_one_process_and_all_ranks_have_the_same_scores()
    {
        (float[] Losses, float[] Scores)[] alone = await TrainAsync(1), together = await TrainAsync(3);

        Assert.All(together, rank => Assert.Equal(together[0].Scores, rank.Scores));
        Assert.Equal(Epochs, alone[0].Losses.Length);
        Assert.All(alone[0].Losses.Zip(together[0].Losses), loss => Assert.InRange(loss.Second, loss.First * 0.99f, loss.First * 1.01f));
        Assert.All(alone[0].Scores.Zip(together[0].Scores), score => Assert.Equal(score.First, score.Second, 0.02f));
    }

    /// <summary>One rank: trains, and writes the losses of the epochs, an empty line and the scores to the file with its rank behind its name.</summary>
    internal static int Train(string file)
    {
        Compute.ThreadCount = 1;
        using ProcessGroup? group = ProcessGroup.Join();

        // Without dropout, which falls otherwise on the parts of a batch than on the whole.
        var trainer = new SasRecTrainer { BatchSize = 50, Network = new SasRecOptions { ProductCount = 1, Dropout = 0 } };
        var losses = new List<string>();
        IRecommendationModel model = trainer.Fit(ItemKnnTests.RandomShop(seed: 8, out _), new FitOptions { Epochs = Epochs, Group = group },
            new Listener(report => losses.Add(((float)report.Values["loss"]).ToString("R", CultureInfo.InvariantCulture))), CancellationToken.None);
        float[] scores = new float[model.ProductCount];
        model.Score(new[] { 0, 4, 7 }, scores);
        File.WriteAllLines($"{file}{group?.Rank ?? 0}", [.. losses, "", .. scores.Select(score => score.ToString("R", CultureInfo.InvariantCulture))]);
        return 0;
    }

    private async Task<(float[] Losses, float[] Scores)[]> TrainAsync(int ranks)
    {
        string file = Path.Combine(_folder.FullName, $"{ranks}-");
        string[] program = ["dotnet", "exec", typeof(Program).Assembly.Location, "rank", file];
        string[] command = ranks == 1 ? program : ["mpirun", "-np", $"{ranks}", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", .. program];
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none",       // containers often forbid it
                ["OMPI_MCA_btl"] = "self,vader",
                ["OMPI_MCA_mpi_yield_when_idle"] = "1",
            },
        })!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        return [.. Enumerable.Range(0, ranks).Select(rank => Read($"{file}{rank}"))];
    }

    private static (float[] Losses, float[] Scores) Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        int end = Array.IndexOf(lines, "");
        float[] Numbers(string[] texts) => Array.ConvertAll(texts, text => float.Parse(text, CultureInfo.InvariantCulture));
        return (Numbers(lines[..end]), Numbers(lines[(end + 1)..]));
    }

    private sealed class Listener(Action<RunProgress> heard) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => heard(value);
    }
}

/// <summary>A test that needs Open MPI; skipped with a word where it is not installed.</summary>
public sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute()
    {
        if (!ProcessGroup.IsAvailable || !File.Exists("/usr/bin/mpirun"))
        {
            Skip = "Open MPI is not installed (Debian: openmpi-bin libopenmpi3).";
        }
    }
}
