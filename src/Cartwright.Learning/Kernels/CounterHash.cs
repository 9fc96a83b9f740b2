using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>Random bits as a function of a seed and a counter, so that any thread can make any part of a mask.</summary>
/// <remarks>Two multiply-and-shift rounds of 32 bits, keyed by the two halves of the mixed seed.</remarks>
internal readonly struct CounterHash
{
    private const uint FirstFactor = 0x7FEB352D;
    private const uint SecondFactor = 0x846CA68B;

    private readonly uint _firstKey;
    private readonly uint _secondKey;
    private readonly int _threshold;

    /// <param name="rate">Share of the counters for which the factor is 0; from 0 to below 1.</param>
    public CounterHash(ulong seed, float rate)
    {
        ulong mixed = Mix(seed);
        _firstKey = (uint)mixed;
        _secondKey = (uint)(mixed >> 32);
        _threshold = (int)Math.Round((double)rate * (1u << 31));
        Scale = 1 / (1 - rate);
    }

    /// <summary>What is kept is multiplied by this, so that the expected value stays: 1 / (1 - rate).</summary>
    public float Scale { get; }

    /// <summary>A seed for one part of a whole that has a seed: row 5 of head 2.</summary>
    public static ulong Derive(ulong seed, uint part, uint subpart) => Mix(seed ^ (((ulong)part << 32) | subpart));

    /// <summary>0 or <see cref="Scale"/>.</summary>
    public float Factor(uint counter)
    {
        uint x = counter + _firstKey;
        x = (x ^ (x >> 16)) * FirstFactor;
        x ^= _secondKey;
        x = (x ^ (x >> 15)) * SecondFactor;
        x ^= x >> 16;
        return (int)(x >> 1) < _threshold ? 0 : Scale;
    }

    /// <summary>The factors of a vector of counters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Factors(Vector<uint> counters)
    {
        Vector<uint> x = counters + new Vector<uint>(_firstKey);
        x = (x ^ (x >> 16)) * FirstFactor;
        x ^= new Vector<uint>(_secondKey);
        x = (x ^ (x >> 15)) * SecondFactor;
        x ^= x >> 16;
        Vector<int> isDropped = Vector.LessThan(Vector.AsVectorInt32(x >> 1), new Vector<int>(_threshold));
        return Vector.ConditionalSelect(Vector.AsVectorSingle(isDropped), Vector<float>.Zero, new Vector<float>(Scale));
    }

    /// <summary>Multiplies numbers by the factors of as many counters.</summary>
    public unsafe void Apply(uint firstCounter, float* numbers, int count)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                (Vector.Load(numbers + i) * Factors(Vector<uint>.Indices + new Vector<uint>(firstCounter + (uint)i))).Store(numbers + i);
            }
        }

        for (; i < count; i++)
        {
            numbers[i] *= Factor(firstCounter + (uint)i);
        }
    }

    // Stafford's variant 13 of the 64-bit finalizer of MurmurHash3, as in SplitMix64.
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
