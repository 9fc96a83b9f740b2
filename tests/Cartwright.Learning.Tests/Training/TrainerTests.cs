using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    /// <summary>All that a trainer does besides the steps themselves; the 20 batches of an epoch make six groups of three and one of two.</summary>
    private static readonly TrainerOptions Everything = new()
    {
        Seed = 3,
        GradientAccumulation = 3,
        MaxGradientNorm = 0.5f,
        AverageDecay = 0.9f,
    };

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
                new Trainer(Everything with { Seed = 7, Epochs = 3 }, TimeProvider.System).Train(plan);
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
        TrainingResult expected = new Trainer(Everything with { Epochs = 6 }, TimeProvider.System).Train(whole);

        TrainerOptions options = Everything with { Epochs = 6, CheckpointFolder = _folder };
        using CancellationTokenSource stop = new();
        TrainingPlan interrupted = SmallTraining.Plan(3, Qualities(qualities, 0));
        Assert.Throws<OperationCanceledException>(() => new Trainer(options, TimeProvider.System)
            .Train(interrupted, new CancelAfter(3, stop), stop.Token));
        TrainingPlan resumed = SmallTraining.Plan(99, Qualities(qualities, 3));
        TrainingResult actual = new Trainer(options, TimeProvider.System).Train(resumed);

        AssertSameBits(SmallTraining.WeightsOf(whole), SmallTraining.WeightsOf(resumed));
        Assert.Equal(expected.BestEpoch, actual.BestEpoch);
        Assert.Equal(expected.History.Select(e => e.Loss), actual.History.Select(e => e.Loss));
        Assert.Equal(expected.History.Select(e => e.Metrics), actual.History.Select(e => e.Metrics));
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
    public void The_first_metric_decides_in_its_own_direction_and_the_others_are_reported()
    {
        double[][] values = [[3, 1], [2, 9], [4, 8], [5, 7]];
        int next = 0;
        TrainingPlan plan = SmallTraining.Plan(5, () => values[next++], stepsPerEpoch: 2) with
        {
            Metrics = [new("error", HigherIsBetter: false), new("recall")],
        };

        TrainingResult result = new Trainer(new TrainerOptions { Seed = 5, Epochs = 9, Patience = 2 }, TimeProvider.System).Train(plan);

        Assert.Equal(4, result.Epochs);
        Assert.Equal(2, result.BestEpoch);
        Assert.Equal(2, result.BestQuality);
        Assert.Equal([1, 9, 8, 7], result.History.Select(epoch => epoch.Metrics["recall"]));
    }

    [Fact]
    public void A_quality_that_is_no_number_is_never_the_best()
    {
        TrainingPlan plan = SmallTraining.Plan(5, Qualities([1, double.NaN, 0], 0), stepsPerEpoch: 1);

        TrainingResult result = new Trainer(new TrainerOptions { Seed = 5, Epochs = 3 }, TimeProvider.System).Train(plan);

        Assert.Equal(1, result.BestEpoch);
        Assert.Equal(1, result.BestQuality);
    }

    /// <summary>Eight rows at once, or twice four of them, or four times two.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Small_batches_whose_gradients_are_accumulated_train_like_the_large_batch(int parts)
    {
        float[] whole = TrainSquares(new TrainerOptions { Seed = 1, Epochs = 3 }, 8);

        float[] accumulated = TrainSquares(new TrainerOptions { Seed = 1, Epochs = 3, GradientAccumulation = parts }, 8 / parts);

        Assert.All(whole.Zip(accumulated), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void The_average_of_the_weights_is_validated_and_kept_while_the_weights_themselves_are_trained()
    {
        (Dense model, TrainingPlan plan) = OneWeight(stepsPerEpoch: 3);
        List<float> validated = [];
        float trained = float.NaN;
        TrainingPlan watched = plan with
        {
            AfterStep = () => trained = model.Weight.Values[0],
            Validate = () =>
            {
                validated.Add(model.Weight.Values[0]);
                return [validated.Count];
            },
        };

        new Trainer(new TrainerOptions { Seed = 1, Epochs = 2, AverageDecay = 0.3f }, TimeProvider.System).Train(watched);

        // The weight falls by 0.1 a step from 1; the first decay is 1 / 10, the second 2 / 11, until it is 0.3.
        double average = 1;
        for (int step = 1; step <= 6; step++)
        {
            double decay = Math.Min(0.3, (double)step / (9 + step));
            average = (decay * average) + ((1 - decay) * (1 - (0.1 * step)));
            if (step % 3 == 0)
            {
                Assert.Equal(average, validated[(step / 3) - 1], 1e-6);
            }
        }

        Assert.Equal(0.4f, trained, 1e-6f);
        Assert.Equal(average, model.Weight.Values[0], 1e-6);
    }

    [Fact]
    public void The_learning_rate_follows_the_plan_also_after_a_resumption()
    {
        List<int> asked = [];
        TrainerOptions options = new() { Seed = 1, Epochs = 2, CheckpointFolder = _folder };
        TrainingPlan Scheduled(TrainingPlan plan) => plan with
        {
            LearningRate = step =>
            {
                asked.Add(step);
                return 0.1f / (step + 1);
            },
        };

        new Trainer(options, TimeProvider.System).Train(Scheduled(OneWeight(stepsPerEpoch: 2).Plan));
        (Dense model, TrainingPlan resumed) = OneWeight(stepsPerEpoch: 2);
        new Trainer(options with { Epochs = 3 }, TimeProvider.System).Train(Scheduled(resumed));

        Assert.Equal([0, 1, 2, 3, 4, 5], asked);
        Assert.Equal(1 - (0.1 * (1 + (1 / 2.0) + (1 / 3.0) + (1 / 4.0) + (1 / 5.0) + (1 / 6.0))), model.Weight.Values[0], 1e-6);
    }

    [Fact]
    public void The_learning_rate_falls_on_a_plateau_of_validation_also_after_a_resumption()
    {
        List<float> rates = [];
        double[] errors = [5, 4, 4, 4, 4, 3, 3, 3];
        TrainingPlan Falling(TrainingPlan plan, int from) => plan with
        {
            Plateau = new PlateauSchedule(0.8f, patience: 1),
            Metrics = [new("error", HigherIsBetter: false)],
            Validate = Qualities(errors, from),
            AfterStep = () => rates.Add(plan.Optimizer.LearningRate),
        };
        TrainerOptions options = new() { Seed = 1, Epochs = 4, CheckpointFolder = _folder };

        new Trainer(options, TimeProvider.System).Train(Falling(OneWeight(stepsPerEpoch: 1).Plan, 0));
        new Trainer(options with { Epochs = 8 }, TimeProvider.System).Train(Falling(OneWeight(stepsPerEpoch: 1).Plan, 4));

        Assert.Equal([0.8f, 0.8f, 0.8f, 0.8f, 0.4f, 0.4f, 0.4f, 0.4f], rates);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_plan_without_batches_is_refused(int stepsPerEpoch)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() =>
            new Trainer(new TrainerOptions { Seed = 1 }, TimeProvider.System).Train(OneWeight(stepsPerEpoch).Plan));

        Assert.Contains($"{stepsPerEpoch} batches", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plateau_without_validation_or_beside_another_schedule_is_refused()
    {
        TrainingPlan plan = OneWeight(stepsPerEpoch: 1).Plan with { Plateau = new PlateauSchedule(0.1f) };
        Trainer trainer = new(new TrainerOptions { Seed = 1, Epochs = 1 }, TimeProvider.System);

        Assert.Throws<ArgumentException>(() => trainer.Train(plan));
        Assert.Throws<ArgumentException>(() => trainer.Train(plan with { Validate = () => [1], LearningRate = _ => 0.1f }));
    }

    [Fact]
    public void Batches_left_over_at_the_end_of_an_epoch_make_a_step_of_their_own()
    {
        Dense model = new(1, 1, new Random(1), hasBias: false);
        Sgd optimizer = new(model, new SgdOptions { LearningRate = 0.1f });

        new Trainer(new TrainerOptions { Seed = 1, Epochs = 2, GradientAccumulation = 4 }, TimeProvider.System).Train(new TrainingPlan
        {
            Model = model,
            Optimizer = optimizer,
            StepsPerEpoch = 5,
            Loss = _ => model.Forward(Tensor.From([1], 1, 1)).Sum(),
        });

        Assert.Equal(4, optimizer.StepCount);
        Assert.Equal(new Dense(1, 1, new Random(1)).Weight.Values[0] - 0.4f, model.Weight.Values[0], 1e-6f);
    }

    [Fact]
    public void A_gradient_that_is_no_number_stops_before_it_reaches_the_weights()
    {
        Dense model = new(1, 1, new Random(1), hasBias: false);
        TrainingPlan plan = new()
        {
            Model = model,
            Optimizer = new Adam(model, new AdamOptions()),
            StepsPerEpoch = 3,

            // Times zero the loss is finite; its gradient is 0 times infinity.
            Loss = step => step.Index < 2 ? model.Weight.Sum() : (model.Weight.Scale(float.MaxValue) * Tensor.From([float.MaxValue], 1, 1)).Scale(0).Relu().Sum(),
        };
        float before = float.NaN;
        TrainingPlan watched = plan with { AfterStep = () => before = model.Weight.Values[0] };

        TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(() =>
            new Trainer(new TrainerOptions { Seed = 1 }, TimeProvider.System).Train(watched));

        Assert.Contains("epoch 1, step 3", e.Message);
        Assert.Equal(before, model.Weight.Values[0]);
    }

    [Fact]
    public void Cancellation_takes_effect_inside_an_epoch()
    {
        using CancellationTokenSource stop = new();
        TrainingPlan plan = SmallTraining.Plan(1, stepsPerEpoch: 1000);
        int steps = 0;
        TrainingPlan counted = plan with
        {
            AfterStep = () =>
            {
                if (++steps == 3)
                {
                    stop.Cancel();
                }
            },
        };

        Assert.Throws<OperationCanceledException>(() =>
            new Trainer(new TrainerOptions { Seed = 1 }, TimeProvider.System).Train(counted, null, stop.Token));

        Assert.Equal(3, steps);
    }

    [Fact]
    public void Progress_tells_rate_and_time_left_once_a_second_and_after_every_epoch()
    {
        TestClock clock = new();
        Reports reports = new();
        TrainingPlan plan = SmallTraining.Plan(1, stepsPerEpoch: 4) with { AfterStep = () => clock.Advance(TimeSpan.FromSeconds(0.5)) };

        new Trainer(new TrainerOptions { Seed = 1, Epochs = 2 }, clock).Train(plan, reports);

        Assert.Equal([(1, 2), (1, 4), (2, 2), (2, 4)], reports.All.Select(r => (r.Epoch, r.Step)));
        Assert.All(reports.All, r => Assert.Equal(2, r.StepsPerSecond, 1e-9));
        Assert.Equal([3, 2, 1, 0], reports.All.Select(r => r.TimeLeft.TotalSeconds));
        Assert.Equal([false, true, false, true], reports.All.Select(r => r.IsEpochDone));
    }

    [Theory]
    [InlineData(0, 1, 1, 1, 1000)]
    [InlineData(1, 0, 1, 1, 1000)]
    [InlineData(1, 1, 0, 1, 1000)]
    [InlineData(1, 1, 1, 0, 1000)]
    [InlineData(1, 1, 1, 1, 1)]
    public void Options_outside_of_their_range_are_refused(int epochs, int interval, int patience, int accumulation, float growth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(new TrainerOptions
        {
            Seed = 1,
            Epochs = epochs,
            ValidationInterval = interval,
            Patience = patience,
            GradientAccumulation = accumulation,
            MaxLossGrowth = growth,
        }, TimeProvider.System));

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_that_a_step_spoiled_stop_with_a_word_and_leave_the_checkpoint(bool hasCheckpoint)
    {
        string path = Path.Combine(_folder, "checkpoint.safetensors");
        Dense model = new(1, 1, new Random(1), hasBias: false);
        Sgd optimizer = new(model, new SgdOptions { LearningRate = 1e-3f, WeightDecay = 10 });
        TrainingPlan plan = new() { Model = model, Optimizer = optimizer, StepsPerEpoch = 1, LearningRate = _ => 1e-3f, Loss = _ => model.Weight.Sum() };
        TrainerOptions options = new() { Seed = 1, Epochs = 1, CheckpointFolder = _folder };
        if (hasCheckpoint)
        {
            new Trainer(options, TimeProvider.System).Train(plan);
        }

        byte[] checkpoint = hasCheckpoint ? File.ReadAllBytes(path) : [];
        TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(() =>
            new Trainer(options with { Epochs = 2 }, TimeProvider.System).Train(plan with { LearningRate = _ => 3.4e38f }));

        Assert.Contains("Weight 'weight' was no longer finite", e.Message);
        Assert.Equal(hasCheckpoint, e.Message.Contains("checkpoint is unharmed", StringComparison.Ordinal));
        Assert.Equal(hasCheckpoint, File.Exists(path));
        Assert.Equal(checkpoint, hasCheckpoint ? File.ReadAllBytes(path) : []);
    }

    [Fact]
    public void A_negative_time_limit_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new Trainer(new TrainerOptions { Seed = 1, TimeLimit = TimeSpan.FromSeconds(-1) }, TimeProvider.System));

    [Fact]
    public void A_checkpoint_of_another_seed_is_refused()
    {
        TrainerOptions options = new() { Seed = 1, Epochs = 1, CheckpointFolder = _folder };
        new Trainer(options, TimeProvider.System).Train(SmallTraining.Plan(1));

        ModelFormatException e = Assert.Throws<ModelFormatException>(() =>
            new Trainer(options with { Seed = 2 }, TimeProvider.System).Train(SmallTraining.Plan(1)));

        Assert.Contains("seed 1, not 2. Take that seed", e.Message);
    }

    [Fact]
    public void A_checkpoint_of_another_experiment_is_refused_and_what_differs_is_said()
    {
        TrainerOptions options = Everything with { Epochs = 1, CheckpointFolder = _folder };
        TrainingPlan plan = Plan(new AdamOptions());
        new Trainer(options, TimeProvider.System).Train(plan);

        AssertRefused("batches in an epoch: 2 then, 3 now", options, plan with { StepsPerEpoch = 3 });
        AssertRefused("batches in a step: 3 then, 1 now", options with { GradientAccumulation = 1 }, plan);
        AssertRefused("largest gradient: 0.5 then, none now", options with { MaxGradientNorm = null }, plan);
        AssertRefused("memory of the average: 0.9 then, 0.8 now", options with { AverageDecay = 0.8f }, plan);
        AssertRefused("Adam with memories 0.9 and 0.999", options, Plan(new AdamOptions { Beta2 = 0.99f }));
        AssertRefused("weight decay 0 then", options, Plan(new AdamOptions { WeightDecay = 0.1f }));
        AssertRefused("a group with 1 of the rate and weight decay 0 now", options, Plan(new AdamOptions { Groups = [ParameterGroup.WithoutDecay] }));
        AssertRefused("gradient descent with momentum 0", options, plan with { Optimizer = new Sgd(plan.Model, new SgdOptions { LearningRate = 0.001f }) });
        AssertRefused("learning rate: 0.001 then, 0.01 now", options, Plan(new AdamOptions { LearningRate = 0.01f }));
        AssertRefused("learning rate: 0.001 then, a cosine from 0.001 to 0 now", options, plan with { LearningRate = new CosineSchedule(0.001f, 9).At });
        AssertRefused("validation: none then, error, lower is better now", options, plan with { Validate = () => [1], Metrics = [new("error", false)] });

        static TrainingPlan Plan(AdamOptions optimizer)
        {
            Dense model = new(1, 1, new Random(1));
            return new() { Model = model, Optimizer = new Adam(model, optimizer), StepsPerEpoch = 2, Loss = _ => model.Weight.Sum() };
        }

        static void AssertRefused(string difference, TrainerOptions options, TrainingPlan plan) => Assert.Contains(
            difference, Assert.Throws<ModelFormatException>(() => new Trainer(options, TimeProvider.System).Train(plan)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_epochs_with_a_longer_schedule_go_on_from_a_checkpoint_and_other_settings_do_where_they_are_allowed()
    {
        TrainerOptions options = new() { Seed = 1, Epochs = 1, CheckpointFolder = _folder };
        TrainingPlan plan = OneWeight(stepsPerEpoch: 2).Plan;
        new Trainer(options, TimeProvider.System).Train(plan with { LearningRate = new CosineSchedule(0.1f, 2).At });

        TrainingResult longer = new Trainer(options with { Epochs = 2, Patience = 3, TimeLimit = TimeSpan.FromHours(1) }, TimeProvider.System)
            .Train(plan with { LearningRate = new CosineSchedule(0.1f, 4).At });
        TrainingResult other = new Trainer(options with { Epochs = 3, MaxGradientNorm = 1, AllowsOtherSettings = true }, TimeProvider.System)
            .Train(plan with { LearningRate = new CosineSchedule(0.01f, 6).At });

        Assert.Equal([1, 2], longer.History.Select(epoch => epoch.Number));
        Assert.Equal([1, 2, 3], other.History.Select(epoch => epoch.Number));
    }

    [Fact]
    public void Ten_thousand_steps_allocate_no_large_object_and_leave_memory_flat() =>
        AssertMemoryStaysFlat(SmallTraining.Plan(1, stepsPerEpoch: 200), epochs: 50);

    [Fact]
    public void Steps_of_a_recurrent_model_leave_memory_flat()
    {
        SmallRecurrent model = new(new Random(1));

        AssertMemoryStaysFlat(
            new TrainingPlan
            {
                Model = model,
                Optimizer = new Adam(model, new AdamOptions()),
                StepsPerEpoch = 100,
                Loss = model.Loss,
            },
            epochs: 10);
    }

    /// <summary>After warm-up, steps take their buffers from the pool: no large object, and a heap that does not grow.</summary>
    private static void AssertMemoryStaysFlat(TrainingPlan plan, int epochs)
    {
        Trainer warmUp = new(new TrainerOptions { Seed = 1, Epochs = 1 }, TimeProvider.System);
        warmUp.Train(plan);
        warmUp.Train(plan);
        long pooled = BufferPool.RetainedBytes;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long largeBefore = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[3].SizeAfterBytes;

        new Trainer(new TrainerOptions { Seed = 1, Epochs = epochs }, TimeProvider.System).Train(plan);

        long after = GC.GetTotalMemory(forceFullCollection: true);
        long largeAfter = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[3].SizeAfterBytes;
        Assert.True(largeAfter - largeBefore < 1 << 20, $"Large objects grew from {largeBefore} to {largeAfter} bytes.");
        Assert.True(after - before < 2 << 20, $"The heap grew from {before} to {after} bytes.");
        Assert.True(BufferPool.RetainedBytes - pooled < 4 << 20, $"The pool grew from {pooled} to {BufferPool.RetainedBytes} bytes.");
    }

    private static Func<IReadOnlyList<double>> Qualities(double[] qualities, int from) => () => [qualities[from++]];

    /// <summary>A weight that begins at 1 and whose gradient is 1.</summary>
    private static (Dense Model, TrainingPlan Plan) OneWeight(int stepsPerEpoch)
    {
        Dense model = new(1, 1, new Random(1), hasBias: false);
        model.Weight.Output[0] = 1;
        return (model, new TrainingPlan
        {
            Model = model,
            Optimizer = new Sgd(model, new SgdOptions { LearningRate = 0.1f }),
            StepsPerEpoch = stepsPerEpoch,
            Loss = _ => model.Weight.Sum(),
        });
    }

    /// <summary>Learns a sum of squares from rows 0 to 7, in an order of its own, so many rows at a time.</summary>
    private static float[] TrainSquares(TrainerOptions options, int rowsAtOnce)
    {
        Dense model = new(3, 1, new Random(2));
        new Trainer(options, TimeProvider.System).Train(new TrainingPlan
        {
            Model = model,
            Optimizer = new Sgd(model, new SgdOptions { LearningRate = 0.1f, Momentum = 0.9f }),
            StepsPerEpoch = 16 / rowsAtOnce,
            Loss = step =>
            {
                float[] x = [.. Enumerable.Range(step.Index * rowsAtOnce * 3, rowsAtOnce * 3).Select(i => MathF.Sin(i))];
                Tensor y = model.Forward(Tensor.From(x, rowsAtOnce, 3));
                return (y * y).Mean();
            },
        });
        return [.. model.Weight.ToArray(), .. model.Bias!.ToArray()];
    }

    private static void AssertSameBits(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach ((string name, float[] values) in expected)
        {
            Assert.True(values.AsSpan().SequenceEqual(actual[name]), $"{name} differs.");
        }
    }

    /// <summary>Sums up numbers it is told one after the other.</summary>
    private sealed class SmallRecurrent(Random random) : Module
    {
        private readonly Lstm _lstm = new(2, 24, random, layerCount: 2, isBidirectional: true, dropout: 0.1f);
        private readonly Dense _output = new(48, 1, random);

        protected internal override IEnumerable<Part> Parts => [new("lstm", _lstm), new("output", _output)];

        public Tensor Loss(TrainingStep step)
        {
            Random draws = Seeds.Random(step.Seed, 0);
            int[] offsets = new int[17];
            for (int i = 1; i < offsets.Length; i++)
            {
                offsets[i] = offsets[i - 1] + draws.Next(1, 30);
            }

            Tensor x = Tensor.From([.. Enumerable.Range(0, 2 * offsets[^1]).Select(_ => draws.NextSingle())], offsets[^1], 2);
            Tensor error = _output.Forward(_lstm.Forward(x, offsets).Output) - x.MatMul(Tensor.From([1, 1], 2, 1));
            return (error * error).Mean();
        }
    }

    private sealed class TestClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> All { get; } = [];

        public void Report(TrainingProgress value) => All.Add(value);
    }

    private sealed class CancelAfter(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch && value.IsEpochDone)
            {
                stop.Cancel();
            }
        }
    }
}
