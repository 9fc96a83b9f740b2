using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning.Kernels;

namespace Cartwright.Benchmarks.Kernels;

/// <summary>What does it bring to fuse softmax and cross-entropy? The plain way makes the probabilities first.</summary>
[MemoryDiagnoser, ShortRunJob]
public class CrossEntropyBenchmarks
{
    private const int Rows = 256, Columns = 12101;

    private readonly float[] _logits = GemmPeers.Numbers(new Random(1), Rows * Columns);
    private readonly int[] _targets = [.. Enumerable.Range(0, Rows).Select(r => r * 31 % Columns)];
    private readonly float[] _probabilities = new float[Rows * Columns];
    private readonly float[] _losses = new float[Rows];
    private readonly float[] _logSumExp = new float[Rows];

    [Benchmark(Baseline = true)]
    public void InSteps()
    {
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> logits = _logits.AsSpan(row * Columns, Columns);
            Span<float> p = _probabilities.AsSpan(row * Columns, Columns);
            TensorPrimitives.SoftMax(logits, p);
            _losses[row] = -MathF.Log(p[_targets[row]]);
        }
    }

    [Benchmark]
    public void Fused() =>
        CrossEntropyKernel.Forward(_logits, _targets, _losses, _logSumExp, Rows, Columns, ignoreIndex: -1);
}
