namespace Cartwright.Learning.Kernels;

/// <summary>Adds normal noise as a function of a seed and a position, so that any thread can make any part of it.</summary>
/// <remarks>Two numbers from every 64 mixed bits: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.</remarks>
internal static unsafe class NoiseKernel
{
    private const double Unit = 1.0 / (1UL << 32);

    /// <summary>x[i] += deviation * noise[i].</summary>
    public static void Add(Span<float> x, float deviation, ulong seed)
    {
        int pairs = (x.Length + 1) / 2;
        fixed (float* px = x)
        {
            var blocks = new RowBlocks(pairs, 8);
            ParallelWork.For(blocks.Count, new Block(blocks, px, x.Length, deviation, seed));
        }
    }

    private readonly struct Block(RowBlocks blocks, float* x, int length, float deviation, ulong seed) : IWorkItem
    {
        public void Run(int index)
        {
            for (int pair = blocks.Start(index); pair < blocks.End(index); pair++)
            {
                ulong bits = Seeds.Mix(seed, (ulong)pair);
                double radius = deviation * Math.Sqrt(-2 * Math.Log(((uint)bits + 0.5) * Unit));
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * ((bits >> 32) * Unit));
                x[2 * pair] += (float)(radius * cosine);
                if ((2 * pair) + 1 < length)
                {
                    x[(2 * pair) + 1] += (float)(radius * sine);
                }
            }
        }
    }
}
