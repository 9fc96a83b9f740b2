using BenchmarkDotNet.Attributes;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning.Kernels;

namespace Cartwright.Benchmarks.Kernels;

/// <summary>What does it bring to leave out the padding? The same histories, padded to the longest and as they are.</summary>
[MemoryDiagnoser, ShortRunJob]
public class AttentionBenchmarks
{
    private const int Sequences = 256, Longest = 50, Hidden = 64;

    private readonly int[] _padded = [.. Enumerable.Range(0, Sequences + 1).Select(s => s * Longest)];
    private readonly int[] _ragged = new int[Sequences + 1];
    private readonly float[] _x = GemmPeers.Numbers(new Random(1), Sequences * Longest * Hidden);
    private readonly float[] _y = new float[Sequences * Longest * Hidden];
    private readonly float[] _logSumExp = new float[Sequences * Longest];

    [GlobalSetup]
    public void Setup()
    {
        for (int s = 0; s < Sequences; s++)
        {
            _ragged[s + 1] = _ragged[s] + 1 + (s * 7 % 17);
        }
    }

    [Benchmark(Baseline = true)]
    public void Padded() => Run(_padded);

    [Benchmark]
    public void Ragged() => Run(_ragged);

    private void Run(int[] offsets)
    {
        int total = offsets[^1];
        ReadOnlySpan<float> x = _x.AsSpan(0, total * Hidden);
        AttentionKernel.Forward(
            x, x, x, offsets, Hidden, 1, true, 0, 0, _y.AsSpan(0, total * Hidden), _logSumExp.AsSpan(0, total));
    }
}
