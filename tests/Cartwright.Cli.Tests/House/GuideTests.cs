using Cartwright.Learning.Autograd;
using Cartwright.Learning.Compression;
using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Cli.Tests.House;

/// <summary>The code of docs/train-inspect-shrink.md, written and run as outside of the library: nothing internal is seen from here.</summary>
public sealed class GuideTests
{
    private const int PointCount = 2000;

    private static readonly (float[] Numbers, int[] Classes) Points = Draw(PointCount, seed: 1);
    private static readonly (float[] Numbers, int[] Classes) Unseen = Draw(1000, seed: 2);

    [Fact]
    public void A_model_is_trained_with_a_schedule_stopped_in_time_and_resumed()
    {
        using var temporary = new TempFolder();
        string folder = temporary.At("run");
        Directory.CreateDirectory(folder);

        var model = new PointClassifier(32, new Random(1));
        var batches = new ShuffledBatches(PointCount, batchSize: 50);
        var plan = new TrainingPlan
        {
            Model = model,
            Optimizer = new Adam(model, new AdamOptions()),
            StepsPerEpoch = batches.Count,
            LearningRate = new WarmUpSchedule(20, new CosineSchedule(0.01f, 30 * batches.Count)).At,
            Loss = step =>
            {
                int[] members = batches.Take(step).ToArray();
                return CrossEntropy.Loss(model.Forward(PointsOf(members)), ClassesOf(members));
            },
            Validate = () => [Accuracy(model)],
            Metrics = [new ValidationMetric("accuracy")],
        };
        var options = new TrainerOptions { Seed = 1, Epochs = 30, Patience = 6, MaxGradientNorm = 5, CheckpointFolder = folder };

        TrainingResult result = new Trainer(options, TimeProvider.System).Train(plan);
        Console.WriteLine($"{result.BestQuality:P1} right after epoch {result.BestEpoch} of {result.Epochs}");

        Assert.InRange(result.BestQuality, 0.95, 1);
        Assert.Equal(result.BestQuality, Accuracy(model));
        Assert.Equal(["checkpoint.safetensors"], Directory.GetFiles(folder).Select(Path.GetFileName));

        // A run that was cut off goes on from its last epoch and ends with the same weights.
        using var other = new TempFolder();
        var cut = new PointClassifier(32, new Random(1));
        int validations = 0;
        TrainingPlan again = PlanOf(cut);
        TrainerOptions kept = options with { CheckpointFolder = other.Path };
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new Trainer(kept, TimeProvider.System).Train(
            again with { Validate = () => Stopping(cut) }, cancellationToken: stop.Token));
        var resumed = new PointClassifier(32, new Random(99));
        TrainingResult whole = new Trainer(kept, TimeProvider.System).Train(PlanOf(resumed));
        Assert.Equal(result.Epochs, whole.Epochs);
        Assert.Equal(result.BestQuality, whole.BestQuality);

        double[] Stopping(PointClassifier stopped)
        {
            if (validations++ == 3)
            {
                stop.Cancel();
            }

            return [Accuracy(stopped)];
        }

        TrainingPlan PlanOf(PointClassifier trained) => plan with
        {
            Model = trained,
            Optimizer = new Adam(trained, new AdamOptions()),
            Loss = step => CrossEntropy.Loss(trained.Forward(PointsOf(batches.Take(step).ToArray())), ClassesOf(batches.Take(step).ToArray())),
            Validate = () => [Accuracy(trained)],
        };
    }

    [Fact]
    public void A_model_is_trained_without_giving_its_examples_away()
    {
        var model = new PointClassifier(16, new Random(1));
        var optimizer = new Adam(model, new AdamOptions { LearningRate = 0.02f });
        var accountant = new PrivacyAccountant();
        const double samplingRate = 0.05;
        var gradients = new PrivateGradients(model, new PrivateGradientOptions
        {
            MaxNorm = 1,
            NoiseMultiplier = 1.1f,
            ExpectedBatchSize = (float)(samplingRate * PointCount),
        });
        for (ulong step = 0; step < 60; step++)
        {
            int[] batch = PrivateGradients.DrawBatch(PointCount, samplingRate, seed: step);
            gradients.Compute(batch, example => CrossEntropy.Loss(model.Forward(PointsOf([example])), ClassesOf([example])), seed: step);
            optimizer.Step();
        }

        accountant.AddSteps(samplingRate, noiseMultiplier: 1.1, steps: 60);
        double epsilon = accountant.Epsilon(delta: 1e-5);

        Assert.InRange(epsilon, 0.5, 4);
        Assert.InRange(Accuracy(model), 0.75, 1);
    }

    [Fact]
    public void A_model_says_what_it_is_made_of_and_what_it_looks_at()
    {
        PointClassifier model = Trained();
        Tensor example = PointsOf([7]).Reshape(4), baseline = Tensor.Zeros(4), background = PointsOf([.. Enumerable.Range(0, 50)]);
        int answer = ClassesOf([7])[0];

        Console.WriteLine(ModelSummary.Of(model, () => model.Forward(example.Reshape(1, 4))));

        Func<Tensor, Tensor> score = points => model.Forward(points).Select(1, answer);
        Attribution gradients = IntegratedGradients.Attribute(score, example, baseline);
        Attribution shares = ShapleySampling.Attribute(score, example, background, Occlusion.Numbers(4), samples: 200, new Random(1));
        Attribution hidden = Occlusion.Attribute(score, example, baseline, Occlusion.Numbers(4));

        var robustness = Robustness.Measure(model.Forward, PointsOf([.. Enumerable.Range(0, 500)]), Points.Classes[..500],
            strengths: [0.05f, 0.2f], smallest: -1, largest: 1, new Random(1));
        Console.WriteLine(robustness);

        // The last two numbers of a point are noise, which all three find.
        Assert.InRange(Math.Abs(gradients.Residual), 0, 0.2);
        foreach (Attribution attribution in (Attribution[])[gradients, shares, hidden])
        {
            double told = Math.Abs(attribution.Values[0]) + Math.Abs(attribution.Values[1]);
            Assert.True(told > 3 * (Math.Abs(attribution.Values[2]) + Math.Abs(attribution.Values[3])), string.Join(", ", attribution.Values));
        }

        Assert.True(robustness.Accuracy > robustness.Points[1].AdversarialAccuracy, robustness.ToString());
    }

    [Fact]
    public void A_model_is_made_smaller_and_what_it_cost_is_measured()
    {
        PointClassifier model = Trained();
        CompressionReport pruned = CompressionReport.Measure("32 of 64 neurons", model, () => Accuracy(model), Answer, () =>
        {
            NeuronPruning.Prune(model.First, model.Second, keepCount: 32);
            Train(model, epochs: 5);                             // an optimizer made before the pruning knows nothing of it
        }, TimeProvider.System);

        CompressionReport quantized = CompressionReport.Measure("int8", model, () => Accuracy(model), Answer, () => Quantization.Dynamic(model), TimeProvider.System);
        Console.WriteLine($"{pruned}\n{quantized}");

        Assert.InRange(pruned.SizeRatio, 1.8, 3);
        Assert.InRange(pruned.QualityLoss, -0.1, 0.03);
        Assert.InRange(quantized.SizeRatio, 1.5, 4);
        Assert.InRange(quantized.QualityLoss, -0.1, 0.03);

        void Answer()
        {
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            model.Forward(Tensor.From(Unseen.Numbers, 1000, 4));
        }
    }

    [Fact]
    public void A_convolution_loses_channels()
    {
        var random = new Random(1);
        Conv2d first = new(3, 32, 3, random), second = new(32, 64, 3, random);
        BatchNorm norm = new(32);

        int[] kept = ChannelPruning.Prune(first, second, keepCount: 20, norm);

        Assert.Equal(20, kept.Length);
        Assert.Equal([64, 20, 3, 3], second.Weight.Shape);
    }

    [Fact]
    public void A_network_from_elsewhere_gets_a_last_layer_of_a_readers_own()
    {
        using var temporary = new TempFolder();
        var original = new PointClassifier(8, new Random(1));
        OnnxExport.Write(temporary.At("network.onnx"), original, PointsOf([1, 2]), original.Forward);
        OnnxModel body = OnnxModel.Load(temporary.At("network.onnx"));
        body = body.CutAt(body.Tensors.Last(tensor => tensor.Operator == "Relu").Name);

        var model = new FineTuned(body, featureCount: 8, answerCount: 2, new Random(1));

        Assert.Equal([3, 2], model.Forward(PointsOf([1, 2, 3])).Shape);
        Assert.Contains("body.first.weight", model.Parameters().Select(weight => weight.Key));
    }

    private static PointClassifier Trained()
    {
        var model = new PointClassifier(64, new Random(1));
        Train(model, epochs: 20);
        return model;
    }

    private static void Train(PointClassifier model, int epochs)
    {
        var batches = new ShuffledBatches(PointCount, 50);
        new Trainer(new TrainerOptions { Seed = 1, Epochs = epochs }, TimeProvider.System).Train(new TrainingPlan
        {
            Model = model,
            Optimizer = new Adam(model, new AdamOptions { LearningRate = 0.005f }),
            StepsPerEpoch = batches.Count,
            Loss = step => CrossEntropy.Loss(model.Forward(PointsOf(batches.Take(step).ToArray())), ClassesOf(batches.Take(step).ToArray())),
        });
    }

    private static Tensor PointsOf(int[] members) => Tensor.From([.. members.SelectMany(i => Points.Numbers[(4 * i)..(4 * (i + 1))])], members.Length, 4);

    private static int[] ClassesOf(int[] members) => [.. members.Select(i => Points.Classes[i])];

    private static double Accuracy(PointClassifier model)
    {
        using var scope = TensorScope.Begin();
        return model.Forward(Tensor.From(Unseen.Numbers, 1000, 4)).ArgMax().Zip(Unseen.Classes).Count(pair => pair.First == pair.Second) / 1000.0;
    }

    /// <summary>Points of a square, inside a circle of radius 0.7 or not, and two numbers that say nothing.</summary>
    private static (float[] Numbers, int[] Classes) Draw(int count, int seed)
    {
        var random = new Random(seed);
        float[] numbers = [.. Enumerable.Range(0, 4 * count).Select(_ => (2 * random.NextSingle()) - 1)];
        return (numbers, [.. Enumerable.Range(0, count).Select(i => float.Hypot(numbers[4 * i], numbers[(4 * i) + 1]) < 0.7f ? 1 : 0)]);
    }

    private sealed class PointClassifier(int hiddenSize, Random random) : Module
    {
        public Dense First { get; } = new(4, hiddenSize, random);

        public Dense Second { get; } = new(hiddenSize, hiddenSize, random);

        public Dense Output { get; } = new(hiddenSize, 2, random);

        protected override IEnumerable<Part> Parts => [new("first", First), new("second", Second), new("output", Output)];

        public Tensor Forward(Tensor points) => Output.Forward(Second.Forward(First.Forward(points).Relu()).Relu());
    }

    private sealed class FineTuned(OnnxModel body, int featureCount, int answerCount, Random random) : Module
    {
        private readonly Dense _head = new(featureCount, answerCount, random);

        protected override IEnumerable<Part> Parts => [new("body", body), new("head", _head)];

        public Tensor Forward(Tensor x) => _head.Forward(body.Forward(x));
    }
}
