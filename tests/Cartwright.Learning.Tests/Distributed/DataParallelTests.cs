using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Distributed;

public sealed class DataParallelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cartwright-ranks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [MpiFact]
    public async Task Three_ranks_end_with_the_weights_of_one_process()
    {
        IReadOnlyDictionary<string, Tensor>[] alone = await TrainAsync(1, "sgd");

        IReadOnlyDictionary<string, Tensor>[] together = await TrainAsync(3, "sgd");

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

        Assert.True(together[^1] < 0.1f * together[0]);
        for (int step = 0; step < alone.Length; step++)
        {
            Assert.InRange(together[step], (alone[step] * 0.99f) - 1e-4f, (alone[step] * 1.01f) + 1e-4f);
        }
    }

    private async Task<IReadOnlyDictionary<string, Tensor>[]> TrainAsync(int ranks, string optimizer)
    {
        string file = Path.Combine(_folder.FullName, $"{optimizer}-{ranks}-");
        (int exitCode, string output) = await MpiRun.EndAsync(MpiRun.Start(ranks, "ranks", optimizer, file));
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
