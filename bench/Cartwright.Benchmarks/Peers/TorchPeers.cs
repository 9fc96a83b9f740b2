using System.Diagnostics;
using System.Globalization;
using Cartwright.Learning;
using Cartwright.Learning.Kernels;

namespace Cartwright.Benchmarks.Peers;

/// <summary>Our kernels beside the same operations of PyTorch, which a Python script times in the same run.</summary>
/// <remarks>The sizes stand here and in <c>torch_peers.py</c>; the names pair the two.</remarks>
internal static class TorchPeers
{
    private const int Tokens = 2304, Hidden = 64, Items = 12101, Rows = 512, Sequences = 256;

    public static int Run(TextWriter output)
    {
        Measured.WriteMachine(output);
        int before = Compute.ThreadCount;
        foreach (int threads in Enumerable.Range(1, Math.Min(2, Environment.ProcessorCount)))
        {
            Compute.ThreadCount = threads;
            Dictionary<string, double>? theirs = Torch(threads, output);
            output.WriteLine();
            output.WriteLine($"| {threads} thread{(threads == 1 ? "" : "s")}: forward and backward | ours, ms | PyTorch 1.13.1 (Debian), ms | their time / ours |");
            output.WriteLine("| --- | ---: | ---: | ---: |");
            foreach ((string name, Action action) in Operations())
            {
                double ours = Measured.Seconds(threads, action)[0] * 1000;
                string peer = theirs is not null && theirs.TryGetValue(name, out double ms) ? $"{ms:F3} | {ms / ours:F2}" : "- | -";
                output.WriteLine($"| {name} | {ours:F3} | {peer} |");
            }
        }

        Compute.ThreadCount = before;
        return 0;
    }

    private static Dictionary<string, double>? Torch(int threads, TextWriter output)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "torch_peers.py");
        if (!File.Exists("/usr/bin/python3"))
        {
            output.WriteLine("/usr/bin/python3 is not there (Debian: python3-torch): our figures stand alone.");
            return null;
        }

        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3")
        {
            ArgumentList = { script, threads.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string[] lines = python.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        python.WaitForExit();
        if (python.ExitCode != 0)
        {
            output.WriteLine("PyTorch did not run (Debian: python3-torch): our figures stand alone.");
            return null;
        }

        output.WriteLine(lines[0]);
        return lines.Skip(1).Select(l => l.Split('\t')).ToDictionary(
            l => l[0], l => double.Parse(l[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    private static IEnumerable<(string Name, Action Action)> Operations()
    {
        var random = new Random(1);
        float[] x = GemmPeers.Numbers(random, Tokens * Hidden);
        float[] y = new float[x.Length];
        float[] gradX = new float[x.Length];
        float[] gain = GemmPeers.Numbers(random, Hidden);
        float[] gradGain = new float[Hidden];
        float[] gradBias = new float[Hidden];
        float[] mean = new float[Tokens];
        float[] inverse = new float[Tokens];
        yield return ("layer norm, 2304 × 64", () =>
        {
            Array.Clear(gradX);
            LayerNormKernel.Forward(x, gain, gain, y, mean, inverse, Tokens, Hidden, 1e-5f);
            LayerNormKernel.Backward(y, x, gain, mean, inverse, gradX, gradGain, gradBias, Tokens, Hidden);
        });

        float[] logits = GemmPeers.Numbers(random, Rows * Items);
        float[] gradLogits = new float[logits.Length];
        int[] targets = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(Items))];
        float[] losses = new float[Rows];
        float[] logSumExp = new float[Rows];
        float[] scale = [.. Enumerable.Repeat(1f / Rows, Rows)];
        yield return ("softmax cross-entropy, 512 × 12101", () =>
        {
            Array.Clear(gradLogits);
            CrossEntropyKernel.Forward(logits, targets, losses, logSumExp, Rows, Items, -1);
            CrossEntropyKernel.Backward(logits, targets, logSumExp, scale, gradLogits, Rows, Items, -1);
        });

        yield return ("attention, causal, 256 × 50 × 64, 1 head", Attention(random, _ => 50));
        yield return ("attention, causal, 256 lengths of 1 to 17, 64, 1 head", Attention(random, s => 1 + (s * 7 % 17)));

        float[] table = GemmPeers.Numbers(random, Items * Hidden);
        float[] gradTable = GemmPeers.Numbers(random, table.Length);
        float[] m = new float[table.Length];
        float[] v = new float[table.Length];
        int step = 0;
        yield return ("Adam, 12101 × 64", () =>
            AdamKernel.Step(table, gradTable, m, v, 1e-5f, 0.9f, 0.999f, 1e-8f, 0, false, ++step));

        int[] ids = [.. Enumerable.Range(0, Tokens).Select(_ => random.Next(Items))];
        yield return ("embedding, 2304 of 12101 × 64", () =>
        {
            Array.Clear(gradTable);
            GatherKernel.Forward(table, ids, y, Hidden);
            GatherKernel.ScatterAdd(y, ids, gradTable, Hidden);
        });

        float[] wide = GemmPeers.Numbers(random, Tokens * 4 * Hidden);
        float[] wideY = new float[wide.Length];
        float[] wideGrad = new float[wide.Length];
        yield return ("GELU, 2304 × 256", () =>
        {
            Array.Clear(wideGrad);
            GeluKernel.Forward(wide, wideY);
            GeluKernel.Backward(wideY, wide, wideGrad);
        });
        ulong seed = 0;
        yield return ("dropout 0.2, 2304 × 256", () =>
        {
            seed++;
            DropoutKernel.Apply(wide, wideY, 0.2f, seed);
            DropoutKernel.Apply(wideY, wideGrad, 0.2f, seed);
        });
    }

    private static Action Attention(Random random, Func<int, int> length)
    {
        int[] offsets = new int[Sequences + 1];
        for (int s = 0; s < Sequences; s++)
        {
            offsets[s + 1] = offsets[s] + length(s);
        }

        int total = offsets[^1];
        float[] q = GemmPeers.Numbers(random, total * Hidden);
        float[] k = GemmPeers.Numbers(random, total * Hidden);
        float[] v = GemmPeers.Numbers(random, total * Hidden);
        float[] y = new float[q.Length];
        float[] logSumExp = new float[total];
        float[] gradQ = new float[q.Length];
        float[] gradK = new float[q.Length];
        float[] gradV = new float[q.Length];
        return () =>
        {
            Array.Clear(gradQ);
            Array.Clear(gradK);
            Array.Clear(gradV);
            AttentionKernel.Forward(q, k, v, offsets, Hidden, 1, true, 0, 0, y, logSumExp);
            AttentionKernel.Backward(y, q, k, v, y, offsets, Hidden, 1, true, 0, 0, logSumExp, gradQ, gradK, gradV);
        };
    }
}
