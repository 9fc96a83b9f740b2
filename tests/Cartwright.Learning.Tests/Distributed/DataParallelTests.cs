using System.Diagnostics;
using System.Globalization;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Distributed;

public sealed class DataParallelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cartwright-ranks-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>In private, the noise of the three together is that of one process, too.</summary>
    [MpiTheory]
    [InlineData("sgd")]
    [InlineData("private")]
    public async Task Three_ranks_end_with_the_weights_of_one_process(string how)
    {
        IReadOnlyDictionary<string, Tensor>[] alone = await TrainAsync(1, how);

        IReadOnlyDictionary<string, Tensor>[] together = await TrainAsync(3, how);

        Assert.All(together, rank => AssertSame(together[0], rank));
        foreach ((string name, Tensor weight) in alone[0])
        {
            Assert.True(Distance(weight, together[0][name]) < 1e-5, $"{name} is {Distance(weight, together[0][name]):E2} away, as a share of its norm");
        }
    }

    [MpiFact]
    public async Task The_loss_falls_as_in_one_process_with_adam_and_rows()
    {
        float[] alone = (await TrainAsync(1, "adam"))[0]["losses"].ToArray();

        float[] together = (await TrainAsync(2, "adam"))[0]["losses"].ToArray();

        Assert.True(together[^1] < 0.5f * together[0], $"from {together[0]} to {together[^1]}");
        for (int epoch = 0; epoch < alone.Length; epoch++)
        {
            Assert.InRange(together[epoch], (alone[epoch] * 0.99f) - 1e-4f, (alone[epoch] * 1.01f) + 1e-4f);
        }
    }

    [MpiFact]
    public async Task A_lost_rank_ends_the_run_and_the_checkpoint_resumes_it_to_the_bit()
    {
        IReadOnlyDictionary<string, Tensor>[] whole = await TrainAsync(2, "adam");
        string checkpoints = Path.Combine(_folder.FullName, "checkpoints");

        Process run = MpiRun.Start(2, "ranks", "adam", Path.Combine(_folder.FullName, "killed-"), checkpoints);
        Task<string> errors = run.StandardError.ReadToEndAsync();
        string? victim = null;
        while (await run.StandardOutput.ReadLineAsync() is { } line && line != "epoch 3")
        {
            victim = line.EndsWith("is rank 1", StringComparison.Ordinal) ? line.Split(' ')[1] : victim;
        }

        using (var rank = Process.GetProcessById(int.Parse(victim!, CultureInfo.InvariantCulture)))
        {
            rank.Kill();
        }

        (int exitCode, _) = await MpiRun.EndAsync(run, errors);
        IReadOnlyDictionary<string, Tensor>[] resumed = await TrainAsync(2, "adam", checkpoints);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("rank 1", await errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.FullName, "killed-*"));
        Assert.All(resumed, rank => AssertSame(whole[0], rank));
    }

    private async Task<IReadOnlyDictionary<string, Tensor>[]> TrainAsync(int ranks, string optimizer, string checkpoints = "")
    {
        string file = Path.Combine(_folder.FullName, $"{optimizer}-{ranks}-");
        (int exitCode, string output) = await MpiRun.EndAsync(MpiRun.Start(ranks, "ranks", optimizer, file, checkpoints));
        Assert.True(exitCode == 0, output);
        return [.. Enumerable.Range(0, ranks).Select(rank => Safetensors.Read($"{file}{rank}").Tensors)];
    }

    private static void AssertSame(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual)
    {
        foreach ((string name, Tensor weight) in expected)
        {
            Assert.Equal(weight.ToArray(), actual[name].ToArray());
        }
    }

    private static double Distance(Tensor expected, Tensor actual)
    {
        double difference = expected.ToArray().Zip(actual.ToArray(), (x, y) => Math.Pow((double)x - y, 2)).Sum();
        return Math.Sqrt(difference / expected.ToArray().Sum(x => (double)x * x));
    }
}
