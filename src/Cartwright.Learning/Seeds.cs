namespace Cartwright.Learning;

/// <summary>Derives independent seeds, so that step 17 of epoch 3 draws the same numbers whether or not the run was resumed.</summary>
public static class Seeds
{
    /// <summary>A well-mixed seed from a seed and a counter.</summary>
    /// <remarks>The output function of SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.</remarks>
    public static ulong Mix(ulong seed, ulong counter)
    {
        ulong z = seed + (counter * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A generator for one purpose at one point of a run.</summary>
    public static Random Random(ulong seed, ulong counter) => new((int)(Mix(seed, counter) >> 33));
}
