using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning.Kernels;

namespace Cartwright.Benchmarks.Kernels;

/// <summary>Is it worth having a matrix product of our own, with code for 512 bits? The plain way is a dot product for each number.</summary>
[MemoryDiagnoser, Config(typeof(Widths))]
public class GemmBenchmarks
{
    private float[] _a = [];
    private float[] _b = [];
    private float[] _c = [];

    [Params(8, 64, 512)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _a = GemmPeers.Numbers(random, Size * Size);
        _b = GemmPeers.Numbers(random, Size * Size);
        _c = new float[Size * Size];
    }

    [Benchmark(Baseline = true)]
    public void DotByDot()
    {
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                _c[(i * Size) + j] = TensorPrimitives.Dot(_a.AsSpan(i * Size, Size), _b.AsSpan(j * Size, Size));
            }
        }
    }

    [Benchmark]
    public void Packed() => Gemm.Multiply(_a, false, _b, true, _c, Size, Size, Size, beta: 0);

    /// <summary>Once with the longest vectors that are there, once with 256 bits at most.</summary>
    private sealed class Widths : ManualConfig
    {
        public Widths()
        {
            AddJob(Job.ShortRun.WithId("longest"));
            AddJob(Job.ShortRun.WithEnvironmentVariable("DOTNET_EnableAVX512", "0").WithId("256 bits"));
        }
    }
}
