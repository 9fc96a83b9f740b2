using System.Globalization;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tests.Distributed;

/// <summary>One rank of a training that <see cref="DataParallelTests"/> starts by mpirun, and the same training alone.</summary>
internal static class RankProgram
{
    private const int BatchSize = 30, Words = 500, Classes = 7, Epochs = 20, StepsPerEpoch = 5;

    /// <summary>Trains; rank r writes its weights to the file with r behind its name.</summary>
    /// <param name="args">"sgd", "adam" or "private", the file, and a folder for checkpoints, "" for none. Each rank prints its process, then its epochs.</param>
    public static int Run(string[] args)
    {
        (string optimizer, string file, string checkpoints) = (args[0], args[1], args[2]);
        using ProcessGroup? group = ProcessGroup.Join();
        Compute.ThreadCount = 1;
        Console.WriteLine($"process {Environment.ProcessId} is rank {group?.Rank ?? 0}");
        var model = new TextClassifier(new Random(group?.Rank ?? 0));
        (int start, int end) = group?.PartOf(BatchSize) ?? (0, BatchSize);
        PrivateGradients gradients = new(model, new PrivateGradientOptions { MaxNorm = 1, NoiseMultiplier = 0.5f, ExpectedBatchSize = BatchSize / 2, Group = group });
        TrainingResult result = new Trainer(new TrainerOptions
        {
            Seed = 1,
            Epochs = optimizer == "private" ? 3 : Epochs,
            Group = group,
            CheckpointFolder = checkpoints.Length > 0 ? checkpoints : null,
        }, TimeProvider.System).Train(new TrainingPlan
        {
            Model = model,
            Optimizer = optimizer == "adam"
                ? new Adam(model, new AdamOptions { LearningRate = 0.01f, UpdatesTouchedRowsOnly = true })
                : new Sgd(model, new SgdOptions { LearningRate = 0.1f, Momentum = 0.9f }),
            StepsPerEpoch = StepsPerEpoch,
            Examples = step => optimizer == "private" ? Drawn(step).Length : end - start,
            Loss = step =>
            {
                (int[] words, int[] classes) = Batch(step.Seed);
                if (optimizer == "private")
                {
                    return gradients.Compute(Drawn(step),
                        example => CrossEntropy.Loss(model.Forward(words[(example * 4)..((example + 1) * 4)]), classes[example..(example + 1)]), step.Seed);
                }

                return CrossEntropy.Loss(model.Forward(words[(start * 4)..(end * 4)]), classes[start..end]);
            },
        }, new Printer());

        Dictionary<string, Tensor> weights = model.Parameters().ToDictionary();
        weights["losses"] = Tensor.Parameter([.. result.History.Select(epoch => (float)epoch.Loss)], result.History.Count);
        Safetensors.Write(file + (group?.Rank ?? 0).ToString(CultureInfo.InvariantCulture), weights);
        return 0;

        // This rank's part of a batch that all ranks draw alike.
        int[] Drawn(TrainingStep step)
        {
            int[] drawn = PrivateGradients.DrawBatch(BatchSize, 0.5, step.Seed);
            (int first, int last) = group?.PartOf(drawn.Length) ?? (0, drawn.Length);
            return drawn[first..last];
        }
    }

    private sealed class Printer : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Console.WriteLine($"epoch {value.Epoch}");
    }

    private static (int[] Words, int[] Classes) Batch(ulong seed)
    {
        Random random = Seeds.Random(seed, 0);
        int[] classes = [.. Enumerable.Range(0, BatchSize).Select(_ => random.Next(Classes))];
        return ([.. classes.SelectMany(label => Enumerable.Range(0, 4).Select(_ => (random.Next(Words / Classes) * Classes) + label))], classes);
    }

    /// <summary>A table of which a step touches few rows, and layers of which it touches all; large enough for several buckets.</summary>
    private sealed class TextClassifier(Random random) : Module
    {
        private readonly Embedding _words = new(Words, 16, random, 0.3f);
        private readonly Dense _wide = new(64, 5000, random);
        private readonly Dense _out = new(5000, Classes, random);

        protected internal override IEnumerable<Part> Parts => [new("words", _words), new("wide", _wide), new("out", _out)];

        public Tensor Forward(int[] words) => _out.Forward(_wide.Forward(_words.Forward(words).Reshape(-1, 64)).Tanh());
    }
}
