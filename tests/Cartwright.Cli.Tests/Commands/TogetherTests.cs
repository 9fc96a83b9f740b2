using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Cartwright.Cli.Output;
using Cartwright.Learning.Distributed;

namespace Cartwright.Cli.Tests.Commands;

/// <summary>The built command, started by <c>mpirun -np 2</c>.</summary>
[Collection(SampleShopUsers.Name)]
public sealed class TogetherTests(SampleShopFixture sample)
{
    [MpiFact]
    public async Task Two_processes_train_one_model_of_which_one_tells()
    {
        using var folder = new TempFolder();
        await ImportAsync(folder);

        CliResult result = await TrainAsync(folder, "--epochs", "2", "--activate", "--json");

        Assert.Equal("", result.Failure);
        using var answer = JsonDocument.Parse(result.Output);
        Assert.True(answer.RootElement.GetProperty("isActive").GetBoolean());
        Assert.Single(Versions(folder));
        Assert.Equal("succeeded", (await TrainingAsync(folder)).Status);
    }

    [MpiFact]
    public async Task A_lost_process_ends_the_run_and_its_checkpoint_resumes_it_to_the_bit()
    {
        using var whole = new TempFolder();
        using var killed = new TempFolder();
        await ImportAsync(whole);
        await ImportAsync(killed);
        Assert.Equal("", (await TrainAsync(whole, "--epochs", "12")).Failure);

        CliResult lost;
        using (CliProcess process = CliProcess.StartTogether(killed.Path, 2, Train(killed, "--epochs", "12")))
        {
            await process.LineWithAsync("epochs");               // the first epoch and its checkpoint are there
            using Process rank = RankOne(killed.Path);
            rank.Kill();
            lost = await process.EndAsync();
        }

        CliResult resumed = await TrainAsync(killed, "--resume-run-id", (await TrainingAsync(killed)).Run);

        Assert.NotEqual(0, lost.ExitCode);
        Assert.Contains("rank 1", lost.Error, StringComparison.Ordinal);
        Assert.Equal("", resumed.Failure);
        Assert.Equal(Weights(whole), Weights(killed));
    }

    [MpiFact]
    public async Task What_can_not_be_shared_is_refused_by_every_process()
    {
        using var folder = new TempFolder();

        CliResult status = await CliProcess.RunTogetherAsync(folder.Path, 2, "recommendation", "status", "--shop", sample.Shop);
        CliResult onePass = await CliProcess.RunTogetherAsync(folder.Path, 2, "recommendation", "train", "--model", "item-knn", "--shop", sample.Shop);

        Assert.Equal(Failure.Usage, status.ExitCode);
        Assert.Contains("'cartwright recommendation train'", status.Error, StringComparison.Ordinal);
        Assert.Equal(Failure.Usage, onePass.ExitCode);
        Assert.Contains("without mpirun", onePass.Error, StringComparison.Ordinal);
    }

    private async Task ImportAsync(TempFolder folder) =>
        Assert.Equal("", (await Cli.RunAsync(["catalog", "import", sample.Folder, "--shop", folder.At("shop"), "--json"])).Failure);

    /// <summary>The only training of a shop.</summary>
    private static async Task<(string Run, string Status)> TrainingAsync(TempFolder folder)
    {
        using var runs = JsonDocument.Parse((await Cli.RunAsync(["runs", "--shop", folder.At("shop"), "--json"])).Output);
        JsonElement training = Assert.Single(runs.RootElement.GetProperty("results").EnumerateArray(), run => run.GetProperty("verb").GetString() == "train");
        return (training.GetProperty("id").GetString()!, training.GetProperty("status").GetString()!);
    }

    private static string[] Train(TempFolder folder, params string[] more) =>
        ["recommendation", "train", "--seed", "3", "--shop", folder.At("shop"), .. more];

    private static Task<CliResult> TrainAsync(TempFolder folder, params string[] more) => CliProcess.RunTogetherAsync(folder.Path, 2, Train(folder, more));

    private static string[] Versions(TempFolder folder) => Directory.GetDirectories(folder.At("shop", "models", "recommendation"));

    private static byte[] Weights(TempFolder folder) => File.ReadAllBytes(Path.Combine(Assert.Single(Versions(folder)), "model.safetensors"));

    /// <summary>The process of rank 1 that works on a folder.</summary>
    private static Process RankOne(string folder) => Process.GetProcessesByName("dotnet").First(process =>
        Read(process, "cmdline").Contains(folder, StringComparison.Ordinal)
        && Read(process, "environ").Contains("\0OMPI_COMM_WORLD_RANK=1\0", StringComparison.Ordinal));

    private static string Read(Process process, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process.Id}/{file}"));
        }
        catch (IOException)
        {
            return "";                                           // it has ended
        }
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
