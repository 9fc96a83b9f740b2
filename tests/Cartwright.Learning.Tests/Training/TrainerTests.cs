using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-trainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_loss_falls()
    {
        TrainingPlan plan = SmallTraining.Plan(1);

        TrainingResult result = new Trainer(new TrainerOptions { Seed = 1, Epochs = 8 }, TimeProvider.System).Train(plan);

        Assert.True(result.History[^1].Loss < result.History[0].Loss * 0.7, $"{result.History[0].Loss} to {result.History[^1].Loss}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_one_two_and_three_threads()
    {
        Dictionary<string, float[]>[] weights = [.. ((int[])[1, 2, 3]).Select(threads =>
        {
            int before = Compute.ThreadCount;
            Compute.ThreadCount = threads;
            try
            {
                TrainingPlan plan = SmallTraining.Plan(7);
                new Trainer(new TrainerOptions { Seed = 7, Epochs = 3 }, TimeProvider.System).Train(plan);
                return SmallTraining.WeightsOf(plan);
            }
            finally
            {
                Compute.ThreadCount = before;
            }
        })];

        AssertSameBits(weights[0], weights[1]);
        AssertSameBits(weights[0], weights[2]);
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        Dictionary<string, float[]>[] weights = [.. ((int[])[1, 2]).Select(seed =>
        {
            TrainingPlan plan = SmallTraining.Plan(1);
            new Trainer(new TrainerOptions { Seed = seed, Epochs = 1 }, TimeProvider.System).Train(plan);
            return SmallTraining.WeightsOf(plan);
        })];

        Assert.NotEqual(weights[0]["output.weight"], weights[1]["output.weight"]);
    }

    [Fact]
    public void A_resumed_run_ends_with_the_bits_of_an_uninterrupted_one()
    {
        double[] qualities = [1, 3, 2, 5, 4, 3];
        TrainingPlan whole = SmallTraining.Plan(3, Qualities(qualities, 0));
        TrainingResult expected = new Trainer(new TrainerOptions { Seed = 3, Epochs = 6 }, TimeProvider.System).Train(whole);

        TrainerOptions options = new() { Seed = 3, Epochs = 6, CheckpointFolder = _folder };
        using CancellationTokenSource stop = new();
        TrainingPlan interrupted = SmallTraining.Plan(3, Qualities(qualities, 0));
        Assert.Throws<OperationCanceledException>(() => new Trainer(options, TimeProvider.System)
            .Train(interrupted, new CancelAfter(3, stop), stop.Token));
        TrainingPlan resumed = SmallTraining.Plan(99, Qualities(qualities, 3));
        TrainingResult actual = new Trainer(options, TimeProvider.System).Train(resumed);

        AssertSameBits(SmallTraining.WeightsOf(whole), SmallTraining.WeightsOf(resumed));
        Assert.Equal(expected.BestEpoch, actual.BestEpoch);
        Assert.Equal(expected.History, actual.History);
    }

    [Fact]
    public void Training_stops_when_validation_has_not_improved_for_the_patience_and_keeps_the_best_weights()
    {
        TrainingPlan two = SmallTraining.Plan(5);
        new Trainer(new TrainerOptions { Seed = 5, Epochs = 2 }, TimeProvider.System).Train(two);

        TrainingPlan plan = SmallTraining.Plan(5, Qualities([1, 2, 1, 1, 1, 9], 0));
        TrainingResult result = new Trainer(new TrainerOptions { Seed = 5, Epochs = 6, Patience = 3 }, TimeProvider.System).Train(plan);

        Assert.Equal(5, result.Epochs);
        Assert.Equal(2, result.BestEpoch);
        AssertSameBits(SmallTraining.WeightsOf(two), SmallTraining.WeightsOf(plan));
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_with_a_word_and_leaves_the_checkpoint()
    {
        TrainingPlan plan = SmallTraining.Plan(1);
        TrainerOptions options = new() { Seed = 1, Epochs = 1, CheckpointFolder = _folder };
        new Trainer(options, TimeProvider.System).Train(plan);
        byte[] checkpoint = File.ReadAllBytes(Path.Combine(_folder, "checkpoint.safetensors"));

        TrainingPlan diverging = plan with { Loss = _ => Tensor.From([float.NaN]) };
        TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(() =>
            new Trainer(options with { Epochs = 2 }, TimeProvider.System).Train(diverging));

        Assert.Contains("epoch 2, step 1", e.Message);
        Assert.Equal(checkpoint, File.ReadAllBytes(Path.Combine(_folder, "checkpoint.safetensors")));
    }

    [Fact]
    public void A_checkpoint_of_another_seed_is_refused()
    {
        TrainerOptions options = new() { Seed = 1, Epochs = 1, CheckpointFolder = _folder };
        new Trainer(options, TimeProvider.System).Train(SmallTraining.Plan(1));

        ModelFormatException e = Assert.Throws<ModelFormatException>(() =>
            new Trainer(options with { Seed = 2 }, TimeProvider.System).Train(SmallTraining.Plan(1)));

        Assert.Contains("seed 1", e.Message);
    }

    /// <summary>After warm-up, steps take their buffers from the pool: no large object, and a heap that does not grow.</summary>
    [Fact]
    public void Ten_thousand_steps_allocate_no_large_object_and_leave_memory_flat()
    {
        TrainingPlan plan = SmallTraining.Plan(1, stepsPerEpoch: 200);
        Trainer warmUp = new(new TrainerOptions { Seed = 1, Epochs = 1 }, TimeProvider.System);
        warmUp.Train(plan);
        long pooled = BufferPool.RetainedBytes;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long largeBefore = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[3].SizeAfterBytes;

        new Trainer(new TrainerOptions { Seed = 1, Epochs = 50 }, TimeProvider.System).Train(plan);

        long after = GC.GetTotalMemory(forceFullCollection: true);
        long largeAfter = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[3].SizeAfterBytes;
        Assert.True(largeAfter - largeBefore < 1 << 20, $"Large objects grew from {largeBefore} to {largeAfter} bytes.");
        Assert.True(after - before < 2 << 20, $"The heap grew from {before} to {after} bytes.");
        Assert.True(BufferPool.RetainedBytes - pooled < 4 << 20, $"The pool grew from {pooled} to {BufferPool.RetainedBytes} bytes.");
    }

    private static Func<double> Qualities(double[] qualities, int from) => () => qualities[from++];

    private static void AssertSameBits(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach ((string name, float[] values) in expected)
        {
            Assert.True(values.AsSpan().SequenceEqual(actual[name]), $"{name} differs.");
        }
    }

    private sealed class CancelAfter(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch)
            {
                stop.Cancel();
            }
        }
    }
}
