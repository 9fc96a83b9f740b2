using System.Diagnostics;
using System.Globalization;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning;
using Cartwright.Learning.Neighbors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Benchmarks.Search;

/// <summary>The index of vectors beside a look at each: recall@20 and queries a second of one processor.</summary>
/// <remarks>Vectors as <c>ann_peers.py</c> makes them: 200 centers and noise, of length 1. With its path the peers run too, faiss and hnswlib, which print recall@10.</remarks>
internal static class NeighborPeers
{
    private const int Centers = 200;
    private const int Queries = 1_000;
    private const int Cutoff = 20;

    /// <param name="arguments">Vectors, numbers of each, and the peers' script: <c>neighbor-peers 250000 64 ann_peers.py</c>.</param>
    public static int Run(string[] arguments)
    {
        int count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 250_000;
        int size = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 64;
        Measured.WriteMachine(Console.Out);
        var random = new Random(1);
        float[] centers = [.. Enumerable.Range(0, Centers * size).Select(_ => Normal(random))];
        float[] vectors = Make(count, size, centers, random), queries = Make(Queries, size, centers, random);

        Compute.ThreadCount = 1;
        int[][] exact = new int[Queries][];
        double exactRate = Rate(query => exact[query] = Exact(vectors, queries.AsSpan(query * size, size)));
        Say($"a look at each: {exactRate:N0} queries per processor-second");

        TimeSpan before = Environment.CpuUsage.TotalTime;
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        Hnsw index = Hnsw.Build(vectors, size, VectorSimilarity.Cosine);
        Say($"index: built in {(Environment.CpuUsage.TotalTime - before).TotalSeconds:N1} processor-seconds, {(GC.GetTotalMemory(forceFullCollection: true) - memory) / 1e6:N0} MB");
        foreach (int breadth in (int[])[20, 32, 64, 128, 256])
        {
            int[][] found = [.. exact.Select(_ => new int[Cutoff])];
            float[] scores = new float[Cutoff];
            double rate = Rate(query => index.Search(queries.AsSpan(query * size, size), breadth, found[query], scores));
            double recall = exact.Zip(found, (right, got) => right.Intersect(got).Count() / (double)Cutoff).Average();
            double recall10 = exact.Zip(found, (right, got) => right.Take(10).Intersect(got.Take(10)).Count() / 10.0).Average();
            Say($"index, breadth {breadth}: recall@{Cutoff} {recall:F4}, recall@10 {recall10:F4}, {rate:N0} queries per processor-second, {rate / exactRate:N1} times a look at each");
        }

        if (arguments.Length > 2)
        {
            string[] peer = [arguments[2], "--n", count.ToString(CultureInfo.InvariantCulture), "--d", size.ToString(CultureInfo.InvariantCulture), "--queries", Queries.ToString(CultureInfo.InvariantCulture)];
            using Process process = Process.Start(new ProcessStartInfo(TorchProcess.Python, peer) { UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode;
        }

        return 0;
    }

    private static double Rate(Action<int> ask)
    {
        ask(0);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int query = 0; query < Queries; query++)
        {
            ask(query);
        }

        return Queries / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    /// <summary>The twenty best of all, by a look at each: what an index has to beat.</summary>
    private static int[] Exact(float[] vectors, ReadOnlySpan<float> query)
    {
        int[] top = new int[Cutoff];
        Span<float> best = stackalloc float[Cutoff];
        best.Fill(float.NegativeInfinity);
        for (int i = 0; i * query.Length < vectors.Length; i++)
        {
            float score = TensorPrimitives.Dot(vectors.AsSpan(i * query.Length, query.Length), query);
            if (score > best[^1])
            {
                int place = Cutoff - 1;
                for (; place > 0 && best[place - 1] < score; place--)
                {
                    (best[place], top[place]) = (best[place - 1], top[place - 1]);
                }

                (best[place], top[place]) = (score, i);
            }
        }

        return top;
    }

    private static float[] Make(int count, int size, float[] centers, Random random)
    {
        float[] vectors = new float[count * size];
        for (int i = 0; i < count; i++)
        {
            Span<float> vector = vectors.AsSpan(i * size, size);
            int center = random.Next(Centers);
            for (int d = 0; d < size; d++)
            {
                vector[d] = centers[(center * size) + d] + (0.7f * Normal(random));
            }

            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        }

        return vectors;
    }

    private static float Normal(Random random) => MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());

    private static void Say(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
