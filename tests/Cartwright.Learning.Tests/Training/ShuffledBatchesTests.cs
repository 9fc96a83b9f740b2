using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Training;

public sealed class ShuffledBatchesTests
{
    [Theory]
    [InlineData(10, 3, 4)]
    [InlineData(9, 3, 3)]
    [InlineData(1, 5, 1)]
    [InlineData(0, 5, 0)]
    public void Every_example_comes_once_in_an_epoch(int examples, int batchSize, int batches)
    {
        ShuffledBatches shuffled = new(examples, batchSize);

        int[] seen = Epoch(shuffled, 7);

        Assert.Equal(batches, shuffled.Count);
        Assert.Equal(Enumerable.Range(0, examples), seen.Order());
    }

    [Fact]
    public void The_order_follows_from_the_epochs_seed_alone()
    {
        ShuffledBatches shuffled = new(100, 8);
        int[] first = Epoch(shuffled, 1);
        int[] second = Epoch(shuffled, 2);

        Assert.NotEqual(first, second);
        Assert.Equal(first, Epoch(shuffled, 1));
        Assert.Equal(second[88..96], new ShuffledBatches(100, 8).Take(new TrainingStep(0, 11, 2, 0)).ToArray());
    }

    private static int[] Epoch(ShuffledBatches batches, ulong seed) =>
        [.. Enumerable.Range(0, batches.Count).SelectMany(i => batches.Take(new TrainingStep(0, i, seed, 0)).ToArray())];
}
