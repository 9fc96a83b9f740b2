using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Cartwright.Benchmarks.Peers;
using Cartwright.Learning.Kernels;

namespace Cartwright.Benchmarks.Kernels;

/// <summary>Is it worth having an exponential of our own?</summary>
[MemoryDiagnoser, ShortRunJob]
public class ExpBenchmarks
{
    private readonly float[] _x = GemmPeers.Numbers(new Random(1), 4096);
    private readonly float[] _y = new float[4096];

    [Benchmark(Baseline = true)]
    public void Scalar()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            _y[i] = MathF.Exp(_x[i]);
        }
    }

    [Benchmark]
    public void Primitives() => TensorPrimitives.Exp<float>(_x, _y);

    [Benchmark]
    public void OfTheRuntime()
    {
        for (int i = 0; i < _x.Length; i += Vector<float>.Count)
        {
            Vector.Exp(new Vector<float>(_x, i)).CopyTo(_y, i);
        }
    }

    [Benchmark]
    public void Ours()
    {
        for (int i = 0; i < _x.Length; i += Vector<float>.Count)
        {
            VectorExp.Of(new Vector<float>(_x, i)).CopyTo(_y, i);
        }
    }

    [Benchmark]
    public void OursForLogits()
    {
        for (int i = 0; i < _x.Length; i += Vector<float>.Count)
        {
            VectorExp.OfNonPositive(new Vector<float>(_x, i)).CopyTo(_y, i);
        }
    }
}
