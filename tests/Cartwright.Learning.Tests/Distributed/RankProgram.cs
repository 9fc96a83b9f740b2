using System.Globalization;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Distributed;

/// <summary>One rank of a training that <see cref="DataParallelTests"/> starts by mpirun, and the same training alone.</summary>
internal static class RankProgram
{
    private const int BatchSize = 30, Words = 500, Classes = 7, Steps = 100;

    /// <param name="args">"sgd" or "adam", and the file for the weights of rank 0 and the loss of each step.</param>
    public static int Run(string[] args)
    {
        using ProcessGroup? group = ProcessGroup.Join();
        Compute.ThreadCount = 1;
        var model = new TextClassifier(new Random(group?.Rank ?? 0));
        Optimizer optimizer = args[0] == "sgd"
            ? new Sgd(model, new SgdOptions { LearningRate = 0.1f, Momentum = 0.9f })
            : new Adam(model, new AdamOptions { LearningRate = 0.01f, UpdatesTouchedRowsOnly = true });
        using GradientExchange? exchange = group is null ? null : new GradientExchange(group, model);

        float[] losses = new float[Steps];
        for (int step = 0; step < Steps; step++)
        {
            using var scope = TensorScope.Begin((ulong)step);
            (int[] words, int[] classes) = Batch(step);
            (int start, int end) = group?.PartOf(BatchSize) ?? (0, BatchSize);
            Tensor loss = CrossEntropy.Loss(model.Forward(words[(start * 4)..(end * 4)]), classes[start..end]);
            losses[step] = loss.Item();
            if (exchange is null)
            {
                loss.Backward();
            }
            else
            {
                GradientExchange.Meeting meeting = exchange.Meet(loss, end - start, isStopping: false);
                losses[step] = (float)meeting.Loss;
                exchange.Backward(loss, meeting.Factor);
            }

            optimizer.Step();
        }

        Dictionary<string, Tensor> result = model.Parameters().ToDictionary();
        result["losses"] = Tensor.Parameter(losses, Steps);
        Safetensors.Write(args[1] + (group?.Rank ?? 0).ToString(CultureInfo.InvariantCulture), result);
        return 0;
    }

    private static (int[] Words, int[] Classes) Batch(int step)
    {
        var random = new Random(step);
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
