using System.Runtime.InteropServices;

namespace Cartwright.Learning.Kernels;

/// <summary>A sum for every block of work, added up in the order of the blocks at the end.</summary>
internal readonly unsafe struct BlockSums(int count) : IDisposable
{
    private readonly double* _sums = (double*)NativeMemory.Alloc((nuint)count + 1, sizeof(double));

    public double this[int index]
    {
        set => _sums[index] = value;
    }

    public double Total()
    {
        double total = 0;
        for (int i = 0; i < count; i++)
        {
            total += _sums[i];
        }

        return total;
    }

    public void Dispose() => NativeMemory.Free(_sums);
}
