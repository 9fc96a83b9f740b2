using Cartwright.Learning;
using Cartwright.Learning.Kernels;

namespace Cartwright.Benchmarks.Peers;

/// <summary>Our matrix product beside that of OpenBLAS, in turn and in one run.</summary>
internal static class GemmPeers
{
    private static readonly (string Use, int M, int N, int K, bool TransposeA, bool TransposeB, int Batch)[] Shapes =
    [
        ("square", 256, 256, 256, false, false, 1),
        ("square, A transposed", 256, 256, 256, true, false, 1),
        ("square", 512, 512, 512, false, false, 1),
        ("square, A transposed", 512, 512, 512, true, false, 1),
        ("square, B transposed", 512, 512, 512, false, true, 1),
        ("square, both transposed", 512, 512, 512, true, true, 1),
        ("square", 1024, 1024, 1024, false, false, 1),
        ("square, A transposed", 1024, 1024, 1024, true, false, 1),
        ("square, B transposed", 1024, 1024, 1024, false, true, 1),
        ("layer, 2,000 tokens", 2000, 64, 64, false, true, 1),
        ("layer, 8,000 tokens", 8000, 64, 64, false, true, 1),
        ("layer, gradient of the weight", 64, 64, 8000, true, false, 1),
        ("logits over 12,101 products", 2000, 12101, 64, false, true, 1),
        ("logits, gradient of the tokens", 2000, 64, 12101, false, false, 1),
        ("logits, gradient of the table", 12101, 64, 2000, true, false, 1),
        ("one shopper's scores", 1, 12101, 64, false, true, 1),
        ("16 shoppers' scores", 16, 12101, 64, false, true, 1),
        ("small", 64, 64, 64, false, false, 1),
        ("small, A transposed", 64, 64, 64, true, false, 1),
        ("small, B transposed", 64, 64, 64, false, true, 1),
        ("small", 32, 32, 32, false, false, 1),
        ("small, A transposed", 32, 32, 32, true, false, 1),
        ("small, B transposed", 32, 32, 32, false, true, 1),
        ("tiny", 16, 16, 16, false, false, 1),
        ("tiny", 8, 8, 8, false, false, 1),
        ("attention, 64 heads: scores", 50, 50, 32, false, true, 64),
        ("attention, 64 heads: values", 50, 32, 50, false, false, 64),
    ];

    /// <param name="rows">Parts of names and sizes, as "1024"; empty for all.</param>
    /// <param name="threadCounts">One table each.</param>
    public static int Run(TextWriter output, IReadOnlyCollection<string> rows, IReadOnlyCollection<int> threadCounts)
    {
        Measured.WriteMachine(output);
        if (!OpenBlas.IsThere)
        {
            output.WriteLine("libopenblas.so.0 is not there (Debian: libopenblas0-openmp): our figures stand alone.");
        }
        else
        {
            output.WriteLine($"Peer: {OpenBlas.Version}");
        }

        int before = Compute.ThreadCount;
        foreach (int threads in threadCounts)
        {
            Compute.ThreadCount = threads;
            output.WriteLine();
            output.WriteLine($"| {threads} thread{(threads == 1 ? "" : "s")}: product | m × n × k | ours, GFLOP/s | OpenBLAS, GFLOP/s | ratio | 5 to 95 % |");
            output.WriteLine("| --- | --- | ---: | ---: | ---: | ---: |");
            foreach ((string use, int m, int n, int k, bool transposeA, bool transposeB, int batch) in Shapes)
            {
                string size = $"{(batch > 1 ? $"{batch} of " : "")}{m} × {n} × {k}";
                if (rows.Count > 0 && !rows.Any(row => $"{use}, {size}".Contains(row, StringComparison.OrdinalIgnoreCase)))
                {
                    continue;
                }

                double[][] seconds = Seconds(threads, m, n, k, transposeA, transposeB, batch);
                double[] speeds = Array.ConvertAll(seconds, s => 2.0 * batch * m * n * k / PairedTimes.Median(s) / 1e9);
                string peer = "- | - | -";
                if (seconds.Length > 1)
                {
                    double[] ratios = new PairedTimes(seconds[0], seconds[1]).Ratios();
                    peer = $"{speeds[1]:F1} | {PairedTimes.Quantile(ratios, 0.5):F2} | {PairedTimes.Quantile(ratios, 0.05):F2} to {PairedTimes.Quantile(ratios, 0.95):F2}";
                }

                output.WriteLine($"| {use} | {size} | {speeds[0]:F1} | {peer} |");
            }
        }

        Compute.ThreadCount = before;
        return 0;
    }

    private static double[][] Seconds(int threads, int m, int n, int k, bool transposeA, bool transposeB, int batch)
    {
        var random = new Random(1);
        float[] a = Numbers(random, batch * m * k);
        float[] b = Numbers(random, batch * k * n);
        float[] ours = new float[batch * m * n];
        float[] theirs = new float[batch * m * n];
        List<Action> products =
        [
            batch == 1
                ? () => Gemm.Multiply(a, transposeA, b, transposeB, ours, m, n, k, beta: 0)
                : () => Gemm.MultiplyBatched(a, transposeA, b, transposeB, ours, batch, m, n, k, beta: 0),
        ];
        if (OpenBlas.IsThere)
        {
            OpenBlas.SetThreadCount(threads);
            products.Add(() =>
            {
                for (int i = 0; i < batch; i++)
                {
                    OpenBlas.Multiply(
                        a.AsSpan(i * m * k, m * k), transposeA, b.AsSpan(i * k * n, k * n), transposeB, theirs.AsSpan(i * m * n, m * n), m, n, k);
                }
            });
        }

        double[][] seconds = Measured.Samples(threads, [.. products]);
        if (OpenBlas.IsThere)
        {
            ThrowUnlessAlike(ours, theirs, k);
        }

        return seconds;
    }

    internal static float[] Numbers(Random random, int count)
    {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = random.NextSingle() - 0.5f;
        }

        return numbers;
    }

    private static void ThrowUnlessAlike(float[] ours, float[] theirs, int k)
    {
        for (int i = 0; i < ours.Length; i++)
        {
            if (!(Math.Abs(ours[i] - theirs[i]) <= 1e-6 * k))
            {
                throw new InvalidOperationException($"The products differ at {i}: {ours[i]:R} and {theirs[i]:R}.");
            }
        }
    }
}
