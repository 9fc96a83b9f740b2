using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Benchmarks.Clicks;

/// <summary>DCN-V2 over columns of categories beside PyTorch's DCN-V2 and DeepFM on the same rows: quality of a test part, seconds of an epoch, one thread on either side.</summary>
/// <remarks>Every tenth row by a hash of its number tests, another tenth chooses the epoch. The table has a header, the target first, ids from 0 that no two columns share.</remarks>
internal static class ClickPeers
{
    private const string Usage = "click-peers <table.csv.gz> [epochs, 20] [python, /usr/bin/python3]";
    private const int FieldSize = 16;
    private const int BatchSize = 1024;
    private const int Patience = 3;
    private const float LearningRate = 0.001f;

    public static int Run(string[] arguments)
    {
        int epochs = 20;
        if (arguments.Length is < 1 or > 3 || (arguments.Length > 1 && !int.TryParse(arguments[1], CultureInfo.InvariantCulture, out epochs)))
        {
            Console.Error.WriteLine($"Usage: {Usage}");
            return 2;
        }

        Measured.WriteMachine(Console.Out);
        Compute.ThreadCount = 1;
        (int[][] rows, int[] labels) = Read(arguments[0]);
        (int[] train, int[] valid, int[] test) = Parts(rows.Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Length} rows, {rows[0].Length} columns: {train.Length} teach, {valid.Length} choose the epoch, {test.Length} test."));
        Console.WriteLine("| model | epochs | test AUC | test log loss | processor seconds an epoch |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        Ours(rows, labels, train, valid, test, epochs);
        using Process? peer = Process.Start(new ProcessStartInfo(arguments.ElementAtOrDefault(2) ?? "/usr/bin/python3",
            [Path.Combine("bench", "click_peers.py"), arguments[0], epochs.ToString(CultureInfo.InvariantCulture)]));
        peer?.WaitForExit();
        return peer?.ExitCode ?? 1;
    }

    private static void Ours(int[][] rows, int[] labels, int[] train, int[] valid, int[] test, int epochs)
    {
        int fields = rows[0].Length;
        var network = new FieldNetwork(rows.Max(row => row.Max()) + 1, fields, Seeds.Random(1, 0));
        var batches = new ShuffledBatches(train.Length, BatchSize);
        Func<double> clock = Measured.Clock(threads: 1);
        double validating = 0, start = clock();
        TrainingResult result = new Trainer(new TrainerOptions { Seed = 1, Epochs = epochs, Patience = Patience }, TimeProvider.System).Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions { LearningRate = LearningRate }),
            StepsPerEpoch = batches.Count,
            Metrics = [new("auc")],
            Loss = step =>
            {
                int[] batch = [.. batches.Take(step).ToArray().Select(i => train[i])];
                return BinaryCrossEntropy.Loss(network.Forward(Ids(rows, batch)), Tensor.From([.. batch.Select(row => (float)labels[row])], batch.Length, 1));
            },
            Validate = () =>
            {
                double before = clock();
                double auc = Classification.Auc(network.Chances(rows, valid), Array.ConvertAll(valid, row => labels[row]));
                validating += clock() - before;
                return [auc];
            },
        });
        double seconds = (clock() - start - validating) / result.Epochs;
        float[] chances = network.Chances(rows, test);
        double loss = test.Select((row, i) => Classification.LogLoss(labels[row] == 1 ? chances[i] : 1 - chances[i])).Average();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| DCN-V2, ours | {result.Epochs} | {Classification.Auc(chances, Array.ConvertAll(test, row => labels[row])):0.00000} | {loss:0.00000} | {seconds:0.00} |"));
    }

    private static int[] Ids(int[][] rows, ReadOnlySpan<int> batch)
    {
        int fields = rows[0].Length;
        int[] ids = new int[batch.Length * fields];
        for (int i = 0; i < batch.Length; i++)
        {
            rows[batch[i]].CopyTo(ids, i * fields);
        }

        return ids;
    }

    /// <summary>As click_peers.py parts them: by the number of the row times 2654435761, modulo 2³², modulo 10.</summary>
    private static (int[] Train, int[] Valid, int[] Test) Parts(int count)
    {
        ILookup<int, int> parts = Enumerable.Range(0, count).ToLookup(row => (int)(unchecked((uint)row * 2_654_435_761u) % 10) is var part and (0 or 1) ? part : 2);
        return ([.. parts[2]], [.. parts[1]], [.. parts[0]]);
    }

    private static (int[][] Rows, int[] Labels) Read(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        reader.ReadLine();
        var rows = new List<int[]>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add(Array.ConvertAll(line.Split(','), cell => int.Parse(cell, CultureInfo.InvariantCulture)));
        }

        return ([.. rows.Select(row => row[1..])], [.. rows.Select(row => row[0])]);
    }

    private sealed class FieldNetwork(int idCount, int fields, Random random) : Module
    {
        private readonly Embedding _ids = new(idCount, FieldSize, random, deviation: 0.01f);
        private readonly DeepCross _network = new(new DeepCrossOptions { InputSize = fields * FieldSize }, random);

        protected internal override IEnumerable<Part> Parts => [new("ids", _ids), new("network", _network)];

        public Tensor Forward(int[] ids) => _network.Forward(_ids.Forward(ids).Reshape(ids.Length / fields, fields * FieldSize));

        public float[] Chances(int[][] rows, int[] asked)
        {
            using var noGradient = NoGradient.Begin();
            var chances = new List<float>(asked.Length);
            foreach (int[] batch in asked.Chunk(4 * BatchSize))
            {
                using var scope = TensorScope.Begin();
                chances.AddRange(Forward(Ids(rows, batch)).Sigmoid().ToArray());
            }

            return [.. chances];
        }
    }
}
